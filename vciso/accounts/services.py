"""People in and out: invitations, memberships, practices and their clients."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.text import slugify

from vciso.accounts.models import INVITATION_PATH, LIFETIME, Invitation, new_token, token_hash
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.enums import CLIENT_ROLES, PRACTICE_ROLES, Role
from vciso.tenancy.models import Client, Membership, Practice, User


@dataclass(frozen=True)
class Pending:
    """What the page of an invitation may say before anybody has signed in."""

    id: uuid.UUID
    email: str
    name: str
    role: str
    practice_name: str
    client_name: str

    @property
    def role_name(self) -> str:
        return Role(self.role).label


def invite(
    *,
    email: str,
    name: str,
    role: str,
    by: User,
    at: datetime,
    client: Client | None = None,
    practice: Practice | None = None,
) -> str:
    """Asks a person by mail to take a role at a client, or in the practice; answers the link's path.

    An older open invitation of the same address to the same place is withdrawn. Refuses a role
    that does not fit the place, and a person who has it already.
    """
    home = client.practice if client is not None else practice
    if home is None:
        raise ValueError("an invitation names a client or a practice")
    wanted = CLIENT_ROLES | {Role.CONSULTANT} if client is not None else PRACTICE_ROLES
    if role not in wanted:
        raise ValidationError({"role": f"“{role}” is no role here. Choose one of {', '.join(sorted(wanted))}."})
    email = email.strip().lower()
    if Membership.objects.filter(user__email=email, client=client, practice=home, role=role).exists():
        raise ValidationError({"email": f"{email} is {Role(role).label.lower()} here already."})
    Invitation.objects.filter(email=email, client=client, practice=home).pending(at).update(withdrawn_at=at)
    token = new_token()
    invitation = Invitation(
        practice=home,
        client=client,
        email=email,
        name=name.strip(),
        role=role,
        token_hash=token_hash(token),
        invited_by=by,
        created_at=at,
        expires_at=at + LIFETIME,
    )
    invitation.save(force_insert=True)
    path = INVITATION_PATH.format(token=token)
    place = client.name if client is not None else home.name
    outbox.send(
        to=email,
        subject=f"{by.name} invites you to {place}",
        body=(
            f"Hello {name},\n\n{by.name} of {home.name} invites you as {Role(role).label.lower()} at {place}.\n"
            "The link works once, for three days."
        ),
        link_path=path,
        needs_role=False,
        key=f"invitation:{invitation.pk}",
        at=at,
    )
    audit.record(
        verb="access.invited",
        client=client,
        practice=None if client else home,
        obj=invitation,
        by=by,
        at=at,
        after={"role": role},
    )
    return path


def withdraw_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """The link stops working at once."""
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    audit.record(
        verb="access.invitation_withdrawn",
        client=invitation.client_id,
        practice=None if invitation.client_id else invitation.practice_id,
        obj=invitation,
        by=by,
        at=at,
    )


def open_invitation(token: str) -> Pending | None:
    """The invitation behind a link; None if it never was, was used, withdrawn or is too old."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, email, name, role, practice_name, client_name FROM sec.open_invitation(%s)",
            [token_hash(token)],
        )
        row = cursor.fetchone()
    return Pending(*row) if row else None


def accept_as_new(*, token: str, name: str, password: str, at: datetime) -> User:
    """Makes the account of an invited person and gives the role. The address counts as verified:
    the link came by mail to it."""
    pending = open_invitation(token)
    if pending is None:
        raise ValidationError("This invitation is no longer open. Ask for a new one.")
    with transaction.atomic():
        try:
            with transaction.atomic():
                user = User.objects.create_user(pending.email, password, name=name.strip())
        except IntegrityError:
            raise ValidationError(
                "There is an account with this address already. Sign in, then open the link again."
            ) from None
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        _accept(token, user, at)
    return user


def accept_as_existing(*, token: str, user: User, at: datetime) -> None:
    """Gives the role to the signed-in person, if the invitation was sent to their address."""
    pending = open_invitation(token)
    if pending is None or pending.email != user.email:
        raise ValidationError("This invitation is not open for your account. Ask for a new one.")
    _accept(token, user, at)


