"""A page that is built to be endless ends by a limit, and the process that asked lives on."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest

from vciso.pdf import RenderFailed, render_limited, warm

# So many seconds may pass on a busy machine until a limit is seen; without one these pages take far longer.
BUSY = 8
PAGE = '<!doctype html><html lang="en"><head><title>A title</title></head><body><h1>One</h1>{}</body></html>'


def children() -> set[str]:
    """The process ids of our children, living or not yet reaped."""
    found: set[str] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that ended since
            found |= set((task / "children").read_text().split())
    return found


def resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.fixture(autouse=True)
def _leaves_no_child() -> object:
    before = children()
    yield
    assert children() == before


def test_an_ordinary_page_is_drawn() -> None:
    assert render_limited(PAGE.format("<p>text</p>")).startswith(b"%PDF")


def test_a_large_answer_passes_the_pipe_whole() -> None:
    rows = "".join(f"<tr><td>{n}</td><td>{'word ' * 9}{n * 7919}</td></tr>" for n in range(600))
    made = render_limited(PAGE.format(f"<table>{rows}</table>"))
    assert made.startswith(b"%PDF")
    assert made.rstrip().endswith(b"%%EOF")


def test_twenty_thousand_nested_boxes_end_in_a_sentence() -> None:
    with pytest.raises(RenderFailed, match=r"(nested too deeply|memory|longer than)"):
        render_limited(PAGE.format("<div>" * 20_000), timeout=3, memory_mb=300)


def test_a_table_of_a_million_columns_ends_by_a_limit() -> None:
    cells = "<tr><td colspan='1000000'>x</td></tr><tr>" + "<td>x</td>" * 40 + "</tr>"
    started = time.monotonic()
    try:
        made = render_limited(PAGE.format(f"<table>{cells * 30}</table>"), timeout=5, memory_mb=150)
    except RenderFailed as refused:
        assert "stopped" in str(refused) or "nested" in str(refused)
    else:
        assert made.startswith(b"%PDF")
    assert time.monotonic() - started < 5 + BUSY


def test_a_page_that_takes_too_long_is_stopped_on_time() -> None:
    rows = "".join(f"<tr>{'<td>word</td>' * 6}</tr>" for _ in range(20_000))
    started = time.monotonic()
    with pytest.raises(RenderFailed, match=r"longer than 1 seconds"):
        render_limited(PAGE.format(f"<table>{rows}</table>"), timeout=1, memory_mb=2000)
    assert time.monotonic() - started < 1 + BUSY


def test_a_page_that_wants_too_much_memory_is_stopped() -> None:
    rows = "".join(f"<tr>{'<td>word</td>' * 6}</tr>" for _ in range(8_000))
    with pytest.raises(RenderFailed, match=r"more than 40 MB of memory"):
        render_limited(PAGE.format(f"<table>{rows}</table>"), timeout=60, memory_mb=40)


def test_the_next_page_is_drawn_after_a_refused_one() -> None:
    with pytest.raises(RenderFailed):
        render_limited(PAGE.format("<div>" * 20_000), timeout=3, memory_mb=300)
    assert render_limited(PAGE.format("<p>text</p>")).startswith(b"%PDF")


def test_it_may_be_called_from_another_thread() -> None:
    made: list[bytes] = []
    thread = threading.Thread(target=lambda: made.append(render_limited(PAGE.format("<p>text</p>"))))
    thread.start()
    thread.join(30)
    assert made
    assert made[0].startswith(b"%PDF")


def test_memory_of_the_asking_process_stays_flat() -> None:
    warm()
    page = PAGE.format("<p>some words</p>" * 40)
    for _ in range(3):
        render_limited(page)
    before = resident_mb()
    for _ in range(25):
        render_limited(page)
    assert resident_mb() - before < 5


def test_a_connection_of_the_parent_is_not_closed_by_the_child() -> None:
    reading, writing = os.pipe()
    try:
        render_limited(PAGE.format("<p>text</p>"))
        os.write(writing, b"still open")
        assert os.read(reading, 20) == b"still open"
    finally:
        os.close(reading)
        os.close(writing)
