"""The one outbox: every mail of the product is a row first, written with the change it tells of."""

import logging
import uuid
from collections import Counter
from datetime import datetime, timedelta
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone

from vciso.jobs import reconcile
from vciso.jobs.models import OutboxMail
from vciso.jobs.scope import working_in
from vciso.tenancy.models import Client, Practice, User

log = logging.getLogger(__name__)

# As long as mail servers themselves try an address that refuses.
REFUSED_FOR_GOOD = timedelta(days=5)


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
                created_at=at or timezone.now(),
                not_before=Now(),
                dropped="" if to else "Nobody has this address.",
            )
        ],
        ignore_conflicts=True,
    )


def deliver_due() -> dict[str, int]:
    """Sends what is due, each mail in the context of its own client, practice or installation.

    Ends at the first sign that the mail server is away: the other mails need not wait for it one
    after the other, and are due again at once. A mail that is refused holds up none of the others.
    """
    outcomes: Counter[str] = Counter()
    for mail_id, client_id, practice_id in reconcile.due_mail():
        with working_in(client_id, practice_id, "outbox"):
            outcome = deliver(mail_id)
        outcomes[outcome] += 1
        if outcome == "away":
            break
    return dict(outcomes)


def deliver(mail_id: uuid.UUID) -> str:
    """Sends one due mail of the current context. Answers sent, dropped, waiting, away or gone.

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
        try:
            message(mail).send()
        except Exception as error:  # whatever one mail does, the others go out
            return _not_sent(mail, error)
        mail.sent_at = timezone.now()
        if mail.client_id is None and mail.practice_id is None:
            mail.body = ""  # account mail carries single-use links; they are not kept
        mail.save(update_fields=["sent_at", "body"])
    return "sent"


def message(mail: OutboxMail) -> EmailMessage:
    """The mail as it leaves: words alone, no markup."""
    return EmailMessage(
        mail.subject,
        mail.body,
        settings.DEFAULT_FROM_EMAIL,
        [mail.to],
        headers={"Message-ID": f"<{mail.pk}@{settings.MAIL_HOST}>", "Auto-Submitted": "auto-generated"},
    )


def _not_sent(mail: OutboxMail, error: Exception) -> str:
    """Keeps the mail. A server that is away costs it no wait; its own refusal does, ever longer."""
    log.warning("mail %s was not sent: %r", mail.pk, error)
    mail.error = f"{type(error).__name__}: {error}"[:500]
    if _is_away(error):
        mail.save(update_fields=["error"])
        return "away"
    mail.tries += 1
    mail.not_before = Now() + timedelta(minutes=min(15, 2**mail.tries))
    if _refuses_for_good(error) and timezone.now() - mail.created_at > REFUSED_FOR_GOOD:
        mail.dropped = "The mail server refused this address for five days."
    mail.save(update_fields=["tries", "error", "not_before", "dropped"])
    return "dropped" if mail.dropped else "waiting"


def _is_away(error: Exception) -> bool:
    """Whether the server, and not this mail, is what failed: no connection, or no welcome."""
    if isinstance(error, SMTPException):
        refusing = isinstance(error, SMTPResponseException) and error.smtp_code in (421, 454, 535)
        return refusing or isinstance(error, SMTPServerDisconnected)
    return isinstance(error, OSError)


def _refuses_for_good(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientsRefused) and all(500 <= code < 600 for code, _ in error.recipients.values())


def _has_role(mail: OutboxMail) -> bool:
    if mail.client_id is None:
        return mail.user is not None and mail.user.is_active
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.has_role(%s, %s)", [mail.user_id, mail.client_id])
        return bool(cursor.fetchone()[0])
