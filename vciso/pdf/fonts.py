"""The faces documents are set in, made once at set-up from the npm packages.

`python -m vciso.pdf.fonts node_modules var/fonts` writes static TrueType subsets:
WeasyPrint renders with them a third faster than with WOFF2, and three times faster
than with a full WOFF2. Nothing here imports Django or WeasyPrint.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

FACES = {
    "Inter-Regular.ttf": "inter-ui/web/Inter-Regular.woff2",
    "Inter-SemiBold.ttf": "inter-ui/web/Inter-SemiBold.woff2",
    "SourceSerif4Display-Regular.ttf": ("source-serif/WOFF2/TTF/SourceSerif4Display-Regular.ttf.woff2"),
    "NotoEmoji-Regular.ttf": "@expo-google-fonts/noto-emoji/400Regular/NotoEmoji_400Regular.ttf",
}

# Latin with extensions, Greek, Cyrillic, punctuation, currency, arrows, marks of status.
RANGES = (
    (0x20, 0x24F),
    (0x259, 0x259),
    (0x2BB, 0x2C7),
    (0x2D8, 0x2DD),
    (0x300, 0x30C),
    (0x370, 0x4FF),
    (0x1E00, 0x1EFF),
    (0x2000, 0x209F),
    (0x20A0, 0x20C0),
    (0x2116, 0x2116),
    (0x2122, 0x2122),
    (0x2190, 0x2199),
    (0x2206, 0x2265),
    (0x25A0, 0x25CF),
    (0x2610, 0x2611),
    (0x2713, 0x2717),
)
# What people type as pictures, with what joins several into one. No word is set in this face: it is found
# where the others lack a character, and costs nothing else.
PICTURES = (
    (0x200D, 0x200D),
    (0x20E3, 0x20E3),
    (0x2600, 0x27BF),
    (0x2B00, 0x2BFF),
    (0xFE0F, 0xFE0F),
    (0x1F000, 0x1FAFF),
)
RANGES_OF = {"NotoEmoji-Regular.ttf": PICTURES}
FEATURES = ("kern", "liga", "rlig", "calt", "ccmp", "locl", "mark", "mkmk", "tnum", "lnum", "case")


def missing(target: Path) -> list[str]:
    """The faces that have not been made yet."""
    return [name for name in FACES if not (target / name).is_file()]


def make(packages: Path, target: Path) -> list[Path]:
    """Write every face; an unfinished file is never left under its final name."""
    target.mkdir(parents=True, exist_ok=True)
    return [_make_one(packages / source, target / name) for name, source in FACES.items()]


def _make_one(source: Path, target: Path) -> Path:
    from fontTools import subset

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = subset.Options(flavor=None, hinting=False, layout_features=list(FEATURES), notdef_outline=True)
    font = subset.load_font(str(source), options)
    wanted = subset.Subsetter(options)
    ranges = RANGES_OF.get(target.name, RANGES)
    wanted.populate(unicodes=[code for low, high in ranges for code in range(low, high + 1)])
    wanted.subset(font)
    font.flavor = None
    partial = target.with_suffix(".part")
    font.save(str(partial))
    font.close()
    return partial.replace(target)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
