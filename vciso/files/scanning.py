"""The place where a malware scanner is asked.

``SCANNERS`` holds functions from bytes to a reason or nothing. Without a
scanner only the industry's test file is known, so that the way of a refusal
can be tried.
"""

from __future__ import annotations

from collections.abc import Callable

_TEST_FILE = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"


class MalwareFound(Exception):
    """A scanner refused the bytes; the sentence says so without naming a signature."""


def _test_file(content: bytes) -> str:
    return "the antivirus test file" if _TEST_FILE in content[:4096] else ""


SCANNERS: list[Callable[[bytes], str]] = [_test_file]


def refuse_malware(content: bytes) -> None:
    """Raise ``MalwareFound`` when any scanner objects; nothing is stored then."""
    for scanner in SCANNERS:
        if scanner(content):
            raise MalwareFound("A scan found harmful content in this file, so it was not stored.")
