"""The lines of the list, drawn here: a hundred lines through a template cost twice the rest of the page.

Signs are drawn once per kind, and a line is one piece of HTML whose values are escaped.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from risks.enums import Status, Treatment
from risks.models import Risk
from vciso.web.components import basics

LINE = (
    '<tr{opened}>{choose}<td class="id">{reference}</td>'
    '<th scope="row"><a href="{url}{reference}" data-row{current}>{title}</a><div class="cell-sub">{sub}</div></th>'
    '<td>{severity}{above}</td><td class="nb">{treatment}</td><td>{due}</td></tr>\n'
)
CHOOSE = (
    '<td class="only-wide">'
    '<input type="checkbox" name="risk" value="{reference}" aria-label="Choose {reference}"{checked}></td>'
)
CHECKED = SafeString(" checked")
OPENED = (SafeString(' class="is-open"'), SafeString(' aria-current="true"'))
ABOVE = SafeString('<div class="cell-sub nb">Above limit</div>')
NOTHING = SafeString("")

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


def rows(
    risks: Iterable[Risk],
    *,
    on: dt.date,
    open_url: str,
    opened: str = "",
    choosing: bool = False,
    chosen: Container[str] = (),
) -> list[SafeString]:
    """The lines of a page; `open_url` ends where the reference goes, `opened` is in the drawer.

    `choosing` puts a box before each line, with a tick where the risk is `chosen` already. A page of a
    hundred lines has five severities and a handful of treatments, so each sign is made once for the page.
    """
    severity, badge = cache(basics.sev), cache(basics.badge)
    due = cache(lambda day: basics.due(day, today=on))

    def line(risk: Risk) -> SafeString:
        accepted = risk.is_accepted(on=on)
        owner = risk.owner.name if risk.owner else "Nobody owns it"
        is_open, current = OPENED if risk.reference == opened else (NOTHING, NOTHING)
        return format_html(
            LINE,
            opened=is_open,
            current=current,
            choose=_box(risk, chosen) if choosing else NOTHING,
            reference=risk.reference,
            url=open_url,
            title=risk.title,
            sub=f"{risk.category} · {owner}" if risk.category else owner,
            severity=severity(risk.now_band),
            above=ABOVE if risk.is_above and risk.is_open else NOTHING,
            treatment=_treatment(risk, accepted, badge),
            due=due(risk.next_on(on=on)),
        )

    return [line(risk) for risk in risks]


def _box(risk: Risk, chosen: Container[str]) -> SafeString:
    return format_html(CHOOSE, reference=risk.reference, checked=CHECKED if risk.reference in chosen else NOTHING)


Drawn = Callable[..., SafeString]


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
