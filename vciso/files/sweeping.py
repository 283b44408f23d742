"""Files that no row names: left by a process that died between storing and its commit."""

from __future__ import annotations

import logging
import uuid
from collections import defaultdict
from contextlib import AbstractContextManager

from django.apps import apps
from django.db import ProgrammingError
from django.db.models import CharField, Model
from django.utils import timezone

from vciso.files import quotas, storage
from vciso.tenancy import context
from vciso.tenancy.models import ClientOwned, Practice, PracticeOwned

log = logging.getLogger(__name__)

OLD_ENOUGH = 24 * 3600


def sweep(*, older_than: float = OLD_ENOUGH) -> dict[str, int]:
    """Removes what no row of its owner names, each owner in a context of its own; counts what went.

    What each client keeps now is counted too, for the quota of its practice.
    Only files older than a day are touched, since a job may be about to name a younger one. Files
    of an owner this database does not know are left: after a restore they may be all there is.
    """
    orphans = 0
    stored: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key in storage.stored_keys(older_than=older_than):
        room, owner, _ = key.split("/", 2)
        stored[room, owner].add(key)
    for (room, owner), keys in stored.items():
        try:
            with _working_for(room, owner):
                orphans += _remove(keys - _named(room))
                if room == "c":
                    quotas.count(client_id=uuid.UUID(owner), at=timezone.now())
        except ProgrammingError:
            log.warning("nobody owns the stored files under %s/%s; they are left alone", room, owner)
            continue
    return {"unfinished": storage.remove_unfinished(older_than=older_than), "orphans": orphans}


def _remove(keys: set[str]) -> int:
    for key in keys:
        storage.delete(key)
    return len(keys)


def _working_for(room: str, owner: str) -> AbstractContextManager[None]:
    return context.as_job(owner, "files") if room == "c" else context.as_practice_job(uuid.UUID(owner), "files")


def _named(room: str) -> set[str]:
    """Every key that a row of the current owner names, in whatever app: a shared file stays."""
    base: tuple[type[Model], ...] = (ClientOwned,) if room == "c" else (PracticeOwned, Practice)
    named: set[str] = set()
    for model in apps.get_models():
        if not issubclass(model, base):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, CharField) and field.name.endswith("key"):
                keys = model._default_manager.filter(**{f"{field.name}__startswith": f"{room}/"})
                named |= set(keys.values_list(field.name, flat=True))
    return named
