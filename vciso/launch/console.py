"""Progress for the person at the terminal: one line per step, with its seconds."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

WIDTH = 34
TAIL = 12


class StepFailed(Exception):
    """A step could not be done: what is wrong, what to do, and what the tool said."""

    def __init__(self, message: str, *, remedy: str = "", detail: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
        self.detail = detail


_progress: TextIO | None = None
# Whoever shows a step has its line until the step is over.
_line = threading.RLock()


def progress_to_standard_error() -> None:
    """Keep standard output for the answer of the command that is about to run."""
    global _progress
    _progress = sys.stderr


def say(text: str = "", *, end: str = "\n") -> None:
    # Nobody listens any more (`bin/up | head`): what is under way goes on all the same.
    with contextlib.suppress(BrokenPipeError):
        print(text, end=end, file=_progress or sys.stdout, flush=True)


@contextmanager
def step(name: str) -> Iterator[list[str]]:
    """Show `name` while the block runs; strings put into the yielded list end the line."""
    started = time.monotonic()
    with _line:
        say(_begun(name), end="")
        notes: list[str] = []
        try:
            yield notes
        except KeyboardInterrupt:
            say("stopped")
            raise
        except BaseException:
            say(f"failed after {time.monotonic() - started:.1f} s")
            raise
        say(_ended(time.monotonic() - started, notes))


def tell_step(name: str, seconds: float, *, notes: list[str]) -> None:
    """Show a step that was done meanwhile, in one piece."""
    with _line:
        say(_begun(name) + _ended(seconds, notes))


def _begun(name: str) -> str:
    return f"  {name + ' ':.<{WIDTH}} "


def _ended(seconds: float, notes: list[str]) -> str:
    taken = f"{seconds:.1f} s"
    return f"{taken:>7}" + (f"  {'; '.join(notes)}" if notes else "")


def report_failure(error: Exception) -> None:
    """Print a failed step's reason and remedy to standard error."""
    detail = getattr(error, "detail", "")
    remedy = getattr(error, "remedy", "")
    lines = ["", str(error)]
    if detail:
        lines += ["    " + line for line in detail.strip().splitlines()[-TAIL:]]
    if remedy:
        lines.append(f"What to do: {remedy}")
    print("\n".join(lines), file=sys.stderr, flush=True)


def run(
    command: list[str],
    *,
    what: str,
    remedy: str,
    log: Path | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    asks: bool = False,
    tells: bool = False,
) -> str:
    """Run a tool silently; its output goes to `log` and, if it fails, into the failure.

    A tool that `asks` (sudo, for a password) keeps the terminal; one that `tells` has each
    of its lines shown as it comes.
    """
    try:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=None if asks else subprocess.DEVNULL, text=True, errors="replace",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=not asks,
        )  # fmt: skip
    except OSError as error:
        raise StepFailed(f"{what}: {command[0]} could not be run ({error.strerror}).", remedy=remedy) from error
    try:
        output = _collect(process, tells=tells)
    except BaseException:
        # Ctrl-C ends the tool with everything it started itself.
        if not asks:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    if log is not None:
        with log.open("a") as file:
            file.write(f"$ {' '.join(command)}\n{output}\n")
    if process.returncode != 0:
        raise StepFailed(f"{what} (exit status {process.returncode}).", remedy=remedy, detail=output)
    return output


def _collect(process: subprocess.Popen[str], *, tells: bool) -> str:
    lines: list[str] = []
    for line in process.stdout or ():
        lines.append(line)
        if tells and line.strip():
            say(f"\n      {line.strip():<{WIDTH - 4}} ", end="")
    process.wait()
    return "".join(lines)
