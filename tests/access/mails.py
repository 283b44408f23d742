"""Every mail that a request or the world wrote: whom it goes to, and what it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q

from tests.access import expected, markers
from vciso.jobs.models import OutboxMail
from vciso.tenancy.enums import PRACTICE_ROLES, Role
from vciso.tenancy.models import Membership


def wrong_with(mails: Iterable[OutboxMail], letters: dict[Any, str]) -> Iterator[str]:
    """What is wrong with each mail: words of another client, or somebody without a role who gets it."""
    for mail in mails:
        label = f"the mail “{mail.subject}” to {mail.to}"
        found = list(markers.found_in(f"{mail.to} {mail.subject} {mail.body}"))
        allowed = {letters.get(mail.client_id), letters.get(mail.practice_id), letters.get(mail.user_id)}
        if mail.client is not None:
            allowed.add(letters[mail.client.practice_id])
        if strange := sorted({f"{letter} {name}" for letter, name in found if letter not in allowed}):
            yield f"{label} tells what is others’: {strange}"
        if not is_staff(mail) and (kept := [name for _, name in found if expected.is_private(name)]):
            yield f"{label} tells what the practice keeps to itself: {kept}"
        if mail.user_id and mail.client_id and mail.needs_role and not _has_role(mail):
            yield f"{label} goes to somebody without a role there"


def is_staff(mail: OutboxMail) -> bool:
    return mail.user is not None and mail.user.memberships.filter(role__in=PRACTICE_ROLES).exists()


def _has_role(mail: OutboxMail) -> bool:
    held = Membership.objects.filter(user=mail.user, practice_id=mail.client.practice_id)
    return held.filter(Q(client=mail.client) | Q(client=None, role=Role.PRACTICE_ADMIN)).exists()
