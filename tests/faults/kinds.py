"""Kinds of jobs that make the same reports as ever and meet a fault on the way."""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.db import transaction

if TYPE_CHECKING:
    from vciso.jobs.run import RunningJob

SLOW_SECONDS = 5
SLOW, POISON, TOMORROW = "fault.slow", "fault.poison", "fault.tomorrow"
DIES_AFTER_STORE, DIES_AFTER_COMMIT = "fault.dies_after_store", "fault.dies_after_commit"
SMALL_MEMORY = "fault.small_memory"
DIES_DRAWING = "fault.dies_drawing"
DIES_IMPORTING, DIES_UNDOING = "fault.dies_importing", "fault.dies_undoing"


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _build(job: RunningJob) -> Any:
    from reporting.services import building

    return building.build(job)


def slow(job: RunningJob) -> Any:
    """Longer than the lease and than the broker's patience, as with storage that takes its time."""
    time.sleep(SLOW_SECONDS)
    return _build(job)


def poison(job: RunningJob) -> Any:
    _die()


def dies_after_store(job: RunningJob) -> Any:
    finish = _build(job)
    if job.attempt == 1:
        _die()
    return finish


def dies_drawing(job: RunningJob) -> Any:
    """The pages of an assessment instead of a report's, with the same death between file and row."""
    from risks.services import drawing

    finish = drawing.draw(job)
    if job.attempt == 1:
        _die()
    return finish


def _dying_halfway(job: RunningJob) -> RunningJob:
    """The same job, which dies when it first tells how many rows are stored, in the middle of its transaction."""
    from vciso.jobs.run import RunningJob

    class Dying(RunningJob):
        def tell(self, **said: Any) -> None:
            super().tell(**said)
            if self.attempt == 1:
                _die()

    return Dying(**vars(job))


def dies_importing(job: RunningJob) -> Any:
    from vciso.imports import tasks

    return tasks.run_import(_dying_halfway(job))


def dies_undoing(job: RunningJob) -> Any:
    from vciso.imports import tasks

    return tasks.run_undo(_dying_halfway(job))


def dies_after_commit(job: RunningJob) -> Any:
    finish = _build(job)

    def and_die() -> None:
        finish()
        transaction.on_commit(_die)

    return and_die


def _filled() -> list[bytearray]:
    """All that this process has and does not use, of what earlier jobs left behind in it."""

    def taken() -> int:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()

    held: list[bytearray] = []
    for size in (64 * 1024, 4 * 1024, 400):
        before = taken()
        while taken() == before:
            held += [bytearray(size) for _ in range(16)]
    return held


def small_memory(job: RunningJob) -> Any:
    """Draws its pages in a child that may take one megabyte more than it has, and has nothing left."""
    from django.test import override_settings

    held = _filled()
    with override_settings(RENDER_MEMORY_MB=1):
        finish = _build(job)
    held.clear()
    return finish


class FaultKinds(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        from vciso.jobs import handlers

        handlers.register(SLOW, slow)
        handlers.register(POISON, poison)
        handlers.register(DIES_AFTER_STORE, dies_after_store)
        handlers.register(DIES_AFTER_COMMIT, dies_after_commit)
        handlers.register(SMALL_MEMORY, small_memory)
        handlers.register(DIES_DRAWING, dies_drawing)
        handlers.register(DIES_IMPORTING, dies_importing, minutes=5)
        handlers.register(DIES_UNDOING, dies_undoing, minutes=5)
        if os.environ.get("VCISO_FAULT_TOMORROW"):
            handlers.register(TOMORROW, _build)
