"""What is asked of a named person, frozen; and taking the question back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from engagements.enums import AskRole, AskState
from engagements.models import Ask, Person
from engagements.selectors import kinds
from engagements.services.changes import require_text
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.enums import Role
from vciso.tenancy.models import Client, Membership, Share, User
from vciso.tenancy.references import next_reference
from vciso.web import formats
from vciso.web.place import Place

SHARE_KIND = "ask"
LONGEST_TEXT = 20_000


def option(
    *,
    key: str,
    label: str,
    result: str = "",
    cost: str = "",
    cost_minor: int | None = None,
    yearly_cost_minor: int | None = None,
    advised: bool = False,
    refuses: bool = False,
    needs_reason: bool = False,
    understand: str = "",
    sign: str = "",
) -> dict[str, Any]:
    """One choice as an ask stores it.

    `refuses` marks a “no”; `understand` is a sentence the signer has to tick; `sign` the words on
    the button, otherwise “Sign: {label}”.
    """
    return {
        "key": key,
        "label": label,
        "result": result,
        "cost": cost,
        "cost_minor": cost_minor,
        "yearly_cost_minor": yearly_cost_minor,
        "advised": advised,
        "refuses": refuses,
        "needs_reason": needs_reason,
        "understand": understand,
        "sign": sign or f"Sign: {label}",
    }


def role_to_ask(person: Person) -> str:
    """In which role a person would be asked: owner before board; owner for one without account."""
    if person.user_id is None:
        return AskRole.OWNER
    held = _roles(person.client_id, person.user_id)
    if Role.OWNER in held:
        return AskRole.OWNER
    return AskRole.BOARD if Role.BOARD in held else AskRole.OWNER


def holds(person: Person, role: str) -> bool:
    """Whether a person can be asked in a role; one without an account speaks as an owner."""
    if person.user_id is None:
        return role == AskRole.OWNER
    return role in _roles(person.client_id, person.user_id)


def _roles(client_id: Any, user_id: Any) -> set[str]:
    found = Membership.objects.filter(client_id=client_id, user_id=user_id)
    return set(found.values_list("role", flat=True))


def _refuse_unfit(*, asked_of: Person, role: str, by: User) -> None:
    """Refuses a person who has left, who asks themselves, or who lacks the role asked in."""
    if not asked_of.active:
        raise ValidationError({"asked_of": f"{asked_of.name} is no longer active. Ask somebody else."})
    if asked_of.user_id is None:
        return
    if asked_of.user_id == by.pk:
        raise ValidationError({"asked_of": "You put the question, so you cannot be the one who answers it."})
    if role not in _roles(asked_of.client_id, asked_of.user_id):
        raise ValidationError(
            {
                "asked_of": f"{asked_of.name} does not hold the role {Role(role).label.lower()} "
                "at this client. Choose somebody who does, or invite them in that role."
            }
        )


def _checked_options(options: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    keys = [given["key"] for given in options]
    if not keys or len(set(keys)) != len(keys):
        raise ValidationError({"options": "Give at least one option, each with its own key."})
    return [option(**given) for given in options]


@transaction.atomic
def ask(
    *,
    client: Client,
    kind: str,
    title: str,
    text: str,
    options: Sequence[dict[str, Any]],
    asked_of: Person,
    by: User,
    due_on: dt.date | None,
    minutes: int = 2,
    at: dt.datetime,
    role: str = "",
    subject: str = "",
    facts: Sequence[dict[str, str]] = (),
) -> Ask:
    """Puts the question; the words are frozen from now on and the person is mailed a link.

    Refuses (ValidationError) a person without the role, the asker themselves, a day in the past.
    A person without an account can be asked; then the answer is recorded from a call.
    """
    role = role or role_to_ask(asked_of)
    _refuse_unfit(asked_of=asked_of, role=role, by=by)
    today = client.today(at)
    if due_on is not None and due_on < today:
        past, first = (formats.client_day(day, client) for day in (due_on, today))
        raise ValidationError({"due_on": f"{past} has passed. Choose {first} or later."})
    deputy = asked_of.deputy if asked_of.deputy_id else None
    asked = Ask.objects.create(
        client=client,
        reference=next_reference(client.pk, "A"),
        kind=kind,
        subject=subject,
        title=require_text("title", title, "Write what is asked, in one line."),
        text=text.strip()[:LONGEST_TEXT],
        facts=list(facts),
        options=_checked_options(options),
        asked_of=asked_of,
        asked_of_name=asked_of.name,
        asked_user_id=asked_of.user_id,
        deputy_user_id=deputy.user_id if deputy else None,
        deputy_from=asked_of.deputy_from if deputy else None,
        deputy_until=asked_of.deputy_until if deputy else None,
        role=role,
        asked_by=by,
        asked_at=at,
        asked_on=today,
        due_on=due_on,
        minutes=minutes,
    )
    share_with(asked, asked.asked_user_id)
    share_with(asked, asked.deputy_user_id, until=asked.deputy_until)
    _notify_asked(asked, today)
    audit.record(
        verb="ask.put",
        client=client,
        obj=asked,
        by=by,
        at=at,
        after={"kind": kind, "title": asked.title, "of": asked.asked_of_name, "due": str(due_on)},
    )
    return asked


def share_with(asked: Ask, user_id: Any, until: dt.date | None = None) -> None:
    """Lets a person who may not read the client see this one ask."""
    if user_id is not None:
        Share.objects.update_or_create(
            client_id=asked.client_id,
            user_id=user_id,
            kind=SHARE_KIND,
            object_id=asked.pk,
            defaults={"until": until},
        )


def _notify_asked(asked: Ask, today: dt.date, *, again: bool = False) -> None:
    """Mails the link to the person asked, or to the deputy while one stands in."""
    user = asked.deputy_user if asked.deputy_is_live(today) else asked.asked_user
    if user is None:
        return
    day = formats.long_day(asked.due_on, place=Place.of(asked.client), on=today)
    wanted = f" by {day}" if day else ""
    outbox.send(
        to=user,
        subject=f"{'Reminder: ' if again else ''}{kinds.of(asked.kind).mail_subject}",
        body=(
            f"{asked.asked_by} asks you something about {asked.client.name}.\n\n"
            f"It takes about {formats.count_of(asked.minutes, 'minute')}. Please answer{wanted}.\n"
        ),
        link_path=kinds.answer_path(asked),
        client=asked.client,
        needs_role=True,
        key=f"ask:{asked.pk}:{today.isoformat() if again else 'first'}:{user.pk}",
    )


@transaction.atomic
def remind(*, ask: Ask, by: User, at: dt.datetime) -> None:
    """Mails the link once more; at most once a day per ask."""
    refuse_closed(ask)
    if ask.asked_user_id is None:
        raise ValidationError(f"{ask.asked_of_name} has no account yet. Invite them, or record the answer from a call.")
    _notify_asked(ask, ask.client.today(at), again=True)
    audit.record(verb="ask.reminded", client=ask.client, obj=ask, by=by, at=at)


@transaction.atomic
def withdraw(*, ask: Ask, reason: str, by: User, at: dt.datetime) -> Ask:
    """Takes the question back before it is answered; what hangs on it is moved by the database."""
    refuse_closed(ask)
    cleaned = require_text("reason", reason, "Write why it is withdrawn; the person asked sees it.")
    moved = Ask.objects.filter(pk=ask.pk, state=AskState.OPEN).update(
        state=AskState.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_on=ask.client.today(at),
        withdrawn_by=by,
        withdrawn_reason=cleaned[:LONGEST_TEXT],
    )
    ask.refresh_from_db()
    if not moved:
        refuse_closed(ask)
    audit.record(verb="ask.withdrawn", client=ask.client, obj=ask, by=by, at=at, reason=cleaned)
    return ask


def refuse_closed(asked: Ask) -> None:
    if asked.state == AskState.OPEN:
        return
    word = "withdrawn" if asked.state == AskState.WITHDRAWN else "answered"
    raise ValidationError(f"{asked.reference} was {word} before. Load the page again to see where it stands.")
