"""Settings of the portal that browser tests drive: the real ones, with mail and jobs looked after at once."""

from vciso.settings import *  # noqa: F403  the portal as it is run
from vciso.settings import CELERY_BEAT_SCHEDULE as _REAL_SCHEDULE

# Signing in costs a tenth of a second with the real hasher; dozens of accounts are made here.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# Journeys wait for mail and jobs; the rest is done while they go on, but not in their way.
AT_ONCE, SOMETIMES = 1.0, 60.0
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": AT_ONCE if name in {"send mail", "reconcile jobs"} else SOMETIMES}
    for name, entry in _REAL_SCHEDULE.items()
    if name != "draft due reports"
}
# Many people sign in from one address within a minute.
ACCOUNT_RATE_LIMITS = {"login": "1000/m/ip", "login_failed": "100/m/ip,100/5m/key"}
