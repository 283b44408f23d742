"""Mails that tell a person what happened to their way in. They say who to turn to, and hold no secret."""

import uuid
from datetime import datetime

from vciso.jobs import outbox
from vciso.tenancy.models import User

NOT_YOU = "If this was not you, change your password at once and tell your practice’s admin."


def new_device(*, user: User, agent: str, ip: str, at: datetime) -> None:
    outbox.send(
        to=user,
        subject="A sign-in from a device we had not seen",
        body=(
            f"Hello {user.name},\n\nSomebody signed in to your account from a browser that had not been used before:\n"
            f"{agent[:200] or 'no name given'}\nAddress {ip}, {at:%d %B %Y, %H:%M} UTC.\n\n"
            f"If it was you, there is nothing to do. {NOT_YOU}"
        ),
        link_path="/account/sessions/",
        needs_role=False,
        key=f"new-device:{uuid.uuid4()}",
        at=at,
    )


def repeated_failures(*, user: User | None, times: int, at: datetime) -> None:
    """Told once a day at most. For an address that nobody has, the same row is written and never
    sent, so that the answer takes the same steps whether the account exists or not."""
    outbox.send(
        to=user or "",
        subject="Repeated failures to sign in to your account",
        body=(
            f"Hello {user.name if user else ''},\n\nWithin a quarter of an hour, {times} attempts to sign in to your "
            f"account failed. Further ones are refused for some minutes. If it was you, wait a little, or set a new "
            f"password from the sign-in page. If it was not, your password was not guessed; make sure that it is used "
            f"nowhere else, and that you have a second step."
        ),
        link_path="/account/login/",
        needs_role=False,
        key=f"failures:{user.pk if user else uuid.uuid4()}:{at:%Y-%m-%d}",
        at=at,
    )


def second_step_reset(*, user: User, by: User | None, reason: str, at: datetime, key: str) -> None:
    """`by` is the admin who did it; None if whoever runs the portal did."""
    who, whom = (
        (f"{by.name}, admin of your practice,", "another admin of your practice")
        if by
        else ("Whoever runs this portal", "them")
    )
    outbox.send(
        to=user,
        subject="Your second step was removed",
        body=(
            f"Hello {user.name},\n\n{who} removed every second step of your account and "
            f"signed you out everywhere. The reason given: {reason}\n\nYour password is unchanged and known to you "
            f"alone. Sign in with it and set up a new second step. If you did not ask for this, tell {whom} at once."
        ),
        link_path="/account/login/",
        needs_role=False,
        key=f"second-step-reset:{key}",
        at=at,
    )
