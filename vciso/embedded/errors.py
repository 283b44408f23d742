"""What the embedded parts refuse, in words for the person at the terminal."""

from __future__ import annotations


class PartFailed(Exception):
    """An embedded part could not be made, started or stopped.

    `str(error)` says what is wrong; `remedy` says what to do about it.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy
