"""Reads of reports. Other rooms use the names listed here."""

from reporting.selectors.overview import (
    Counts,
    attention,
    counts,
    find,
    stages,
    status_of,
    status_words,
)
from reporting.selectors.people import approval_line, directors, owners, recipients
from reporting.selectors.reports import (
    Issued,
    Stage,
    issued,
    job_of,
    latest_pack,
    latest_report,
    next_due,
    revisions,
    stage,
)

__all__ = [
    "Counts",
    "Issued",
    "Stage",
    "approval_line",
    "attention",
    "counts",
    "directors",
    "find",
    "issued",
    "job_of",
    "latest_pack",
    "latest_report",
    "next_due",
    "owners",
    "recipients",
    "revisions",
    "stage",
    "stages",
    "status_of",
    "status_words",
]
