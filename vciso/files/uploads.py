"""What people send: size, name and content must agree before anything is kept."""

from __future__ import annotations

import re
import unicodedata
from typing import BinaryIO, Protocol

MB = 1024 * 1024
LIMITS = {"spreadsheet": 10 * MB, "logo": 2 * MB, "evidence": 25 * MB}
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2066-\u2069]')


class UploadRefused(Exception):
    """The file is not taken; the sentence says why and what to do."""

    status = 422


class TooLarge(UploadRefused):
    """One file is larger than its sort may be, or all of them together are."""

    status = 413


class Upload(Protocol):
    """What Django hands over: a named, sized stream."""

    name: str | None
    size: int | None

    def read(self, size: int = -1, /) -> bytes: ...


def taken(upload: Upload | BinaryIO, *, kind: str) -> bytes:
    """The bytes of an upload, read no further than its limit."""
    limit = LIMITS[kind]
    content = upload.read(limit + 1)
    if len(content) > limit:
        raise TooLarge(f"The file is larger than {limit // MB} MB. Make it smaller and try again.")
    if not content:
        raise UploadRefused("The file is empty. Choose another one.")
    return content


def ending(name: str) -> str:
    """What stands after the last point, in small letters; nothing where there is none."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    return base.rsplit(".", 1)[-1].lower() if "." in base else ""


def safe_name(name: str, *, otherwise: str = "file") -> str:
    """The name as it may be shown and offered for download; never used as a path."""
    base = unicodedata.normalize("NFC", name or "").replace("\\", "/").rsplit("/", 1)[-1]
    base = base.encode("utf-8", "ignore").decode()
    kept = _UNSAFE.sub("", base).strip(" .")
    return kept[:150] or otherwise
