"""Servers of their own for every test module: data folders outside pytest's closed ones."""

import shutil
import tempfile
from pathlib import Path

import pytest

from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts
from vciso.embedded.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]


def make_var() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="vciso-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture
def var():
    folder = make_var()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def layout(var):
    found = Layout(ROOT, var)
    found.prepare()
    return found


@pytest.fixture
def parts(var):
    """Both servers, running; stopped afterwards."""
    yield from _running(var)


@pytest.fixture(scope="module")
def shared_parts():
    """The same for a whole module: for tests that ask and leave the servers as they found them."""
    folder = make_var()
    yield from _running(folder)
    shutil.rmtree(folder, ignore_errors=True)


def _running(var):
    found = Parts(Layout(ROOT, var))
    found.postgres = Postgres(found.layout, forgetful=True)
    found.prepare()
    found.start()
    yield found
    found.stop()
