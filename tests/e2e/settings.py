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
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": 1.0} for name, entry in _REAL_SCHEDULE.items() if name != "draft due reports"
}
# Many people sign in from one address within a minute.
ACCOUNT_RATE_LIMITS = {"login": "1000/m/ip", "login_failed": "100/m/ip,100/5m/key"}
