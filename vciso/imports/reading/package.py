"""The parts of a workbook that sheets refer to: relations, texts, styles.

XML is read by expat event by event. A document type or an entity is refused,
so nothing expands and nothing outside the file is looked at (checklist D6).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat

from vciso.imports.reading import colours
from vciso.imports.reading.guard import OWN_ENTITIES
from vciso.imports.reading.refused import ImportRefused

Attributes = dict[str, str]
MAX_DEPTH = 60
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass
class Events:
    """Receives the elements of one part, without their namespaces."""

    start: Callable[[str, Attributes], None]
    end: Callable[[str], None]
    text: Callable[[str], None]


class Enough(Exception):
    """Raised by a receiver that has read all it wants."""


def parse(part: bytes, events: Events) -> None:
    """Send the part's elements to ``events``; refuses damage, entities and deep nesting."""
    parser = expat.ParserCreate(namespace_separator="|")
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise ImportRefused("The workbook is nested deeper than any spreadsheet program writes it.")
        events.start(name.rsplit("|", 1)[-1], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        events.end(name.rsplit("|", 1)[-1])

    def refuse(*_: object) -> None:
        raise ImportRefused(OWN_ENTITIES)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = events.text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(part, True)
    except Enough:
        return
    except expat.ExpatError as error:
        raise ImportRefused(
            "The workbook is damaged: one of its parts ends early or is not well formed. "
            "Open it, save it as a new XLSX file and choose that."
        ) from error


def attribute(attributes: Attributes, name: str) -> str:
    """An attribute by its local name, whatever its namespace."""
    if name in attributes:
        return attributes[name]
    tail = f"|{name}"
    return next((value for key, value in attributes.items() if key.endswith(tail)), "")


def elements(part: bytes) -> list[tuple[str, Attributes]]:
    """All elements of a small part, flat."""
    found: list[tuple[str, Attributes]] = []
    parse(part, Events(lambda name, attrs: found.append((name, attrs)), lambda _: None, lambda _: None))
    return found


def unescape(text: str) -> str:
    """Undo the ``_x000D_`` form in which workbooks hold control characters."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def relations(parts: dict[str, bytes], path: str) -> dict[str, tuple[str, str]]:
    """Relation id → (kind, path or address) of a part; external ones keep their address."""
    folder, name = posixpath.split(path)
    part = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if part is None:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for element, attrs in elements(part):
        if element != "Relationship":
            continue
        target = attrs.get("Target", "")
        if attrs.get("TargetMode", "").lower() != "external":
            target = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            target = posixpath.normpath(target)
        found[attrs.get("Id", "")] = (attrs.get("Type", "").rsplit("/", 1)[-1], target)
    return found


@dataclass
class Style:
    """What matters of a cell's look."""

    date: bool = False
    percent: bool = False
    struck: bool = False
    colour: str = ""
    """Red, amber, yellow or green behind the text."""


@dataclass
class Styles:
    cells: list[Style] = field(default_factory=list)

    def of(self, index: str) -> Style:
        number = int(index) if index.isdigit() and len(index) < 7 else 0
        return self.cells[number] if number < len(self.cells) else _PLAIN


_PLAIN = Style()
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


def _is_date(code: str) -> bool:
    bare = _NOT_IN_FORMAT.sub("", code.split(";")[0]).lower()
    return any(letter in bare for letter in "dy") or ("m" in bare and not any(c in bare for c in "0#?"))


def read_theme(part: bytes | None) -> dict[str, str]:
    """The colours that styles name by their place in the workbook's theme."""
    found: dict[str, str] = {}
    inside: list[str] = []

    def start(name: str, attrs: Attributes) -> None:
        if name in ("srgbClr", "sysClr") and inside[-2:-1] == ["clrScheme"]:
            found.setdefault(inside[-1], attrs.get("val" if name == "srgbClr" else "lastClr", ""))
        inside.append(name)

    def end(name: str) -> None:
        inside.pop()

    if part is not None:
        with ignoring_damage():
            parse(part, Events(start, end, lambda _: None))
    return found


def read_styles(part: bytes | None, theme: dict[str, str]) -> Styles:
    """Which cell styles are dates, percentages, struck through or coloured."""
    if part is None:
        return Styles()
    formats: dict[str, str] = {}
    fonts: list[bool] = []
    fills: list[str] = []
    cells: list[Style] = []
    inside: list[str] = []
    solid = False

    def start(name: str, attrs: Attributes) -> None:
        nonlocal solid
        inside.append(name)
        if name == "numFmt":
            formats[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")
        elif name == "font" and inside[-2:-1] == ["fonts"]:
            fonts.append(False)
        elif name == "strike" and fonts and "fonts" in inside:
            fonts[-1] = attrs.get("val", "1") not in ("0", "false")
        elif name == "fill" and inside[-2:-1] == ["fills"]:
            fills.append("")
        elif name == "patternFill":
            solid = attrs.get("patternType") == "solid"
        elif name == "fgColor" and solid and fills and "fills" in inside:
            fills[-1] = colours.name_of(attrs, theme)
        elif name == "xf" and inside[-2:-1] == ["cellXfs"]:
            cells.append(_style(attrs, formats, fonts, fills))

    def end(name: str) -> None:
        inside.pop()

    parse(part, Events(start, end, lambda _: None))
    return Styles(cells)


def _style(attrs: Attributes, formats: dict[str, str], fonts: list[bool], fills: list[str]) -> Style:
    number = attrs.get("numFmtId", "0")
    code = formats.get(number, "")
    built_in = int(number) if number.isdigit() and len(number) < 7 else 0
    font, fill = _place(attrs, "fontId"), _place(attrs, "fillId")
    return Style(
        date=_is_date(code) if code else built_in in _DATES,
        percent="%" in _NOT_IN_FORMAT.sub("", code) if code else built_in in (9, 10),
        struck=fonts[font] if font < len(fonts) else False,
        colour=fills[fill] if fill < len(fills) else "",
    )


def _place(attrs: Attributes, name: str) -> int:
    number = attrs.get(name, "0")
    return int(number) if number.isdigit() and len(number) < 7 else 0


@dataclass(slots=True)
class Shared:
    """A text of the shared table, and whether all of it is struck through."""

    text: str
    struck: bool = False


class RichText:
    """Collects ``<t>`` of a text made of runs; phonetic guides are left out."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.pieces: list[str] = []
        self.reading = self.phonetic = self.struck_run = False
        self.kept = self.struck = 0

    def start(self, name: str, attrs: Attributes) -> None:
        if name == "t":
            self.reading = not self.phonetic
        elif name == "rPh":
            self.phonetic = True
        elif name == "r":
            self.struck_run = False
        elif name == "strike":
            self.struck_run = attrs.get("val", "1") not in ("0", "false")

    def end(self, name: str) -> None:
        if name == "t":
            self.reading = False
        elif name == "rPh":
            self.phonetic = False

    def text(self, data: str) -> None:
        if self.reading:
            self.pieces.append(data)
            if data.strip():
                self.kept += 1
                self.struck += self.struck_run

    def result(self) -> Shared:
        return Shared(unescape("".join(self.pieces)), bool(self.kept) and self.kept == self.struck)


def read_shared(part: bytes | None) -> list[Shared]:
    """The workbook's table of texts."""
    if part is None:
        return []
    texts: list[Shared] = []
    rich = RichText()

    def start(name: str, attrs: Attributes) -> None:
        if name == "si":
            rich.reset()
        else:
            rich.start(name, attrs)

    def end(name: str) -> None:
        if name == "si":
            texts.append(rich.result())
        else:
            rich.end(name)

    parse(part, Events(start, end, rich.text))
    return texts


def read_comments(part: bytes | None) -> dict[str, str]:
    """Comments of a sheet by cell name."""
    if part is None:
        return {}
    found: dict[str, str] = {}
    rich = RichText()
    at = ""

    def start(name: str, attrs: Attributes) -> None:
        nonlocal at
        if name in ("comment", "threadedComment"):
            at = attrs.get("ref", "")
            rich.reset()
        else:
            rich.start("t" if name == "text" and "threaded" in at else name, attrs)

    def end(name: str) -> None:
        if name == "comment" and at:
            found[at] = rich.result().text
        else:
            rich.end(name)

    parse(part, Events(start, end, rich.text))
    return found


@contextmanager
def ignoring_damage() -> Iterator[None]:
    """For parts the list can do without, such as comments."""
    try:
        yield
    except ImportRefused:
        return
