"""What a row brings besides its own cells, and what stays although a cell seems to say otherwise."""

from __future__ import annotations

from typing import Any

from risks.columns.shared import COST, RATED_NOW, WHY, WORDS
from risks.columns.together import Handed, names, said_words, stamp
from risks.enums import Band, PlanState, Status
from risks.rules import reviewing
from risks.rules.scoring import Scale
from risks.selectors.frame import frame
from risks.selectors.wording import full_day
from vciso.imports.keeping import Wording, exponent_of
from vciso.imports.registry import Situation
from vciso.imports.values import is_nothing
from vciso.tenancy.models import Client

PLANNED = frozenset({"treatment", "action", "due", *COST})
REASONED = frozenset({*WORDS, "asset", "owner", "status"})
"""Besides ratings, what keeps a reason in the history."""


def settle(row: Any, situation: Situation, handed: Handed | None, *, meeting_row: bool) -> None:
    """Tell what a row of a known risk brings, once it is sure what it changes."""
    if row.record is None:
        if why := row.values.get(WHY):
            row.note("Why it changed", why)
        return
    if handed is not None:
        _say_emptied(row, situation, handed)
    _say_owner_stays(row, situation)
    _leave_closed(row)
    _follow_rating(row, situation, meeting_row=meeting_row)
    _follow_state(row, situation)
    _keep_why(row, handed, meeting_row=meeting_row)


def _keep_why(row: Any, handed: Handed | None, *, meeting_row: bool) -> None:
    """A reason goes to the history of what keeps one there, else to the notes; a meeting is told where it lacks.

    Rating a risk anew, closing it and opening it again want a reason, as they would here. The reason of what was taken
    from the same workbook before is in the history already.
    """
    why, changed = row.values.get(WHY), row.changes_from_record()
    rated = next((key for key in changed if key.startswith(("likelihood_", "impact")) and _rated_before(row, key)), "")
    was, becomes = changed.get("status", ("", ""))
    turned = "Closed" if becomes == Status.CLOSED else "Open again" if was == Status.CLOSED else ""
    if why and any(_keeps_reason(key) for key in changed):
        row.tell("Why it changed", "", why)
    elif why and not _taken_before(row, handed):
        row.note("Why it changed", why)
    elif not why and meeting_row and (rated or turned):
        key = "status" if turned else rated
        row.warn(key, f"{turned or 'Rated anew'} without a reason. Say it under “Why it changed”.")


def _rated_before(row: Any, key: str) -> bool:
    """Whether the rating that a column belongs to is there already; a first one wants no reason."""
    return row.record.values.get(f"likelihood_{key.rsplit('_', 1)[1]}") is not None


def _keeps_reason(key: str) -> bool:
    return key in REASONED or key.startswith(("likelihood_", "impact"))


def _taken_before(row: Any, handed: Handed | None) -> bool:
    """Whether a cell that was changed at the meeting, and keeps a reason, says what the portal says by now."""
    for key in filter(_keeps_reason, handed.touched if handed else ()):
        item, value = row.kind.field(key), row.values.get(key)
        if value is not None and stamp(item, value) == stamp(item, row.record.values.get(key)):
            return True
    return False


def _follow_rating(row: Any, situation: Situation, *, meeting_row: bool) -> None:
    """A rating of now is a review of its day: what moves with it is told, and what the file itself says stays.

    A day that nobody touched in a meeting's workbook says nothing.
    """
    changed, known = row.changes_from_record(), row.record.values
    if meeting_row and "review" not in changed:
        row.values["review"] = None
    if not RATED_NOW & set(changed):
        return
    after = {"last_reviewed": situation.on}
    last = row.values.get("last_reviewed") if "last_reviewed" in changed else situation.on
    band = _band(row, situation)
    after["review"] = reviewing.next_review(last, band=band, own=row.record.more.get("review_months", 0))
    for key, day in after.items():
        if row.values.get(key) is None and known.get(key) != day:
            was = full_day(known.get(key), situation.client)
            anew = " anew" if known.get("likelihood_now") is not None else ""
            row.tell(f"{row.kind.field(key).label}, as it is rated{anew}", was, full_day(day, situation.client))


