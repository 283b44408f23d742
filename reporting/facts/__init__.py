"""Gathering: the only code of reporting that reads other apps, all of it as of one day.

The answer is a document of plain values without words. Nothing is written here, and the caller
opens the one transaction in which every read sees the same moment.
"""

from __future__ import annotations

from datetime import datetime

from reporting import documents
from reporting.enums import Kind
from reporting.facts import board, monthly
from reporting.facts.basis import basis_of
from reporting.models import Report


def gather(report: Report, *, at: datetime, edition: documents.Edition) -> documents.Document:
    """The facts of a report: as they stood at the end of its last day, or today while it runs."""
    basis = basis_of(report, at=at)
    made = monthly.gather if report.kind == Kind.MONTHLY else board.gather
    return made(basis, edition)
