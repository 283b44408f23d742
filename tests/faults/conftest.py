"""One stand for all fault tests of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.stand import ROOT, Stand


@pytest.fixture(scope="session")
def stand() -> Iterator[Stand]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"test-faults-{worker}" if worker else "test-faults"
    found = Stand(Path(os.environ.get("VCISO_FAULTS_VAR") or ROOT / "var") / name)
    found.open()
    yield found
    found.close()
