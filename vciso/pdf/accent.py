"""A practice's accent colour as style rules for a PDF, always readable on white paper."""

from __future__ import annotations

import re

HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
WHITE = (255, 255, 255)
# Text of the colour on white, and white text on the colour.
TEXT_CONTRAST = 5.5
BAND_CONTRAST = 7.5

Rgb = tuple[int, int, int]


def style(accent: str) -> str:
    """The rules that colour labels, edges and the cover; empty without a valid accent."""
    if not HEX.match(accent):
        return ""
    colour = _rgb(accent)
    text = _hex(darkened(colour, TEXT_CONTRAST))
    band = _hex(darkened(colour, BAND_CONTRAST))
    return (
        f".kick, .mast .firm, .toc .tn {{ color: {text} }}"
        f".band {{ background-color: {band} }}"
        f".mast, .edge {{ border-bottom-color: {band} }}"
        f".ask, .so {{ border-left-color: {text} }}"
    )


def contrast(one: Rgb, other: Rgb) -> float:
    """The WCAG contrast ratio of two colours."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def darkened(colour: Rgb, wanted: float) -> Rgb:
    """The colour itself, or as much darker as white needs to stand out from it."""
    red, green, blue = colour
    while contrast((red, green, blue), WHITE) < wanted:
        red, green, blue = red * 94 // 100, green * 94 // 100, blue * 94 // 100
    return red, green, blue


def _rgb(text: str) -> Rgb:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _hex(colour: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _luminance(colour: Rgb) -> float:
    parts = [part / 255 for part in colour]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
