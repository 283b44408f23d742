"""Locks the kernel lets go of when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class Lock:
    """An advisory lock on a file. Never inherited by child processes."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> None:
        """Wait until nobody else holds it, then hold it alone."""
        fcntl.flock(self._handle, fcntl.LOCK_EX)

    def take_at_once(self) -> bool:
        """Hold it alone, or say False because somebody else holds or shares it."""
        return self._try(fcntl.LOCK_EX)

    def share(self) -> None:
        """Hold it together with others who share it."""
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def _try(self, kind: int) -> bool:
        try:
            fcntl.flock(self._handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        os.close(self._handle)
