"""Keeping the portal's processes alive, and ending every one of them.

Each child leads a process group of its own and carries a mark in its environment. A
child that dies is started once more; one that dies again soon ends the portal. When the
supervisor is told to stop, or is itself killed, nothing stays behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from vciso.embedded import processes
from vciso.embedded.account import Account
from vciso.launch.console import StepFailed, say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# A child that held out this long after its restart may be restarted again.
STEADY_SECONDS = 300
PATIENCE_SECONDS = 8
LOOK_EVERY_SECONDS = 2


@dataclass
class Child:
    """One long-running program of the portal."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarted: bool = False

    def start(self, account: Account, cwd: Path) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                account.command(self.command, dies_with_parent=True),
                cwd=cwd, env=self.environment, stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.started = time.monotonic()

    @property
    def pid(self) -> int:
        return self.process.pid if self.process else 0

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def tail(self, lines: int = 8) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-lines:])
        except OSError:
            return ""


@dataclass
class Supervisor:
    """The children, and the rules by which they live and end."""

    account: Account
    cwd: Path
    marker: str
    keep_servers_up: Callable[[], list[str]]
    changed: Callable[[], None] = lambda: None
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def sweep(self) -> int:
        """End what an earlier portal of this installation left behind; returns how many.

        Only called while holding the lock that every running portal holds.
        """
        left = self._marked()
        if left:
            processes.end(self._marked, patience=PATIENCE_SECONDS)
        return len(left)

    def _marked(self) -> list[int]:
        return processes.marked(self.marker)

    def add(self, child: Child) -> None:
        self.children.append(child)
        child.start(self.account, self.cwd)

    def listen(self) -> None:
        """From now on a stop signal ends `watch`; a second one kills at once."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._told_to_stop)

    def _told_to_stop(self, number: int, frame: object) -> None:
        if self.stopping:
            processes.send(self._marked(), signal.SIGKILL)
        self.stopping = True

    def wait_for(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait until `ready`; refuses when a child dies first or time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            self._raise_for_dead()
            if self.stopping:
                raise KeyboardInterrupt
            if time.monotonic() > deadline:
                web = self.children[0]
                raise StepFailed(
                    f"The portal did not answer within {seconds:.0f} seconds.",
                    remedy=f"See {web.log}.",
                    detail=web.tail(),
                )
            time.sleep(0.1)

    def _raise_for_dead(self) -> None:
        for child in self.children:
            if child.has_ended():
                raise StepFailed(
                    f"The {child.name} ended at its start.",
                    remedy=f"See {child.log}.",
                    detail=child.tail(),
                )

    def watch(self) -> int:
        """Run until told to stop (returns 0) or until a child cannot be kept up (1)."""
        looked = 0.0
        while not self.stopping:
            time.sleep(0.2)
            for child in self.children:
                if child.has_ended() and not self.stopping and not self._restart(child):
                    return 1
            if time.monotonic() - looked > LOOK_EVERY_SECONDS:
                looked = time.monotonic()
                for sentence in self.keep_servers_up():
                    say(sentence)
        return 0

    def _restart(self, child: Child) -> bool:
        status = child.process.returncode if child.process else None
        held_out = time.monotonic() - child.started
        if child.restarted and held_out < STEADY_SECONDS:
            say(f"The {child.name} ended again (status {status}); the portal stops. See {child.log}.")
            return False
        say(f"The {child.name} ended (status {status}) and was started again. See {child.log}.")
        self._end_group(child)
        child.start(self.account, self.cwd)
        child.restarted = True
        self.changed()
        return True

    def _end_group(self, child: Child) -> None:
        """End what a dead child's process group still holds."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)

    def _all_ended(self) -> bool:
        return all(child.has_ended() for child in self.children)

    def stop(self) -> None:
        """End every process of the portal, also one that will not listen."""
        for child in self.children:
            if not child.has_ended():
                processes.send([child.pid], signal.SIGTERM)
        processes.wait_until(self._all_ended, seconds=PATIENCE_SECONDS)
        for child in self.children:
            self._end_group(child)
        processes.end(self._marked, patience=1)
        processes.wait_until(self._all_ended, seconds=1)
