"""Questions back and replies, before the answer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from engagements.models import Ask, AskComment
from engagements.selectors import kinds
from engagements.services.asks.putting import LONGEST_TEXT, refuse_closed
from engagements.services.changes import require_text
from vciso.audit import services as audit
from vciso.jobs import outbox
from vciso.tenancy.models import User


def insert_said(row: Any) -> None:
    """Inserts what a person said; the trigger behind it mails with the portal's address."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('vciso.base_url', %s, true)", [settings.BASE_URL])
        row.save(force_insert=True)


@transaction.atomic
def comment(*, ask: Ask, text: str, by: User, at: dt.datetime) -> AskComment:
    """A question back before answering; the asker is mailed, the ask stays open."""
    refuse_closed(ask)
    if not ask.is_asked_of(by, on=ask.client.today(at)):
        raise PermissionDenied(f"This was asked of {ask.asked_of_name}. Only they can reply to it.")
    cleaned = require_text("text", text, "Write what you would like to know.")[:LONGEST_TEXT]
    said = AskComment(client_id=ask.client_id, ask=ask, text=cleaned, by=by, at=at)
    insert_said(said)
    audit.record(verb="ask.commented", client=ask.client, obj=ask, by=by, at=at, reason=cleaned)
    return said


@transaction.atomic
def reply(*, ask: Ask, text: str, by: User, at: dt.datetime) -> AskComment:
    """The practice answers a question back; the person asked is mailed the link again."""
    refuse_closed(ask)
    cleaned = require_text("text", text, "Write your reply.")[:LONGEST_TEXT]
    said = AskComment.objects.create(client_id=ask.client_id, ask=ask, text=cleaned, by=by, at=at)
    if ask.asked_user is not None:
        outbox.send(
            to=ask.asked_user,
            subject="A reply to your question",
            body=f"{by} replied to your question about {ask.client.name}.\n",
            link_path=kinds.answer_path(ask),
            client=ask.client,
            needs_role=True,
            key=f"ask:{ask.pk}:reply:{said.pk}",
        )
    audit.record(verb="ask.replied", client=ask.client, obj=ask, by=by, at=at, reason=cleaned)
    return said
