"""The lines of the list, with their signs drawn once per kind instead of once per line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.safestring import SafeString

from risks.enums import Status, Treatment
from risks.models import Risk
from vciso.web.components import basics


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list, ready to print."""

    reference: str
    title: str
    sub: str
    severity: SafeString
    above: bool
    treatment: SafeString | str
    due: SafeString
    url: str
    opened: bool


COLUMNS = (
    "client",
    "reference",
    "title",
    "category",
    "owner__name",
    "status",
    "treatment",
    "target_on",
    "now_band",
    "is_above",
    "accepted_until",
    "acceptance_gap",
)


def rows(risks: Iterable[Risk], *, on: dt.date, open_url: str, opened: str = "") -> list[Row]:
    """The lines of a page; `open_url` ends where the reference goes, `opened` is in the drawer.

    A page of a hundred lines has five severities and a handful of treatments, so each sign is
    made once for the page.
    """
    severity, badge = cache(basics.sev), cache(basics.badge)
    due = cache(lambda day: basics.due(day, today=on))
    return [_row(risk, on, open_url, opened, severity, badge, due) for risk in risks]


Drawn = Callable[..., SafeString]


def _row(risk: Risk, on: dt.date, open_url: str, opened: str, severity: Drawn, badge: Drawn, due: Drawn) -> Row:
    accepted = risk.is_accepted(on=on)
    owner = risk.owner.name if risk.owner else "Nobody owns it"
    day = risk.accepted_until if accepted else None if risk.is_closed else risk.target_on
    return Row(
        reference=risk.reference,
        title=risk.title,
        sub=f"{risk.category} · {owner}" if risk.category else owner,
        severity=severity(risk.now_band),
        above=risk.is_above and risk.is_open,
        treatment=_treatment(risk, accepted, badge),
        due=due(day),
        url=f"{open_url}{risk.reference}",
        opened=risk.reference == opened,
    )


def _treatment(risk: Risk, accepted: bool, badge: Drawn) -> SafeString | str:
    """What was decided, or what keeps it from being decided."""
    if accepted:
        return badge("Accepted", "line", "signature")
    if risk.is_closed:
        return badge("Closed", "ok", "circle-check")
    if risk.status == Status.PROPOSED:
        return badge("Proposed", "info", "lightbulb")
    if risk.acceptance_gap:
        return badge("Sign-off missing", "warn", "circle-alert")
    if risk.treatment == Treatment.UNDECIDED:
        return badge("To decide", "warn", "hourglass")
    return str(Treatment(risk.treatment).label)