def _band(row: Any, situation: Situation) -> Band:
    """How serious the risk is with what the row rates now."""
    pair = [row.values.get(key) or row.record.values.get(key) or 0 for key in ("likelihood_now", "impact_now")]
    return Band(situation.once("scale", lambda client: _scale(client, situation)).band(pair[0] * pair[1]))


def _follow_state(row: Any, situation: Situation) -> None:
    """What ends with what the row changes, and what begins anew: both sides are mailed, and no undo brings it back."""
    changed, known = row.changes_from_record(), row.record.values
    was, becomes = changed.get("status", ("", ""))
    closed, rated = becomes == Status.CLOSED, bool(RATED_NOW & set(changed))
    if was == Status.CLOSED and not rated and "review" not in changed and known.get("review") != situation.on:
        days = (full_day(day, situation.client) for day in (known.get("review"), situation.on))
        row.tell("Next review, as it is open again", *days)
    signed = row.record.more.get("signed")
    if signed is not None and (closed or (rated and _band(row, situation) > signed.band)):
        why = "as it is closed" if closed else "as it rises above what was signed"
        words = f"{signed.by}, until {full_day(signed.until, situation.client)}"
        row.tell(f"Acceptance, {why}", words, "ends, and both sides are told")
    asked = row.record.more.get("asked")
    if asked is not None and rated and _band(row, situation) > asked:
        row.tell("Request to accept it, as it rises above what was asked", "waits", "is withdrawn")
    state = row.record.more.get("plan_state")
    if state == PlanState.ASKED and (closed or PLANNED & set(changed)):
        row.tell("Question about the plan", "asked", "is withdrawn")
    elif state == PlanState.APPROVED and PLANNED & set(changed):
        row.tell("Plan, as it changes", "approved", "to be approved anew")


def _scale(client: Client, situation: Situation) -> Scale:
    return frame(client, situation.on).scale


def _leave_closed(row: Any) -> None:
    """A closed risk is neither rated nor planned; what a file says of that is told and kept in the notes."""
    closed = row.record.values.get("status") == Status.CLOSED
    if not closed or row.values.get("status") not in (None, Status.CLOSED):
        return
    judged = [key for key in row.changes_from_record() if key in PLANNED or key.startswith(("likelihood_", "impact"))]
    if not judged:
        return
    labels = [row.kind.field(key).label for key in judged]
    for key, label in zip(judged, labels, strict=True):
        if text := row.texts.get(key):
            row.note(row.headers.get(key, label), text)
        row.values[key] = None
    row.warn(
        judged[0],
        f"The risk is closed here, so this is not taken: {', '.join(labels)}. It is kept in the notes; reopen the risk "
        "first if it counts.",
    )


def _say_emptied(row: Any, situation: Situation, handed: Handed) -> None:
    """No empty cell takes anything away; somebody who emptied one at a meeting is told so."""
    rated = RATED_NOW & set(row.changes_from_record())
    for key, said in handed.said.items():
        if key == "review" and rated:
            # It is counted anew from the rating, and told as what follows from that.
            continue
        item = row.kind.by_key.get(key)
        if item is None or not item.stored or said is None or key not in situation.mapped:
            continue
        if row.values.get(key) is None and is_nothing(row.texts.get(key, "")):
            words = Wording(names(situation), exponent_of(situation.client.currency), row.kind.day_of(situation.client))
            row.warn(
                key,
                f"{item.label} was emptied in the workbook. An empty cell takes nothing away, so it stays as it is "
                f"here; it said “{said_words(item, said, words)}”. Change it on the page of the risk.",
            )


def _say_owner_stays(row: Any, situation: Situation) -> None:
    """A name from which no owner is taken leaves the owner there is."""
    held = row.record.values.get("owner")
    if held and row.values.get("owner") is None and not is_nothing(row.texts.get("owner", "")):
        name = next((entry.name for entry in names(situation) if entry.key == held), "")
        row.warn("owner", f"{name} stays the owner.")
