"""The one outbox: every mail of the product is a row first, written with the change it tells of."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.utils import timezone

from vciso.jobs.models import OutboxMail
from vciso.tenancy.models import Client, Practice, User


def send(
    *,
    to: User | str,
    subject: str,
    body: str,
    link_path: str = "",
    client: Client | uuid.UUID | None = None,
    practice: Practice | uuid.UUID | None = None,
    needs_role: bool = True,
    key: str,
    at: datetime | None = None,
) -> None:
    """Puts one mail into the outbox, once per `key`.

    The mail says that something waits and carries a link; what it is about stays behind the
    sign-in. Without a recipient the row is written and never sent. `needs_role`: dropped if the
    person lost their role at the client before it went out.
    """
    user = to if isinstance(to, User) else None
    now = at or timezone.now()
    if link_path:
        body = f"{body}\n\n{settings.BASE_URL}{link_path}"
    OutboxMail.objects.bulk_create(
        [
            OutboxMail(
                client_id=getattr(client, "pk", client),
                practice_id=getattr(practice, "pk", practice),
                key=key,
                user=user,
                to=user.email if user else str(to),
                subject=" ".join(subject.split())[:200],
                body=body,
                needs_role=needs_role and user is not None,
                created_at=now,
                not_before=now,
                dropped="" if to else "Nobody has this address.",
            )
        ],
        ignore_conflicts=True,
    )


def deliver(mail_id: uuid.UUID) -> str:
    """Sends one due mail of the current context. Answers sent, dropped, waiting or gone.

    Sending and marking share a row lock, so two workers never send the same mail; a crash in
    between sends it again under the same Message-ID.
    """
    with transaction.atomic():
        mail = (
            OutboxMail.objects.select_for_update(skip_locked=True).filter(pk=mail_id, sent_at=None, dropped="").first()
        )
        if mail is None:
            return "gone"
        if mail.needs_role and not _has_role(mail):
            mail.dropped = "The recipient no longer has a role there."
            mail.save(update_fields=["dropped"])
            return "dropped"
        message = EmailMessage(
            mail.subject,
            mail.body,
            settings.DEFAULT_FROM_EMAIL,
            [mail.to],
            headers={"Message-ID": f"<{mail.pk}@{settings.MAIL_HOST}>", "Auto-Submitted": "auto-generated"},
        )
        try:
            message.send()
        except OSError as error:
            mail.tries += 1
            mail.error = f"{type(error).__name__}: {error}"[:500]
            mail.not_before = timezone.now() + timedelta(minutes=min(15, 2**mail.tries))
            mail.save(update_fields=["tries", "error", "not_before"])
            return "waiting"
        mail.sent_at = timezone.now()
        if mail.client_id is None and mail.practice_id is None:
            mail.body = ""  # account mail carries single-use links; they are not kept
        mail.save(update_fields=["sent_at", "body"])
    return "sent"


def _has_role(mail: OutboxMail) -> bool:
    if mail.client_id is None:
        return mail.user is not None and mail.user.is_active
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.has_role(%s, %s)", [mail.user_id, mail.client_id])
        return bool(cursor.fetchone()[0])
