"""How a service says no: one sentence with the value and the next step."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from risks.enums import Status
from risks.models import Risk
from vciso.web.forms import Doubted

__all__ = ["Doubted", "EditConflict", "Refused", "Unchanged", "refuse_closed"]

NAMED = 5
"""So many risks are named in a refusal; how many more there are is said."""


class Refused(ValidationError):
    """A rule of the register stands against it; `field` names the form field, if there is one."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        self.sentence = sentence
        self.field = field
        super().__init__({field: sentence} if field else sentence)

    def __str__(self) -> str:
        return self.sentence


class Unchanged(Refused):
    """What was asked for is what the register says already."""


def refuse_closed(risks: Iterable[Risk]) -> None:
    """Refuses a choice of risks that holds closed ones, which it names."""
    closed = [risk.reference for risk in risks if risk.status == Status.CLOSED]
    more = len(closed) - NAMED
    names = ", ".join(closed[:NAMED]) + (f" and {more} more" if more > 0 else "")
    if len(closed) == 1:
        raise Refused(f"{names} is closed. Leave it out, or reopen it first.")
    if closed:
        raise Refused(f"{names} are closed. Leave them out, or reopen them first.")


class EditConflict(Exception):
    """Somebody saved the record meanwhile; `current` is how it stands now."""

    def __init__(self, current: object) -> None:
        self.current = current
        super().__init__("Somebody else saved this risk while you were editing. Compare and save again.")
