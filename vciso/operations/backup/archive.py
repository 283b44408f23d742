"""The archive: a plain tar of the dump, the stored files and, last, a manifest with everybody's SHA-256."""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

FORM = 1
DUMP, MANIFEST, NOTE = "database.dump", "manifest.json", "READ ME FIRST.txt"
MEMBER = re.compile(r"^files/(?P<key>[cp]/[0-9a-f-]{36}/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z]{2,4})$")
BLOCK = 1 << 20
NOTE_TEXT = """\
A backup of a vCISO portal: everything its clients entrusted to it. Keep it encrypted.

It restores with "bin/manage restore THIS_FILE" into an empty database. It does NOT hold the secrets
of the installation: keep SECRET_KEY (with bin/up: var/secrets/secret_key) somewhere else. Without
it nobody's second factor can be read, and each person has to set up a new one.
"""


class Damaged(Exception):
    """The archive is not whole, or is none of ours; the sentence says where."""


class Writer:
    """Adds members and remembers what they are; `finish` writes the manifest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|")  # noqa: SIM115 (closed by finish)
        self.members: dict[str, dict[str, Any]] = {}

    def add(self, name: str, content: IO[bytes], size: int) -> None:
        """Copy `size` bytes into the archive, hashing them on the way."""
        reader = _Hashing(content)
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self._tar.addfile(entry, reader)
        self.members[name] = {"size": size, "sha256": reader.digest.hexdigest()}

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, io.BytesIO(content), len(content))

    def finish(self, told: dict[str, Any]) -> None:
        manifest = {"backup": FORM, **told, "members": self.members}
        self.add_bytes(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())
        self._tar.close()


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self.digest.update(block)
        return block


def verify(path: Path) -> dict[str, Any]:
    """The manifest, after every byte of every member was compared with it. Raises Damaged."""
    try:
        with tarfile.open(path, "r:") as tar:
            manifest = _manifest(tar)
            names = [entry.name for entry in tar.getmembers()]
            if sorted(names) != sorted([*manifest["members"], MANIFEST]):
                raise Damaged("The archive holds other members than its manifest names.")
            for entry in tar.getmembers():
                if entry.name != MANIFEST:
                    _compare(tar, entry, manifest["members"][entry.name])
    except (tarfile.TarError, OSError, EOFError) as error:
        raise Damaged(f"The archive cannot be read: {error}") from error
    return manifest


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        entry = tar.getmember(MANIFEST)
        content = tar.extractfile(entry)
        manifest = json.loads(content.read()) if content else {}
    except (KeyError, ValueError) as error:
        raise Damaged("The archive has no manifest: it was cut off, or is no backup of a portal.") from error
    if manifest.get("backup") != FORM:
        raise Damaged(f"The archive has form {manifest.get('backup')}, and this release reads form {FORM}.")
    return dict(manifest)


def _compare(tar: tarfile.TarFile, entry: tarfile.TarInfo, wanted: dict[str, Any]) -> None:
    if entry.name not in (DUMP, NOTE) and not MEMBER.match(entry.name):
        raise Damaged(f"“{entry.name}” does not belong into a backup.")
    content = tar.extractfile(entry) if entry.isreg() else None
    if content is None:
        raise Damaged(f"“{entry.name}” is no plain file.")
    digest = hashlib.sha256()
    while block := content.read(BLOCK):
        digest.update(block)
    if digest.hexdigest() != wanted["sha256"] or entry.size != wanted["size"]:
        raise Damaged(f"“{entry.name}” is not what the manifest says.")


def copy_out(path: Path, name: str, target: IO[bytes]) -> None:
    """One member's bytes into an open file."""
    with tarfile.open(path, "r:") as tar:
        content = tar.extractfile(name)
        if content is None:
            raise Damaged(f"“{name}” is no plain file.")
        while block := content.read(BLOCK):
            target.write(block)


def stored_files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Key and bytes of every stored file."""
    with tarfile.open(path, "r:") as tar:
        for entry in tar:
            if match := MEMBER.match(entry.name):
                content = tar.extractfile(entry)
                yield match["key"], content.read() if content else b""
