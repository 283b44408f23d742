"""Marks, days, money and small charts inside the templates of reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from reporting import formats
from reporting.documents import Figure, PlanItem, RiskRow
from vciso import charts

register = template.Library()

# Marks of status are shapes with a word. Arrows are for movement alone.
_STATE = {
    "ok": "ok",
    "Inside your limits": "ok",
    "in force": "ok",
    "current": "ok",
    "done": "ok",
    "on track": "ok",
    "inside": "ok",
    "later": "ok",
    "watch": "watch",
    "Watch": "watch",
    "due": "watch",
    "ending soon": "watch",
    "awaiting approval": "watch",
    "draft": "watch",
    "at": "watch",
    "blocked": "watch",
    "off": "off",
    "Act now": "off",
    "overdue": "off",
    "expired": "off",
    "late": "off",
    "above": "off",
}
KEPT_ROWS = 6
_MARK = {"ok": "●", "watch": "◇", "off": "◆", "unknown": "○"}
_MOVED = {"worse": ("up", "▲"), "better": ("down", "▼"), "same": ("flat", "")}


@register.filter
def kind(state: str) -> str:
    """ok, watch, off or unknown: anything not listed is unknown, never fine."""
    return _STATE.get(state, "unknown")


@register.filter
def mark(state: str) -> str:
    """The shape of a status alone."""
    return _MARK[kind(state)]


@register.filter
def state(word: str) -> SafeString:
    """Shape and word, never colour alone."""
    key = kind(word)
    return format_html('<span class="st {}">{} {}</span>', key, _MARK[key], formats.capital(word))


@register.filter
def day(value: date | None, language: str = "en-GB") -> str:
    """A day as the client writes days."""
    return formats.day(value, language)


@register.filter
def day_or_dash(value: date | None, language: str = "en-GB") -> str:
    """A day in a table, a dash where there is none."""
    return formats.day(value, language) if value else "–"


@register.filter
def sentence(text: str) -> str:
    """A large letter in front and a full stop behind, so that another sentence may follow."""
    return formats.sentence(text)


@register.filter
def keep(rows: Sequence[object]) -> str:
    """The class of a table short enough to stand on one page undivided."""
    return "keep" if len(rows) <= KEPT_ROWS else ""


@register.filter
def money(minor: int | None, currency: str = "USD") -> str:
    """Minor units as money."""
    return formats.money(minor, currency)


@register.filter
def in_hours(minutes: int | None) -> str:
    """Minutes as hours with one decimal."""
    return "–" if minutes is None else f"{minutes / 60:.1f}"


@register.filter
def movement(figure: Figure) -> SafeString:
    """What it was, with an arrow and the word better or worse beside it."""
    if figure.movement == "first":
        return mark_safe('<span class="tr flat">first report</span>')
    if figure.movement == "not comparable":
        return mark_safe('<span class="tr flat">not comparable</span>')
    name, arrow = _MOVED[figure.movement]
    word = f"{arrow} {figure.movement}".strip()
    return format_html('<span class="tr {}">{}</span>, was {}', name, word, figure.was)


@register.filter
def risk_movement(row: RiskRow) -> SafeString:
    """A risk's score against the last report, in a table cell."""
    if row.is_new:
        return mark_safe('<span class="tr">new</span>')
    if row.movement in _MOVED and row.was_score is not None:
        name, arrow = _MOVED[row.movement]
        if row.movement == "same":
            return mark_safe('<span class="tr flat">same</span>')
        return format_html(
            '<span class="tr {}">{} {}</span><span class="was">, was {}</span>',
            name,
            arrow,
            row.movement,
            row.was_score,
        )
    return format_html(
        '<span class="tr flat">{}</span>', "first report" if row.movement == "first" else "not comparable"
    )


@register.filter
def chip(row: RiskRow) -> SafeString:
    """The score on a light-to-dark scale, with the band in words."""
    if row.rating is None:
        return mark_safe('<span class="st unknown">○ not rated</span>')
    return format_html(
        '<span class="chip s{}">{}</span> <span class="band-word">{}</span>',
        row.rating.step,
        row.rating.score,
        row.rating.band,
    )


@register.filter
def loss(row: RiskRow, currency: str = "USD") -> str:
    """What a rare year of an estimated risk may cost."""
    return f"{formats.money(row.loss_minor, currency, about=True)} or more in one year of {row.loss_years}"


@register.filter
def plan_state(item: PlanItem) -> SafeString:
    """On track, late by so many days, or blocked by whom."""
    word = {
        "late": f"late by {formats.plural(item.days_late, 'day')}",
        "blocked": f"blocked by {item.blocked_by}" if item.blocked_by else "blocked",
    }.get(item.state, item.state)
    key = kind(item.state)
    return format_html('<span class="st {} wrap">{} {}</span>', key, _MARK[key], formats.capital(word))


@register.filter
def change_mark(change_kind: str) -> SafeString:
    """The arrow of something that changed; new and unchanged have none."""
    name, arrow = {**_MOVED, "new": ("flat", "+"), "same": ("flat", "=")}[change_kind]
    return format_html('<span class="i {}">{}</span>', name, arrow)


@register.simple_tag
def steps(item: PlanItem) -> SafeString:
    """The bar of steps done; a dash where no steps are recorded."""
    if item.done is None or not item.total:
        return mark_safe('<span class="tr flat">no steps recorded</span>')
    return charts.progress(item.done, item.total)
