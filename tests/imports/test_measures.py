"""Levels written as what they mean, read by what the levels of the client mean."""

from __future__ import annotations

import pytest

from risks.columns.measured import readers
from risks.rules.scoring import Scale
from tests.imports.sheets import csv_bytes, look, reasons, values
from vciso.imports.measures import money_band, per_year


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("Once in 5 years", 0.2), ("Every year", 1), ("once in ten years", 0.1), ("1 in 10 years", 0.1),
        ("Once every 4-9 years", 1 / 6), ("Less than once in 50 years", 0.01), ("Several times a year", 4),
        ("2 per year", 2), ("0.5 per year", 0.5), ("Monthly", 12), ("once a decade", 0.1), ("Every 2 years", 0.5),
        ("alle 5 Jahre", 0.2), ("Plusieurs fois par an", 4), ("una vez cada 5 años", 0.2), ("eens per 5 jaar", 0.2),
        ("5 years", None), ("High", None), ("Once", None), ("3", None), ("a year", None), ("0 per year", None),
    ],
)  # fmt: skip
def test_how_often_a_text_says(text: str, often: float | None) -> None:
    assert per_year(text) == (None if often is None else pytest.approx(often))


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("£100k - £500k", (100_000_00, 500_000_00)), ("> £1m", (1_000_000_00, None)), ("< €10k", (0, 10_000_00)),
        ("€1m+", (1_000_000_00, None)), ("up to 5,000", (0, 5_000_00)), ("£10k", (10_000_00, 10_000_00)),
        ("10", None), ("High", None), ("5-3", None),
    ],
)  # fmt: skip
def test_from_which_sum_to_which_a_text_goes(text: str, band: tuple[int, int | None] | None) -> None:
    assert money_band(text, exponent=2) == band


SCALE = Scale(
    likelihood_words=("Hardly ever", "Now and then", "Possible", "Likely", "Certain"),
    likelihood_means=(
        "Less than once in 50 years",
        "Once in 20 years",
        "Once in 5 years",
        "Once a year",
        "Every month",
    ),
    impact_money=(10_000_00, 100_000_00, 500_000_00, 2_000_000_00),
)
BANDS = [
    ["Risk", "Likelihood", "Financial impact"],
    ["Ransomware", "Once in 5 years", "£100k - £500k"],
    ["Mail fraud", "Every year", "£10k - £100k"],
    ["Loss of site", "Now and then", "> £2m"],
    ["Lost laptop", "Several times a year", "£1k - £90k"],
]


def test_frequencies_and_sums_are_read_by_what_the_levels_of_the_client_mean() -> None:
    seen = look(csv_bytes(BANDS), measured=readers(SCALE, "GBP"))
    assert values(seen, "likelihood_now") == [3, 4, 2, 5]
    assert values(seen, "impact_each_now") == [f"Financial impact {level}" for level in (3, 2, 5, "?")]
    assert any("Read by what the levels of this client mean: “Once in 5 years” 3" in said for said in seen.plan.remarks)


@pytest.mark.parametrize(("scale", "currency"), [(Scale(), "GBP"), (SCALE, "EUR")])
def test_without_such_levels_they_are_asked_for_in_the_table(scale: Scale, currency: str) -> None:
    seen = look(csv_bytes(BANDS), measured=readers(scale, currency))
    assert values(seen, "impact_each_now")[0] == "Financial impact ?"
    assert "“£100k - £500k” is no level of this file's scale" in reasons(seen)
    assert (values(seen, "likelihood_now")[0] is None) == (not scale.likelihood_means)


def test_a_frequency_is_never_taken_for_the_number_it_begins_with() -> None:
    seen = look(
        csv_bytes([["Risk", "Likelihood", "Impact"], ["Kiln", "1 in 10 years", "4"], ["Gate", "3 per year", "5"]])
    )
    assert values(seen, "likelihood_now") == [None, None]
    assert "Likelihood: 1 in 10 years" in seen.plan.rows[0].values["notes"]


def test_hazard_letters_before_words_are_read_by_the_words() -> None:
    words = ["A Frequent", "B Probable", "C Occasional", "(D) Remote", "E - Improbable"]
    rows = [[f"The kiln of hall {number} fails", word, "3"] for number, word in enumerate(words)]
    assert values(look(csv_bytes([["Hazard", "Probability", "Severity"], *rows])), "likelihood_now") == [5, 4, 3, 2, 1]
