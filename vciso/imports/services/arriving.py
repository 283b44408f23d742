"""A file arrives: small ones are read at once, long ones behind the page with progress."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from vciso import files
from vciso.audit import services as audit
from vciso.files.scanning import MalwareFound
from vciso.files.uploads import safe_name
from vciso.imports import registry
from vciso.imports.enums import BatchState
from vciso.imports.guessing import Guess
from vciso.imports.mapping import Mapping
from vciso.imports.models import ImportBatch
from vciso.imports.neighbours import warn_of_other_clients
from vciso.imports.previewing import STEPS, Preview
from vciso.imports.previewing import preview as read_preview
from vciso.imports.reading import ImportRefused, check
from vciso.imports.registry import ImportKind
from vciso.imports.services.previewing import change_mapping, keep, preview, surroundings
from vciso.imports.services.remembering import Memory
from vciso.jobs import services as jobs
from vciso.tenancy.models import Client, User

AT_ONCE = 200_000
"""Bytes of a file that is read while the person waits; a larger one is read by the worker."""
PREVIEW = "imports.preview"

Tenant = Callable[[], AbstractContextManager[None]]


@transaction.atomic
def receive(*, client: Client, kind: ImportKind, name: str, content: bytes, by: User, at: datetime) -> ImportBatch:
    """Keep a file and have it read. Refuses (``ImportRefused``) what is no list, before anything is kept."""
    if len(content) <= AT_ONCE:
        return preview(client=client, kind=kind, name=name, content=content, by=by, at=at)
    suffix = check(name, content, folders=kind.folders)
    try:
        stored = files.store(client.pk, content, suffix=suffix)
    except MalwareFound as found:
        raise ImportRefused(str(found)) from found
    batch = ImportBatch.objects.create(
        client=client,
        kind=kind.name,
        state=BatchState.READING,
        file_name=safe_name(name),
        file_key=stored.key,
        file_sha256=stored.sha256,
        file_size=stored.size,
        mapping={},
        counts=NO_COUNTS,
        created_by=by,
        created_at=at,
    )
    _enqueue(batch, by, at)
    return batch


NO_COUNTS = {"new": 0, "update": 0, "unchanged": 0, "warning": 0, "refused": 0, "waiting": 0, "skipped": 0}


@transaction.atomic
def read_again(*, batch: ImportBatch, mapping: Mapping, by: User, at: datetime) -> ImportBatch:
    """Read the kept file the way a person says: at once, or by the worker when it is long."""
    if batch.file_size <= AT_ONCE:
        return change_mapping(batch=batch, mapping=mapping, by=by, at=at)
    changed = ImportBatch.objects.filter(pk=batch.pk, state=BatchState.PREVIEWED).update(
        state=BatchState.READING, mapping=mapping.to_json()
    )
    if not changed:
        raise ImportRefused("This file was imported already. Undo that import or bring the file again.")
    batch.refresh_from_db()
    _enqueue(batch, by, at)
    return batch


@transaction.atomic
def bring_again(*, batch: ImportBatch, by: User, at: datetime) -> ImportBatch:
    """The same file once more, so that rows which waited can be decided and imported."""
    mapping = batch.read_as
    fresh = preview(
        client=batch.client,
        kind=registry.get(batch.kind),
        name=batch.file_name,
        content=files.read(batch.file_key),
        by=by,
        at=at,
    )
    return change_mapping(batch=fresh, mapping=mapping, by=by, at=at)


def _enqueue(batch: ImportBatch, by: User, at: datetime) -> None:
    jobs.enqueue(
        PREVIEW, key=f"preview:{batch.pk}", client_id=batch.client_id, args={"batch": str(batch.pk)}, by=by, at=at
    )


def read_behind(
    *, batch_id: Any, at: datetime, tenant: Tenant, progress: Callable[[int, int, str], None]
) -> Callable[[], None]:
    """Read a file outside any transaction; the answer stores what was seen, under the job's fence."""
    steps = len(STEPS) + 1
    with tenant():
        batch = ImportBatch.objects.select_related("client").get(pk=batch_id)
        kind = registry.get(batch.kind)
        content = files.read(batch.file_key)
        memory = Memory(batch.client, kind)
        around = surroundings(
            batch.client, kind, batch.file_name, at, memory, lambda step, words: progress(step, steps, words)
        )
        mapping = batch.read_as if batch.mapping else None

    def recall(proposal: Guess) -> Mapping | None:
        with tenant():
            return memory.recall(proposal)

    try:
        seen = read_preview(
            batch.file_name, content, kind, replace(around, recall=recall, within=tenant), mapping=mapping
        )
    except ImportRefused as refusal:
        why = str(refusal)
        return lambda: _refuse(batch, why)
    seen.read_from = memory.used
    progress(steps, steps, "Keeping what was read")
    return lambda: _keep(batch, seen, kind, fresh=mapping is None)


def _refuse(batch: ImportBatch, why: str) -> None:
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.READING).update(state=BatchState.UNREADABLE, changed=why)


def _keep(batch: ImportBatch, seen: Preview, kind: ImportKind, *, fresh: bool) -> None:
    held = ImportBatch.objects.select_for_update(of=("self",)).select_related("client").get(pk=batch.pk)
    if held.state != BatchState.READING:
        return
    warn_of_other_clients(held.client, seen.plan.rows)
    held.state = BatchState.PREVIEWED
    if fresh:
        held.read_from = seen.read_from
    keep(held, seen, kind)
    audit.record(
        verb="import.previewed",
        client=held.client,
        obj=held,
        by=held.created_by,
        at=held.created_at,
        after={"kind": kind.name, "sha256": held.file_sha256, **held.counts},
    )
