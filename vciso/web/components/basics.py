"""Words with a sign: icons, severity, badges, states, marks, people, and formatted values."""

from datetime import date, datetime
from typing import Any

from django import template
from django.template import TemplateSyntaxError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vciso.tenancy.models import initials as initials_of
from vciso.web import formats, markdown, slots
from vciso.web.components.props import TONES, classes, one_of
from vciso.web.heatmap import LEVELS
from vciso.web.icons import svg
from vciso.web.place import Place

register = template.Library()

BARS = {
    level: SafeString(
        '<svg viewBox="0 0 16 14" aria-hidden="true">'
        + "".join(
            f'<rect x="{i * 4}" y="{9 - 3 * i}" width="3" height="{5 + 3 * i}" rx="1" '
            f'class="{"on" if i < level else "off"}"/>'
            for i in range(4)
        )
        + "</svg>"
    )
    for level in range(5)
}


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """`{% icon "search" %}`: lucide's name; `size` sm, lg or xl; `label` when it stands alone."""
    return svg(str(name), size, str(label))


@register.simple_tag
def sev(level: int | None, label: str = "", box: bool = False, count: int | None = None) -> SafeString:
    """Severity 1–4 as bars and word; `box` for headers; `count` puts a number for the word.

    None is “Not rated”, in words and without bars.
    """
    if level in (None, "", 0):
        return format_html('<span class="st">{}{}</span>', svg("circle-dashed"), label or "Not rated")
    if level not in LEVELS:
        raise TemplateSyntaxError(f"sev: level {level!r} is none of {tuple(LEVELS)}")
    word = label or LEVELS[level]
    css = f"sev sev-{level}" + (" sev-box" if box else "")
    if count is not None:
        return format_html('<span class="{}"><span class="vh">{}: </span>{}{}</span>', css, word, BARS[level], count)
    return format_html('<span class="{}">{}{}</span>', css, BARS[level], word)


@register.simple_tag
def badge(text: str, tone: str = "", icon: str = "") -> SafeString:
    """An object's state. `tone` ok, warn, bad, info or line; a toned badge has an icon."""
    one_of("badge", "tone", tone, (*TONES, "line"))
    return format_html('<span class="{}">{}{}</span>', classes("badge", tone), svg(icon) if icon else "", text)


@register.simple_tag
def chip(text: str) -> SafeString:
    """A small neutral fact, such as a law that applies."""
    return format_html('<span class="chip">{}</span>', text)


@register.simple_tag
def status(text: str, tone: str = "", icon: str = "") -> SafeString:
    """A task's state: icon and word. Without an icon the tone chooses one."""
    one_of("status", "tone", tone, TONES)
    usual = {"ok": "circle-check", "warn": "circle-dot", "bad": "circle-alert", "info": "pencil"}
    return format_html('<span class="st st-{}">{}{}</span>', tone, svg(icon or usual.get(tone, "circle-dashed")), text)


@register.simple_tag
def mark(client: Any, size: str = "") -> SafeString:
    """A client's initials on its colour; decoration, since the name stands beside it."""
    one_of("mark", "size", size, ("", "sm", "lg"))
    css = f"{classes('mark', size)} h-{client.hue}"
    return format_html('<span class="{}" aria-hidden="true">{}</span>', css, client.initials)


@register.simple_tag
def avatar(name: Any) -> SafeString:
    return format_html('<span class="avatar" aria-hidden="true">{}</span>', initials_of(str(name)))


@register.simple_tag
def person(who: Any, empty: str = "Nobody") -> SafeString:
    """A person's initials and name; `who` is a Person, a User, a name or None."""
    if not who:
        return format_html('<span class="muted">{}</span>', empty)
    name = getattr(who, "name", None) or str(who)
    return format_html('<span class="person">{}{}</span>', avatar(name), name)


@register.simple_tag
def due(on: date | None, today: date | None = None, soon: int = 7, empty: str = "No date") -> SafeString:
    """A date to meet: “8 days late” in red, close ones in amber, then the day."""
    if on is None:
        return format_html('<span class="muted">{}</span>', empty)
    tone = formats.due_tone(on, on=today, soon=soon)
    return format_html(
        '<time class="nb {}" datetime="{}" title="{}">{}</time>',
        tone,
        on.isoformat(),
        formats.long_day(on, on=today),
        formats.due(on, on=today),
    )


