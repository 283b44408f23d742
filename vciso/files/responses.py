"""Handing bytes to a browser so that it neither guesses nor runs them."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse

from vciso.files.uploads import safe_name

TYPES = {
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
_INLINE = {"pdf", "png", "jpg"}


def disposition(name: str, *, inline: bool = False) -> str:
    """A Content-Disposition after RFC 6266: a plain name for old readers, the real one beside it."""
    name = safe_name(name)
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " ._-()") else "_" for c in name)
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def download(content: bytes, *, name: str, inline: bool = False, key: str = "") -> HttpResponse:
    """The bytes under a name. Only PDFs and pictures of ours may be shown inline.

    With a proxy that serves stored files (VCISO_ACCEL), bytes that were read from under `key` are
    left to it: whether they are whole was seen when they were read, and a slow reader then holds
    the proxy instead of a web process.
    """
    ending = name.rsplit(".", 1)[-1].lower()
    left_to_proxy = bool(settings.FILES_ACCEL and key)
    response = HttpResponse(
        b"" if left_to_proxy else content, content_type=TYPES.get(ending, "application/octet-stream")
    )
    if left_to_proxy:
        response["X-Accel-Redirect"] = f"{settings.FILES_ACCEL.rstrip('/')}/{key}"
    return dressed(response, name=name, inline=inline and ending in _INLINE)


def dressed(response: HttpResponse, *, name: str, inline: bool = False) -> HttpResponse:
    """The headers every download carries."""
    response["Content-Disposition"] = disposition(name, inline=inline)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    if not inline:
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
