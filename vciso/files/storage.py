"""Bytes on disk, addressed by what they are.

A key is made here alone, from the owner's id and the content's SHA-256:
``c/<client>/<two digits>/<sha256><suffix>``. Equal bytes of two clients are
two files, so that nothing can be learned about another client by storing.
Every read compares the bytes with the name they are kept under.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from vciso.files.scanning import refuse_malware

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".xlsx", ".xlsm", ".csv", ".txt", ".md", ".docx", ".bin"})
_KEY = re.compile(r"^(c|p)/([0-9a-f-]{36})/([0-9a-f]{2})/([0-9a-f]{64})(\.[a-z]{2,4})$")


class Damaged(FileNotFoundError):
    """The bytes kept under a key are not the ones that were stored."""


@dataclass(frozen=True)
class Stored:
    """Where bytes are kept, and what they are."""

    key: str
    sha256: str
    size: int


def store(client_id: uuid.UUID | str, content: bytes, *, suffix: str = ".bin") -> Stored:
    """Keep a client's bytes; storing the same again gives the same key and writes nothing."""
    return _store("c", client_id, content, suffix)


def store_for_practice(practice_id: uuid.UUID | str, content: bytes, *, suffix: str = ".bin") -> Stored:
    """Keep a practice's own bytes, such as its logo."""
    return _store("p", practice_id, content, suffix)


def read(key: str) -> bytes:
    """The bytes under a key. Raises ``FileNotFoundError`` when they are gone or not what they were."""
    path, sha256 = _path(key)
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"the bytes under {key} are not the ones that were stored")
    return content


def exists(key: str) -> bool:
    return _path(key)[0].is_file()


def delete(key: str) -> None:
    """Remove the bytes under a key; nothing happens when they are gone already."""
    _path(key)[0].unlink(missing_ok=True)


def tenant_safe(key: str, client_id: uuid.UUID | str) -> bool:
    """Whether a key lies in the client's own part of the storage."""
    match = _KEY.match(key)
    return bool(match and match[1] == "c" and match[2] == str(uuid.UUID(str(client_id))))


def _store(room: str, owner: uuid.UUID | str, content: bytes, suffix: str) -> Stored:
    if suffix not in SUFFIXES:
        raise ValueError(f"files ending in {suffix!r} are not kept")
    refuse_malware(content)
    sha256 = hashlib.sha256(content).hexdigest()
    key = f"{room}/{uuid.UUID(str(owner))}/{sha256[:2]}/{sha256}{suffix}"
    path, _ = _path(key)
    if not path.is_file() or path.stat().st_size != len(content):
        _write(path, content)
    return Stored(key, sha256, len(content))


def _path(key: str) -> tuple[Path, str]:
    match = _KEY.match(key or "")
    if match is None:
        raise FileNotFoundError("no such file")
    return Path(settings.FILES_ROOT, *key.split("/")), match[4]


def _write(path: Path, content: bytes) -> None:
    """Write beside the place and move there, so that no reader ever sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
