"""What is looked at before the portal serves anybody: its settings, and the role it signs in with.

`manage.py check` tells everything; a web server, worker or scheduler refuses to start on an error
(`refuse_unsafe_start`). A database that is away is no reason to refuse: readiness waits for it.
"""

import ipaddress
import logging
import os
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from vciso.operations import roles
from vciso.settings import variables

log = logging.getLogger(__name__)
SHORTEST_SECRET = 32
LEAST_DIFFERENT = 10


@register(Tags.security)
def settings_are_safe(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    return [*_secrets(), *_address(), *_servers(), *_files(), *_trail(), *_demonstration(), *_misspelt()]


@register(Tags.database)
def role_is_bound(app_configs: Any = None, databases: Any = None, **options: Any) -> list[CheckMessage]:
    if not databases or not roles.serves_pages():
        return []
    with connection.cursor() as cursor:
        return _role_messages(roles.faults(cursor))


def refuse_unsafe_start() -> None:
    """Raise ImproperlyConfigured, with every reason and remedy, when this process must not serve.

    Opens a connection of its own: the pool's must not exist before the web workers are forked.
    """
    messages = settings_are_safe()
    if roles.serves_pages():
        messages += _role_of_own_connection()
    for message in messages:
        if not message.is_serious():
            log.warning("%s %s", message.msg, message.hint)
    if serious := [message for message in messages if message.is_serious()]:
        raise ImproperlyConfigured("\n".join(f"{message.msg} {message.hint}" for message in serious))


def _role_of_own_connection() -> list[CheckMessage]:
    reach = connection.get_connection_params()
    kept = {name: reach[name] for name in ("dbname", "user", "password", "host", "port", "sslmode") if reach.get(name)}
    try:
        with psycopg.connect(**kept, connect_timeout=5) as own, own.cursor() as cursor:
            return _role_messages(roles.faults(cursor))
    except psycopg.OperationalError as error:
        log.warning("the database could not be asked about its role: %s", type(error).__name__)
        return []


def _role_messages(faults: list[str]) -> list[CheckMessage]:
    return [
        Error(
            f"The database role of DATABASE_URL must not serve pages: {fault}.",
            hint="Use vciso_app, made by vciso/embedded/roles.sql (ADMIN_DATABASE_URL lets bin/up run it).",
            id="operations.E001",
        )
        for fault in faults
    ]


def _secrets() -> Iterator[CheckMessage]:
    make = f"Make one: {variables.RANDOM}"
    for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if len(key) < SHORTEST_SECRET or len(set(key)) < LEAST_DIFFERENT:
            yield Error(
                "SECRET_KEY (or one of SECRET_KEY_FALLBACKS) can be guessed: it is short or repeats itself.",
                hint=make,
                id="operations.E002",
            )
    token = settings.METRICS_TOKEN
    if token and (len(token) < SHORTEST_SECRET or len(set(token)) < LEAST_DIFFERENT):
        yield Error("VCISO_METRICS_TOKEN can be guessed.", hint=make, id="operations.E003")


def _address() -> Iterator[CheckMessage]:
    url = urlsplit(settings.BASE_URL)
    if url.scheme not in {"http", "https"} or not url.hostname:
        yield Error(
            "VCISO_BASE_URL is no address of a web site.", hint="Write https://portal.example.com", id="operations.E004"
        )
        return
    if settings.HTTPS and not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield Error(
            "VCISO_BASE_URL is https, but no proxy is expected that could end TLS.",
            hint="Put one in front that sets X-Forwarded-Proto and X-Forwarded-For, and set VCISO_PROXIES=1.",
            id="operations.E005",
        )
    if not settings.HTTPS and not _is_here(url.hostname):
        yield Warning(
            f"People would sign in over plain http at {url.hostname}: passwords and cookies can be read on the way.",
            hint="Set VCISO_BASE_URL to an https:// address and VCISO_PROXIES=1.",
            id="operations.W006",
        )


def _servers() -> Iterator[CheckMessage]:
    broker, cache = urlsplit(settings.CELERY_BROKER_URL), urlsplit(str(settings.CACHES["default"]["LOCATION"]))
    if broker.hostname and (broker.hostname, broker.port or 6379) == (cache.hostname, cache.port or 6379):
        yield Warning(
            "Broker and cache are one Redis: the cache may evict, the broker must not, and a full cache stops both.",
            hint="Give CACHE_URL a server of its own, with maxmemory-policy allkeys-lru.",
            id="operations.W007",
        )
    database = settings.DATABASES["default"]
    if not database["PASSWORD"]:
        yield Error(
            "DATABASE_URL has no password.", hint="Write postgresql://vciso_app:password@…", id="operations.E008"
        )
    host, tls = database["HOST"], database["OPTIONS"].get("sslmode", "")
    if _is_far(host) and tls != "verify-full":
        yield Warning(
            f"The way to the database at {host} can be read or redirected.",
            hint="Add ?sslmode=verify-full&sslrootcert=/path/to/ca.pem to DATABASE_URL.",
            id="operations.W009",
        )
    for name, url in (("REDIS_URL", broker), ("CACHE_URL", cache)):
        if url.hostname and not url.password:
            yield Error(f"{name} has no password.", hint="Write redis://:password@…", id="operations.E010")
        if _is_far(url.hostname or "") and url.scheme != "rediss":
            yield Warning(
                f"The way to {url.hostname} can be read.", hint=f"Write {name} as rediss://…", id="operations.W011"
            )
        if "password" in parse_qs(url.query):
            yield Error(
                f"{name} carries its password in its query, where logs show it.",
                hint="Write redis://:password@…",
                id="operations.E012",
            )
    if settings.EMAIL_HOST and not settings.EMAIL_USE_TLS and _is_far(settings.EMAIL_HOST):
        yield Warning("Mail leaves without TLS.", hint="Leave SMTP_TLS out, or set it to 1.", id="operations.W013")


def _files() -> Iterator[CheckMessage]:
    bucket = "files" in settings.STORAGES
    if bucket and find_spec("storages") is None:
        yield Error(
            "VCISO_S3_BUCKET is set, and the packages for object stores are not installed.",
            hint="pip install --require-hashes -r requirements-s3.txt (the image: --build-arg EXTRAS=s3)",
            id="operations.E014",
        )
    if settings.FILES_ACCEL and (bucket or not settings.FILES_ACCEL.startswith("/")):
        yield Error(
            "VCISO_ACCEL names the proxy's location for files of a folder; it starts with “/” and goes with no bucket.",
            hint="Leave it out, or write /protected/ and leave VCISO_S3_BUCKET out.",
            id="operations.E015",
        )


def _trail() -> Iterator[CheckMessage]:
    if settings.HTTPS and not settings.ANCHOR_MAIL and not settings.ANCHOR_FOLDER:
        yield Warning(
            "The daily anchors of the audit trail stay on this machine, whose owner could rewrite both.",
            hint="Set VCISO_ANCHOR_MAIL to an address elsewhere, or VCISO_ANCHOR_FOLDER to another machine's folder.",
            id="operations.W018",
        )


def _demonstration() -> Iterator[CheckMessage]:
    host = settings.DATABASES["default"]["HOST"]
    if settings.DEMO and not host.startswith("/"):
        yield Error(
            "VCISO_DEMO is on, and the database is not bin/up's own: the inbox page would show everybody's mail.",
            hint="Leave VCISO_DEMO out.",
            id="operations.E016",
        )


def _misspelt() -> Iterator[CheckMessage]:
    for name, meant in variables.unknown(os.environ).items():
        yield Warning(
            f"{name} means nothing to the portal.",
            hint=f"Did you mean {meant}?" if meant else "docs/operations.md lists every variable.",
            id="operations.W017",
        )


def _is_here(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost") or _is_loopback(host)


def _is_far(host: str) -> bool:
    """Whether others may listen on the way: not a socket, this machine or a container's short name."""
    return bool(host) and not host.startswith("/") and "." in host and not _is_here(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
