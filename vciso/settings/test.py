"""Settings of the tests: real Postgres and Redis, sign-in as migrator, work as the app role.

The test database is made and migrated by the migrator; then `tests/conftest.py` switches every
connection to `vciso_app`, so each query meets the real policies.
"""

import os

from vciso.settings import *  # noqa: F403  the tests run on the real settings
from vciso.settings.addresses import database, redis_database
from vciso.settings.variables import text

DATABASES = {"default": database("MIGRATOR_DATABASE_URL", pool=False)}
DATABASES["default"]["TEST"] = {
    "NAME": os.environ.get("VCISO_TEST_DATABASE") or "test_vciso",
    # A copy is migrated all the same, which finds nothing left to do.
    "TEMPLATE": os.environ.get("VCISO_TEST_TEMPLATE") or None,
}
# One test empties the cache while another, in a process beside it, counts on what it keeps there.
_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
CACHES["default"]["LOCATION"] = redis_database(text("CACHE_URL"), 2 + int(_PROCESS[2:]) % 4)  # noqa: F405  as above
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
JOB_LEASE = 4.0
JOB_BACKOFF = 0.2
JOB_DATABASE_PATIENCE = 5.0
