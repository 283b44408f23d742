"""Tables that can be read on a phone: every cell knows its heading and its part in the table.

On a narrow screen a style sheet turns rows into cards. A table laid out as cards is no
table to a screen reader any more, unless its parts are named, so they are.
"""

from __future__ import annotations

import re

_TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
_HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
_HEAD_CELL = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b([^>]*)>")
_TAG = re.compile(r"<[^>]+>")


def labelled(page: str) -> str:
    """The page with `data-label` on each cell and a role on each part of its tables.

    It reads only what our own templates write: tables without tables inside.
    """
    return _TABLE.sub(lambda found: _table(found[0]), page)


def _table(text: str) -> str:
    head = _HEAD.search(text)
    labels = [_TAG.sub("", cell) for cell in _HEAD_CELL.findall(head[0])] if head else []
    start = head.end() if head else 0
    body = _ROW.sub(lambda row: f'<tr role="row">{_cells(row[1], labels)}</tr>', text[start:])
    top = text[:start].replace("<tr>", '<tr role="row">').replace("<th ", '<th role="columnheader" ')
    whole = top + body
    for part in ("thead", "tbody", "tfoot"):
        whole = whole.replace(f"<{part}>", f'<{part} role="rowgroup">')
    return re.sub(r"^<table\b", '<table role="table"', whole)


def _cells(row: str, labels: list[str]) -> str:
    at = -1

    def cell(found: re.Match[str]) -> str:
        nonlocal at
        at += 1
        role = "rowheader" if found[1] == "th" else "cell"
        label = f' data-label="{labels[at]}"' if at < len(labels) else ""
        return f'<{found[1]}{found[2]} role="{role}"{label}>'

    return _CELL.sub(cell, row)
