"""A practice's accent colour, made safe to read in light and dark.

Only five tokens can be branded. The style sheet's address holds the colour itself, so it needs
no database, no session and no name of a practice, and may be cached for ever.
"""

import colorsys
import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from vciso.tenancy.permissions import PUBLIC, requires

LIGHT, DARK = "#ffffff", "#1c2028"
WANTED = 4.5
RGB = tuple[float, float, float]


class UnreadableAccent(ValueError):
    """The colour is too light for white text on it."""


@dataclass(frozen=True)
class Tokens:
    """The five tokens of one theme."""

    accent: str
    solid: str
    hover: str
    tint: str
    on: str = "#fff"

    def css(self) -> str:
        return (
            f"--accent:{self.accent};--accent-solid:{self.solid};"
            f"--accent-solid-hover:{self.hover};--accent-tint:{self.tint};--on-accent:{self.on}"
        )


def _rgb(colour: str) -> RGB:
    digits = colour.lstrip("#")
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def _hex(rgb: RGB) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in rgb)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2.2 defines it: 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(colour: str, base: str, share: float) -> str:
    """So much of the colour, the rest of the base."""
    one, two = _rgb(colour), _rgb(base)
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(one, two, strict=True))
    return _hex((red, green, blue))


def _lightness(colour: str, change: float) -> str:
    hue, light, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    return _hex(colorsys.hls_to_rgb(hue, max(0.0, min(1.0, light + change)), saturation))


def _until(colour: str, step: float, grounds: tuple[str, ...], wanted: float) -> str:
    """The colour, made lighter or darker step by step until it can be read on every ground."""
    for _ in range(100):
        if all(contrast(colour, ground) >= wanted for ground in grounds):
            return colour
        colour = _lightness(colour, step)
    return colour


def tokens(accent: str) -> tuple[Tokens, Tokens]:
    """The tokens of the light and the dark theme. Refuses a colour white text fails on.

    The bound is WCAG 2.2's 4.5:1 for text, computed on each token's real backgrounds.
    """
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", accent):
        raise UnreadableAccent("Write the colour as # and six digits, for example #2a4fc4.")
    accent = accent.lower()
    if contrast(accent, "#ffffff") < WANTED:
        raise UnreadableAccent(
            "White text on this colour is hard to read. Choose a darker one: "
            f"it reaches {contrast(accent, '#ffffff'):.1f} to 1 and needs {WANTED} to 1."
        )
    tint = mix(accent, "#ffffff", 0.08)
    text = _until(accent, -0.01, ("#ffffff", "#f5f6f8", tint), WANTED)
    light = Tokens(text, accent, _lightness(accent, -0.07), tint)
    dark_tint = mix(accent, "#13161b", 0.22)
    dark_text = _until(accent, 0.01, ("#0d0f13", DARK, dark_tint), WANTED + 1)
    solid = accent
    if contrast(solid, DARK) < 1.6:
        solid = _until(solid, 0.01, (DARK,), 1.6)
    solid = _until(solid, -0.01, ("#ffffff",), WANTED)
    dark = Tokens(dark_text, solid, _hover_in_dark(solid), dark_tint)
    return light, dark


def _hover_in_dark(solid: str) -> str:
    lighter = _lightness(solid, 0.04)
    return lighter if contrast(lighter, "#ffffff") >= WANTED else _lightness(solid, -0.05)


def stylesheet(accent: str) -> str:
    """The tokens in the layer they replace, for light, dark and the reader's own setting."""
    light, dark = tokens(accent)
    return (
        "@layer tokens{"
        f":root{{{light.css()}}}"
        f':root[data-theme="dark"]{{{dark.css()}}}'
        f'@media (prefers-color-scheme:dark){{:root[data-theme="auto"]{{{dark.css()}}}}}'
        "}\n"
    )


@requires(PUBLIC)
def view(request: HttpRequest, accent: str) -> HttpResponse:
    """`/brand/2a4fc4.css`: a function of its address alone."""
    try:
        css = stylesheet(f"#{accent}")
    except UnreadableAccent as refused:
        raise Http404 from refused
    response = HttpResponse(css, content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
