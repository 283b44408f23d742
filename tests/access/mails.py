"""Every mail that a request or the world wrote: whom it goes to, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from tests.access import expected, markers
from vciso.jobs.models import OutboxMail
from vciso.tenancy.enums import PRACTICE_ROLES, Role
from vciso.tenancy.models import Membership


@dataclass(frozen=True)
class Mail:
    """A row of the outbox, and who its reader was when it was written."""

    row: OutboxMail
    to_staff: bool
    has_role: bool


def read(rows: Iterable[OutboxMail]) -> tuple[Mail, ...]:
    return tuple(Mail(row, _is_staff(row), _has_role(row)) for row in rows)


def wrong_with(mails: Iterable[Mail], letters: dict[Any, str]) -> Iterator[str]:
    """What is wrong with each mail: words of another client, or somebody without a role who gets it."""
    for mail in mails:
        row = mail.row
        label = f"the mail “{row.subject}” to {row.to}"
        found = list(markers.found_in(f"{row.to} {row.subject} {row.body}"))
        allowed = {letters.get(row.client_id), letters.get(row.practice_id), letters.get(row.user_id)}
        if row.client is not None:
            allowed.add(letters[row.client.practice_id])
        if strange := sorted({f"{letter} {name}" for letter, name in found if letter not in allowed}):
            yield f"{label} tells what is others’: {strange}"
        if not mail.to_staff and (kept := [name for _, name in found if expected.is_private(name)]):
            yield f"{label} tells what the practice keeps to itself: {kept}"
        if not mail.has_role:
            yield f"{label} goes to somebody without a role there"


def _is_staff(row: OutboxMail) -> bool:
    return row.user is not None and row.user.memberships.filter(role__in=PRACTICE_ROLES).exists()


def _has_role(row: OutboxMail) -> bool:
    if row.user is None or row.client is None or not row.needs_role:
        return True
    held = Membership.objects.filter(user=row.user, practice_id=row.client.practice_id)
    return held.filter(Q(client=row.client) | Q(client=None, role=Role.PRACTICE_ADMIN)).exists()
