"""The client's directory: who is in it, who stands in for whom, who may sign in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from engagements.enums import Side
from engagements.models import Ask, Person, Task
from engagements.selectors.people import signing
from engagements.services import asks
from engagements.services.changes import assign, plain, require_text
from vciso.accounts import services as accounts
from vciso.audit import services as audit
from vciso.tenancy.enums import CLIENT_ROLES, Role
from vciso.tenancy.models import Client, Membership, User
from vciso.web import formats

FIELDS = (
    "name", "email", "job_title", "organisation", "side", "phone", "private_notes",
)  # fmt: skip


@transaction.atomic
def add_person(
    *,
    client: Client,
    name: str,
    email: str = "",
    job_title: str = "",
    organisation: str = "",
    side: str = Side.CLIENT,
    phone: str = "",
    private_notes: str = "",
    user: User | None = None,
    by: User,
    at: dt.datetime,
) -> Person:
    """Adds somebody to the directory; nobody is invited by this.

    Somebody with a role here already is recognised by their address. Refuses an e-mail address
    that another person of this client already has.
    """
    address = email.strip().lower()
    person = Person(
        client=client,
        name=require_text("name", name, "Write the person’s name."),
        email=address,
        job_title=job_title.strip(),
        organisation=organisation.strip(),
        side=side,
        phone=phone.strip(),
        private_notes=private_notes.strip(),
        user=user or _account(client, address),
        created_at=at,
    )
    _save(person)
    audit.record(
        verb="person.added",
        client=client,
        obj=person,
        by=by,
        at=at,
        after={"name": person.name, "email": person.email, "side": person.side},
    )
    return person


def _account(client: Client, address: str) -> User | None:
    """The account with this address that has a role here and no directory entry yet."""
    if not address:
        return None
    known = Person.objects.filter(client=client, user__isnull=False).values("user_id")
    members = Membership.objects.filter(client=client, user__email=address).exclude(user_id__in=known)
    member = members.select_related("user").first()
    return member.user if member else None


def _save(person: Person) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise ValidationError(
            {
                "email": f"{person.email} already belongs to somebody in this directory. "
                "Open that person instead, or leave the address empty."
            }
        ) from error


@transaction.atomic
def edit_person(*, person: Person, values: dict[str, Any], by: User, at: dt.datetime) -> Person:
    """Changes the directory entry; open asks keep the name they were put to."""
    values = {name: plain_text(values[name]) for name in FIELDS if name in values}
    if "email" in values:
        values["email"] = values["email"].lower()
    if "name" in values:
        values["name"] = require_text("name", values["name"], "Write the person’s name.")
    before, after = assign(person, values)
    if after:
        _save(person)
        audit.record(
            verb="person.edited", client=person.client, obj=person, by=by, at=at,
            before=before, after=after,
        )  # fmt: skip
    return person


def plain_text(value: str) -> str:
    return (value or "").strip()


@transaction.atomic
def deactivate_person(*, person: Person, by: User, at: dt.datetime, reason: str = "") -> Person:
    """Takes somebody out of every choice; records that name them keep doing so.

    Refuses while something waits for their answer.
    """
    waiting = Ask.objects.open().filter(asked_of=person).order_by("reference")
    references = list(waiting.values_list("reference", flat=True)[:5])
    if references:
        raise ValidationError(
            f"{person.name} still has to answer {', '.join(references)}. Withdraw that first, or ask somebody else."
        )
    if person.active:
        person.active = False
        person.save(update_fields=["active"])
        audit.record(
            verb="person.deactivated", client=person.client, obj=person, by=by, at=at,
            before={"active": True}, after={"active": False}, reason=reason,
        )  # fmt: skip
    return person


@transaction.atomic
def reactivate_person(*, person: Person, by: User, at: dt.datetime) -> Person:
    """Offers the person in choices again; their access is a separate matter."""
    if not person.active:
        person.active = True
        person.save(update_fields=["active"])
        audit.record(
            verb="person.reactivated", client=person.client, obj=person, by=by, at=at,
            before={"active": False}, after={"active": True},
        )  # fmt: skip
    return person


@transaction.atomic
def set_deputy(
    *,
    person: Person,
    deputy: Person,
    first: dt.date,
    last: dt.date,
    by: User,
    at: dt.datetime,
) -> Person:
    """Lets the deputy answer in the person's place from `first` to `last`, open asks included.

    The deputy needs an account with the same role as the person: a signature of the owner is
    one of somebody who is an owner.
    """
    _refuse_deputy(person, deputy, first, last)
    before, after = assign(person, {"deputy_id": deputy.pk, "deputy_from": first, "deputy_until": last})
    person.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    for open_ask in Ask.objects.open().filter(asked_of=person):
        open_ask.deputy_user_id = deputy.user_id
        open_ask.deputy_from, open_ask.deputy_until = first, last
        open_ask.save(update_fields=["deputy_user", "deputy_from", "deputy_until"])
        asks.share_with(open_ask, deputy.user_id, until=last)
    if after:
        audit.record(
            verb="person.deputy_set", client=person.client, obj=person, by=by, at=at,
            before=before, after={**after, "deputy": plain(deputy)},
        )  # fmt: skip
    return person


def _refuse_deputy(person: Person, deputy: Person, first: dt.date, last: dt.date) -> None:
    if deputy.pk == person.pk:
        raise ValidationError({"deputy": "Choose somebody else as deputy."})
    if last < first:
        end, start = (formats.client_day(day, person.client) for day in (last, first))
        raise ValidationError({"last": f"{end} is before {start}. Choose a later day."})
    if deputy.user_id is None:
        raise ValidationError({"deputy": f"{deputy.name} has no account yet. Invite them first."})
    wanted = signing(roles_of(person))
    if not set(wanted) <= roles_of(deputy):
        names = " and ".join(sorted(Role(role).label.lower() for role in wanted))
        raise ValidationError({"deputy": f"{deputy.name} needs the role {names} too, since {person.name} holds it."})


@transaction.atomic
def end_deputy(*, person: Person, by: User, at: dt.datetime) -> Person:
    """The person answers for themselves again, from now on."""
    if person.deputy_id is None:
        return person
    before = {"deputy": plain(person.deputy), "deputy_until": plain(person.deputy_until)}
    assign(person, {"deputy_id": None, "deputy_from": None, "deputy_until": None})
    person.save(update_fields=["deputy", "deputy_from", "deputy_until"])
    Ask.objects.open().filter(asked_of=person).update(deputy_user=None, deputy_from=None, deputy_until=None)
    audit.record(verb="person.deputy_ended", client=person.client, obj=person, by=by, at=at, before=before)
    return person


def roles_of(person: Person) -> set[str]:
    """The roles that the person's account holds at this client; empty without an account."""
    if person.user_id is None:
        return set()
    held = Membership.objects.filter(client_id=person.client_id, user_id=person.user_id)
    return set(held.values_list("role", flat=True))


