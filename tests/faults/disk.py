"""A storage of its own for fault tests, which really gets full and really refuses to be written.

Where mounting is allowed it is a small tmpfs: a full one answers ENOSPC, a read-only one EROFS.
Elsewhere the worker's processes may not write files beyond a few bytes (EFBIG), and the folders
lose their write bit (EACCES).
"""

from __future__ import annotations

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MEGABYTES = 24


def _mount(*arguments: str) -> bool:
    return subprocess.run(["mount", *arguments], capture_output=True, check=False).returncode == 0


@dataclass
class Disk:
    """The folder of stored files."""

    folder: Path
    mounted: bool = False

    def open(self) -> None:
        self.close()
        self.folder.mkdir(exist_ok=True)
        self.mounted = _mount("-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(self.folder))

    def close(self) -> None:
        """Also ends what a run that was killed left mounted."""
        if os.path.ismount(self.folder):
            subprocess.run(["umount", "--lazy", str(self.folder)], check=False)
        self.mounted = False

    @contextmanager
    def full(self, pids: list[int]) -> Iterator[None]:
        """No byte more can be stored while the block runs."""
        if not self.mounted:
            for pid in pids:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (16, resource.RLIM_INFINITY))
            yield
            for pid in pids:
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        yield
        filler.unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Everything can be read and nothing written while the block runs."""
        if self.mounted:
            assert _mount("-o", "remount,ro", str(self.folder))
            yield
            assert _mount("-o", "remount,rw", str(self.folder))
            return
        folders = [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]
        for folder in folders:
            folder.chmod(0o500)
        yield
        for folder in folders:
            folder.chmod(0o700)
