"""Telling both sides that an acceptance nears its end, or has run out."""

from __future__ import annotations

import datetime as dt

from django.db import connection

from risks.enums import Status
from risks.models import Acceptance
from risks.services.lapsing import both_sides
from vciso.jobs import outbox
from vciso.tenancy import context

STAGES = (7, 30, 60)
OVER = "over"
FORGOTTEN_DAYS = 7


def remind(*, at: dt.datetime) -> int:
    """Mails signer and asker 60, 30 and 7 days before the end, and once when it is over.

    Each client is worked on in a context of its own; a mail goes out once per stage however often
    this runs; none says that one is over where a newer one was signed. Answers how many were near an end.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_id FROM sec.ending_acceptances(%s)", [at])
        clients = [row[0] for row in cursor.fetchall()]
    return sum(_remind_client(client_id, at) for client_id in clients)


def _remind_client(client_id: object, at: dt.datetime) -> int:
    told = 0
    with context.as_job(str(client_id), "risks.remind"):
        last = at.date() + dt.timedelta(days=max(STAGES) + 1)
        rows = Acceptance.objects.live(on=at.date() - dt.timedelta(days=FORGOTTEN_DAYS))
        near = rows.filter(until__lte=last, risk__status=Status.OPEN)
        for acceptance in near.with_both_sides():
            reached = stage(acceptance, at)
            if reached and not (reached == OVER and acceptance.risk.is_accepted(on=acceptance.client.today(at))):
                _tell(acceptance, reached, at)
                told += 1
    return told


def stage(acceptance: Acceptance, at: dt.datetime) -> str:
    """The reminder that is due: "60", "30", "7" or "over"; empty where none is.

    A stage longer than the acceptance itself is left out: nobody is reminded of what they signed
    yesterday.
    """
    if acceptance.until is None or acceptance.signed_at is None:
        return ""
    left = (acceptance.until - acceptance.client.today(at)).days
    if left < 0:
        return OVER if left >= -FORGOTTEN_DAYS else ""
    lasts = (acceptance.until - acceptance.client.today(acceptance.signed_at)).days
    return next((str(days) for days in STAGES if left <= days < lasts), "")


def _tell(acceptance: Acceptance, reached: str, at: dt.datetime) -> None:
    client = acceptance.client
    over = reached == OVER
    subject = "An acceptance has run out" if over else "An acceptance is about to end"
    words = "has run out, so the risk is open again" if over else f"ends within {reached} days"
    for user, path in both_sides(acceptance):
        outbox.send(
            to=user,
            subject=subject,
            body=f"The acceptance of a risk of {client.name} {words}.",
            link_path=path,
            client=client,
            needs_role=True,
            key=f"acceptance:{acceptance.pk}:{reached}:{user.pk}",
            at=at,
        )
