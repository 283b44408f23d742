"""The pieces charts are drawn with.

Every chart follows the same rules. Its first child is a title, which becomes the
alternative text of a PDF figure. Colours are presentation attributes, so that a PDF
needs no style sheet, and classes, so that a dark page can replace them. One unit is
one CSS pixel at full text width (660). Colour never carries meaning alone. There are
no filters, gradients, masks or scripts.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INK, SECOND, RULE, TINT, PAPER = "#17212B", "#4B5966", "#C8D0D7", "#F2F4F6", "#FFFFFF"
NAVY, MID, LIGHT, ALERT = "#12395A", "#3F7699", "#A9C3D4", "#B4471B"
# Severity from light to dark, and the ink that reads on it.
RAMP = {1: "#E4EBF0", 2: LIGHT, 3: MID, 4: NAVY}
ON = {1: INK, 2: INK, 3: PAPER, 4: PAPER}

_CLASSES = {
    INK: "c-ink",
    SECOND: "c-second",
    RULE: "c-rule",
    TINT: "c-tint",
    PAPER: "c-paper",
    NAVY: "c-4",
    MID: "c-3",
    LIGHT: "c-2",
    RAMP[1]: "c-1",
    ALERT: "c-alert",
}
# A character of Inter is about this much of its size wide.
CHARACTER = 0.54
# What style sheets of pages make of the lettering below an axis.
ON_SCREEN = 11


def text(
    x: float, y: float, content: object, *, size: float = 10.5, fill: str = SECOND,
    anchor: str = "start", bold: bool = False,
) -> str:  # fmt: skip
    """A line of text; whatever it says is escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="Inter" font-size="{size}" '
        f'font-weight="{600 if bold else 400}" fill="{fill}" class="{_CLASSES[fill]}" '
        f'text-anchor="{anchor}">{escape(content)}</text>'
    )


def line(
    x1: float, y1: float, x2: float, y2: float, *,
    stroke: str = RULE, width: float = 0.75, dash: str = "",
) -> str:  # fmt: skip
    """A straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="{stroke}" '
        f'class="s-{_CLASSES[stroke]}" stroke-width="{width}" fill="none"{dashes}/>'
    )


def rect(
    x: float, y: float, width: float, height: float, fill: str, *,
    stroke: str = "", stroke_width: float = 1, dash: str = "", radius: float = 0,
) -> str:  # fmt: skip
    """A filled or outlined box; nothing at all when it would have no width."""
    if width <= 0 or height <= 0:
        return ""
    edge = f' stroke="{stroke}" stroke-width="{stroke_width}"' if stroke else ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    corner = f' rx="{radius}"' if radius else ""
    classes = _CLASSES.get(fill, "c-none") + (f" s-{_CLASSES[stroke]}" if stroke else "")
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
        f'fill="{fill}" class="{classes}"{edge}{dashes}{corner}/>'
    )


def dot(x: float, y: float, radius: float, *, fill: str = NAVY, stroke: str = "") -> str:
    """A filled circle, outlined if asked."""
    edge = f' stroke="{stroke}" stroke-width="1.6"' if stroke else ""
    classes = _CLASSES[fill] + (f" s-{_CLASSES[stroke]}" if stroke else "")
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" class="{classes}"{edge}/>'


def path(points: Sequence[tuple[float, float]], *, stroke: str, width: float) -> str:
    """A line through points."""
    route = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{route}" fill="none" stroke="{stroke}" class="s-{_CLASSES[stroke]}" stroke-width="{width}"/>'


def svg(width: float, height: float, title: str, body: Sequence[str], kind: str = "") -> SafeString:
    """The finished figure. The title says in words what the figure shows."""
    classes = f"chart {kind}".strip()
    return mark_safe(  # noqa: S308 - every text was escaped where it was written
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{classes}" role="img" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f"<title>{escape(title)}</title>{''.join(body)}</svg>"
    )


def nothing(sentence: str, *, width: float = 330, height: float = 28) -> SafeString:
    """The figure that says there is nothing to draw."""
    return svg(width, height, sentence, [text(0, height / 2 + 3, sentence)], "empty")


def fit(content: str, width: float, size: float, lines: int = 1) -> list[str]:
    """The text in at most so many lines of a width, an ellipsis where it is cut."""
    room = max(4, int(width / (size * CHARACTER)))
    found: list[str] = []
    current = ""
    for word in content.split():
        longer = f"{current} {word}".strip()
        if len(longer) <= room or not current:
            current = longer
            continue
        found.append(current)
        current = word
    found.append(current)
    kept = [part if len(part) <= room else f"{part[: room - 1].rstrip()}…" for part in found[:lines]]
    if len(found) > lines and not kept[-1].endswith("…"):
        kept[-1] = f"{kept[-1][: room - 1].rstrip()}…"
    return kept


def amount(value: float) -> str:
    """1,250 or 12.5; large values in short: 3.4m, 2.1bn."""
    for floor, unit in ((1e9, "bn"), (1e6, "m")):
        if abs(value) >= floor:
            return f"{value / floor:.1f}".removesuffix(".0") + unit
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
