"""The register is assessed as a whole, frozen, and put to the business."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from engagements.models import Person
from engagements.services import asks
from risks.enums import AssessmentKind
from risks.models import RiskAssessment
from risks.rules import snapshots
from risks.selectors.assessment import facts_of
from risks.selectors.facts import RegisterView, register_as_of, unrecorded
from risks.selectors.wording import full_day
from risks.services import drawing
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.tenancy.references import next_reference

KIND = "assessment"
APPROVE, DECLINE = "approve", "decline"
# Four such texts and the risks above a limit fit into one question.
LONGEST = 4_000
NAMED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """What people write about an assessment: of which day, of what, how, with whom and to what end.

    `people` are the client's, `team` the practice's.
    """

    title: str
    kind: str
    as_of: dt.date
    scope: str
    method: str
    conclusion: str = ""
    people: Sequence[Person] = ()
    team: Sequence[User] = ()

    def cleaned(self, client: Client, at: dt.datetime) -> dict[str, Any]:
        """The columns of the record; refuses what cannot be assessed, each with its field."""
        words = {name: _text(getattr(self, name), name) for name in ("scope", "method", "conclusion")}
        title = " ".join(self.title.replace("\x00", "").split())
        if not title or len(title) > 200:
            raise Refused("Give it a title of at most 200 characters.", field="title")
        if self.kind not in AssessmentKind.values:
            raise Refused(f"“{self.kind}” is no kind of assessment.", field="kind")
        if self.as_of > client.today(at):
            raise Refused(
                f"{full_day(self.as_of, client)} has not come yet, and nobody knows the register of that day. "
                f"Choose today or a day before.",
                field="as_of",
            )
        for name, missing in (
            ("scope", "Say what was assessed: which places, systems and data."),
            ("method", "Say how it was assessed."),
        ):
            if not words[name]:
                raise Refused(missing, field=name)
        if not (self.people or self.team):
            raise Refused("Choose who took part: at least one person.", field="people")
        return {**words, "title": title, "kind": self.kind, "as_of": self.as_of, "participants": self._participants()}

    def _participants(self) -> list[dict[str, str]]:
        of_client = [
            {"id": str(one.pk), "name": one.name, "role": one.job_title, "side": "client"} for one in self.people
        ]
        return of_client + [{"id": str(one.pk), "name": one.name, "role": "", "side": "practice"} for one in self.team]


def _text(text: str, field: str) -> str:
    cleaned = text.replace("\x00", "").strip()
    if len(cleaned) > LONGEST:
        raise Refused(f"The text has {len(cleaned):,} characters. Keep it under {LONGEST:,}.", field=field)
    return cleaned


@transaction.atomic
def draft_assessment(*, client: Client, assessed: Assessed, by: User, at: dt.datetime) -> RiskAssessment:
    """An assessment begins under the next reference, with the register as it stood on its day."""
    columns = assessed.cleaned(client, at)
    facts = facts_of(_register(client, assessed.as_of, at))
    made = RiskAssessment.objects.create(
        client=client,
        reference=next_reference(client.pk, "RA"),
        facts=facts,
        read_at=at,
        made_by=by,
        made_at=at,
        **columns,
    )
    drawing.ask_for(made, by=by)
    audit.record(verb="risk.assessment_drafted", client=client, obj=made, by=by, at=at, after=_told(made))
    return made


@transaction.atomic
def edit_assessment(*, assessment: RiskAssessment, assessed: Assessed, by: User, at: dt.datetime) -> RiskAssessment:
    """A draft's words change, and the register of its day is read again."""
    client = assessment.client
    row = _draft(assessment)
    before = _told(row)
    for name, value in assessed.cleaned(client, at).items():
        setattr(row, name, value)
    _read(row, at)
    row.save()
    drawing.ask_for(row, by=by)
    audit.record(verb="risk.assessment_edited", client=client, obj=row, by=by, at=at, before=before, after=_told(row))
    return row


@transaction.atomic
def reread_assessment(*, assessment: RiskAssessment, by: User, at: dt.datetime) -> RiskAssessment:
    """The words of a draft stay, and the register of its day is read again."""
    row = _draft(assessment)
    before = _counted(row)
    _read(row, at)
    row.save()
    drawing.ask_for(row, by=by)
    audit.record(
        verb="risk.assessment_read_again", client=row.client, obj=row, by=by, at=at, before=before, after=_counted(row)
    )
    return row


@transaction.atomic
def discard_assessment(*, assessment: RiskAssessment, by: User, at: dt.datetime) -> RiskAssessment:
    """A draft leaves the list; its reference is not given again, and it can be taken back."""
    row = _draft(assessment)
    row.discarded_at = at
    row.save(update_fields=["discarded_at"])
    audit.record(verb="risk.assessment_discarded", client=row.client, obj=row, by=by, at=at, before=_told(row))
    return row


@transaction.atomic
def restore_assessment(*, assessment: RiskAssessment, by: User, at: dt.datetime) -> RiskAssessment:
    """A discarded draft is a draft again, with the register as it was read."""
    row = _locked(assessment)
    if not row.is_discarded:
        raise Refused(f"{row.reference} was not discarded.")
    row.discarded_at = None
    row.save(update_fields=["discarded_at"])
    audit.record(verb="risk.assessment_restored", client=row.client, obj=row, by=by, at=at)
    return row


