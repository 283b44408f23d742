"""How a file is to be read: the guess, once shown, as the user left it. Kept with the import."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NOTE = ""
SKIP = "-"
STRUCK = {
    "": "Ask, and let them wait",
    "keep": "Read them like the others",
    "close": "They are closed",
    "skip": "Leave them out",
}


@dataclass
class SheetMapping:
    """One tab: where its header is and what its columns mean.

    ``columns`` holds a field's key, ``NOTE`` for a column kept in the notes,
    or ``SKIP`` for one left out.
    """

    name: str
    use: bool = True
    first_header: int = 1
    last_header: int = 1
    columns: dict[int, str] = field(default_factory=dict)
    guessed: tuple[int, int] = (0, 0)
    """Where the header was found; a remembered correction is kept as the distance from it."""

    def field_columns(self, key: str) -> list[int]:
        return sorted(index for index, held in self.columns.items() if held == key)


@dataclass
class Mapping:
    """The whole file. ``scales`` and ``tops`` hold only what a person changed or the guess settled."""

    sheets: list[SheetMapping] = field(default_factory=list)
    scales: dict[str, dict[str, int | None]] = field(default_factory=dict)
    tops: dict[str, int] = field(default_factory=dict)
    worst: dict[str, str] = field(default_factory=dict)
    """Which end of a rating's numbers is the worst, ``low`` or ``high``, where neither heading nor words settle it."""
    date_order: str = ""
    date_orders: dict[str, str] = field(default_factory=dict)
    """The order of single fields, where the columns of one file write days both ways."""
    hidden: bool = False
    struck: str = ""
    """What struck-through rows are; empty: they wait for an answer."""
    prefer: str = ""
    """The tab that counts where tabs disagree; empty: each such row waits for an answer."""
    people: dict[str, str] = field(default_factory=dict)
    """Text in the file, as compared → key of the person meant; the empty key is nobody."""
    choices: dict[str, str] = field(default_factory=dict)
    """A row's question → the answer given. Belongs to this file alone and is never remembered."""
    encoding: str = ""
    delimiter: str = ""
    own: bool = False
    """The file is an export of this portal, so its references can be trusted."""

    def sheet(self, name: str) -> SheetMapping | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)

    def to_json(self) -> dict[str, Any]:
        return {
            "sheets": [
                {
                    "name": sheet.name,
                    "use": sheet.use,
                    "header": [sheet.first_header, sheet.last_header],
                    "guessed": list(sheet.guessed),
                    "columns": {str(index): key for index, key in sorted(sheet.columns.items())},
                }
                for sheet in self.sheets
            ],
            "scales": self.scales,
            "tops": self.tops,
            "worst": self.worst,
            "date_order": self.date_order,
            "date_orders": self.date_orders,
            "hidden": self.hidden,
            "struck": self.struck,
            "prefer": self.prefer,
            "people": self.people,
            "choices": self.choices,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "own": self.own,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Mapping:
        sheets = [
            SheetMapping(
                name=item["name"],
                use=item["use"],
                first_header=item["header"][0],
                last_header=item["header"][1],
                columns={int(index): key for index, key in item["columns"].items()},
                guessed=tuple(item.get("guessed", (0, 0))),
            )
            for item in data.get("sheets", [])
        ]
        plain = {key: data[key] for key in data if key != "sheets" and key in cls.__dataclass_fields__}
        return cls(sheets=sheets, **plain)


@dataclass(frozen=True)
class Question:
    """Something the file leaves open; reading goes on with the answer that is marked."""

    key: str
    text: str
    examples: tuple[str, ...] = ()
    answer: str = ""
    options: tuple[tuple[str, str], ...] = ()
