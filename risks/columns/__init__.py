"""The register as a spreadsheet: its columns, its own rules for a row, and the way in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from math import prod
from typing import Any

from engagements.models import Person
from risks.columns import consequences, impacts, losses, meeting, related, sorts, together
from risks.columns.measured import measured
from risks.columns.reading import records
from risks.columns.shared import COST
from risks.columns.undoing import remove, remove_new, restore
from risks.columns.writing import apply, apply_new
from risks.enums import RatingKind, Status
from risks.models import Risk
from risks.rules import reviewing
from risks.rules.treating import Cost
from risks.selectors.wording import full_day
from risks.services import costs, register
from vciso.imports.registry import Field, FieldKind, ImportKind, PersonEntry, Situation
from vciso.imports.words.risks import FIELDS
from vciso.tenancy.models import Client


def _by_category(kind: str) -> Field:
    words = {"before": "before controls", "now": "now", "target": "target"}[kind]
    return Field(
        key=f"impacts_{kind}",
        label=f"Impact by category {words}",
        synonyms=(f"impact by category {words}", f"impacts {words}"),
        help="Each category with its level: Financial 3; People 5",
        group=f"Rating {words}",
        max_length=400,
    )


_COST = (
    Field(
        key="cost_once",
        label="Plan costs once",
        kind=FieldKind.MONEY,
        synonyms=("one off cost", "one time cost", "cost to implement", "implementation cost", "treatment cost"),
        help="What the plan costs once, in the client's currency",
        group="Cost of the plan",
    ),
    Field(
        key="cost_years",
        label="Plan lasts, in years",
        kind=FieldKind.NUMBER,
        synonyms=("plan lasts in years", "useful life", "life in years"),
        help="Years over which the cost is spread; 3 where nobody says",
        group="Cost of the plan",
    ),
    Field(
        key="cost_yearly",
        label="Plan costs each year",
        kind=FieldKind.MONEY,
        synonyms=("annual cost", "yearly cost", "running cost", "recurring cost"),
        help="What the plan costs each year, in the client's currency",
        group="Cost of the plan",
    ),
    Field(
        key="cost_hours",
        label="Adviser's hours each year",
        kind=FieldKind.NUMBER,
        synonyms=("adviser hours", "consultant hours"),
        group="Cost of the plan",
    ),
    Field(
        key="cost_hour",
        label="One hour costs",
        kind=FieldKind.MONEY,
        synonyms=("hourly rate", "rate per hour"),
        group="Cost of the plan",
    ),
)
COLUMNS = (
    meeting.PORTAL_ID, *FIELDS, *(_by_category(kind) for kind in RatingKind), meeting.SEVERITY, meeting.LIMIT,
    *_COST, related.LINKS, related.STEPS, *losses.LOSSES, meeting.WHY, meeting.VERSION, meeting.EXPORTED,
)  # fmt: skip

SHOWN = meeting.with_theirs(item for item in COLUMNS if (item.stored or item.shown) and item.key != "notes")
"""What the list exports as shown: everything but the practice's private notes."""
MEETING = meeting.columns_of(COLUMNS)


def people(client: Client) -> Sequence[PersonEntry]:
    """Everybody in the client's directory."""
    return [
        PersonEntry(key=str(person.pk), name=person.name, email=person.email, job_title=person.job_title)
        for person in Person.objects.filter(client=client, active=True).order_by("name", "pk")
    ]


