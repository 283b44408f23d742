"""Risks that came out of one another, and risks that may be one and the same."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from django.db.models import Q
from rapidfuzz import fuzz

from risks.models import Risk

FETCHED, OFFERED = 200, 5
ALIKE = 60
"""Of 100, how alike two titles are before one is offered as the duplicate of the other."""
_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Kin:
    """What stands beside a risk on its page; any of it may be missing."""

    merged_into: Risk | None = None
    split_from: Risk | None = None
    duplicates: list[Risk] = field(default_factory=list)
    parts: list[Risk] = field(default_factory=list)


def kin(risk: Risk) -> Kin:
    """The risks that were merged with this one or split from it, by number, in one query."""
    above = [pk for pk in (risk.merged_into_id, risk.split_from_id) if pk]
    related = Q(pk__in=above) | Q(merged_into=risk.pk) | Q(split_from=risk.pk)
    rows = list(
        Risk.objects.filter(related, client_id=risk.client_id)
        .only("client_id", "reference", "title", "status", "merged_into_id", "split_from_id")
        .order_by("number")
    )
    by_id: dict[uuid.UUID | None, Risk] = {row.pk: row for row in rows}
    return Kin(
        merged_into=by_id.get(risk.merged_into_id),
        split_from=by_id.get(risk.split_from_id),
        duplicates=[row for row in rows if row.merged_into_id == risk.pk],
        parts=[row for row in rows if row.split_from_id == risk.pk],
    )


def alike(risk: Risk) -> list[Risk]:
    """Open risks that share words with the title of this one, the most alike first, in one query."""
    words = _WORD.findall(risk.title)[:12]
    if not words:
        return []
    others = Risk.objects.filter(client_id=risk.client_id).open().exclude(pk=risk.pk)
    found = others.matching(" or ".join(words)).only("client_id", "reference", "title").order_by("number")[:FETCHED]
    ours = risk.title.lower()
    rated = [(fuzz.token_set_ratio(other.title.lower(), ours), other) for other in found]
    near = sorted(((ratio, other) for ratio, other in rated if ratio >= ALIKE), key=lambda pair: -pair[0])
    return [other for _ratio, other in near[:OFFERED]]
