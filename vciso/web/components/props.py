"""Checks that tags share: a value outside its list is a mistake of the template's author."""

from collections.abc import Iterable
from typing import Any

from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils.safestring import SafeString

TONES = ("", "ok", "warn", "bad", "info")
BUTTONS = ("", "primary", "danger", "quiet")
BUTTON_SIZES = ("", "sm", "lg", "block")


def one_of(tag: str, name: str, value: str, allowed: Iterable[str]) -> str:
    allowed = tuple(allowed)
    if value not in allowed:
        raise TemplateSyntaxError(f"{tag}: {name} {value!r} is none of {allowed}")
    return value


def draw(template: str, context: dict[str, Any]) -> SafeString:
    """Renders a component's template with exactly what it declares."""
    return SafeString(get_template(f"components/{template}.html").render(context))


def classes(base: str, *more: str) -> str:
    """`base` and `base-more` for each that is given."""
    return " ".join([base, *(f"{base}-{one}" for one in more if one)])


def inner(content: str) -> SafeString:
    """What stands inside a block tag, without the blank around it. Templates have rendered it."""
    return SafeString(content.strip())
