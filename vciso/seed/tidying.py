"""The chapters about the register as a whole: assessments, duplicates, risks split in two, saved views."""

from datetime import datetime
from typing import Any

from engagements.services import asks
from risks.models import Risk
from risks.services import assessment, closing, saved_views, splitting
from risks.views.saved import KNOWN
from vciso.seed.chapters import person
from vciso.seed.register import rated, wording_of
from vciso.seed.story import Teller


def the_assessments(teller: Teller) -> None:
    """The written risk assessments: drafted, put to the counterpart and signed a few days later, or discarded."""
    for row in teller.story.get("assessments", []):
        _assessment(teller, row)


def _assessment(teller: Teller, row: dict[str, Any]) -> None:
    signer = teller.story["engagement"]["counterpart"]
    user, key = teller.account(signer), f"assessment:{row['title']}"

    def draft(at: datetime) -> None:
        words = assessment.Assessed(
            title=row["title"], kind=row["kind"], as_of=teller.day(row["as_of"]), scope=row["scope"],
            method=row["method"], conclusion=row.get("conclusion", ""), team=[teller.lead],
            people=[person(teller, one) for one in row["people"]],
        )  # fmt: skip
        teller.made[key] = assessment.draft_assessment(client=teller.client, assessed=words, by=teller.lead, at=at)

    def put(at: datetime) -> None:
        teller.made[key] = assessment.ask_assessment(
            assessment=teller.made[key], asked_of=person(teller, signer), by=teller.lead, at=at
        )

    def sign(at: datetime) -> None:
        asks.answer(ask=teller.made[key].ask, choice=assessment.APPROVE, reason=row["reason"], by=user, at=at)

    def discard(at: datetime) -> None:
        assessment.discard_assessment(assessment=teller.made[key], by=teller.lead, at=at)

    if "discarded" in row:
        teller.on(row["drafted"], teller.lead, draft, hour=16)
        teller.on(row["discarded"], teller.lead, discard, hour=16)
        return
    teller.on(row["asked"], teller.lead, draft, hour=16)
    teller.on(row["asked"], teller.lead, put, hour=17)
    teller.on(row["approved"], user, sign, hour=16)


def merged_and_split(teller: Teller) -> None:
    """Duplicates that were folded into the risk they repeat, and risks that became two."""

    def found(key: str) -> Risk:
        return Risk.objects.select_related("client").get(pk=teller.made[f"risk:{key}"].pk)

    def merge(at: datetime, row: dict[str, Any]) -> None:
        closing.merge_risk(risk=found(row["risk"]), into=found(row["into"]), note=row["note"], by=teller.lead, at=at)

    def split(at: datetime, row: dict[str, Any]) -> None:
        splitting.split_risk(
            risk=found(row["risk"]), stays=wording_of(row["stays"]), wording=wording_of(row),
            owner=person(teller, row["owner"]), stays_rating=rated(row["stays"]["now"]), rating=rated(row["now"]),
            by=teller.lead, at=at,
        )  # fmt: skip

    for row in teller.story.get("merged", []):
        teller.on(row["on"], teller.lead, lambda at, row=row: merge(at, row), hour=14)
    for row in teller.story.get("split", []):
        teller.on(row["on"], teller.lead, lambda at, row=row: split(at, row), hour=14)


def saved(teller: Teller) -> None:
    """The views that the lead keeps of the list."""
    for when, name, query, everywhere in teller.story.get("saved_views", []):
        teller.on(
            when, teller.lead,
            lambda at, name=name, query=query, everywhere=everywhere: saved_views.save_view(
                client=teller.client, name=name, query=query, known=KNOWN, everywhere=everywhere, by=teller.lead, at=at
            ),
        )  # fmt: skip