@register.simple_tag
def progress(value: float, max: float, label: str, tone: str = "") -> SafeString:
    """A native progress bar; `tone` ok, warn, bad or ink."""
    one_of("progress", "tone", tone, ("", "ok", "warn", "bad", "ink"))
    css = f"p-{tone}" if tone else ""
    return format_html(
        '<progress class="{}" value="{}" max="{}" aria-label="{}">{} of {}</progress>',
        css, value, max or 1, label, value, max,
    )  # fmt: skip


@register.simple_tag
def pips(done: int, total: int, label: str = "") -> SafeString:
    """Small steps of a row; the word stands beside them."""
    steps = format_html_join(
        "",
        '<span class="pip {}"></span>',
        (("pip-done" if i < done else "pip-on" if i == done else "",) for i in range(total)),
    )
    named = format_html('<span class="vh">{}</span>', label) if label else ""
    return format_html('<span class="pips" aria-hidden="true">{}</span>{}', steps, named)


@register.simple_tag
def fact(term: str, value: Any = None, empty: str = "Not set") -> SafeString:
    """One line of a `<dl class="dl">`; an unset value says so in words."""
    unset = value is None or value == ""
    shown = format_html('<span class="muted">{}</span>', empty) if unset else value
    return format_html("<dt>{}</dt><dd>{}</dd>", term, shown)


@register.simple_tag(takes_context=True)
def slot(context: dict[str, Any], name: str, **given: Any) -> SafeString:
    """What upper apps have registered for this place; see `vciso.web.slots`."""
    return slots.fill(name, context["request"], **given)


def _place(client: Any) -> Place | None:
    return Place.of(client) if client else None


@register.filter(is_safe=False)
def day(value: date | datetime | None, client: Any = None) -> str:
    """“Tue 24 Nov”; the year only where it differs from today's."""
    return formats.day(value, place=_place(client))


@register.filter
def long_day(value: date | datetime | None, client: Any = None) -> str:
    """“Tuesday 24 November”."""
    return formats.long_day(value, place=_place(client))


@register.filter
def printed_day(value: date | datetime | None) -> str:
    """“24 Nov 2026”."""
    return formats.printed_day(value)


@register.filter
def full_time(value: datetime) -> str:
    """The clock of a record to the second: {{ answer.at|full_time }}."""
    return formats.clock(value, seconds=True)


@register.filter
def full_day(value: date | datetime | None) -> str:
    """“30 March 2027”, “March 30, 2027”."""
    return formats.full_day(value)


@register.filter
def moment(value: datetime | None) -> str:
    """“Today 09:41”, “Yesterday 16:40”, “Wed 18 Nov 09:12”."""
    return formats.moment(value)


@register.filter
def full_stop(text: str) -> str:
    """What somebody wrote, ended as a sentence, where another follows: {{ ask.withdrawn_reason|full_stop }}."""
    return formats.full_stop(text)


@register.filter
def browser(agent: str) -> str:
    """“Firefox on Windows”."""
    return formats.browser(agent)


@register.filter
def money(minor: int | None, currency: Any = "") -> str:
    """Minor units as “$38,400”, in the currency of the client on the page or the one given."""
    return formats.money(minor, getattr(currency, "currency", currency))


@register.filter
def about(minor: int) -> str:
    """A sum that was estimated, to two significant digits."""
    return formats.about(minor)


@register.filter
def hours(minutes: int | None) -> str:
    """Minutes as “1.5 h”."""
    return formats.hours(minutes)


@register.filter
def counted(number: int, nouns: str) -> str:
    """`{{ 3|counted:"risk" }}` → “3 risks”; `"policy,policies"` where the plural is another."""
    noun, _, plural = nouns.partition(",")
    return formats.count_of(number, noun, plural)


@register.filter(name="markdown")
def markdown_filter(text: str) -> SafeString:
    """People's markdown as a small, safe set of tags; wrap it in `<div class="prose">`."""
    return markdown.to_html(text)