def _accept(token: str, user: User, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.accept_invitation(%s, %s)", [token_hash(token), user.pk])
        if not cursor.fetchone()[0]:
            raise ValidationError("This invitation is no longer open. Ask for a new one.")
    audit.record(verb="access.accepted", by=user, at=at)


def grant(
    *,
    user: User,
    role: str,
    by: User | None,
    at: datetime,
    client: Client | None = None,
    practice: Practice | None = None,
) -> Membership:
    """Gives a person of the practice, or in seeding anybody, a role. Only practice admins may."""
    home = client.practice if client is not None else practice
    membership = Membership(user=user, practice=home, client=client, role=role)
    membership.save(force_insert=True)
    audit.record(
        verb="access.granted",
        client=client,
        practice=None if client else home,
        obj=membership,
        by=by,
        at=at,
        after={"role": role, "user": str(user.pk)},
    )
    return membership


def remove_access(*, user_id: uuid.UUID, client: Client, by: User, at: datetime) -> int:
    """Ends every role of a person at a client; their next request is refused. Answers how many."""
    if user_id == by.pk:
        raise ValidationError("You cannot remove your own access. Ask a practice admin.")
    removed, _ = Membership.objects.filter(user_id=user_id, client=client).delete()
    if removed:
        audit.record(verb="access.removed", client=client, by=by, at=at, after={"user": str(user_id)})
    return removed


def leave_practice(*, user_id: uuid.UUID, practice: Practice, by: User, at: datetime) -> None:
    """Ends every role of a person in the practice and at its clients. The last admin stays."""
    admins = Membership.objects.filter(practice=practice, role=Role.PRACTICE_ADMIN)
    if not admins.exclude(user_id=user_id).exists():
        raise ValidationError("The last practice admin cannot be removed. Make somebody else admin first.")
    Membership.objects.filter(practice=practice, user_id=user_id, role__in=PRACTICE_ROLES).delete()
    audit.record(verb="access.removed", practice=practice, by=by, at=at, after={"user": str(user_id)})


def create_practice(*, name: str, admin_email: str, admin_name: str, at: datetime) -> tuple[Practice, str]:
    """A new practice and the path of the link with which its first admin sets up an account.

    Runs as the migrator, from the command line: nobody signed in may make a practice.
    """
    slug = unique_slug(name)
    practice = Practice.objects.create(name=name, slug=slug, created_at=at)
    token = new_token()
    Invitation.objects.create(
        practice=practice,
        email=admin_email.strip().lower(),
        name=admin_name,
        role=Role.PRACTICE_ADMIN,
        token_hash=token_hash(token),
        created_at=at,
        expires_at=at + LIFETIME,
    )
    audit.record(verb="practice.created", practice=practice, at=at, after={"name": name})
    return practice, INVITATION_PATH.format(token=token)


def unique_slug(name: str) -> str:
    base = slugify(name)[:50] or "practice"
    slug, number = base, 1
    while Practice.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{base}-{number}"
    return slug


def create_client(*, practice: Practice, name: str, by: User, at: datetime, **fields: Any) -> Client:
    """A new client of the practice. The maker, if a consultant too, is assigned to it.

    The row is inserted without reading it back: it enters the maker's lists with the next
    context, so the caller enters one before going on.
    """
    client = Client(practice=practice, name=name.strip(), key=Client.new_key(name), **fields)
    client.full_clean(exclude=["key", "practice"], validate_unique=False, validate_constraints=False)
    client.save(force_insert=True)
    consultant = Membership.objects.filter(user=by, practice=practice, client=None, role=Role.CONSULTANT)
    if consultant.exists():
        Membership(user=by, practice=practice, client=client, role=Role.CONSULTANT).save(force_insert=True)
    audit.record(verb="client.created", practice=practice, by=by, at=at, after={"client": str(client.pk)})
    return client


def update_profile(*, user: User, name: str, shortcuts: bool, at: datetime | None = None) -> None:
    """The person's own name and whether single-letter keys work."""
    user.name, user.shortcuts = name.strip(), shortcuts
    user.save(update_fields=["name", "shortcuts"])
    audit.record(verb="account.profile_changed", by=user, at=at or timezone.now())


def set_theme(*, user: User, theme: str) -> None:
    """Light, dark or as the device; kept with the account, so there is no flash."""
    user.theme = theme
    user.save(update_fields=["theme"])


def update_practice(*, practice: Practice, by: User, at: datetime, **fields: Any) -> Practice:
    """Name, colour and rules of a practice; the trail keeps what they were."""
    before = {name: getattr(practice, name) for name in fields}
    for name, value in fields.items():
        setattr(practice, name, value)
    practice.full_clean(exclude=["slug"], validate_unique=False, validate_constraints=False)
    practice.save(update_fields=list(fields))
    audit.record(verb="practice.changed", practice=practice, by=by, at=at, before=before, after=fields)
    return practice


def assign_clients(*, user: User, practice: Practice, clients: list[Client], by: User, at: datetime) -> None:
    """Makes a consultant responsible for exactly these clients of the practice."""
    rows = Membership.objects.filter(user=user, practice=practice, role=Role.CONSULTANT, client__isnull=False)
    had = set(rows.values_list("client_id", flat=True))
    wanted = {client.pk for client in clients}
    rows.filter(client_id__in=had - wanted).delete()
    for client_id in wanted - had:
        Membership(user=user, practice=practice, client_id=client_id, role=Role.CONSULTANT).save(force_insert=True)
    audit.record(
        verb="access.assigned",
        practice=practice,
        by=by,
        at=at,
        before={"clients": sorted(map(str, had))},
        after={"user": str(user.pk), "clients": sorted(map(str, wanted))},
    )
