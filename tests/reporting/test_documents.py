"""Documents are plain, frozen, canonical, and every figure can be traced."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import reporting.documents
from reporting import words
from reporting.documents import (
    Document,
    Figure,
    Scale,
    facts_sha256,
    figures,
    from_json,
    from_plain,
    movement_of,
    sha256,
    to_json,
    to_plain,
)
from reporting.formulas import FORMULAS
from tests.reporting import examples
from tests.reporting.golden_files import EXAMPLES, document


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Document:
    return document(request.param)


def test_a_document_comes_back_from_json_equal(example: Document) -> None:
    assert from_json(to_json(example)) == example
    assert from_plain(json.loads(json.dumps(to_plain(example)))) == example


def test_equal_documents_have_equal_text_and_fingerprint(example: Document) -> None:
    again = from_json(to_json(example))
    assert to_json(again) == to_json(example)
    assert sha256(again) == sha256(example)


def test_keys_are_sorted_and_nothing_is_spaced(example: Document) -> None:
    text = to_json(example)
    plain = json.loads(text)
    assert text == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_words_change_the_document_and_not_its_facts() -> None:
    report = document("monthly")
    edited = words.apply(report, {"status": {"heading": "Another sentence."}})
    assert sha256(edited) != sha256(report)
    assert facts_sha256(edited) == facts_sha256(report)


def test_a_part_that_reports_gained_later_leaves_the_fingerprints_of_earlier_ones_alone() -> None:
    report = replace(examples.monthly(), limits=None)
    plain = to_plain(report)
    earlier = {key: plain[key] for key in plain if key not in {"limits", "edition", "words"}}
    as_printed_then = hashlib.sha256(
        json.dumps(
            _without_what_says_nothing(earlier), sort_keys=True, separators=(",", ":"), ensure_ascii=False
        ).encode()
    ).hexdigest()
    assert facts_sha256(from_plain({key: value for key, value in plain.items() if key != "limits"})) == as_printed_then


def _without_what_says_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        pairs = [(key, _without_what_says_nothing(one)) for key, one in value.items()]
        return {key: one for key, one in pairs if one is not None and one != "" and one != [] and one != {}}
    return [_without_what_says_nothing(one) for one in value] if isinstance(value, list) else value


def test_a_figure_changes_the_facts() -> None:
    report = examples.monthly()
    other = replace(report, risks=replace(report.risks, total=examples.some("risks.total.1", 15)))
    assert facts_sha256(other) != facts_sha256(report)


def test_every_figure_names_a_formula_in_words(example: Document) -> None:
    found = dict(figures(example))
    assert len(found) > 20
    for path, figure in found.items():
        assert figure.formula in FORMULAS, path


def test_a_count_is_the_number_of_its_records(example: Document) -> None:
    for path, figure in figures(example):
        if figure.records and figure.text.isdigit():
            assert figure.value == len(figure.records), path


def test_documents_cannot_be_changed() -> None:
    report = examples.monthly()
    with pytest.raises(FrozenInstanceError):
        report.words = ()  # type: ignore[misc]  # that is what is tried


def test_documents_import_no_django() -> None:
    for file in Path(reporting.documents.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not any(name.startswith("django") for name in names), file


class TestMovement:
    """Compared with the last published figure of the same formula."""

    now = Figure(value=4, text="4", formula="risks.above.1")

    def test_fewer_is_better_where_lower_is_better(self) -> None:
        moved = self.now.since(replace(self.now, value=5, text="5"))
        assert (moved.was, moved.movement) == ("5", "better")

    def test_more_is_better_where_higher_is_better(self) -> None:
        moved = self.now.since(replace(self.now, value=3, text="3"), lower_is_better=False)
        assert moved.movement == "better"

    def test_equal_is_the_same(self) -> None:
        assert self.now.since(self.now).movement == "same"

    def test_without_a_report_before_it_is_the_first(self) -> None:
        assert self.now.since(None).movement == "first"

    def test_another_formula_is_not_comparable(self) -> None:
        assert self.now.since(replace(self.now, formula="risks.above.2")).movement == "not comparable"

    def test_what_was_not_known_is_not_comparable(self) -> None:
        assert self.now.since(Figure.unknown("risks.above.1")).movement == "not comparable"
        assert Figure.unknown("risks.above.1").since(self.now).movement == "not comparable"

    def test_money_within_five_percent_is_the_same(self) -> None:
        assert movement_of(104, 100, tolerance=0.05) == "same"
        assert movement_of(106, 100, tolerance=0.05) == "worse"


@pytest.mark.parametrize(("score", "label"), [(1, "Low"), (5, "Low"), (6, "Medium"), (12, "High"), (25, "Critical")])
def test_a_score_falls_in_its_band(score: int, label: str) -> None:
    assert Scale().band(score).label == label


def test_dates_stay_dates() -> None:
    again = from_json(to_json(examples.monthly()))
    assert again.about.data_as_of == date(2026, 9, 30)
