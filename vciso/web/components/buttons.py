"""Links, buttons, one-button forms, menus, tabs and segmented controls."""

import json
from typing import Any

from django import template
from django.middleware.csrf import get_token
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from vciso.web.components.props import BUTTON_SIZES, BUTTONS, classes, one_of
from vciso.web.icons import svg

register = template.Library()


def _css(tag: str, tone: str, size: str) -> str:
    one_of(tag, "tone", tone, BUTTONS)
    one_of(tag, "size", size, BUTTON_SIZES)
    return classes("btn", tone, size)


def _label(label: str) -> SafeString:
    return format_html(' aria-label="{}"', label) if label else SafeString("")


@register.simple_tag
def link_button(
    text: str, url: str, tone: str = "", icon: str = "", size: str = "", label: str = "", download: bool = False
) -> SafeString:
    """A link that looks like a button. `label` is the name read aloud when the text is short."""
    return format_html(
        '<a class="{}" href="{}"{}{}>{}{}</a>',
        _css("link_button", tone, size), url, _label(label),
        SafeString(" download") if download else "", svg(icon) if icon else "", text,
    )  # fmt: skip


@register.simple_tag
def icon_link(icon: str, url: str, label: str, small: bool = False) -> SafeString:
    """An icon alone, with its name for those who do not see it."""
    css = classes("icon-btn", "sm" if small else "")
    return format_html('<a class="{}" href="{}" aria-label="{}">{}</a>', css, url, label, svg(icon))


@register.simple_tag
def submit(
    text: str, tone: str = "primary", icon: str = "", size: str = "", name: str = "", value: str = "", label: str = ""
) -> SafeString:
    """The button of a form. With `name` and `value` it says which of several was pressed."""
    named = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button class="{}" type="submit"{}{}><span class="spinner" aria-hidden="true"></span>{}{}</button>',
        _css("submit", tone, size), named, _label(label), svg(icon) if icon else "", text,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def action(
    context: dict[str, Any],
    text: str,
    url: str,
    tone: str = "",
    icon: str = "",
    size: str = "",
    name: str = "",
    value: str = "",
    label: str = "",
) -> SafeString:
    """A form of one button that posts to `url`, for what needs no question first."""
    given = format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else ""
    return format_html(
        '<form class="inline" method="post" action="{}">{}{}{}</form>',
        url, _csrf(context), given, submit(text, tone, icon, size, label=label),
    )  # fmt: skip


def _csrf(context: dict[str, Any]) -> SafeString:
    request = context.get("request")
    if request is None:
        return SafeString("")
    return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', get_token(request))


@register.simple_tag
def opener(
    text: str, dialog: str, tone: str = "", icon: str = "", size: str = "", href: str = "", label: str = ""
) -> SafeString:
    """Opens the dialog with this id. With `href` it is a link that works without script."""
    css = _css("opener", tone, size)
    inner = format_html("{}{}", svg(icon) if icon else "", text)
    if href:
        return format_html(
            '<a class="{}" href="{}" data-open="#{}" aria-haspopup="dialog"{}>{}</a>',
            css, href, dialog, _label(label), inner,
        )  # fmt: skip
    return format_html(
        '<button class="{}" type="button" data-open="#{}" aria-haspopup="dialog"{}>{}</button>',
        css, dialog, _label(label), inner,
    )  # fmt: skip


@register.simple_block_tag
def menu(
    content: str, text: str = "", icon: str = "", label: str = "", align: str = "right", tone: str = "", size: str = ""
) -> SafeString:
    """A menu of `{% menu_item %}`s behind a button; opens without script."""
    one_of("menu", "align", align, ("left", "right", "up"))
    return format_html(
        '<details class="menu menu-{}"><summary class="{}"{}>{}{}</summary>'
        '<div class="menu-pop">{}</div></details>',
        align, _css("menu", tone, size), _label(label), svg(icon) if icon else "", text, content,
    )  # fmt: skip