def check(row: Any, situation: Situation) -> None:
    """The register's own rules, before a row is compared with its record."""
    values = row.values
    meeting_row = values.get("version") is not None
    meeting.check_client(row, situation)
    if row.record is not None and meeting_row and "category" not in situation.mapped:
        # A heading between the rows of a meeting's workbook sorts the talk, not the register.
        values["category"] = None
    handed = together.opened(row, situation)
    meeting.check_reference(row)
    sorts.check_sort(row)
    if values.get("status") == "accepted":
        values["status"], values["accepted"] = Status.OPEN, True
        for held in (row.cells, row.texts, row.headers):
            held.setdefault("accepted", held.get("status", ""))
    if values.get("accepted") is False:
        # "No" says what an empty cell says: only a person ends an acceptance.
        values["accepted"] = None
        if row.record and row.record.values.get("accepted"):
            row.warn(
                "accepted", "The file says it is not accepted, and here it is. End the acceptance here if that is so."
            )
    if values.get("accepted") and not (row.record and row.record.values.get("accepted")):
        known = row.record.values if row.record else {}
        missing = [words for key, words in _SIGNED_WITH.items() if not (values.get(key) or known.get(key))]
        row.warn(
            "accepted",
            f"Accepted without {' and '.join(missing)}: kept as a gap, not as accepted."
            if missing
            else "Kept as a note that it was accepted. It counts once the person signs here.",
        )
    _check_status(row)
    closed = values.get("closed_on")
    if closed and closed <= situation.on and row.record is None and not row.texts.get("status"):
        values["status"] = Status.CLOSED
    _check_raised(row, situation)
    for kind in RatingKind:
        impacts.settle(row, kind, situation)
        _check_rating(row, kind)
        together.keep_together(row, kind)
    _check_target(row)
    _check_days(row, situation)
    _check_review(row, situation)
    _check_end(row, situation)
    _check_cost(row)
    related.check_links(row, situation)
    related.check_steps(row)
    losses.check(row, situation)
    together.ask_of_conflicts(row, situation, handed)
    consequences.settle(row, situation, handed, meeting_row=meeting_row)


def _check_status(row: Any) -> None:
    """What is in the register is not proposed again, a duplicate opens again on its page alone, a question waits."""
    if row.record is None:
        return
    held, status = row.record.values.get("status"), row.values.get("status")
    survivor = row.record.more.get("merged_into")
    if held in (Status.OPEN, Status.CLOSED) and status == Status.PROPOSED:
        row.warn("status", f"The risk is {held} here and is not proposed again: it stays {held}.")
    elif survivor and status == Status.OPEN:
        row.warn(
            "status",
            f"The risk was merged into {survivor} here, so it stays closed. Reopen it on its page if it is one of its "
            "own.",
        )
    elif held != Status.CLOSED and status == Status.CLOSED and row.record.more.get("asked"):
        row.warn(
            "status",
            f"The risk waits for an answer to a request to accept it, so it stays {held}. Withdraw the request first.",
        )
    else:
        return
    row.values["status"] = None


def _check_raised(row: Any, situation: Situation) -> None:
    """A day raised that is still to come is told and kept in the notes; today is taken."""
    raised = row.values.get("raised_on")
    if raised is not None and raised > situation.on:
        row.note(row.headers.get("raised_on", row.kind.field("raised_on").label), full_day(raised, situation.client))
        row.warn(
            "raised_on",
            f"{full_day(raised, situation.client)} is a day to come; today is taken instead. The file's day is kept in "
            "the notes.",
        )
        row.values["raised_on"] = situation.on


_SIGNED_WITH = {"accepted_by": "a name", "accepted_on": "the day of signing"}


def _check_rating(row: Any, kind: str) -> None:
    """Half a rating is none: what is given goes to the notes, so that nothing is lost and nothing stays changed."""
    known = row.record.values if row.record else {}
    pair = {part: f"{part}_{kind}" for part in ("likelihood", "impact")}
    held = {part: row.values.get(key) or known.get(key) for part, key in pair.items()}
    if (held["likelihood"] is None) == (held["impact"] is None):
        return
    given, missing = ("impact", "likelihood") if held["likelihood"] is None else ("likelihood", "impact")
    if given == "likelihood" and row.values.get(f"impacts_{kind}"):
        return
    key = pair[given]
    if row.values.get(key) is None:
        return
    label = row.kind.field(key).label
    row.note(row.headers.get(key, label), row.texts.get(key) or str(row.values[key]))
    row.warn(
        key,
        f"{label} stands without {missing}, so the rating {_WHEN[kind]} stays “not rated”. It is kept in the notes.",
    )
    row.values[key] = None


_WHEN: dict[str, str] = {
    RatingKind.BEFORE: "before controls",
    RatingKind.NOW: "now",
    RatingKind.TARGET: "as the target",
}


def _check_target(row: Any) -> None:
    """A target above now: in a new row it reads as met, in one we know it is left out."""
    known = row.record.values if row.record else {}

    def score(kind: str) -> int:
        pair = (f"likelihood_{kind}", f"impact_{kind}")
        return prod(row.values.get(key) or known.get(key) or 0 for key in pair)

    now, target = score(RatingKind.NOW), score(RatingKind.TARGET)
    given = [key for key in ("likelihood_target", "impact_target", "impacts_target") if row.values.get(key) is not None]
    if not given or not now or target <= now:
        return
    said = f"The target of {target} is above the {now} of the rating now"
    if row.record is None:
        row.warn(given[0], f"{said}, so it reads as met.")
    elif any(row.values[key] != known.get(key) for key in given):
        row.warn(given[0], f"{said}. It is left out.")
        row.values.update(dict.fromkeys(given))


