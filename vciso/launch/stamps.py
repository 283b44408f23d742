"""Remembering what a step was done for, so that it is skipped until that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def of_files(paths: Iterable[Path], *extra: str) -> str:
    """A fingerprint of the contents of the files (and of `extra`), whatever their order."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for word in extra:
        digest.update(word.encode() + b"\0")
    return digest.hexdigest()


class Stamp:
    """The fingerprint a step left behind when it succeeded."""

    def __init__(self, path: Path, wanted: str) -> None:
        self.path = path
        self.wanted = wanted

    def is_current(self) -> bool:
        try:
            return self.path.read_text() == self.wanted
        except OSError:
            return False

    def leave(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.wanted)
