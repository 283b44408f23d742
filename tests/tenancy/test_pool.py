"""Pooled connections are borrowed by one person after the other; no context may stay on them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests import scratch
from vciso.settings.addresses import ROOT


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with scratch.own_database(django_db_blocker) as name:
        yield name


def test_thousands_of_requests_over_few_connections_leak_nothing(own_database: str) -> None:
    environment = {
        **os.environ,
        "VCISO_DB_ROLE": "app",
        "VCISO_DB_POOL": "1",
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "vciso.settings",
        "VCISO_LOG_LEVEL": "CRITICAL",
        **{n: scratch.named(os.environ[n], own_database) for n in ("DATABASE_URL", "MIGRATOR_DATABASE_URL")},
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.tenancy.pool_leak"], env=environment, cwd=ROOT, capture_output=True, text=True,
        timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found == {"requests": 3200, "violations": 0, "left": 0, "broken": []}
