"""The Celery application. The broker is only a hint: every job is a row (see `vciso.jobs`)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")

app = Celery("vciso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_process_init.connect
def warm_the_renderer(**_: Any) -> None:
    """Loads fonts and style sheets once per worker process, so that no report waits for them."""
    from vciso import pdf

    pdf.warm()
