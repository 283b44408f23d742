"""Named places on a lower app's page that an upper app fills.

A lower app writes `{% slot "vendors.detail.aside" vendor=vendor %}` and knows nothing of who
answers. An upper app registers a function in `AppConfig.ready`:

    slots.register("vendors.detail.aside", vendor_risks, order=10)

where `vendor_risks(request, *, vendor)` returns HTML (or "" when it has nothing to say).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.safestring import SafeString

Filler = Callable[..., SafeString | str]


class _Entry(NamedTuple):
    order: int
    filler: Filler


_slots: dict[str, list[_Entry]] = {}


def register(name: str, filler: Filler, *, order: int = 50) -> None:
    """Adds what stands in the slot; the same function is never added twice."""
    entries = _slots.setdefault(name, [])
    if all(entry.filler is not filler for entry in entries):
        entries.append(_Entry(order, filler))
        entries.sort(key=lambda entry: entry.order)


def fill(name: str, request: HttpRequest, **given: Any) -> SafeString:
    """Everything registered for the slot, in order."""
    parts = [filler(request, **given) for _, filler in _slots.get(name, ())]
    for part in parts:
        if part and not isinstance(part, SafeString):
            raise TypeError(f"slot {name}: a filler answered unescaped text")
    return SafeString("".join(parts))
