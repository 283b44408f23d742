"""The limits handed on: what holds, in whose words, who approved it, and everything that held before."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from engagements.services import asks
from risks import services
from risks.enums import IMPACT_WORDS, LIKELIHOOD_WORDS, Band
from tests.risks.conftest import NOW
from tests.risks.test_meeting import lines
from vciso.audit.models import Event
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
LONG_AGO = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)


@pytest.fixture
def limits(cast, people):
    """Acme's limits, set in March, approved by Bob, one of them set anew in November."""
    by = {"by": cast.alice, "at": LONG_AGO}
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.set_appetite(
            client=cast.acme, category="legal", band_limit=1, words="=No record leaves us.", approved_by=people["bob"],
            approved_on=LONG_AGO.date(), **by,
        )  # fmt: skip
        services.set_appetite(
            client=cast.acme, category="financial", band_limit=2, money_limit_minor=5_000_050,
            fifty_limit_minor=8_000_000, words="A bad week.", **by,
        )  # fmt: skip
        services.set_tolerance(client=cast.acme, sum_minor=90_000_00, words="The clinic waits.", **by)
        services.set_authority(client=cast.acme, owner_up_to=Band.MEDIUM, approved_by=people["dora"], **by)
        services.set_scale(
            client=cast.acme, low_to=4, medium_to=9, high_to=16, likelihood_words=list(LIKELIHOOD_WORDS),
            impact_words=list(IMPACT_WORDS), likelihood_means=[f"Once in {10 - n} years" for n in range(5)],
            impact_money=[100_00, 200_00, 300_00, 400_00], **by,
        )  # fmt: skip
        asked = services.ask_statement(client=cast.acme, asked_of=people["bob"], **by)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=asked.ask, choice="approve", reason="As we said", by=cast.bob, at=LONG_AGO)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.set_appetite(
            client=cast.acme, category="legal", band_limit=2, words="Few records leave us.", by=cast.alice, at=NOW
        )


def got(browser: Any, cast: Any, fmt: str) -> bytes:
    answer = browser.get(reverse("risks:limits-export", kwargs={"client_key": cast.acme.key}) + f"?format={fmt}")
    assert answer.status_code == 200
    return answer.content


def test_the_csv_says_what_is_in_force_and_what_nobody_approved(cast, limits, browse):
    found = {row["Category"]: row for row in lines(got(browse(cast.alice), cast, "csv"))}
    financial, legal = found["Financial"], found["Legal"]
    assert (financial["Most carried"], financial["In money, one year in ten"]) == ("Medium", "50000.5")
    assert (financial["In money, one year in fifty"], legal["In money, one year in fifty"]) == ("80000.0", "")
    assert financial["Approved"] == "Version 1, Bob, 2026-03-02"
    assert (legal["In the client's words"], legal["Approved"]) == ("Few records leave us.", "Not approved")
    assert (found["People"]["Most carried"], found["People"]["Approved"]) == ("No limit set", "")
    together = found["Everything together, in one year"]
    assert (together["In any one year"], together["In money, one year in ten"]) == ("90000.0", "")
    assert together["Approved"] == "Version 1, Bob, 2026-03-02"


def test_the_workbook_keeps_who_signs_the_measure_every_version_and_every_limit(cast, limits, browse):
    book = load_workbook(io.BytesIO(got(browse(cast.alice), cast, "xlsx")))
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book}
    assert list(sheets) == ["Limits", "Who signs", "Measure", "Bands", "Versions", "History"]
    assert ["High", "A director"] in sheets["Who signs"] and ["Medium", "The owner"] in sheets["Who signs"]
    assert ["Agreed 2026-03-02 with Dora", "The owner up to medium"] in sheets["Who signs"]
    assert sheets["Measure"][1][1:] == [2, "Unlikely", "Once in 9 years", IMPACT_WORDS[1], 100, 200]
    assert [row[1:] for row in sheets["Bands"]] == [
        [4, 9, 16, "Alice", "Kept, and read by the new bands"],
        [5, 10, 16, None, None],
    ]
    version = next(row for row in sheets["Versions"] if row[7] == "Legal")
    assert (version[0], version[1], version[5], version[8], version[11]) == (
        1, "Approved", "Bob", "Low", "=No record leaves us.",
    )  # fmt: skip
    financial = next(row for row in sheets["Versions"] if row[7] == "Financial")
    assert financial[9:] == [50_000.5, 80_000, "A bad week."]
    together = next(row for row in sheets["Versions"] if row[7] == "Everything together, in one year")
    assert together[8:] == [None, 90_000, None, "The clinic waits."]
    legal = [row[2] for row in sheets["History"] if row[1] == "Legal"]
    assert legal == ["Medium", "Low"]
    assert not any(cell.data_type == "f" for sheet in book for row in sheet for cell in row)


def test_it_is_told_to_the_trail_and_given_to_the_practice_alone(cast, limits, browse):
    got(browse(cast.alice), cast, "xlsx")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        event = Event.objects.filter(verb="export.downloaded").latest("seq")
        assert (event.after["kind"], event.after["rows"]) == ("limits", 2)
    address = reverse("risks:limits-export", kwargs={"client_key": cast.acme.key})
    assert browse(cast.alice).get(f"{address}?format=pdf").status_code == 404
    assert browse(cast.bob).get(address).status_code == 403
