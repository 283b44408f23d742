"""Colours of cells, as far as registers speak in them: red, amber, yellow and green. The rest says nothing."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Mapping

_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})$")
_INDEXED = {
    "2": "FF0000", "3": "00FF00", "5": "FFFF00", "10": "FF0000", "11": "00FF00", "13": "FFFF00", "16": "800000",
    "17": "008000", "19": "808000", "29": "FF8080", "34": "FFFF00", "42": "CCFFCC", "43": "FFFF99", "45": "FF99CC",
    "47": "FFCC99", "50": "99CC00", "51": "FFCC00", "52": "FF9900", "53": "FF6600", "57": "339966", "58": "003300",
    "60": "993300",
}  # fmt: skip
"""Those of the old palette that are one of the four."""
_THEME_ORDER = ("lt1", "dk1", "lt2", "dk2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6")
_NAMES = ((15, "red"), (50, "amber"), (70, "yellow"), (170, "green"), (340, ""), (360, "red"))


def name_of(attrs: Mapping[str, str], theme: Mapping[str, str]) -> str:
    """The colour's name, or nothing for grey, blue and what is all but white or black."""
    found = attrs.get("rgb", "")
    if "theme" in attrs:
        number = attrs["theme"]
        found = theme.get(_THEME_ORDER[int(number)], "") if number.isdigit() and int(number) < 10 else ""
    elif "indexed" in attrs:
        found = _INDEXED.get(attrs["indexed"], "")
    match = _RGB.match(found)
    if match is None:
        return ""
    red, green, blue = (int(match[1][place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, strength = colorsys.rgb_to_hls(red, green, blue)
    if strength < 0.25 or not 0.1 < light < 0.97:
        return ""
    return next(name for end, name in _NAMES if hue * 360 <= end)
