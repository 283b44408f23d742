"""How much may be kept: for one client, for a practice's own pages, and for a practice with all its clients.

What the portal makes itself (reports, exports) counts, and is never refused for it; what people
bring is.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat

from vciso.files import storage
from vciso.files.models import Kept
from vciso.files.uploads import MB, TooLarge
from vciso.tenancy.models import Client, Practice

GB = 1024 * MB
MOST_FILES = 5_000
"""Of one client, and of a practice for itself."""


@dataclass(frozen=True)
class Use:
    """Bytes that are kept, and how many may be."""

    used: int
    limit: int

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.used / self.limit)) if self.limit else 100

    @property
    def is_near(self) -> bool:
        """Nine tenths are used, so that somebody should ask for more before a file is refused."""
        return self.used >= 0.9 * self.limit

    @property
    def words(self) -> str:
        return f"{filesizeformat(self.used)} of {filesizeformat(self.limit)}"

    def holds(self, size: int) -> bool:
        return self.used + size <= self.limit


def of_practice(practice_id: uuid.UUID) -> Use:
    """What a practice keeps with all its clients. The context must be within the practice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.kept_by_practice(%s)", [practice_id])
        of_clients = int(cursor.fetchone()[0])
    _, own = storage.usage(practice_id, practice=True)
    return Use(of_clients + own, settings.PRACTICE_FILES_GB * GB)


def admit(*, client: Client, size: int, at: datetime) -> None:
    """Refuses one more file of a client (TooLarge) where the client, or its practice, keeps as much as it may."""
    kept = count(client_id=client.pk, at=at)
    _refuse_too_many(kept.files)
    _refuse_beyond(Use(kept.bytes, settings.CLIENT_FILES_GB * GB), size, whose="This client", setting="VCISO_CLIENT_GB")
    _refuse_beyond_practice(client.practice_id, size)


def admit_for_practice(*, practice: Practice, size: int) -> None:
    """Refuses one more file of the practice itself, as its logo, in the same way."""
    files, _ = storage.usage(practice.pk, practice=True)
    _refuse_too_many(files)
    _refuse_beyond_practice(practice.pk, size)


def count(*, client_id: uuid.UUID, at: datetime) -> Kept:
    """Counts a client's files anew and keeps the result. The context must be the client's."""
    files, held = storage.usage(client_id)
    kept, _ = Kept.objects.update_or_create(
        client_id=client_id, defaults={"files": files, "bytes": held, "counted_at": at}
    )
    return kept


def _refuse_too_many(files: int) -> None:
    if files >= MOST_FILES:
        raise TooLarge(
            f"{files:,} files are kept here, and {MOST_FILES:,} may be. Put several into one document, or keep this "
            "one where the client keeps its records and say where."
        )


def _refuse_beyond_practice(practice_id: uuid.UUID, size: int) -> None:
    use = of_practice(practice_id)
    _refuse_beyond(use, size, whose="Your practice with all its clients", setting="VCISO_PRACTICE_GB")


def _refuse_beyond(use: Use, size: int, *, whose: str, setting: str) -> None:
    if not use.holds(size):
        raise TooLarge(
            f"{whose} keeps {use.words} already, and this file has {filesizeformat(size)}. Send a smaller one, or ask "
            f"whoever runs the portal for more room ({setting})."
        )