@transaction.atomic
def invite_person(*, person: Person, role: str, by: User, at: dt.datetime) -> Any:
    """Invites by mail into one role at this client; the link makes the account.

    Refuses a person without e-mail address, and one who has left.
    """
    if not person.email:
        raise ValidationError({"email": f"Write {person.name}’s e-mail address first."})
    if not person.active:
        raise ValidationError(f"{person.name} is no longer active. Bring them back first.")
    if role not in CLIENT_ROLES:
        raise ValidationError({"role": "Choose one of the roles of the client’s side."})
    if role in roles_of(person):
        raise ValidationError({"role": f"{person.name} already is {Role(role).label.lower()} at this client."})
    return accounts.invite(email=person.email, name=person.name, role=role, client=person.client, by=by, at=at)


@transaction.atomic
def remove_access(*, person: Person, by: User, at: dt.datetime) -> Person:
    """Ends every role the person holds at this client; their next request is refused.

    The directory entry, and everything they signed, stays.
    """
    held = roles_of(person)
    if person.user_id is None or not held:
        raise ValidationError(f"{person.name} has no access that could be removed.")
    if not held <= {str(role) for role in CLIENT_ROLES}:
        raise ValidationError(f"{person.name} works for the practice. A practice admin ends that on the people page.")
    accounts.remove_access(user_id=person.user_id, client=person.client, by=by, at=at)
    return person


def unassigned_work(person: Person) -> int:
    """How many open tasks would be left without a person, shown before somebody is taken out."""
    return Task.objects.open().filter(assignee=person).count()
