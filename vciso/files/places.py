"""Where bytes lie: a folder of this machine, or an object store. Both keep a key's bytes whole or not at all."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

UNFINISHED = ".new-"
ALIAS = "files"


class Place(Protocol):
    """Keys look like paths. Reading what is not there raises ``FileNotFoundError``."""

    def read(self, key: str) -> bytes: ...
    def write(self, key: str, content: bytes) -> None: ...
    def size(self, key: str) -> int | None: ...
    def delete(self, key: str) -> None: ...
    def keys(self, under: str, *, older_than: float = 0) -> Iterator[str]: ...
    def remove_unfinished(self, under: str, *, older_than: float) -> int: ...


def place() -> Place:
    return Bucket(storages[ALIAS]) if ALIAS in settings.STORAGES else Folder(Path(settings.FILES_ROOT))


class Folder:
    """Files below one folder, readable by the service user alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        return self.root.joinpath(*key.split("/"))

    def read(self, key: str) -> bytes:
        return self._path(key).read_bytes()

    def size(self, key: str) -> int | None:
        path = self._path(key)
        return path.stat().st_size if path.is_file() else None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def write(self, key: str, content: bytes) -> None:
        """Write beside the place and move there, so that no reader ever sees half a file."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _files(self, under: str, older_than: float) -> Iterator[Path]:
        limit = time.time() - older_than
        for path in sorted(self._path(under).rglob("*")):
            if path.is_file() and path.stat().st_mtime <= limit:
                yield path

    def keys(self, under: str, *, older_than: float = 0) -> Iterator[str]:
        for path in self._files(under, older_than):
            if not path.name.startswith(UNFINISHED):
                yield path.relative_to(self.root).as_posix()

    def remove_unfinished(self, under: str, *, older_than: float) -> int:
        """What a killed process was writing."""
        left = [path for path in self._files(under, older_than) if path.name.startswith(UNFINISHED)]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)


@contextmanager
def surroundings() -> Iterator[None]:
    """Tell what an object store refuses, or cannot be asked, as the disk would: OSError.

    A job then waits for better times instead of failing. Its client's errors have no common base
    that could be named without the optional package.
    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        if type(error).__module__.split(".")[0] not in {"botocore", "boto3", "s3transfer"}:
            raise
        raise OSError(f"the object store: {type(error).__name__}") from error


class Bucket:
    """An object store behind Django's storage interface; it never shows half an object."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage

    def read(self, key: str) -> bytes:
        with surroundings(), self.storage.open(key) as file:
            return bytes(file.read())

    def size(self, key: str) -> int | None:
        with surroundings():
            return self.storage.size(key) if self.storage.exists(key) else None

    def delete(self, key: str) -> None:
        with surroundings():
            self.storage.delete(key)

    def write(self, key: str, content: bytes) -> None:
        """Put the object under exactly this key; a storage that renames instead is refused."""
        with surroundings():
            self.storage.delete(key)
            if (kept := self.storage.save(key, ContentFile(content))) != key:
                self.storage.delete(kept)
                raise OSError(f"the object store kept {key} under another name")

    def keys(self, under: str, *, older_than: float = 0) -> Iterator[str]:
        try:
            folders, files = self.storage.listdir(under)
        except FileNotFoundError:
            return
        now = timezone.now()
        for name in sorted(files):
            key = f"{under}/{name}"
            if (now - self.storage.get_modified_time(key)).total_seconds() >= older_than:
                yield key
        for folder in sorted(folders):
            yield from self.keys(f"{under}/{folder}", older_than=older_than)

    def remove_unfinished(self, under: str, *, older_than: float) -> int:
        return 0
