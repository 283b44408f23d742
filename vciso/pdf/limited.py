"""Draw a page in a child process that may use so much time and memory and no more.

The child is forked from the warmed process, so it starts with fonts and style sheets
loaded. A page that is built to be endless ends there, and the worker lives. `os.fork`
is used directly because a worker's own children are daemonic and may not use
`multiprocessing`. What the child used goes back to the system when it ends, so the
worker's memory stays as it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import logging
import os
import resource
import select
import signal
import time
from collections.abc import Mapping
from math import ceil

from vciso.pdf.errors import RenderFailed
from vciso.pdf.renderer import Paper, Renderer, warm

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
DRAWN, FAILED = b"P", b"E"
PIPE_BYTES = MEGABYTE
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGALRM)
_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None, use_errno=True).prctl

TOO_LONG = (
    "Drawing the pages took longer than {seconds:g} seconds and was stopped. "
    "Shorten the longest section or table, then try again."
)
TOO_LARGE = (
    "Drawing the pages needed more than {megabytes} MB of memory and was stopped. "
    "Shorten the longest section or table, then try again."
)
TOO_DEEP = "The text is nested too deeply to be drawn. Remove lists inside lists, then try again."
BROKEN = "The pages could not be drawn. Nothing was saved; the reason is in the log."


def render_limited(
    html: str,
    *,
    paper: Paper = "a4",
    assets: Mapping[str, bytes] | None = None,
    accent: str = "",
    timeout: float = 60,
    memory_mb: int = 512,
) -> bytes:
    """The PDF of a page, drawn under limits.

    `timeout` is in seconds of the clock, and of processor time as well; `memory_mb`
    is what the child may take beyond what it inherits. Raises RenderFailed with a
    sentence for the person who asked.
    """
    warmed = warm()
    reading, writing = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _draw_and_exit(
            warmed,
            html,
            paper,
            assets,
            accent,
            writing=writing,
            parent=parent,
            timeout=timeout,
            memory_mb=memory_mb,
        )
    os.close(writing)
    try:
        answer = _read_all(reading, timeout)
    finally:
        os.close(reading)
        status = _end(child)
    return _pdf_of(answer, status, timeout, memory_mb)


def _draw_and_exit(
    warmed: Renderer,
    html: str,
    paper: Paper,
    assets: Mapping[str, bytes] | None,
    accent: str,
    *,
    writing: int,
    parent: int,
    timeout: float,
    memory_mb: int,
) -> None:
    """Runs in the child and never returns; no exit handler of the parent's may run here."""
    try:
        _confine(parent, writing, timeout, memory_mb)
        answer = DRAWN + warmed.pdf(html, paper=paper, assets=assets, accent=accent)
    except (MemoryError, SystemError):  # C code that got no memory may say so by the second
        answer = FAILED + b"memory"
    except RecursionError:
        answer = FAILED + b"depth"
    except BaseException as error:  # whatever happened must reach the parent
        answer = FAILED + f"other {type(error).__name__}: {error}"[:2000].encode("utf-8", "replace")
    try:
        view = memoryview(answer)
        while view:
            view = view[os.write(writing, view) :]
    finally:
        os._exit(0)


def _confine(parent: int, writing: int, timeout: float, memory_mb: int) -> None:
    """Die with the parent, hold no connection of its, and take only what is allowed."""
    gc.disable()
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    os.closerange(3, writing)
    os.closerange(writing + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    with open("/proc/self/statm") as sizes:
        inherited = int(sizes.read().split()[0]) * resource.getpagesize()
    memory = inherited + memory_mb * MEGABYTE
    seconds = ceil(timeout) + 1
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_all(reading: int, timeout: float) -> bytes | None:
    """Everything the child writes, or None when its time is over."""
    deadline = time.monotonic() + timeout
    poll = select.poll()
    poll.register(reading, select.POLLIN)
    parts: list[bytes] = []
    while (left := deadline - time.monotonic()) > 0:
        if not poll.poll(left * 1000):
            break
        part = os.read(reading, PIPE_BYTES)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


def _end(child: int) -> int:
    """Kill the child if it still runs, and leave no zombie. Gives its wait status."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        return os.waitpid(child, 0)[1]
    return 0


def _pdf_of(answer: bytes | None, status: int, timeout: float, memory_mb: int) -> bytes:
    if answer is None:
        raise RenderFailed(TOO_LONG.format(seconds=timeout), "wall clock")
    if answer.startswith(DRAWN) and b"%%EOF" in answer[-16:]:
        return answer[1:]
    ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if ended_by == signal.SIGXCPU:
        raise RenderFailed(TOO_LONG.format(seconds=timeout), "processor time")
    if not answer.startswith(FAILED) or answer == FAILED + b"memory":
        raise RenderFailed(TOO_LARGE.format(megabytes=memory_mb), f"ended by signal {ended_by}")
    if answer == FAILED + b"depth":
        raise RenderFailed(TOO_DEEP, "recursion")
    detail = answer[1:].decode("utf-8", "replace")
    log.error("A page could not be drawn: %s", detail)
    raise RenderFailed(BROKEN, detail)
