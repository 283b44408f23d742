"""API tokens: making one, knowing it again, revoking it."""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from vciso.accounts.models import LONGEST_TOKEN, TOKEN_MARK, ApiToken, new_token, token_hash
from vciso.audit import services as audit
from vciso.tenancy import context
from vciso.tenancy.models import Client, User


def open_token(secret: str) -> tuple[User, context.Token] | None:
    """The person and the token behind a secret; None if it never was, was revoked or is too old."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, id, name, may_write FROM sec.open_token(%s)", [token_hash(secret)])
        row = cursor.fetchone()
    if row is None:
        return None
    user_id, *token = row
    return User.objects.get(pk=user_id), context.Token(*token)


@transaction.atomic
def make_token(
    *, user: User, name: str, clients: list[Client], may_write: bool, days: int, at: datetime
) -> tuple[ApiToken, str]:
    """A new token of the person, and its secret, which is shown once and kept nowhere.

    Refuses clients of more than one practice, and a life of more than a year.
    """
    if not clients:
        raise ValidationError({"clients": "Choose the clients that this token may reach."})
    practices = {client.practice_id for client in clients}
    if len(practices) > 1:
        raise ValidationError({"clients": "These clients belong to different practices. Make one token for each."})
    if not 1 <= days <= LONGEST_TOKEN.days:
        raise ValidationError({"days": f"A token lives 1 to {LONGEST_TOKEN.days} days; {days} does not fit."})
    secret = f"{TOKEN_MARK}{new_token()}"
    token = ApiToken(
        user=user,
        practice_id=practices.pop(),
        name=" ".join(name.split()),
        token_hash=token_hash(secret),
        hint=secret[-4:],
        clients=[client.pk for client in clients],
        may_write=may_write,
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    token.save(force_insert=True)
    audit.record(
        verb="account.token_made",
        by=user,
        at=at,
        obj=token,
        after={"name": token.name, "clients": [str(pk) for pk in token.clients], "write": may_write, "days": days},
    )
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User, at: datetime) -> None:
    """The token stops working with the next request; revoking it twice changes nothing."""
    if token.revoked_at is not None:
        return
    token.revoked_at, token.revoked_by = at, by
    token.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(
        verb="account.token_revoked", by=by, at=at, obj=token, after={"name": token.name, "user": str(token.user_id)}
    )


def clients_of(tokens: list[ApiToken]) -> dict[uuid.UUID, Client]:
    """The clients these tokens name, as far as the reader may see them. One query."""
    wanted = {pk for token in tokens for pk in token.clients}
    return {client.pk: client for client in Client.objects.filter(pk__in=wanted)}
