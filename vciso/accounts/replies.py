"""Answers kept for programs that repeat a request because they did not hear the first one."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from vciso.accounts.models import ApiReply
from vciso.tenancy.models import Client, User


class KeyReused(Exception):
    """The key stands for another request already."""


@dataclass(frozen=True)
class Claim:
    """A key taken by this request, or, when `is_repeat`, by an earlier one whose answer it holds."""

    reply: ApiReply
    is_repeat: bool


def claim(*, client: Client, user: User, token: uuid.UUID | None, key: str, request_hash: str, at: datetime) -> Claim:
    """Takes the key for this request, in its transaction; waits for one in flight with the same key.

    If that one is undone the key is free again. Raises KeyReused for another request's key.
    """
    wanted = ApiReply(client=client, user=user, token_id=token, key=key, request_hash=request_hash, created_at=at)
    ApiReply.objects.bulk_create([wanted], ignore_conflicts=True)
    held = ApiReply.objects.get(client=client, user=user, token_id=token, key=key)
    if held.request_hash != request_hash:
        raise KeyReused
    return Claim(held, held.pk != wanted.pk)


def keep(reply: ApiReply, *, status: int, headers: dict[str, str], body: str) -> None:
    """Notes the answer, with the change it tells of."""
    reply.status, reply.headers, reply.body = status, headers, body
    reply.save(update_fields=["status", "headers", "body"])


def forget() -> int:
    """Removes the answers of more than a day ago, over all clients; how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.forget_replies()")
        return int(cursor.fetchone()[0])
