"""What a risk has to do with and the steps of its plan, as lines of a cell, and what comes back in them.

A link is read by its reference and added, never taken off. A step gives somebody work and tells them, which no
list does: one the portal does not know stays in the notes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any

from engagements.models import Task
from risks.enums import Status
from risks.models import PlanStep, Risk
from risks.selectors import links
from risks.services import links as linking
from vciso.imports.keeping import exponent_of
from vciso.imports.planning import alike
from vciso.imports.reading.texts import plain, shorten
from vciso.imports.registry import Field, Situation
from vciso.tenancy.models import Client, User

LINKS = Field(
    key="links",
    label="Linked records",
    synonyms=("linked record", "linked with"),
    help="Systems, vendors, policies and the like by reference, one a line: V-003 Brightleaf",
    appends=True,
)
STEPS = Field(
    key="steps",
    label="Plan steps",
    help="Read, not written: steps are added and changed on the risk's page",
    only_checked=True,
    shown=True,
)
_NEXT = re.compile(r"[;,]\s*(?=[A-Za-z]{1,8}-\d)")
"""What parts two references that somebody wrote on one line."""


def lines_of(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _strange(given: str | None, held: str | None) -> list[str]:
    """The lines of a cell that are none of those the record has."""
    known = {plain(line) for line in lines_of(held)}
    return [line for line in lines_of(given) if plain(line) not in known]


def step_line(step: PlanStep, client: Client) -> str:
    """A step as people read it: “T-004 Buy spares: Bob, by 2026-12-01, open, 1200.00”."""
    task: Task = step.task
    words = [task.who or "nobody yet", f"by {task.due_on.isoformat()}" if task.due_on else "no date"]
    words.append(task.get_status_display().lower())
    if step.cost_minor is not None:
        digits = exponent_of(client.currency)
        words.append(f"{step.cost_minor / 10**digits:.{digits}f}")
    return f"{task.reference} {task.title}: {', '.join(words)}"


def check_links(row: Any, situation: Situation) -> None:
    """The links that a row adds; what names no record of this client is told and kept in the notes."""
    strange = _strange(row.values.get(LINKS.key), row.record.values.get(LINKS.key) if row.record else "")
    found = []
    for line in (part.strip() for several in strange for part in _NEXT.split(several)):
        words, why = _meant(line, row, situation)
        if why:
            row.warn(LINKS.key, f"{why} It is kept in the notes.")
            row.note(LINKS.label, line)
        else:
            found.append(words)
    row.values[LINKS.key] = "\n".join(found) or None


def _meant(line: str, row: Any, situation: Situation) -> tuple[str, str]:
    """The record that a line names, as the portal calls it, or why it is none."""
    reference, _, name = line.partition(" ")
    reference = reference.strip(":,;").upper()
    title = situation.once("records", links.everything).get(reference)
    if title is None:
        return "", f"“{shorten(line, 80)}” is no record here that a risk can be linked with."
    if name.strip() and not alike(name, title):
        return "", f"{reference} is “{shorten(title, 60)}” here, so “{shorten(line, 80)}” is not linked."
    closed = row.record is not None and row.record.values.get("status") == Status.CLOSED
    if closed and row.values.get("status") in (None, Status.CLOSED):
        return "", f"{row.record.reference} is closed, so {reference} is not linked."
    return f"{reference} {title}", ""


def check_steps(row: Any) -> None:
    """Lines that are not the steps of the plan as it stands are told and kept in the notes."""
    strange = _strange(row.values.pop(STEPS.key, None), row.record.more.get(STEPS.key) if row.record else "")
    for line in strange:
        row.note(STEPS.label, line)
    if strange:
        row.warn(
            STEPS.key,
            f"“{shorten(strange[0], 80)}” is no step of this plan as it stands. It is kept in the notes; add or change "
            "steps on the risk's page, where each is a task of its person.",
        )


def link(risk: Risk, text: str | None, *, by: User, at: dt.datetime) -> None:
    """Link a risk with the records that a cell names and that it is not linked with yet."""
    if not text:
        return
    fresh = set(lines_of(text)) - set(_words(risk))
    for line in sorted(fresh):
        found = links.find(risk.client, line.partition(" ")[0])
        if found is not None:
            linking.link_risk(risk=risk, found=found, by=by, at=at)


def unlink(risk: Risk, text: str | None, *, by: User, at: dt.datetime) -> None:
    """Take off the links that a cell does not name, as an import found it."""
    for row in links.shown_of([risk]):
        found = links.behind(row)
        if not row.is_origin and found.words not in lines_of(text):
            linking.unlink_risk(link=row, found=found, by=by, at=at)


def _words(risk: Risk) -> Iterable[str]:
    return (links.behind(row).words for row in links.shown_of([risk]))
