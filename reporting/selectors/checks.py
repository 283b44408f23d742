"""What to look at before a report is published: words, gaps, and figures that moved since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reporting import documents, plain_english
from reporting import words as default_words
from reporting.formulas import FORMULAS, Formula
from reporting.models import Report
from risks.selectors import end_of_day
from vciso.audit import selectors as audit_selectors

WRITTEN = ("changes",)
NAMED = 4


@dataclass(frozen=True)
class Check:
    """One thing to look at; `section` names the words it is about, `fix` what would settle it."""

    tone: str
    icon: str
    title: str
    text: str = ""
    section: str = ""
    fix: str = ""


@dataclass(frozen=True)
class Checks:
    """What is open, and how many looks found nothing."""

    open: tuple[Check, ...]
    passed: tuple[str, ...]

    def of_section(self, key: str) -> list[Check]:
        """What is open about one section."""
        return [check for check in self.open if check.section == key]

    @property
    def warnings(self) -> int:
        """How many of the open ones are warnings."""
        return len([check for check in self.open if check.tone == "warn"])


def of_report(report: Report, document: documents.Document) -> Checks:
    """Everything that speaks against publishing as it stands; nothing here blocks. One query."""
    looks: list[tuple[str, Sequence[Check]]] = [
        ("Every sentence is plain English", _words(document)),
        ("No record changed after the figures were collected", _changed(report)),
        ("The sections that need your words have them", _unwritten(report, document)),
        ("Each top risk has an owner", _risks(document, "owner")),
        ("Each top risk has a next step", _risks(document, "next_step")),
        ("Each top risk has a date", _risks(document, "due")),
        ("Every open risk is rated", _figure(document.risks.unrated, "not rated", "is", "are")),
        (
            "Every category of the open risks has a limit",
            _figure(document.risks.without_limit, "without a limit", "is", "are"),
        ),
        ("No acceptance has run out", _figure(document.accepted.expired, "expired", "has", "have")),
        ("No work is late", _late(document)),
    ]
    found = tuple(check for _, checks in looks for check in checks)
    return Checks(found, tuple(label for label, checks in looks if not checks))


def _words(document: documents.Document) -> list[Check]:
    return [
        Check("warn", "triangle-alert", finding.text, finding.advice, finding.section)
        for finding in plain_english.warnings(document)
    ]


def _changed(report: Report) -> list[Check]:
    if report.frozen_at is None or report.data_as_of is None:
        return []
    events = audit_selectors.search(end=end_of_day(report.client, report.data_as_of)).filter(
        client=report.client, recorded_at__gt=report.frozen_at
    )
    verbs = list(events.exclude(verb__startswith="report.").values_list("object_label", flat=True)[:50])
    if not verbs:
        return []
    names = [name for name in dict.fromkeys(verbs) if name]
    shown = ", ".join(names[:NAMED]) + (" and more" if len(names) > NAMED else "")
    title = f"{shown} changed after the draft." if shown else "Records changed after the draft."
    text = "Collect the figures again to bring them up to date."
    return [Check("warn", "triangle-alert", title, text, fix="refresh")]


def _unwritten(report: Report, document: documents.Document) -> list[Check]:
    keys = {part.key for part in document.words}
    missing = [key for key in WRITTEN if key in keys and not report.section_words(key)]
    return [
        Check(
            "info",
            "pencil",
            "One section needs your words.",
            f"{default_words.SHORT[key]}: 40 to 80 words are enough.",
            key,
        )
        for key in missing
    ]


_MISSING = {
    "owner": ("has no owner", "Name a person in the register."),
    "next_step": ("has no next step", "Write what happens next in its plan."),
    "due": ("has no date", "Set a target date in its plan."),
}


def _risks(document: documents.Document, field: str) -> list[Check]:
    words, remedy = _MISSING[field]
    found = [row for row in document.risks.rows if not getattr(row, field)]
    return [Check("warn", "triangle-alert", f"{row.record.reference} {words}.", remedy, "risks") for row in found]


def _figure(figure: documents.Figure, words: str, one: str, many: str) -> list[Check]:
    number = int(figure.value or 0)
    if not number:
        return []
    names = ", ".join(record.reference for record in figure.records[:NAMED])
    title = f"{number} {'risk' if number == 1 else 'risks'} {one if number == 1 else many} {words}."
    return [Check("warn", "triangle-alert", title, names, "risks")]


def _late(document: documents.Document) -> list[Check]:
    number = int(document.plan.late.value or 0)
    if not number:
        return []
    title = f"{number} {'piece' if number == 1 else 'pieces'} of work {'is' if number == 1 else 'are'} late."
    return [Check("info", "clock", title, "Say why, and the new date.", "plan")]


def formula_of(figure: documents.Figure) -> Formula | None:
    """The written calculation behind a figure; None for one that is no longer used."""
    return FORMULAS.get(figure.formula)
