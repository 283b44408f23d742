"""Pieces with something inside: page heads, panels, sections, dialogs, drawers, timelines."""

from datetime import datetime
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify

from vciso.web import formats
from vciso.web.components.buttons import _csrf, link_button, submit
from vciso.web.components.props import TONES, classes, draw, inner, one_of
from vciso.web.icons import svg

register = template.Library()


def _id(title: str) -> str:
    return f"h-{slugify(title)[:40] or 'part'}"


@register.simple_block_tag
def page_header(content: str, title: str, sub: str = "", above: str = "", mark: str = "") -> SafeString:
    """Title, one sentence with live numbers, actions inside.

    `above` is a line of reference, severity and badges (`{% header_line as line %}`), `mark` a
    large client mark.
    """
    return draw("page_header", {"title": title, "sub": sub, "above": above, "mark": mark, "actions": inner(content)})


@register.simple_block_tag
def header_line(content: str) -> SafeString:
    """A row of small things, to hand to `page_header` with `as`."""
    return format_html('<div class="row">{}</div>', content)


@register.simple_block_tag
def section(content: str, title: str, note: str = "", url: str = "", link: str = "", aside: str = "") -> SafeString:
    """A part of a page with its heading; at its right a note, a link or `aside` markup."""
    return draw(
        "section",
        {"id": _id(title), "title": title, "note": note, "url": url, "link": link, "aside": aside, "content": content},
    )


@register.simple_block_tag
def panel(content: str, title: str = "", note: str = "", foot: str = "", flush: bool = False) -> SafeString:
    """A bordered part; `flush` leaves out the padding, for tables and lists."""
    return draw(
        "panel",
        {"id": _id(title), "title": title, "note": note, "foot": foot, "flush": flush, "content": content},
    )


@register.simple_block_tag
def rail(content: str, title: str, note: str = "") -> SafeString:
    """A part of the column at the right."""
    return draw("rail", {"id": _id(title), "title": title, "note": note, "content": content})


@register.simple_block_tag
def card(content: str, title: str = "", note: str = "") -> SafeString:
    """A part of an owner's or a director's page."""
    return draw("card", {"id": _id(title), "title": title, "note": note, "content": content})


@register.simple_block_tag
def banner(content: str, tone: str = "info", icon: str = "", alert: bool = False) -> SafeString:
    """A message that stays. `alert` has it read aloud at once."""
    one_of("banner", "tone", tone, TONES)
    usual = {"ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}
    css = classes("banner", "" if tone == "info" else tone)
    return format_html(
        '<div class="{}"{}>{}<div class="grow">{}</div></div>',
        css, SafeString(' role="alert"') if alert else "", svg(icon or usual.get(tone, "info")), content,
    )  # fmt: skip


@register.simple_block_tag
def stats(content: str, label: str = "Figures") -> SafeString:
    """Three to five joined figures, each a `{% stat %}`."""
    return format_html('<div class="stats" role="group" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def stat(label: str, value: Any, note: str = "", url: str = "", suffix: str = "", tone: str = "") -> SafeString:
    """One figure with what it is compared to, linked to the list it counts."""
    one_of("stat", "tone", tone, ("", "late", "soon"))
    small = format_html(" <small>{}</small>", suffix) if suffix else ""
    body = format_html(
        '<span class="stat-k">{}</span><span class="stat-v">{}{}</span><span class="stat-n {}">{}</span>',
        label, f"{value:,}" if isinstance(value, int) else value, small, tone, note,
    )  # fmt: skip
    if url:
        return format_html('<a class="stat" href="{}">{}</a>', url, body)
    return format_html('<div class="stat">{}</div>', body)


@register.simple_block_tag(takes_context=True)
def dialog(context: dict[str, Any], content: str, id: str, title: str, text: str = "") -> SafeString:
    """A native dialog: the title asks, the text says the consequence. Open it with `opener`."""
    return draw("dialog", {"id": id, "title": title, "text": text, "content": content})


@register.simple_block_tag(takes_context=True)
def form_dialog(
    context: dict[str, Any],
    content: str,
    id: str,
    title: str,
    action: str,
    verb: str,
    text: str = "",
    cancel: str = "Cancel",
    danger: bool = False,
) -> SafeString:
    """A dialog that posts its fields to `action`. `cancel` says what is kept (“Keep access”)."""
    foot = format_html(
        '<div class="modal-foot"><button class="btn" type="button" data-close>{}</button>{}</div>',
        cancel, submit(verb, "danger" if danger else "primary"),
    )  # fmt: skip
    body = format_html('<div class="modal-body form">{}</div>', content) if content.strip() else ""
    form = format_html('<form method="post" action="{}">{}{}{}</form>', action, _csrf(context), body, foot)
    return draw("dialog", {"id": id, "title": title, "text": text, "content": form})


@register.simple_block_tag
def drawer(content: str, title: str, close_url: str, above: str = "", full_url: str = "", foot: str = "") -> SafeString:
    """Details beside a list, with their own address; see `split` in the notes."""
    return draw(
        "drawer",
        {
            "title": title, "close_url": close_url, "above": above,
            "full_url": full_url, "foot": foot, "content": content,
        },
    )  # fmt: skip


@register.simple_block_tag
def timeline(content: str, label: str = "History") -> SafeString:
    """`{% event %}`s: newest first for a history, oldest first for a process."""
    return format_html('<ol class="timeline" aria-label="{}">{}</ol>', label, content)


@register.simple_block_tag
def event(content: str, icon: str = "circle", tone: str = "", when: Any = "") -> SafeString:
    """One thing that happened; `when` is a moment, a day or words."""
    one_of("event", "tone", tone, TONES)
    shown = formats.moment(when) if isinstance(when, datetime) else when
    return format_html(
        '<li class="tl"><span class="{}">{}</span><div class="tl-body">{} <span class="tl-when">{}</span></div></li>',
        classes("tl-dot", tone), svg(icon), content, shown,
    )  # fmt: skip


@register.simple_tag
def empty(
    title: str, text: str = "", icon: str = "inbox", url: str = "", verb: str = "", url2: str = "", verb2: str = ""
) -> SafeString:
    """What belongs here, and one primary way to fill it."""
    buttons = format_html(
        "{}{}",
        link_button(verb, url, "primary") if url and verb else "",
        link_button(verb2, url2) if url2 and verb2 else "",
    )
    return draw("empty", {"title": title, "text": text, "icon": icon, "buttons": buttons})


@register.simple_tag
def empty_filtered(noun: str, url: str, text: str = "") -> SafeString:
    """A list that has rows, none of which match; `url` shows them all again."""
    return draw(
        "empty",
        {
            "title": f"No {noun} match",
            "text": text or "Change the filters, or clear them to see everything.",
            "icon": "search-x",
            "buttons": link_button("Clear filters", url),
        },
    )
