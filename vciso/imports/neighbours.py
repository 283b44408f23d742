"""Does a text name another client of the practice? Asked of the database, which answers yes or no only."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from vciso.imports.planning import PlannedRow, Remark
from vciso.tenancy.models import Client

SENTENCE = "The row names another client of the practice. Check that it belongs here; the name is in the row as read."


def warn_of_other_clients(client: Client, rows: Sequence[PlannedRow]) -> None:
    """A warning on every row whose cells name another client of the same practice."""
    texts = ["\n".join(row.read.values()) for row in rows]
    for number in named_in(client, texts):
        row = rows[number]
        row.remarks.append(Remark(row.kind.title_field, row.cell(row.kind.title_field), "", SENTENCE))


def named_in(client: Client, texts: Sequence[str]) -> list[int]:
    """Places of the texts that name another client, counted from 0."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.other_clients_named(%s, %s::text[])", [client.pk, list(texts)])
        return sorted(row[0] - 1 for row in cursor.fetchall())
