"""Each kind of record of the register stands in the seven places, or the page says why it does not."""

import re
from pathlib import Path
from typing import Any

from django.apps import apps

from risks.selectors import finding
from vciso.home import services as archive

PAGE = Path(__file__).resolve().parents[2] / "docs" / "records.md"
PLACES = ("Today", "Find", "Export", "Archive", "Trail", "Example data", "Reports")
ITSELF, WITH, NOWHERE = "●", "○", "–"


def _table() -> dict[str, dict[str, str]]:
    """The cells by the record's name and the place; “Kept in” beside them."""
    lines = [line.strip("|").split("|") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:1] == "|"]
    head, rows = [cell.strip() for cell in lines[0]], [[cell.strip() for cell in line] for line in lines[2:]]
    assert head == ["Record", "Kept in", *PLACES]
    return {row[0]: dict(zip(head[1:], row[1:], strict=True)) for row in rows}


TABLE = _table()


def _models(cells: dict[str, str]) -> set[str]:
    return set() if cells["Kept in"].startswith("fields") else set(re.findall(r"`(\w+)`", cells["Kept in"]))


def _marked(place: str, mark: str) -> set[str]:
    return {name for cells in TABLE.values() if cells[place].startswith(mark) for name in _models(cells)}


def _register() -> dict[str, Any]:
    return {model.__name__: model for model in apps.get_app_config("risks").get_models()}


def test_every_model_of_the_register_has_one_row() -> None:
    named = [name for cells in TABLE.values() for name in _models(cells)]
    assert sorted(named) == sorted(_register())


def test_each_cell_has_a_mark_and_what_is_not_there_has_a_reason() -> None:
    bare = [
        (record, place)
        for record, cells in TABLE.items()
        for place in PLACES
        if cells[place][:1] not in {ITSELF, WITH, NOWHERE} or (cells[place][:1] != ITSELF and len(cells[place]) < 8)
    ]
    assert bare == []


def test_what_is_said_to_be_found_by_itself_is_what_the_search_asks() -> None:
    asked = {kind.rows().model.__name__ for kind in finding.KINDS} | {"Risk", "RiskAssessment"}
    # A limit is found by its category, a risk by what happened to it.
    assert _marked("Find", ITSELF) - {"ImpactCategory", "RiskEvent"} == asked


def test_what_is_said_to_be_archived_is_what_an_archive_holds() -> None:
    kept = {model.__name__ for model in archive.kept() if model._meta.app_label == "risks"}
    assert _marked("Archive", ITSELF) == kept
