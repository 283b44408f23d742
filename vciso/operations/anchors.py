"""Once a day the ends of all audit chains leave the portal, so that nobody can rewrite a chain unseen.

Who owns the database could compute a whole chain anew. What he cannot do is change the mail in
somebody else's inbox or the file on somebody else's disk: `anchors check` compares with those.
"""

import json
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from vciso.audit import selectors
from vciso.audit import services as audit
from vciso.audit.models import Event
from vciso.jobs import outbox
from vciso.tenancy import context

log = logging.getLogger(__name__)


class Unreadable(Exception):
    """A file that is no anchor of ours; the sentence says why."""


@dataclass(frozen=True)
class Anchor:
    """The last number and hash of every chain at one moment. Chains are named by id, never by name."""

    day: str
    at: str
    portal: str
    ends: list[tuple[str, int, str]]

    def text(self) -> str:
        content = {"anchor": 1, "day": self.day, "at": self.at, "portal": self.portal, "ends": self.ends}
        return json.dumps(content, indent=1) + "\n"

    @classmethod
    def read(cls, text: str) -> "Anchor":
        """From the file, or from the mail with whatever stands around it."""
        try:
            found = json.loads(text[text.index("{") : text.rindex("}") + 1])
            ends = [(str(chain), int(seq), str(value)) for chain, seq, value in found["ends"]]
            return cls(str(found["day"]), str(found["at"]), str(found["portal"]), ends)
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable("This file holds no anchor of the audit trail.") from error


def anchor_trail(*, at: datetime) -> str:
    """Verify every chain and send its end out, once a day (UTC). Answers anchored, done or broken.

    A broken chain is told instead, every time, and the day stays without an anchor.
    """
    day = at.astimezone(UTC).date().isoformat()
    with context.as_installation("anchor"), connection.cursor() as cursor:
        cursor.execute("SELECT sec.audit_anchored()")
        last: datetime | None = cursor.fetchone()[0]
        if last is not None and last.astimezone(UTC).date().isoformat() >= day:
            return "done"
        broken = [chain for chain in selectors.verify() if chain.broken_at is not None]
        cursor.execute("SELECT chain, seq, hash FROM sec.audit_ends()")
        found = Anchor(day, at.astimezone(UTC).isoformat(timespec="seconds"), settings.BASE_URL, cursor.fetchall())
    if broken:
        return _tell_broken(broken, day=day, at=at)
    _write(found)
    with transaction.atomic():
        for address in settings.ANCHOR_MAIL:
            _mail(address, f"Audit trail of {day}", found.text(), key=f"anchor:{day}:{address}", at=at)
        audit.record(verb="trail.anchored", at=at, after={"day": day, "chains": len(found.ends)})
    return "anchored"


def _tell_broken(broken: list[selectors.Chain], *, day: str, at: datetime) -> str:
    lines = [f"{chain.chain}: at event {chain.broken_at}: {chain.why}" for chain in broken]
    log.critical("the audit trail is broken: %s", "; ".join(lines))
    with transaction.atomic():
        for address in settings.ANCHOR_MAIL:
            body = "The audit trail does not verify. Keep backups and this machine as they are.\n\n" + "\n".join(lines)
            _mail(address, "The audit trail is BROKEN", body, key=f"trail broken:{day}:{address}", at=at)
    return "broken"


def _mail(address: str, subject: str, body: str, *, key: str, at: datetime) -> None:
    outbox.send(to=address, subject=subject, body=body, needs_role=False, key=key, at=at)


def folder() -> Path:
    return Path(settings.ANCHOR_FOLDER or settings.VAR / "anchors")


def _write(anchor: Anchor) -> None:
    """A new file for each day; one that exists stays as it is."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder() / f"trail-{anchor.day}.json"
    try:
        with path.open("x") as file:
            file.write(anchor.text())
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return


def differences(anchor: Anchor) -> list[str]:
    """What an anchor knows and the trail no longer says. Reads every chain: as the migrator alone."""
    found = []
    for chain, seq, value in anchor.ends:
        if seq and _hash_of(chain, seq) != value:
            found.append(f"{chain}: event {seq} is not the one that was anchored on {anchor.day}")
    return found


def _hash_of(chain: str, seq: int) -> str | None:
    kind, _, owner = chain.partition(":")
    scope: dict[str, Any] = {"client_id": None, "practice_id": None}
    if kind in {"client", "practice"}:
        scope[f"{kind}_id"] = owner
    return Event.objects.filter(seq=seq, **scope).values_list("hash", flat=True).first()
