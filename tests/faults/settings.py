"""The real settings, with the kinds of jobs that die, and everything that waits made quick."""

from vciso.settings import *  # noqa: F403  the portal as it is run
from vciso.settings import CELERY_BEAT_SCHEDULE as _REAL_SCHEDULE
from vciso.settings import CELERY_BROKER_TRANSPORT_OPTIONS as _REAL_OPTIONS
from vciso.settings import INSTALLED_APPS as _REAL_APPS
from vciso.settings import STORAGES as _REAL_STORAGES

INSTALLED_APPS = [*_REAL_APPS, "tests.faults.kinds.FaultKinds"]
# A message counts as lost while its job is still being done (F6).
CELERY_BROKER_TRANSPORT_OPTIONS = {**_REAL_OPTIONS, "visibility_timeout": 2, "unacked_restore_interval": 1}
_OFTEN = ("reconcile jobs", "send mail", "draft due reports")
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": 1.0} if name in _OFTEN else entry for name, entry in _REAL_SCHEDULE.items()
}
STORAGES = {
    **_REAL_STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
