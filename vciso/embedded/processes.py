"""Looking at and ending processes, told apart from those that only share a number."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable
from pathlib import Path

PROC = Path("/proc")


def state(pid: int) -> str:
    """The kernel's state letter (`R`, `S`, `Z` …), or an empty string if there is none."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    return text.rpartition(")")[2].split()[0]


def is_running(pid: int) -> bool:
    """Whether `pid` lives; a zombie that nobody has collected yet does not."""
    return state(pid) not in ("", "Z", "X")


def command_line(pid: int) -> list[str]:
    try:
        raw = (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return []
    return [os.fsdecode(part) for part in raw.split(b"\0") if part]


def read_pid(path: Path) -> int | None:
    """The process id on a file's first line; None if there is no such file or number."""
    try:
        return int(path.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def marked(marker: str) -> list[int]:
    """The living processes whose environment holds `marker` (`NAME=value`)."""
    wanted = os.fsencode(marker)
    found = []
    for entry in PROC.iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if wanted in environment and is_running(int(entry.name)):
            found.append(int(entry.name))
    return found


def send(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def end(find: Callable[[], list[int]], *, patience: float) -> None:
    """End what `find` returns: asked politely, then after `patience` seconds killed.

    `find` is called again each time, so children that appear meanwhile are ended too.
    """
    send(find(), signal.SIGTERM)
    if wait_until(lambda: not find(), seconds=patience):
        return
    deadline = time.monotonic() + 5
    while (left := find()) and time.monotonic() < deadline:
        send(left, signal.SIGKILL)
        time.sleep(0.05)


def wait_until(condition: Callable[[], bool], *, seconds: float, every: float = 0.05) -> bool:
    """Whether `condition` became true within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(every)
    return True
