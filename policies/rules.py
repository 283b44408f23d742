"""Who may do what with the written programme, and the arithmetic of its dates."""

from __future__ import annotations

import datetime as dt
import hashlib

from dateutil.relativedelta import relativedelta

from policies.models import Policy
from vciso.tenancy.permissions import Actor, Barred, PermissionTable, Verdict, is_practice_side, predicate, reads_client

LONGEST_BODY = 200_000
"""Characters of one version: about a hundred printed pages."""
MOST_LINES = 5_000


def next_review(*, after: dt.date, months: int) -> dt.date:
    """The day of the next review: so many months later, the last of the month if it is shorter.

    Example: 31 August and 6 months → 28 February.
    """
    return after + relativedelta(months=months)


def fingerprint(body: str) -> str:
    """SHA-256 of the words, as the database computes it too."""
    return hashlib.sha256(body.encode()).hexdigest()


def day_of(text: str | None) -> dt.date | None:
    """A day kept as ISO text."""
    return dt.date.fromisoformat(text) if text else None


def parse_number(number: str) -> tuple[int, int]:
    """“2.3” → (2, 3); “2” → (2, 0). Raises ValueError with a sentence."""
    major, _, minor = number.strip().removeprefix("v").partition(".")
    if not major.isdigit() or (minor and not minor.isdigit()) or len(major) > 3 or len(minor) > 3:
        raise ValueError(f"“{number}” is no version. Write it as in 2.3.")
    return int(major), int(minor or 0)


@predicate
def is_in_use(actor: Actor, obj: Policy | None) -> Verdict:
    """A retired policy stays as it was."""
    if obj is None or obj.retired_on is None:
        return True
    return Barred(f"{obj.title} was retired on {obj.retired_on}. Take it back into use first.")


permissions = PermissionTable(
    {
        "policies.view": is_practice_side,
        "policies.read": reads_client,
        "policies.add": is_practice_side,
        "policies.import": is_practice_side,
        "policies.edit": is_practice_side & is_in_use,
        "policies.send": is_practice_side & is_in_use,
        "policies.review": is_practice_side & is_in_use,
        "policies.retire": is_practice_side & is_in_use,
        "policies.reinstate": is_practice_side,
    }
)
