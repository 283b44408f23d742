"""Figures for a monitoring system, in Prometheus' text format.

Requests are counted in memory that all web processes of one server share (`vciso.serving` makes
the place). Jobs and mail are counted by the database, through a function that shows how many and
how old, and nothing of what is in them.
"""

import os
from typing import Any

from django.db import connection

from vciso.tenancy import context

SHARED = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What each figure of `sec.work_figures` is called, its kind and its meaning.
WORK = {
    "waiting": ("vciso_jobs_waiting", "gauge", "Jobs that are due and wait for a worker."),
    "oldest": ("vciso_jobs_oldest_waiting_seconds", "gauge", "For how long the oldest of them has been due."),
    "running": ("vciso_jobs_running", "gauge", "Jobs that a worker holds."),
    "disturbed": ("vciso_jobs_disturbed", "gauge", "Live jobs whose surroundings failed them: disk, database, mail."),
    "done": ("vciso_jobs_done_total", "counter", "Jobs that ended well."),
    "failed": ("vciso_jobs_failed_total", "counter", "Jobs that were given up."),
    "seconds": ("vciso_jobs_seconds_total", "counter", "Seconds from asking for the done jobs to their end."),
    "slowest": ("vciso_jobs_slowest_seconds", "gauge", "The longest of these in the last hour."),
    "mail_waiting": ("vciso_outbox_waiting", "gauge", "Mails that are due and not sent."),
    "mail_oldest": ("vciso_outbox_oldest_seconds", "gauge", "For how long the oldest of them has been due."),
    "mail_repeated": ("vciso_outbox_repeated", "gauge", "Mails that the mail server refused at least once."),
    "trail_age": ("vciso_trail_anchor_age_seconds", "gauge", "Since the trail's chains were last verified whole."),
}
_requests: tuple[Any, Any] | None = None


def enabled() -> bool:
    return SHARED in os.environ


def count_request(method: str, status: int, seconds: float) -> None:
    """Adds one answered request; nothing happens where nobody will ask."""
    if not enabled():
        return
    total, duration = _counters()
    total.labels(method if method in METHODS else "other", f"{status // 100}xx").inc()
    duration.observe(seconds)


def _counters() -> tuple[Any, Any]:
    """Made at the first use: the library decides at import whether processes share their figures."""
    global _requests
    if _requests is None:
        import prometheus_client as prometheus

        _requests = (
            prometheus.Counter("vciso_requests", "Requests answered.", ["method", "status"], registry=None),
            prometheus.Histogram("vciso_request_seconds", "Seconds they took.", buckets=BUCKETS, registry=None),
        )
    return _requests


def exposition() -> str:
    """The whole page."""
    return _of_requests() + _of_work()


def _of_requests() -> str:
    if not enabled():
        return ""
    import prometheus_client as prometheus
    from prometheus_client import multiprocess

    registry = prometheus.CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)
    return prometheus.generate_latest(registry).decode()


def _of_work() -> str:
    with context.as_installation("metrics"), connection.cursor() as cursor:
        cursor.execute("SELECT figure, kind, value FROM sec.work_figures()")
        rows: list[tuple[str, str, float]] = cursor.fetchall()
    lines: list[str] = []
    for figure, (name, sort, meaning) in WORK.items():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} {sort}"]
        for found, kind, value in rows:
            if found == figure:
                label = f'{{kind="{kind}"}}' if kind else ""
                lines.append(f"{name}{label} {value:g}")
    return "\n".join(lines) + "\n"
