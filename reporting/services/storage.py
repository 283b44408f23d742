"""Looking after stored pages: what no row names is removed, what a row misses is an alarm."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import CharField

from reporting.models import Report
from reporting.services import reading
from vciso import files
from vciso.tenancy import context
from vciso.tenancy.models import ClientOwned

OLD_ENOUGH = 24 * 3600


def sweep(*, at: datetime, older_than: float = OLD_ENOUGH) -> dict[str, int]:
    """Walks every client's stored PDFs, each in its own context; counts what was found.

    Only files older than a day are touched: a job may be about to name a younger one.
    """
    found = {"unfinished": 0, "orphans": 0, "missing": 0}
    with context.as_installation("report files"), connection.cursor() as cursor:
        cursor.execute("SELECT client_id FROM sec.reported_clients()")
        clients: list[UUID] = [row[0] for row in cursor.fetchall()]
    for client_id in clients:
        with context.as_job(client_id, "report files"):
            found["missing"] += _alarm_missing(client_id, at=at)
            named = _named_keys()
        unfinished, orphans = _remove(client_id, named, older_than=older_than)
        found["unfinished"] += unfinished
        found["orphans"] += orphans
    return found


def _alarm_missing(client_id: UUID, *, at: datetime) -> int:
    missing = 0
    for report in Report.objects.filter(client_id=client_id).exclude(file_key="").light():
        try:
            reading.open_pdf(report)
        except reading.MissingFile as why:
            reading.record_missing(report=report, by=None, at=at, why=str(why))
            missing += 1
    return missing


def _named_keys() -> set[str]:
    """Every key that a row of the current client names, in whatever app: a shared file stays."""
    named: set[str] = set()
    for model in apps.get_models():
        if not issubclass(model, ClientOwned):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField) and field.name.endswith("key"):
                keys = model._default_manager.filter(**{f"{field.name}__startswith": "c/"})
                named |= set(keys.values_list(field.name, flat=True))
    return named


def _remove(client_id: UUID, named: set[str], *, older_than: float) -> tuple[int, int]:
    unfinished = files.remove_unfinished(client_id=client_id, older_than=older_than)
    old = files.stored_keys(client_id=client_id, older_than=older_than)
    orphans = [key for key in old if key.endswith(".pdf") and key not in named]
    for key in orphans:
        files.delete(key)
    return unfinished, len(orphans)
