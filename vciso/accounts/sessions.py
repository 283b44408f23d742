"""Where a person is signed in, and how that ends: by themselves, by a change, by their practice."""

import uuid
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from vciso.accounts import notices
from vciso.accounts.selectors import manages_sign_in
from vciso.audit import services as audit
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Practice, User

NOT_YOURS_ALONE = (
    "This person also works with another practice, or is not of yours alone. "
    "End their access here, or ask whoever runs the portal."
)


def rotate(request: HttpRequest) -> None:
    """Gives the session a new key; the old one is dead at once, and the list follows."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def end_all(*, user: User, keep: str | None = None) -> int:
    """Ends every session of a person, except the one with the key `keep`. Answers how many."""
    ended = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    for session in ended:
        session.end()
    return len(ended)


def end_one(*, user: User, pk: int, at: datetime) -> bool:
    """Ends one session of the person's own; False if it is not theirs or is over already."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return False
    session.end()
    audit.record(verb="account.session_ended", by=user, at=at)
    return True


def end_others(*, user: User, keep: str, at: datetime) -> int:
    """Ends the person's sessions everywhere else. Answers how many."""
    ended = end_all(user=user, keep=keep)
    audit.record(verb="account.sessions_ended", by=user, at=at, after={"sessions": ended})
    return ended


def end_of_member(*, user: User, practice: Practice, by: User, at: datetime) -> int:
    """A practice admin signs one of their people out everywhere. Answers of how many sessions."""
    if not manages_sign_in(admin=by, user=user):
        raise ValidationError(NOT_YOURS_ALONE)
    ended = end_all(user=user)
    audit.record(
        verb="access.sessions_ended", practice=practice, by=by, at=at, after={"user": str(user.pk), "sessions": ended}
    )
    return ended


def reset_second_step(*, user: User, practice: Practice, by: User, reason: str, at: datetime) -> None:
    """Takes away every second step of a person who lost theirs, ends their sessions and tells them.

    Done by another practice admin, who neither learns nor sets a password: the person signs in
    with their own and sets up a new second step. Refuses one's own, and a person of other practices.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Say why, and how you know that it is them."})
    if not manages_sign_in(admin=by, user=user):
        raise ValidationError(NOT_YOURS_ALONE)
    _take_second_steps(user=user, practice=practice, by=by, reason=reason.strip(), at=at)


@transaction.atomic
def reset_by_operator(*, user: User, reason: str, at: datetime) -> int:
    """Does the same for the only admin of a practice, whom nobody there can help. Answers of how many sessions.

    Whoever runs the portal does it from the command line; the trail of the practice tells of it
    without a person's name. Refuses a person whom another admin can help, and one without a second step.
    """
    practices = Practice.objects.filter(memberships__user=user, memberships__role=Role.PRACTICE_ADMIN).distinct()
    practice = practices.order_by("name").first()
    if practice is None:
        raise ValidationError(f"{user.name} is no practice admin. An admin of the practice resets the second step.")
    others = User.objects.filter(memberships__practice__in=practices, memberships__role=Role.PRACTICE_ADMIN)
    if others.filter(is_active=True).exclude(pk=user.pk).exists():
        raise ValidationError(f"{practice.name} has another admin, who can do it: Practice, Sign-in, {user.name}.")
    if not Authenticator.objects.filter(user=user).exists():
        raise ValidationError(f"{user.name} has no second step. There is nothing to take away.")
    return _take_second_steps(user=user, practice=practice, by=None, reason=reason.strip(), at=at)


def _take_second_steps(*, user: User, practice: Practice, by: User | None, reason: str, at: datetime) -> int:
    Authenticator.objects.filter(user=user).delete()
    ended = end_all(user=user)
    notices.second_step_reset(user=user, by=by, reason=reason, at=at, key=str(uuid.uuid4()))
    audit.record(
        verb="access.second_step_reset", practice=practice, by=by, at=at, after={"user": str(user.pk)}, reason=reason
    )
    return ended
