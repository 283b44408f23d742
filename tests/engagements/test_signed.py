"""The signed record on paper: the words that were signed, their fingerprint, and who may take it."""

import io
from datetime import datetime
from typing import Any

import pikepdf

from engagements.models import Ask
from engagements.selectors.signed import fingerprint
from engagements.services import asks
from tests.access.reading import READERS
from tests.factories.cast import Cast
from vciso.audit.models import Event
from vciso.pdf.counting import page_count

KEY = "acme-a1b2c3"
TAKEN = "ask.record_downloaded"


def answered(cast: Cast, at: datetime, at_acme: Any, put: Any, who: str) -> Ask:
    asked = put(who, subject="R-001", facts=[{"label": "How serious now", "value": "High", "note": ""}])
    user = getattr(cast, who)
    with at_acme(user):
        asks.answer(ask=Ask.objects.get(pk=asked.pk), choice="wait", reason="Money comes in March 🙂", by=user, at=at)
    return asked


def held(cast: Cast, at_acme: Any, asked: Ask, verb: str) -> list[dict[str, Any]]:
    with at_acme(cast.alice):
        return [event.after for event in Event.objects.filter(object_id=asked.pk, verb=verb).order_by("seq")]


def faces(content: bytes) -> set[str]:
    """The names of the faces that a PDF brings along."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        found = (one.get("/BaseFont") for one in pdf.objects if isinstance(one, pikepdf.Dictionary))
        return {str(name).removeprefix("/") for name in found if name is not None}


def test_the_record_holds_what_was_signed_and_the_fingerprint_that_the_trail_has(
    cast: Cast, at: datetime, at_acme: Any, put: Any, browse: Any
) -> None:
    asked = answered(cast, at, at_acme, put, "bob")
    with at_acme(cast.alice):
        signed = held(cast, at_acme, asked, "ask.answered")[0]["sha256"]
        fresh = Ask.objects.get(pk=asked.pk)
        assert fingerprint(fresh, fresh.answers.get()) == signed
    by_practice = browse(cast.alice).get(f"/c/{KEY}/asks/{asked.reference}/signed.pdf")
    by_owner = browse(cast.bob).get(f"/my/{KEY}/asks/{asked.reference}/signed.pdf")
    assert (by_practice.status_code, by_owner.status_code) == (200, 200)
    assert by_practice.content == by_owner.content
    text = READERS["application/pdf"](by_practice.content).replace("\n", "")
    shown = ["Wait until March", "I understand that it stays open.", "Money comes in March 🙂", "Bob", "R-001"]
    for words in [signed, *shown, "Its maker stopped updates.", "How serious now"]:
        assert words in text, words
    assert page_count(by_practice.content) == 1
    assert {name.partition("+")[2] for name in faces(by_practice.content)} == {
        "Inter", "Inter-Semi-Bold", "Report-Serif", "Pictures"
    }  # fmt: skip
    told = held(cast, at_acme, asked, TAKEN)
    assert [one["sha256"] for one in told] == [signed, signed]
    assert told[0]["file_sha256"] == told[1]["file_sha256"]


def test_any_other_word_gives_another_fingerprint(cast: Cast, at: datetime, at_acme: Any, put: Any) -> None:
    asked = answered(cast, at, at_acme, put, "bob")
    with at_acme(cast.alice):
        fresh = Ask.objects.get(pk=asked.pk)
        answer = fresh.answers.get()
        known = {fingerprint(fresh, answer)}
        for record, name in ((fresh, "text"), (fresh, "title"), (answer, "reason"), (answer, "witness")):
            setattr(record, name, getattr(record, name) + ".")
            known.add(fingerprint(fresh, answer))
    assert len(known) == 5


def test_a_director_takes_the_record_of_what_they_signed_and_no_other(
    cast: Cast, at: datetime, at_acme: Any, put: Any, browse: Any
) -> None:
    mine, other = answered(cast, at, at_acme, put, "dora"), answered(cast, at, at_acme, put, "bob")
    dora = browse(cast.dora)
    record = dora.get(f"/board/{KEY}/asks/{mine.reference}/signed.pdf")
    assert record.status_code == 200 and "Dora, as a director" in READERS["application/pdf"](record.content)
    assert dora.get(f"/board/{KEY}/asks/{other.reference}/signed.pdf").status_code == 404
    assert "signed.pdf" in dora.get(f"/board/{KEY}/asks/{mine.reference}/").content.decode()


def test_what_nobody_answered_has_no_record(cast: Cast, at_acme: Any, put: Any, browse: Any) -> None:
    asked = put("bob")
    assert browse(cast.alice).get(f"/c/{KEY}/asks/{asked.reference}/signed.pdf").status_code == 404
    assert held(cast, at_acme, asked, TAKEN) == []
