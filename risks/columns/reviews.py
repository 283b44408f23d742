"""The review log as a file to hand on: every look at a risk, the latest first. Nothing here is read back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from risks.models import RiskReview
from risks.selectors import due
from vciso.imports import export
from vciso.imports.registry import Field, FieldKind
from vciso.tenancy.models import Client

LABEL = "Review log"
COLUMNS = (
    Field(key="on", label="Day", kind=FieldKind.DATE),
    *(Field(key=label.lower(), label=label) for label in ("Risk", "Title", "Found", "Note", "By")),
)


def write(client: Client, fmt: str, out: IO[bytes]) -> int:
    """Write the log; answers how many reviews it holds."""
    return export.write_rows(COLUMNS, map(_row, _reviews(client)), fmt, out, name=LABEL)


def _reviews(client: Client) -> Iterator[RiskReview]:
    return due.log(client).iterator(chunk_size=2000)


def _row(review: RiskReview) -> list[Any]:
    by = str(review.by) if review.by else "Imported"
    return [review.on, review.risk.reference, review.risk.title, review.get_outcome_display(), review.note, by]
