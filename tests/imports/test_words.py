"""Headings, states and signs of real registers that are easily taken for something else."""

from __future__ import annotations

from datetime import date

import pytest

from tests.imports.sheets import columns, csv_bytes, look, reasons, values
from vciso.imports.values import is_nothing

RATED = ["3", "4"]


def _fields(*head: str, row: tuple[str, ...]) -> list[str]:
    rows = [[*row], [f"{cell} too" if cell.isalpha() else cell for cell in row]]
    found = columns(look(csv_bytes([head, *rows])))
    return [found.get(chr(65 + number), "") for number in range(len(head))]


@pytest.mark.parametrize(("text", "nothing"), [
    ("↑", False), ("↔", False), ("▲", False), ("●", False), ("✓", False), ("½", False),
    ("-", True), ("–", True), ("…", True), ("n/a", True), ("?", True), ("=", True), ("", True),
])  # fmt: skip
def test_a_sign_that_says_something_is_something(text: str, nothing: bool) -> None:
    assert is_nothing(text) is nothing


def test_arrows_are_kept_in_the_notes() -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", "Direction of travel"], ["Kiln", *RATED, "↑"]]))
    assert seen.plan.rows[0].values["notes"] == "Direction of travel: ↑"


@pytest.mark.parametrize("head", ["Action by date", "Échéance", "Deadline", "Fälligkeit", "Streefdatum"])
def test_each_cell_of_a_column_of_days_is_a_day_or_a_note(head: str) -> None:
    cells = ["31/03/2027", "T2 2027", "dès que possible", "Sobald wie möglich", "zo snel mogelijk", "Board decides"]
    rows = [[f"The kiln of hall {number} fails", *RATED, cell] for number, cell in enumerate(cells)]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", head], *rows]))
    assert values(seen, "due") == [date(2027, 3, 31), None, None, None, None, None]
    assert [row.values.get("notes", "") for row in seen.plan.rows[1:]] == [f"{head}: {cell}" for cell in cells[1:]]


@pytest.mark.parametrize(
    ("likelihood", "impact", "score"),
    [
        ("Restkans", "Restimpact", "Restrisico"),
        ("Nettokans", "Nettogevolg", "Nettorisicoscore"),
        ("Restwahrscheinlichkeit", "Restauswirkung", "Restrisiko"),
        ("Probabilité résiduelle", "Gravité résiduelle", "Risque résiduel"),
        ("Probabilidad residual", "Impacto residual", "Riesgo residual"),
        ("Probabilità residua", "Impatto residuo", "Rischio residuo"),
    ],
)
def test_what_is_left_over_in_other_languages_is_the_rating_now(likelihood: str, impact: str, score: str) -> None:
    head = ["Risk", "Inherent likelihood", "Inherent impact", likelihood, impact, score]
    seen = look(csv_bytes([head, ["Kiln", "5", "4", "2", "3", "6"], ["Gate", "4", "4", "1", "5", "5"]]))
    assert list(columns(seen).values())[3:] == ["likelihood_now", "impact_now", "score_now"]
    assert (values(seen, "likelihood_before"), values(seen, "likelihood_now")) == ([5, 4], [2, 1])


def test_gross_and_target_in_german_and_dutch() -> None:
    head = ["Risiko", "Bruttowahrscheinlichkeit", "Bruttoschaden", "Zielwahrscheinlichkeit", "Doelimpact"]
    found = list(columns(look(csv_bytes([head, ["Brand", "5", "4", "2", "3"], ["Flut", "4", "4", "1", "5"]]))).values())
    assert found[1:] == ["likelihood_before", "impact_before", "likelihood_target", "impact_target"]


@pytest.mark.parametrize(
    "text",
    ["Work in Progress", "À traiter", "Openstaand", "Pendiente", "En attente", "In Prüfung", "In attesa", "To do"],
)
def test_states_that_mean_open(text: str) -> None:
    seen = look(
        csv_bytes([["Risk", "Likelihood", "Impact", "Status"], ["Kiln", *RATED, text], ["Gate", *RATED, "Closed"]])
    )
    assert values(seen, "status") == ["open", "closed"] and not reasons(seen)


@pytest.mark.parametrize(
    ("head", "row", "fields"),
    [
        (
            ("Scenario ID", "Loss Event Scenario", "Threat Community", "Asset at Risk", "Likelihood", "Impact"),
            ("FS-01", "Ransomware of the ERP", "Cyber criminals", "ERP", "4", "5"),
            ["reference", "title", "cause", "asset", "likelihood_now", "impact_now"],
        ),
        (
            ("ID", "Threat event", "Threat source", "Vulnerability", "Likelihood", "Impact"),
            ("T-1", "Malware comes by mail", "Criminal", "No sandbox", "4", "5"),
            ["reference", "title", "cause", "cause", "likelihood_now", "impact_now"],
        ),
        (
            ("Hazard No", "Vulnerability", "Directorate", "Likelihood", "Impact"),
            ("H1", "No sandbox for mail", "Resources", "4", "5"),
            ["reference", "title", "asset", "likelihood_now", "impact_now"],
        ),
        (
            ("Risk", "Loss scenario", "Threat", "Likelihood", "Impact"),
            ("Fire in the hall", "The hall burns down", "Arson by night", "4", "5"),
            ["title", "event", "cause", "likelihood_now", "impact_now"],
        ),
        (
            ("Threat Event", "Vulnerabilities and Predisposing Conditions", "Severity and Pervasiveness", "Impact"),
            ("Malware comes by mail", "No sandbox for mail", "High", "High"),
            ["title", "cause", "", "score_now"],
        ),
    ],
)
def test_what_happens_is_the_title_and_why_it_can_is_the_cause(
    head: tuple[str, ...], row: tuple[str, ...], fields: list[str]
) -> None:
    assert _fields(*head, row=row)[:3] == fields[:3]


