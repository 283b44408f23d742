"""The HTML of the example documents as it was last looked at; `bin/reports` rewrites it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reporting import render, words
from reporting.documents import Document
from tests.reporting import examples

FOLDER = Path(__file__).parent / "golden"

EXAMPLES: dict[str, Callable[[], Document]] = {
    "monthly": examples.monthly,
    "monthly-empty": examples.empty_monthly,
    "monthly-one-item": examples.one_item_monthly,
    "monthly-41-risks": lambda: examples.monthly(41),
    "board": examples.board,
    "board-empty": examples.empty_board,
    "board-41-risks": lambda: examples.board(41),
}


def document(name: str) -> Document:
    """An example with its default words."""
    return words.apply(EXAMPLES[name]())


def html(name: str) -> str:
    """Its page, one line per line of the template that said something."""
    lines = (line.rstrip() for line in render.html(document(name)).splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def rewrite() -> None:
    """Write every golden file anew."""
    FOLDER.mkdir(exist_ok=True)
    for name in EXAMPLES:
        (FOLDER / f"{name}.html").write_text(html(name), encoding="utf-8")


def draw(folder: Path) -> None:
    """Draw every example on both papers, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXAMPLES:
        for paper in ("a4", "letter"):
            made = document(name)
            on_paper = replace(made, edition=replace(made.edition, paper=paper))
            (folder / f"{name}-{paper}.pdf").write_bytes(render.pdf(on_paper))


def main(arguments: list[str]) -> None:
    """Rewrite the golden files; with a folder, draw the PDFs into it as well."""
    import django

    django.setup()
    rewrite()
    if arguments:
        draw(Path(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
