"""The Celery application. The broker is only a hint: every job is a row (see `vciso.jobs`)."""

import logging
import os
import sys
import time
from typing import Any

from celery import Celery
from celery.signals import beat_init, setup_logging, task_postrun, task_prerun, worker_init, worker_process_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")

app = Celery("vciso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
log = logging.getLogger("vciso.tasks")


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**_: Any) -> None:
    """Celery would log an exception and go on; an exit ends it."""
    from vciso.operations import checks

    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as refusal:
        log.critical("not started: %s", refusal)
        sys.exit(1)


@setup_logging.connect
def keep_our_lines(**_: Any) -> None:
    """Whoever listens here keeps Celery from putting its own handlers over LOGGING."""


@worker_process_init.connect
def warm_the_renderer(**_: Any) -> None:
    """Loads fonts and style sheets once per worker process, so that no report waits for them."""
    from vciso import pdf

    pdf.warm()


@task_prerun.connect
def begin_line(task_id: str, task: Any, args: Any = (), **_: Any) -> None:
    """Lines of a task carry its id, and the client it works for if it works for one."""
    from vciso.operations import logs
    from vciso.tenancy.tasks import TenantTask

    client = str(args[0]) if isinstance(task, TenantTask) and args else ""
    task.request.began = time.perf_counter()
    logs.current.set(logs.Trace(task_id, client=client))


@task_postrun.connect
def end_line(task: Any, state: str = "", retval: Any = None, **_: Any) -> None:
    """One line for each task; what happens every few seconds is worth one only when it fails.

    A job's outcome is what became of it: done, skipped, fenced, waiting, refused, failed.
    """
    from vciso.operations import logs

    took = time.perf_counter() - getattr(task.request, "began", time.perf_counter())
    trace = logs.current.get()
    went_well = state == "SUCCESS"
    quiet = went_well and not (trace and trace.client)
    outcome = retval if went_well and isinstance(retval, str) else state.lower()
    log.log(
        logging.DEBUG if quiet else logging.INFO,
        "task ended",
        extra={"task": task.name, "outcome": outcome, "ms": round(took * 1000, 1)},
    )
    logs.current.set(None)
