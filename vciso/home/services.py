"""A whole client as one file: readable lists, every row, the trail and the stored files, each with its SHA-256.

It is for the practice that keeps the client, so its private notes are inside.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import ForeignKey, Model

from risks.columns import limits
from vciso import files
from vciso.audit import services as audit
from vciso.imports import export, registry
from vciso.tenancy.models import Client, ClientOwned, User

FORM = 1
NOTE, MANIFEST = "READ ME FIRST.txt", "manifest.json"
BESIDES = ("audit.Event", "tenancy.Membership")
"""What is the client's though its tables are not shaped like the others: the trail, and who has which role."""
LEFT_OUT = {
    "accounts.ApiReply": "what a program was answered, kept for a day",
    "accounts.Invitation": "opens the door to whoever holds it",
    "files.Kept": "counted from the files",
    "jobs.Job": "work, not its result",
    "jobs.OutboxMail": "sent already, or about to be",
    "risks.SavedView": "belongs to the person who saved it",
    "tenancy.Counter": "follows from the references",
}
"""What knows a client and is no record of it, with the reason."""
NOTE_TEXT = """\
Everything that {practice} keeps about {client}, as of {made_at}.

lists/     the lists as workbooks, and the limits with every version of them
records/   every row of every kind of record, one JSON object a line; money in minor units, moments in UTC
files/     what was uploaded or drawn: reports, signed papers, evidence. Its name is its SHA-256.
{manifest}  the SHA-256 of each of these, and how many rows each kind has

PRIVATE: the practice's own notes are inside, and the trail of who did what. Keep it encrypted, and look at it before
you hand it to anybody, the client included.
"""


def archive(*, client: Client, out: IO[bytes], at: datetime) -> dict[str, Any]:
    """Write the archive and answer its manifest. The trail of the client tells of it, and is told in it.

    Must run in the client's context and in one transaction in which every read sees the same moment. Costs the
    memory of the largest single file.
    """
    audit.record(verb="export.archived", client=client, at=at, after={"form": FORM})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        bundle = _Bundle(package)
        told = {"made_at": at.astimezone(UTC).isoformat(timespec="seconds"), "client": client.name, "key": client.key}
        note = NOTE_TEXT.format(practice=client.practice.name, manifest=MANIFEST, **told)
        bundle.add(NOTE, note.encode())
        for name, content in _lists(client, at):
            bundle.add(f"lists/{name}", content)
        rows = _records(client, bundle)
        for key in files.stored_keys(client_id=client.pk):
            bundle.add(f"files/{key.rpartition('/')[2]}", files.read(key))
        manifest = {"archive": FORM, **told, "rows": rows, "left_out": LEFT_OUT, "members": bundle.members}
        package.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False, sort_keys=True))
    return manifest


class _Bundle:
    """Adds members to the archive and remembers their SHA-256."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.members: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        self.add_lines(name, iter((content,)))

    def add_lines(self, name: str, parts: Iterator[bytes]) -> None:
        digest = hashlib.sha256()
        with self.package.open(name, "w", force_zip64=True) as member:
            for part in parts:
                digest.update(part)
                member.write(part)
        self.members[name] = digest.hexdigest()


def _lists(client: Client, at: datetime) -> Iterator[tuple[str, bytes]]:
    """What people read: every list that the portal exports, and the limits."""
    for kind in map(registry.get, registry.names()):
        out = io.BytesIO()
        export.write(kind, client, "xlsx", out)
        yield f"{kind.label}.xlsx", out.getvalue()
    out = io.BytesIO()
    limits.write(client, client.today(at), "xlsx", out)
    yield f"{limits.LABEL}.xlsx", out.getvalue()


def kept() -> list[type[Model]]:
    """Every kind of record that an archive holds, by name."""
    owned = [model for model in apps.get_models() if issubclass(model, ClientOwned)]
    besides = [apps.get_model(label) for label in BESIDES]
    return sorted((m for m in (*owned, *besides) if m._meta.label not in LEFT_OUT), key=lambda m: m._meta.label)


def _records(client: Client, bundle: _Bundle) -> dict[str, int]:
    """Every row of every kind, with the client itself and the people who are named; answers how many of each."""
    counted: Counter[str] = Counter()
    people: set[Any] = set()

    def lines(model: type[Model], rows: Any) -> Iterator[bytes]:
        names = [field.attname for field in model._meta.concrete_fields]
        who = [f.attname for f in model._meta.concrete_fields if isinstance(f, ForeignKey) and f.related_model is User]
        for values in rows.values_list(*names).iterator(chunk_size=1_000):
            row = dict(zip(names, values, strict=True))
            people.update(row[name] for name in who if row[name])
            counted[model._meta.label] += 1
            yield _line(row)

    def add(model: type[Model], rows: Any) -> None:
        bundle.add_lines(f"records/{model._meta.label}.jsonl", lines(model, rows))

    add(Client, Client.objects.filter(pk=client.pk))
    for model in kept():
        counted[model._meta.label] = 0
        add(model, model._base_manager.filter(client=client).order_by("pk"))
    named = User.objects.filter(pk__in=people).order_by("pk").values("id", "name", "email")
    bundle.add_lines("records/people.jsonl", map(_line, named.iterator()))
    return dict(counted)


def _line(row: dict[str, Any]) -> bytes:
    return f"{json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)}\n".encode()
