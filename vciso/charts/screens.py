"""One figure for two widths of screen: text that shrinks with its chart cannot be read on a phone."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDE, NARROW = 640, 280


def for_screens(draw: Callable[[float], SafeString], *, wide: float = WIDE) -> SafeString:
    """The figure drawn for a desk and for a phone; the style sheet shows one of them."""
    return format_html('<div class="only-wide">{}</div><div class="only-narrow">{}</div>', draw(wide), draw(NARROW))
