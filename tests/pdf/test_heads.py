"""The running head of a page names the section at its top."""

from __future__ import annotations

from tests.access.reading import READERS
from vciso.pdf import render_limited
from vciso.pdf.counting import page_count

SECTION = '<section class="{}"><p class="kick sec" data-short="{}">{}</p><h2 data-short="{}">A heading</h2>{}</section>'
PAGE = '<!doctype html><html lang="en"><head><title>A title</title></head><body>{}</body></html>'
LINES = "<p>One line.</p>" * 40


def section(name: str, text: str, kind: str = "apart") -> str:
    return SECTION.format(kind, name, "§", name, text)


def test_a_section_that_goes_on_keeps_the_head_until_the_top_of_a_page_is_another() -> None:
    made = render_limited(PAGE.format(section("Alpha", LINES) + section("Beta", LINES) + section("Gamma", "", "new")))
    text = READERS["application/pdf"](made)
    assert page_count(made) == 4
    # Each once in the outline; beside that Alpha heads two pages, and Beta the one it has the top of.
    assert [text.count(name) - 1 for name in ("Alpha", "Beta", "Gamma")] == [2, 1, 1]
