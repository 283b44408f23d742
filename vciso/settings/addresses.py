"""Reading addresses and secrets from the environment, each failure with its remedy."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parents[2]


def wanted(name: str, *, example: str) -> str:
    """A value that must be set; says how to set it when it is not."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. bin/up sets it for the embedded parts; elsewhere set it yourself, "
            f"for example {name}={example}"
        )
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "").strip().lower()
    return default if not value else value in {"1", "true", "yes", "on"}


def database(name: str, *, pool: bool) -> dict[str, Any]:
    """Django's settings for a `postgresql://` address; the host may be a socket's folder."""
    url = urlsplit(wanted(name, example="postgresql://vciso_app:secret@db.internal:5432/vciso"))
    if url.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} starts with “{url.scheme}”. Only PostgreSQL is supported: postgresql://…")
    query = {key: values[-1] for key, values in parse_qs(url.query).items()}
    options: dict[str, Any] = {"server_side_binding": True, "connect_timeout": 5}
    if "sslmode" in query:
        options["sslmode"] = query["sslmode"]
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 5}
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
