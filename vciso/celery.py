"""The Celery application. The broker is only a hint: every job is a row (see `vciso.jobs`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vciso.settings")

app = Celery("vciso")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
