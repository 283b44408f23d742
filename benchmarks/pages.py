"""Server time of pages at 200 clients and 20,000 risks, beside an empty signed-in page.

    bin/bench pages [--rounds 60] [--json] [--assert]      (makes the data once)

Every page is asked through the whole middleware stack, in turn with the empty page, so that a
noisy machine disturbs both alike: read the ratios. `--assert` fails above the limits in ms only
when the empty page is as fast as on a quiet machine of two cores.
"""

import argparse
import json
import logging
import os
import statistics
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

QUIET_EMPTY_MS = 12.0
NOTHING_TO_MEASURE = 3
# What the consultant must have, at least: 20,000 risks over 200 clients, fifteen of them theirs.
CLIENTS, RISKS = 15, 100


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    limit_ms: float | None


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def pages() -> tuple[Any, list[Page]]:
    """A consultant with fifteen clients, and the pages that matter every morning."""
    from risks.models import Risk
    from vciso.tenancy import context
    from vciso.tenancy.models import Client, User

    for user in User.objects.filter(email__startswith="c1@").order_by("-created_at"):
        with context.as_user(user):
            client = Client.objects.order_by("name").first()
            risk = Risk.objects.filter(client=client).order_by("reference").first()
            if Client.objects.count() >= CLIENTS and Risk.objects.filter(client=client).count() >= RISKS:
                break
    else:
        raise SystemExit(NOTHING_TO_MEASURE)
    base = f"/c/{client.key}"
    large = f"/c/{_assessed(user, client).key}/risks"
    return user, [
        Page("empty signed-in page", "/account/profile/", None),
        Page("Today, 15 clients", "/today/", 60),
        Page("list of 100 risks", f"{base}/risks/", 50),
        Page("search among its risks", f"{base}/risks/?q=a", 50),
        Page("search over their clients", "/find/?q=a", None),
        Page("one risk", f"{base}/risks/{risk.reference}/", 40),
        Page("overview of a client", f"{base}/", None),
        Page("vendors", f"{base}/vendors/", None),
        Page("list of assessments", f"{large}/assessments/", None),
        Page("assessment of 500 risks", f"{large}/assessments/RA-001/", None),
        Page("two of 500 side by side", f"{large}/assessments/compare/?earlier=RA-001&later=RA-002", None),
        Page("500 risks over 12 months", f"{large}/over-time/", None),
    ]


def _assessed(user: Any, besides: Any) -> Any:
    """Another client of theirs with 500 risks and two assessments a month apart; made once."""
    from django.utils import timezone

    from risks.models import Risk, RiskAssessment
    from risks.rules.scoring import Rating
    from risks.services import bulk, rating
    from vciso.seed.register import spread_risks
    from vciso.tenancy import context
    from vciso.tenancy.models import Client

    now = timezone.now()
    before = now - timedelta(days=30)
    with context.as_user(user):
        client = Client.objects.exclude(pk=besides.pk).order_by("name").first()
    with context.as_user(user, client_id=client.pk):
        if RiskAssessment.objects.filter(client=client).count() >= 2:
            return client
        rows = Risk.objects.filter(client=client)
        bulk.raise_many(
            client=client, by=user, at=before, reason="Made for measuring.",
            risks=spread_risks(500 - rows.count(), [f"office {n}" for n in range(1, 500)], []),
        )  # fmt: skip
        _draft(client, user, "Then", before)
        for risk in rows.select_related("client").exclude(now_score=0).order_by("number")[:150]:
            found = Rating(risk.now_likelihood % 5 + 1, risk.now_impacts)
            rating.rate_risk(risk=risk, kind="now", rating=found, reason="Looked again.", by=user, at=now)
        _draft(client, user, "Now", now)
    return client


def _draft(client: Any, user: Any, title: str, at: datetime) -> None:
    from risks.services import assessment

    words = {"kind": "baseline", "scope": "All.", "method": "Rated 1 to 5.", "team": [user]}
    assessed = assessment.Assessed(title=title, as_of=client.today(at), **words)
    assessment.draft_assessment(client=client, assessed=assessed, by=user, at=at)


def measure(user: Any, found: list[Page], rounds: int) -> dict[str, dict[str, Any]]:
    from django.db import connection
    from django.test import Client as Browser
    from django.test.utils import CaptureQueriesContext

    browser = Browser()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    times: dict[str, list[float]] = {page.name: [] for page in found}
    queries: dict[str, int] = {}
    for page in found:
        with CaptureQueriesContext(connection) as captured:
            status = browser.get(page.path).status_code
        if status != 200:
            raise SystemExit(f"{page.path} answered {status}")
        own = [
            q
            for q in captured.captured_queries
            if not q["sql"].startswith(("BEGIN", "COMMIT", "SELECT client_id, roles"))
        ]
        queries[page.name] = len(own)
    for _ in range(rounds):
        for page in found:
            started = time.perf_counter()
            browser.get(page.path)
            times[page.name].append((time.perf_counter() - started) * 1000)
    empty = statistics.median(times[found[0].name])
    return {
        page.name: {
            "p50_ms": round(statistics.median(times[page.name]), 1),
            "p95_ms": round(percentile(times[page.name], 0.95), 1),
            "ratio_to_empty": round(statistics.median(times[page.name]) / empty, 2),
            "queries": queries[page.name],
            "limit_ms": page.limit_ms,
        }
        for page in found
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--assert", dest="check", action="store_true")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")
    from django.conf import settings

    import vciso.wsgi  # noqa: F401  as the web process starts

    settings.ALLOWED_HOSTS = ["*"]
    # The line of each request is written, as it is when serving, but not between the figures.
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(open(os.devnull, "w"))  # noqa: SIM115  as long as the process
    user, found = pages()
    figures = measure(user, found, options.rounds)
    if options.json:
        print(json.dumps(figures))
    else:
        print(f"{'page':24}{'p50 ms':>9}{'p95 ms':>9}{'limit':>8}{'x empty':>9}{'queries':>9}")
        for name, row in figures.items():
            limit = "" if row["limit_ms"] is None else f"{row['limit_ms']:.0f}"
            print(f"{name:24}{row['p50_ms']:9}{row['p95_ms']:9}{limit:>8}{row['ratio_to_empty']:9}{row['queries']:9}")
    quiet = figures[found[0].name]["p95_ms"] <= QUIET_EMPTY_MS
    slow = [name for name, row in figures.items() if row["limit_ms"] and row["p95_ms"] > row["limit_ms"]]
    return 1 if options.check and quiet and slow else 0


if __name__ == "__main__":
    sys.exit(main())