@register.simple_tag
def menu_item(text: str, url: str, icon: str = "", current: bool = False) -> SafeString:
    return format_html(
        '<a class="menu-item" href="{}"{}>{}{}</a>',
        url, SafeString(' aria-current="true"') if current else "", svg(icon) if icon else "", text,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def menu_action(
    context: dict[str, Any], text: str, url: str, icon: str = "", name: str = "", value: str = ""
) -> SafeString:
    """A line of a menu that posts."""
    given = format_html('<input type="hidden" name="{}" value="{}">', name, value) if name else ""
    return format_html(
        '<form method="post" action="{}">{}{}<button class="menu-item" type="submit">{}{}</button></form>',
        url, _csrf(context), given, svg(icon) if icon else "", text,
    )  # fmt: skip


@register.simple_block_tag
def tabs(content: str, label: str) -> SafeString:
    """Pages of one object as a row of links; each `{% tab %}` has its own address."""
    return format_html('<nav class="tabs" aria-label="{}">{}</nav>', label, content)


@register.simple_tag
def tab(text: str, url: str, current: bool = False, count: int | None = None) -> SafeString:
    number = format_html('<span class="n">{}</span>', f"{count:,}") if count is not None else ""
    return format_html(
        '<a href="{}"{}>{}{}</a>', url, SafeString(' aria-current="page"') if current else "", text, number
    )


@register.simple_block_tag
def seg(content: str, label: str) -> SafeString:
    """Views of one list, side by side: `{% seg_item %}`s, each a link."""
    return format_html('<div class="seg" role="group" aria-label="{}">{}</div>', label, content)


@register.simple_tag
def seg_item(text: str, url: str, current: bool = False, count: int | None = None) -> SafeString:
    number = format_html('<span class="n">{}</span>', f"{count:,}") if count is not None else ""
    return format_html(
        '<a href="{}"{}>{} {}</a>', url, SafeString(' aria-current="true"') if current else "", text, number
    )


@register.simple_tag
def crumb(text: str, url: str = "") -> SafeString:
    """One step of the breadcrumb; the last one has no address."""
    if url:
        return format_html('<li><a href="{}">{}</a></li>', url, text)
    return format_html('<li aria-current="page">{}</li>', text)


@register.simple_tag
def stepper(steps: list[str], current: int, label: str = "Steps") -> SafeString:
    """Named steps; `current` counts from 0, and the number of steps means all are done."""
    items = []
    for index, name in enumerate(steps):
        state = "done" if index < current else "now" if index == current else ""
        items.append(
            (
                classes("step", state),
                SafeString(' aria-current="step"') if state == "now" else "",
                svg("check") if state == "done" else "",
                name,
                SafeString('<span class="vh">done</span>') if state == "done" else "",
            )
        )
    body = format_html_join("", '<li class="{}"{}><b>{}{}</b>{}</li>', items)
    return format_html('<ol class="steps" aria-label="{}">{}</ol>', label, body)


@register.simple_tag
def passkey_button(text: str, does: str, into: str, options: Any = None, url: str = "", tone: str = "") -> SafeString:
    """Opens the browser's passkey dialog to `get` or `create` one.

    What it answers goes into the hidden field named `into`, and the form is sent. `options` are
    the server's; without them they are fetched from `url` when pressed. Shown by the script alone,
    and only where the browser has passkeys.
    """
    one_of("passkey_button", "does", does, ("get", "create"))
    return format_html(
        '<button class="{} btn-lg btn-block" type="button" hidden data-passkey="{}" data-into="{}"{}{}>{}{}</button>'
        '<p class="error" role="alert" hidden data-passkey-note></p>',
        _css("passkey_button", tone, ""), does, into,
        format_html(' data-options="{}"', json.dumps(options)) if options else "",
        format_html(' data-url="{}"', url) if url else "", svg("key-round"), text,
    )  # fmt: skip
