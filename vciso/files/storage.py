"""Bytes kept under what they are, in a folder or an object store.

A key is made here alone, from the owner's id and the content's SHA-256:
``c/<client>/<two digits>/<sha256><suffix>``. Equal bytes of two clients are
two files, so that nothing can be learned about another client by storing.
Every read compares the bytes with the name they are kept under.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from vciso.files.places import place
from vciso.files.scanning import refuse_malware

SUFFIXES = frozenset({".pdf", ".png", ".jpg", ".xlsx", ".xlsm", ".csv", ".txt", ".md", ".docx", ".zip", ".bin"})
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
    """Keep a client's bytes; storing the same again gives the same key, and heals and renews what lay there."""
    return _store("c", client_id, content, suffix)


def store_for_practice(practice_id: uuid.UUID | str, content: bytes, *, suffix: str = ".bin") -> Stored:
    """Keep a practice's own bytes, such as its logo."""
    return _store("p", practice_id, content, suffix)


def read(key: str) -> bytes:
    """The bytes under a key. Raises ``FileNotFoundError`` when they are gone or not what they were."""
    sha256 = _sha256(key)
    content = place().read(key)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Damaged(f"the bytes under {key} are not the ones that were stored")
    return content


def exists(key: str) -> bool:
    _sha256(key)
    return place().size(key) is not None


def delete(key: str) -> None:
    """Remove the bytes under a key; nothing happens when they are gone already."""
    _sha256(key)
    place().delete(key)


def stored_keys(*, client_id: uuid.UUID | str | None = None, older_than: float = 0) -> Iterator[str]:
    """Every key that holds bytes (of one client); `older_than` seconds leaves out what is younger."""
    for under in ("c", "p") if client_id is None else (f"c/{uuid.UUID(str(client_id))}",):
        yield from (key for key in place().keys(under, older_than=older_than) if _KEY.match(key))


def remove_unfinished(*, older_than: float) -> int:
    """Remove what processes left half written; how many there were."""
    return sum(place().remove_unfinished(room, older_than=older_than) for room in ("c", "p"))


def usage(owner_id: uuid.UUID | str, *, practice: bool = False) -> tuple[int, int]:
    """How many files a client (or a practice for itself) keeps, and their bytes."""
    found = place()
    sizes = [found.size(key) or 0 for key in found.keys(f"{'p' if practice else 'c'}/{uuid.UUID(str(owner_id))}")]
    return len(sizes), sum(sizes)


def probe() -> None:
    """Write, read and remove a few bytes; raises what the disk or the object store says."""
    key, content = f"probe/{uuid.uuid4().hex}", uuid.uuid4().bytes
    found = place()
    found.write(key, content)
    try:
        if found.read(key) != content:
            raise Damaged("the storage does not give back what was written")
    finally:
        found.delete(key)


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
    place().write(key, content)
    return Stored(key, sha256, len(content))


def _sha256(key: str) -> str:
    """The digest a key names. What is no key of ours names no file."""
    match = _KEY.match(key or "")
    if match is None:
        raise FileNotFoundError("no such file")
    return match[4]
