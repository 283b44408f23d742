"""How a service says no: one sentence with the value and the next step."""

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """A rule of the register stands against it; `field` names the form field, if there is one."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        self.sentence = sentence
        self.field = field
        super().__init__({field: sentence} if field else sentence)

    def __str__(self) -> str:
        return self.sentence


class Doubted(ValidationError):
    """What is possible, and unlikely or far-reaching: whoever asks for it looks again, and may stand by it."""


class EditConflict(Exception):
    """Somebody saved the record meanwhile; `current` is how it stands now."""

    def __init__(self, current: object) -> None:
        self.current = current
        super().__init__("Somebody else saved this risk while you were editing. Compare and save again.")