def test_columns_that_write_days_both_ways_are_each_read_their_own_way() -> None:
    head = ["Risk", "Likelihood", "Impact", "Date raised", "Due date", "Next review"]
    rows = [
        ["Kiln", *RATED, "12/31/2025", "31/12/2027", "05/06/2027"],
        ["Gate", *RATED, "03/04/2026", "03/04/2027", ""],
    ]
    seen = look(csv_bytes([head, *rows]))
    assert values(seen, "raised_on") == [date(2025, 12, 31), date(2026, 3, 4)]
    assert values(seen, "due") == [date(2027, 12, 31), date(2027, 4, 3)]
    assert [q.examples for q in seen.questions if q.key == "date_order"] == [("05/06/2027",)]
    said = "Days are written both ways: the day first in target date, the month first in raised on."
    assert said in seen.plan.remarks


def test_one_column_that_settles_the_order_settles_it_for_the_others() -> None:
    head = ["Risk", "Likelihood", "Impact", "Date raised", "Due date"]
    seen = look(csv_bytes([head, ["Kiln", *RATED, "12/31/2025", "03/04/2027"]]))
    assert values(seen, "due") == [date(2027, 3, 4)]
    assert "date_order" not in {q.key for q in seen.questions}


@pytest.mark.parametrize(
    ("head", "cells", "field"),
    [
        ("Threat/Opportunity", ("Threat", "Opportunity"), ""),
        ("Risk / opportunity", ("Risk", "Opportunity"), ""),
        ("Weakness source", ("Self assessment", "Audit"), ""),
        ("Origin of the threat", ("Inside", "Outside"), ""),
        ("Threat source", ("A rival", "A thief"), "cause"),
        ("Root cause of the weakness", ("Old parts", "No time"), "cause"),
        ("POA&M ID", ("P-01", "P-02"), "reference"),
        ("Entry #", ("17", "18"), "reference"),
        ("Control ID", ("AC-2", "AC-3"), ""),
        ("Detection rating", ("3", "2"), ""),
        ("Milestones with dates", ("1. Buy 01/31/2027", "1. Try"), "action"),
        ("Process step", ("Order entry", "Backup"), "asset"),
    ],
)
def test_a_word_within_a_heading_counts_only_where_the_rest_leaves_it_its_meaning(
    head: str, cells: tuple[str, str], field: str
) -> None:
    rows = [[cells[0], "The kiln fails", *RATED], [cells[1], "The gate jams", *RATED]]
    seen = look(csv_bytes([[head, "Risk", "Likelihood", "Impact"], *rows]))
    assert columns(seen).get("A", "") == field
    assert field or f"{head}: {cells[1]}" in seen.plan.rows[1].values["notes"]


@pytest.mark.parametrize(
    ("heads", "states"),
    [
        (("Risque", "Niveau de vraisemblance", "Niveau d'impact", "Avancement"), ("En cours", "À faire", "Terminé")),
        (("Riesgo", "Nivel de probabilidad", "Nivel de impacto", "Avance"), ("En curso", "Sin iniciar", "Hecho")),
        (("Risiko", "Eintrittsstufe", "Schadensstufe", "Umsetzungsstand"), ("begonnen", "geplant", "umgesetzt")),
        (("Risico", "Kansniveau", "Impactniveau", "Voortgang"), ("lopend", "niet gestart", "gereed")),
        (("Rischio", "Livello di probabilità", "Livello d'impatto", "Avanzamento"),
         ("in corso", "da fare", "completato")),
    ],
)  # fmt: skip
def test_levels_and_progress_in_other_languages(heads: tuple[str, ...], states: tuple[str, ...]) -> None:
    rows = [[f"Brand {number}", "3", "5", state] for number, state in enumerate(states)]
    seen = look(csv_bytes([heads, *rows]))
    assert list(columns(seen).values()) == ["title", "likelihood_now", "impact_now", "status"]
    assert values(seen, "status") == ["open", "open", "closed"] and not reasons(seen)


def test_fractions_are_told_in_plain_words() -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], ["Kiln", "0.3", "4"], ["Gate", "0.7", "2"]]))
    assert any("Read as fractions, 0.3 for 30 percent: likelihood now" in said for said in seen.plan.remarks)
