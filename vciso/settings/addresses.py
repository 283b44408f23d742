"""Addresses of servers as Django wants them, each failure with its remedy."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from django.core.exceptions import ImproperlyConfigured

from vciso.settings import variables

ROOT = Path(__file__).resolve().parents[2]
TLS_WORDS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def database(name: str, *, pool: bool) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address; the host may be a socket's folder."""
    url = urlsplit(variables.text(name))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} starts with “{url.scheme}”. Only PostgreSQL is supported: postgresql://…")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    options: dict[str, Any] = {"server_side_binding": True, "connect_timeout": 5}
    options |= {word: query[word] for word in TLS_WORDS if word in query}
    if pool:
        options["pool"] = {"min_size": 1, "max_size": max(1, variables.whole("VCISO_DB_POOL_SIZE")), "timeout": 5}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": url.path.lstrip("/"),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.get("host") or url.hostname or "",
        "PORT": query.get("port") or str(url.port or ""),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def redis_database(address: str, number: int) -> str:
    """The same Redis server, another of its databases."""
    parts = urlsplit(address)
    for word in ("virtual_host", "db"):
        if f"{word}=" in parts.query:
            return urlunsplit(parts._replace(query=f"{word}={number}"))
    return urlunsplit(parts._replace(path=f"/{number}"))


def object_store() -> dict[str, Any]:
    """The entry of `STORAGES` that keeps stored files in a bucket; nothing when none is named."""
    if not variables.text("VCISO_S3_BUCKET"):
        return {}
    options = {
        "bucket_name": variables.text("VCISO_S3_BUCKET"),
        "endpoint_url": variables.text("VCISO_S3_ENDPOINT") or None,
        "region_name": variables.text("VCISO_S3_REGION") or None,
        "access_key": variables.text("VCISO_S3_KEY") or None,
        "secret_key": variables.text("VCISO_S3_SECRET") or None,
        # Private, under exactly the key we give, and never reachable by an address of the store's own.
        "default_acl": None,
        "file_overwrite": True,
        "querystring_auth": True,
        "querystring_expire": 60,
        "signature_version": "s3v4",
        "addressing_style": "path" if variables.text("VCISO_S3_ENDPOINT") else None,
    }
    return {"files": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}}