@transaction.atomic
def ask_assessment(
    *, assessment: RiskAssessment, asked_of: Person, by: User, at: dt.datetime, advice: str = "",
    due_on: dt.date | None = None,
) -> RiskAssessment:  # fmt: skip
    """The assessment is frozen and put to the owner or a director.

    The register of its day is read for the last time; from now on the database keeps the row.
    """
    client = assessment.client
    row = _draft(assessment)
    if not row.conclusion:
        raise Refused("Write the conclusion first: what the business should take from it.")
    _read(row, at)
    row.sha256 = fingerprint(row)
    row.frozen_at, row.asked_of, row.state = at, asked_of, "asked"
    row.ask = asks.ask(
        client=client,
        kind=KIND,
        title=f"Do you approve the risk assessment of {full_day(row.as_of, row.client)}?",
        text=_question(row, advice),
        options=_options(),
        asked_of=asked_of,
        by=by,
        due_on=due_on,
        minutes=10,
        at=at,
        subject=row.reference,
        facts=_facts(row),
    )
    row.save()
    drawing.ask_for(row, by=by)
    after = {"of": asked_of.name, "ask": row.ask.reference, "sha256": row.sha256}
    audit.record(verb="risk.assessment_asked", client=client, obj=row, by=by, at=at, after=after)
    return row


def fingerprint(row: RiskAssessment) -> str:
    """The fingerprint that the row's words and facts have now; once asked it is `sha256` for good."""
    words = {
        "client": str(row.client_id),
        "reference": row.reference,
        "title": row.title,
        "kind": str(row.kind),
        "as_of": row.as_of.isoformat(),
        "scope": row.scope,
        "method": row.method,
        "participants": row.participants,
        "conclusion": row.conclusion,
    }
    return snapshots.fingerprint(words, row.facts)


def _locked(assessment: RiskAssessment) -> RiskAssessment:
    return RiskAssessment.objects.select_for_update(of=("self",), no_key=True).get(pk=assessment.pk)


def _draft(assessment: RiskAssessment) -> RiskAssessment:
    row = _locked(assessment)
    if row.is_discarded:
        raise Refused(f"{row.reference} was discarded. Take it back first.")
    if not row.is_draft:
        raise Refused(f"{row.reference} is frozen since approval was asked. Begin a new one.")
    return row


def _read(row: RiskAssessment, at: dt.datetime) -> None:
    """Takes the register of the day into the row, which is to be printed anew."""
    row.facts = facts_of(_register(row.client, row.as_of, at))
    row.read_at = at
    row.version += 1


def _register(client: Client, day: dt.date, at: dt.datetime) -> RegisterView:
    """The register of a day; refuses a day in the past on which there was none."""
    view = register_as_of(client, day)
    if view.rows or day >= client.today(at):
        return view
    raise Refused(unrecorded(client, day), field="as_of")


def _counted(row: RiskAssessment) -> dict[str, Any]:
    found = snapshots.read(row.facts).figures
    return {"open": found.open, "above": found.above, "risks": len(row.facts["risks"])}


def _told(row: RiskAssessment) -> dict[str, Any]:
    names = ("title", "kind", "as_of", "scope", "method", "conclusion")
    people = [one["name"] for one in row.participants]
    return {name: getattr(row, name) for name in names} | {"participants": people, "risks": len(row.facts["risks"])}


def _question(row: RiskAssessment, advice: str) -> str:
    """The assessment in words, with every risk above a limit, so that a director reads it without the register."""
    found = snapshots.read(row.facts)
    people = "; ".join(", ".join(filter(None, (one["name"], one["role"]))) for one in row.participants)
    parts = [
        f"**{row.title}** ({row.get_kind_display().lower()}), the register as it stood on "
        f"{full_day(row.as_of, row.client)}.",
        f"**Scope:** {row.scope}",
        f"**Method:** {row.method}",
        f"**Took part:** {people}",
        f"**Conclusion:** {row.conclusion}",
    ]
    if found.above:
        named = found.above[:NAMED]
        lines = [f"- {risk.reference} {risk.title}: {risk.limit_sentence}" for risk in named]
        if len(found.above) > NAMED:
            lines.append(f"- and {len(found.above) - NAMED} more")
        parts.append("**Above a limit:**\n\n" + "\n".join(lines))
    if advice.strip():
        parts.append(f"**Our advice:** {advice.strip()}")
    closed = len(found.risks) - len(found.open)
    kept = f"{len(found.open)} open and {closed} closed" if closed else f"{len(found.open)} open"
    parts.append(f"Fingerprint (SHA-256) of these words and of the {kept} risks: {row.sha256}")
    return "\n\n".join(parts)


def _facts(row: RiskAssessment) -> list[dict[str, str]]:
    found = snapshots.read(row.facts).figures
    rows = (
        ("Open risks", str(found.open)),
        ("Above a limit", str(found.above)),
        ("Accepted by name", str(found.accepted)),
        ("Not rated", str(found.not_rated)),
    )
    return [{"label": label, "value": value, "note": ""} for label, value in rows]


def _options() -> list[dict[str, Any]]:
    return [
        asks.option(
            key=APPROVE,
            label="This is how we see our risks",
            result="It is kept as it stands, and the next one follows within a year.",
            sign="Sign and approve the assessment",
        ),
        asks.option(
            key=DECLINE,
            label="It is not right",
            result="We talk about what you see differently, and make a new one.",
            refuses=True,
            needs_reason=True,
            sign="Sign: not right",
        ),
    ]
