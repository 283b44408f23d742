"""Every variable of the environment that the portal reads, with its meaning and default.

Settings, `docs/operations.md`, `docker-compose.yml` and the start-up checks all follow this list;
tests compare them with it. A value that cannot be read stops the start with its remedy.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

ON, OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})
RANDOM = "$(python3 -c 'import secrets; print(secrets.token_hex(32))')"


@dataclass(frozen=True)
class Variable:
    """One variable: `default` None means that the portal does not start without it."""

    name: str
    meaning: str
    default: str | None = ""
    example: str = ""


_ALL = (
    # --- What it cannot do without
    Variable(
        "DATABASE_URL", "the app role's address; a host that is a folder means its socket", None,
        "postgresql://vciso_app:secret@db.internal:5432/vciso",
    ),
    Variable("REDIS_URL", "the broker, which must not evict", None, "redis://:secret@broker.internal:6379/0"),
    Variable("CACHE_URL", "the cache, which may", None, "redis://:secret@cache.internal:6379/0"),
    Variable("SECRET_KEY", "signs sessions and encrypts second factors; 64 random characters", None, RANDOM),
    # --- Set-up
    Variable(
        "MIGRATOR_DATABASE_URL", "the role that owns the tables; migrations, set-up and backup alone get it", "",
        "postgresql://vciso_migrator:secret@db.internal:5432/vciso",
    ),
    Variable(
        "ADMIN_DATABASE_URL", "a superuser, once, to make roles and database", "",
        "postgresql://postgres:secret@db.internal:5432/postgres",
    ),
    Variable("VCISO_DB_ROLE", "app, or migrator for set-up commands", "app"),
    # --- The address and what stands before it
    Variable("VCISO_BASE_URL", "the address people use; https:// switches on secure cookies and HSTS",
             example="https://portal.example.com"),
    Variable("PORT", "the port on loopback when VCISO_BASE_URL names none", "8000"),
    Variable("VCISO_HOSTS", "further host names it answers to, with commas"),
    Variable("VCISO_PROXIES", "how many proxies stand in front", "0"),
    Variable("SECRET_KEY_FALLBACKS", "earlier keys, with commas, while keys are changed"),
    # --- Web server and its connections
    Variable("VCISO_BIND", "where the web server listens", "127.0.0.1:8000"),
    Variable("VCISO_WEB_WORKERS", "web processes", "2"),
    Variable("VCISO_WEB_THREADS", "threads of each", "4"),
    Variable("VCISO_DB_POOL", "1 keeps database connections between requests; for web processes alone", "0"),
    Variable("VCISO_DB_POOL_SIZE", "most connections of one web process", "4"),
    # --- Mail
    Variable("SMTP_HOST", "the mail server; without one, mails become files in VCISO_VAR/mail"),
    Variable("SMTP_PORT", "its port", "587"),
    Variable("SMTP_USER", "the name to sign in there"),
    Variable("SMTP_PASSWORD", "and its password"),
    Variable("SMTP_TLS", "0 sends mail without STARTTLS", "1"),
    Variable("VCISO_MAIL_FROM", "the sender; by default portal@ the host of VCISO_BASE_URL"),
    # --- Files
    Variable("VCISO_VAR", "the data folder; by default var/ in the checkout"),
    Variable("VCISO_ACCEL", "the proxy's internal location for stored files, such as /protected/"),
    Variable("VCISO_S3_BUCKET", "keeps stored files in this bucket instead of VCISO_VAR/files"),
    Variable("VCISO_S3_ENDPOINT", "the object store's address, if it is not Amazon's"),
    Variable("VCISO_S3_REGION", "its region"),
    Variable("VCISO_S3_KEY", "the access key's name"),
    Variable("VCISO_S3_SECRET", "and its secret"),
    Variable("VCISO_CLIENT_GB", "gigabytes that files of one client may take", "2"),
    Variable("VCISO_PRACTICE_GB", "gigabytes that files of a practice with all its clients may take", "50"),
    # --- Watching
    Variable("VCISO_LOG_LEVEL", "the least severe line that is logged", "INFO"),
    Variable("VCISO_LOG_FORMAT", "lines for people, json for collectors", "lines"),
    Variable("VCISO_METRICS_TOKEN", "opens /metrics to its bearer; without one there is no such page", example=RANDOM),
    Variable("VCISO_ANCHOR_MAIL", "who gets the daily anchors of the audit trail, with commas"),
    Variable("VCISO_ANCHOR_FOLDER", "a folder outside of this machine's reach that they are written to"),
    # --- Jobs
    Variable("JOB_LEASE", "seconds after which a silent worker's job is taken over", "60"),
    Variable("JOB_REDISPATCH", "seconds after which the broker is told of a job again", "60"),
    Variable("RENDER_MEMORY_MB", "megabytes that drawing one document may take", "512"),
    Variable("JOB_BACKOFF", "seconds before the first repetition of a failed job", "5"),
    Variable("JOB_DATABASE_PATIENCE", "seconds a worker waits for a database that is away", "30"),
    # --- Trying it out
    Variable("VCISO_DEMO", "1 allows demonstration data and the inbox page; bin/up's own database alone", "0"),
)  # fmt: skip
VARIABLES: Mapping[str, Variable] = {variable.name: variable for variable in _ALL}

# Read by bin/up, bin/test and the tests before or instead of the portal.
LAUNCH = frozenset({
    "VCISO_YES", "VCISO_SERVICE_USER", "VCISO_SUPERVISED", "VCISO_PICTURES", "VCISO_TEST_DATABASE",
    "VCISO_TEST_TEMPLATE",
    "VCISO_FAULTS_VAR", "VCISO_BROWSER_PORTAL",
})  # fmt: skip
PREFIXES = ("VCISO_", "SMTP_", "JOB_")


def text(name: str) -> str:
    """The variable's value, or its default; says how to set it when it has neither."""
    variable = VARIABLES[name]
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if variable.default is None:
        raise ImproperlyConfigured(
            f"{name} is not set ({variable.meaning}). bin/up sets it for the embedded parts; elsewhere set it "
            f"yourself, for example {name}={variable.example}"
        )
    return variable.default


def number(name: str) -> float:
    """A number that is not below zero."""
    value = text(name)
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found < float("inf"):
        raise ImproperlyConfigured(_unread(name, value, "a number"))
    return found


def whole(name: str) -> int:
    """A whole number that is not below zero."""
    value = text(name)
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(_unread(name, value, "a whole number"))
    return int(value)


def flag(name: str) -> bool:
    value = text(name).lower()
    if value not in ON | OFF:
        raise ImproperlyConfigured(_unread(name, value, "1 or 0"))
    return value in ON


def several(name: str) -> list[str]:
    """Values with commas between them."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def one_of(name: str, *words: str) -> str:
    value = text(name)
    if value not in words:
        raise ImproperlyConfigured(_unread(name, value, " or ".join(words)))
    return value


def unknown(environment: Mapping[str, str]) -> dict[str, str]:
    """Variables that look like ours and are not, each with the name that was perhaps meant."""
    known = [*VARIABLES, *LAUNCH]
    return {
        name: next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.75)), "")
        for name in sorted(environment)
        if name.startswith(PREFIXES) and name not in known
    }


def _unread(name: str, value: str, wanted: str) -> str:
    """Never the value of a secret: only numbers, switches and choices come here."""
    default = VARIABLES[name].default
    return f"{name} is {value!r}; it must be {wanted}. Correct it, or leave it out for {default or 'nothing'}."
