"""Numbers that people say aloud: R-014, T-003. Given out once per client and kind, never again."""

import uuid

from django.db import connection


def next_reference(client_id: uuid.UUID, kind: str) -> str:
    """The next reference of a kind for a client: `next_reference(id, "R")` → "R-014".

    Locks the counter until the transaction ends, so two writers never get the same number.
    """
    return next_references(client_id, kind, 1)[0]


def next_references(client_id: uuid.UUID, kind: str, count: int) -> list[str]:
    """`count` consecutive references, oldest first, for records made in one go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_counter AS c (client_id, kind, value) VALUES (%s, %s, %s) "
            "ON CONFLICT (client_id, kind) DO UPDATE SET value = c.value + EXCLUDED.value RETURNING value",
            [client_id, kind, count],
        )
        last = cursor.fetchone()[0]
    return [f"{kind}-{number:03d}" for number in range(last - count + 1, last + 1)]


def reserve_reference(client_id: uuid.UUID, kind: str, reference: str) -> None:
    """Keeps the counter above a reference that came with an import, so that it is never reused."""
    prefix, _, digits = reference.rpartition("-")
    if prefix != kind or not digits.isdigit() or len(digits) > 9:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tenancy_counter AS c (client_id, kind, value) VALUES (%s, %s, %s) "
            "ON CONFLICT (client_id, kind) DO UPDATE SET value = GREATEST(c.value, EXCLUDED.value)",
            [client_id, kind, int(digits)],
        )
