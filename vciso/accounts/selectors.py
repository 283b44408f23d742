"""Who has which way in, for the admins of a practice."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Count, Max, QuerySet

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Membership, Practice, User

SECOND_STEPS = {Authenticator.Type.WEBAUTHN: "Passkey", Authenticator.Type.TOTP: "Authenticator app"}


@dataclass(frozen=True)
class WayIn:
    """How one person of a practice signs in: never with what."""

    user: User
    roles: tuple[str, ...]
    second_steps: tuple[str, ...]
    is_required: bool
    sessions: int
    last_seen: datetime | None

    @property
    def is_missing(self) -> bool:
        return self.is_required and not self.second_steps


def people_of(practice: Practice) -> QuerySet[User]:
    """Everybody with a role in the practice or at one of its clients, by name."""
    return User.objects.filter(pk__in=Membership.objects.filter(practice=practice).values("user_id")).order_by(
        "name", "id"
    )


def ways_in(practice: Practice, users: list[User]) -> list[WayIn]:
    """The ways in of these people, in three queries however many they are."""
    roles: dict[object, set[str]] = {}
    for user_id, role in Membership.objects.filter(practice=practice, user__in=users).values_list("user_id", "role"):
        roles.setdefault(user_id, set()).add(role)
    steps: dict[object, set[str]] = {}
    factors = Authenticator.objects.filter(user__in=users, type__in=SECOND_STEPS)
    for user_id, kind in factors.values_list("user_id", "type"):
        steps.setdefault(user_id, set()).add(SECOND_STEPS[Authenticator.Type(kind)])
    seen = {
        row["user_id"]: row
        for row in UserSession.objects.filter(user__in=users)
        .values("user_id")
        .annotate(n=Count("id"), last=Max("last_seen_at"))
    }
    wanted = set(practice.factor_roles)
    return [
        WayIn(
            user=user,
            roles=tuple(sorted(Role(role).label for role in roles.get(user.pk, ()))),
            second_steps=tuple(sorted(steps.get(user.pk, ()))),
            is_required=bool(wanted & roles.get(user.pk, set())),
            sessions=seen.get(user.pk, {}).get("n", 0),
            last_seen=seen.get(user.pk, {}).get("last"),
        )
        for user in users
    ]


def manages_sign_in(*, admin: User, user: User) -> bool:
    """Whether this admin answers for that person's way in; see `sec.manages_sign_in`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.manages_sign_in(%s, %s)", [admin.pk, user.pk])
        return bool(cursor.fetchone()[0])
