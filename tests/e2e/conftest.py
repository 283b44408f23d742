"""One portal and one browser a process for all tests of this folder; each person gets a window of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.portal import Portal
from tests.e2e.visitor import DESK, Visitor
from tests.one_playwright import launched

HERE = Path(__file__).parent
Enter = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of them share one portal, so they run one after another in one process (`tests.conftest.TOGETHER`)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))


def _number() -> int:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    return int(worker.removeprefix("gw"))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    if running := os.environ.get("VCISO_BROWSER_PORTAL"):
        yield Portal.attached(Path(running))
        return
    started = Portal(tmp_path_factory.mktemp("portal"), number=_number())
    try:
        started.start()
        yield started
        assert started.secrets_in_logs() == []
    finally:
        started.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    browser = launched()
    yield browser
    browser.close()


@pytest.fixture
def enter(portal: Portal, chromium: Browser) -> Iterator[Enter]:
    """`enter("priya")` opens a window signed in as Priya; `enter()` one of a stranger.

    At the end no window may have shown an error, a refused script or style, a page that axe finds
    fault with, or one that scrolls sideways.
    """
    visitors: list[Visitor] = []

    def opened(who: str = "", size: tuple[int, int] = DESK) -> Visitor:
        visitor = Visitor(chromium, portal, size)
        visitors.append(visitor)
        return visitor.sign_in(who) if who else visitor

    yield opened
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.close()
    assert not faults, "\n".join(faults)