def _check_days(row: Any, situation: Situation) -> None:
    """A day to come that a file moves into the past is told: nobody could choose it here."""
    if row.record is None:
        return
    for key in ("due", "review"):
        day = row.values.get(key)
        if day is not None and day < situation.on and day != row.record.values.get(key):
            row.warn(
                key,
                f"{full_day(day, situation.client)} has passed already. It is taken as it stands; correct it if it is "
                "a slip.",
            )


def _check_review(row: Any, situation: Situation) -> None:
    """A review that is put off further than anybody could here is told and left out; a closed risk has none."""
    known = row.record.values if row.record else {}
    day, status = row.values.get("review"), row.values.get("status") or known.get("status")
    if day is None or status == Status.CLOSED or day == known.get("review"):
        return
    if day > (latest := reviewing.latest(situation.on)):
        row.note(row.headers.get("review", row.kind.field("review").label), full_day(day, situation.client))
        row.warn(
            "review",
            f"{full_day(day, situation.client)} is too far ahead for a review, so it is left out and kept in the "
            f"notes. Give a day up to {full_day(latest, situation.client)}.",
        )
        row.values["review"] = None


def _check_end(row: Any, situation: Situation) -> None:
    """When a closed risk ended; a day that cannot be taken is told and kept in the notes, or it would stay a change."""
    known = row.record.values if row.record else {}
    day, ended_on = row.values.get("closed_on"), known.get("closed_on")
    said = full_day(day, situation.client)
    closes = (row.values.get("status") or known.get("status")) == Status.CLOSED
    if not closes and day is not None:
        _end_otherwise(row, None, f"The risk is not closed, so {said} is not taken as its end.", said)
    elif closes and known.get("status") == Status.CLOSED:
        if day not in (None, ended_on):
            here = full_day(ended_on, situation.client)
            _end_otherwise(row, None, f"The risk was closed here on {here}, which stays its end.", said)
    elif closes and day is None:
        row.warn("status", "Closed without a closing date: the day of the import is taken. It counts as no review.")
    elif closes and day > situation.on:
        _end_otherwise(row, situation.on, f"{said} is a day to come; today is taken instead.", said)
    elif closes:
        raised_on = row.values.get("raised_on") or known.get("raised_on")
        if raised_on is None:
            row.warn("closed_on", f"The file says no day it was raised: {said}, its end, is taken.")
            row.values["raised_on"] = day
        elif raised_on > day:
            raised = full_day(raised_on, situation.client)
            why = f"It ends on {said} and was raised on {raised}; the later day is taken."
            _end_otherwise(row, raised_on, why, said)


def _end_otherwise(row: Any, day: dt.date | None, why: str, said: str) -> None:
    row.note(row.headers.get("closed_on", row.kind.field("closed_on").label), said)
    row.warn("closed_on", f"{why} The file's day is kept in the notes.")
    row.values["closed_on"] = day


def _check_cost(row: Any) -> None:
    """What no plan costs is left out with its sentence; hours count with what one of them costs."""
    known = row.record.values if row.record else {}
    hour = row.values.get("cost_hour") or known.get("cost_hour")
    with_it: dict[str, dict[str, Any]] = {"cost_hours": {"hour": hour}, "cost_hour": {"hours": 1}}
    for key, name in COST.items():
        if row.values.get(key) is None:
            continue
        try:
            costs.checked(Cost(**{name: row.values[key]}, **with_it.get(key, {})))
        except costs.Refused as refusal:
            row.warn(key, f"{refusal} It is left out.")
            row.values[key] = None


KIND = ImportKind(
    name="risks",
    label="Risk register",
    noun="risk",
    plural="risks",
    fields=COLUMNS,
    model=Risk,
    locked_by="number",
    records=records,
    apply=apply,
    apply_new=apply_new,
    remove=remove,
    remove_new=remove_new,
    restore=restore,
    people=people,
    measured=measured,
    day=full_day,
    prepare=meeting.name_rows,
    check=check,
    permission="risks.import",
    ours=meeting.VERSION.key,
    handed=meeting.EXPORTED.key,
    longest=register.LONGEST,
)
