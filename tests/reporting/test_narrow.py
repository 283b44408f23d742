"""Tables that become cards on a phone keep their headings and their parts."""

from __future__ import annotations

from reporting.narrow import labelled

TABLE = (
    '<table class="long"><thead><tr><th scope="col" class="w9">Risk</th><th scope="col">What <small>now</small></th>'
    '</tr></thead><tbody><tr><td>R-001</td><th scope="row">Fire<span class="sub">more</span></th></tr></tbody></table>'
)


def test_each_cell_carries_its_heading() -> None:
    made = labelled(TABLE)
    assert '<td role="cell" data-label="Risk">R-001</td>' in made
    assert '<th scope="row" role="rowheader" data-label="What now">Fire' in made


def test_parts_of_a_table_are_named() -> None:
    made = labelled(TABLE)
    assert made.startswith('<table role="table" class="long"><thead role="rowgroup"><tr role="row">')
    assert made.count('role="columnheader"') == 2
    assert made.count('role="row"') == 2


def test_what_is_no_table_stays() -> None:
    assert labelled("<p>One <strong>two</strong></p>") == "<p>One <strong>two</strong></p>"
