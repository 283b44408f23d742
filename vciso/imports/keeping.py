"""Values as JSON holds them, and as words for people and for exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from vciso.imports.comparing import comparable
from vciso.imports.reading.texts import clean
from vciso.imports.registry import Field, FieldKind, ImportKind, PersonEntry

_NO_MINOR = {"JPY", "KRW", "ISK", "CLP", "VND", "XAF", "XOF", "PYG", "UGX", "RWF"}
_THREE = {"BHD", "KWD", "OMR", "JOD", "TND", "IQD", "LYD"}


def exponent_of(currency: str) -> int:
    """How many decimals a currency's minor unit has."""
    return 0 if currency in _NO_MINOR else 3 if currency in _THREE else 2


def encode(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for a JSON column; days become ISO text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def decode(kind: ImportKind, stored: Mapping[str, Any]) -> dict[str, Any]:
    """The values that ``encode`` put away."""
    fields = kind.by_key
    return {
        key: date.fromisoformat(value)
        if value and key in fields and fields[key].kind is FieldKind.DATE and isinstance(value, str)
        else value
        for key, value in stored.items()
    }


def same(kind: ImportKind, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two sets of values say the same about every stored field."""
    return all(
        comparable(item.kind, one.get(item.key)) == comparable(item.kind, other.get(item.key)) for item in kind.stored
    )


class Wording:
    """Writes values the way the import reads them."""

    def __init__(
        self, people: Sequence[PersonEntry], exponent: int, day: Callable[[date], str] = date.isoformat
    ) -> None:
        self.people = {entry.key: entry.text for entry in people}
        self.exponent = exponent
        self.day = day

    def text(self, item: Field, value: Any) -> str:
        """The value in words; the empty text for none."""
        if value in (None, "", []):
            return ""
        if item.kind is FieldKind.DATE:
            return self.day(value) if isinstance(value, date) else str(value)
        if item.kind is FieldKind.BOOL:
            return "yes" if value else "no"
        if item.kind is FieldKind.CHOICE:
            words = item.choices.get(value)
            return words[0] if words else str(value)
        if item.kind is FieldKind.MULTI:
            entries = [clean(str(entry)).replace("|", "/").replace("\n", " ") for entry in value]
            # A closing bar keeps the comma of a single entry from parting it.
            return " | ".join(entries) + (" |" if len(entries) == 1 and set(",;") & set(entries[0]) else "")
        if item.kind is FieldKind.PERSON:
            return self.people.get(value, "")
        if item.kind is FieldKind.MONEY:
            return str(Decimal(value).scaleb(-self.exponent))
        return clean(str(value))

    def plain(self, item: Field, value: Any) -> Any:
        """The value for a workbook cell: days and whole numbers stay what they are."""
        if value is None:
            return ""
        if item.kind is FieldKind.DATE and isinstance(value, date):
            return value
        if item.kind in (FieldKind.SCALE, FieldKind.NUMBER) and isinstance(value, int):
            return value
        if item.kind is FieldKind.MONEY and isinstance(value, int):
            return Decimal(value).scaleb(-self.exponent)
        return self.text(item, value)
