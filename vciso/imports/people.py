"""In whose name the command line imports."""

from __future__ import annotations

from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, User


def person_responsible(client: Client, email: str = "") -> User | None:
    """The person of that address who works for the client, else its first consultant or the practice's admin."""
    members = Membership.objects.filter(
        practice_id=client.practice_id, role__in=[Role.CONSULTANT, Role.PRACTICE_ADMIN], user__is_active=True
    ).select_related("user")
    here = [
        member
        for member in members.order_by("created_at", "id")
        if member.client_id == client.pk or member.role == Role.PRACTICE_ADMIN
    ]
    if email:
        return next((m.user for m in here if m.user.email == email.strip().lower()), None)
    here.sort(key=lambda member: member.role != Role.CONSULTANT)
    return here[0].user if here else None
