"""One report from its frozen facts and what people added: words, names, a worse status word.

What is composed here is drawn as the PDF and read in the browser, so that both say the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from reporting import documents, words
from reporting.enums import Kind, State, Word
from reporting.models import Report
from reporting.selectors.people import ApprovalLine, approval_line
from vciso.tenancy.models import User


def edition(report: Report, *, at: datetime, line: ApprovalLine | None = None) -> documents.Edition:
    """How this revision presents itself: its names, its look, and whether it is final.

    A running period is a preview and an unfinished text a draft, printed on every page. From
    hand-in on the pages are final, since the bytes approved are the bytes published.
    """
    client, practice = report.client, report.client.practice
    state = "draft" if report.state == State.DRAFT else "final"
    if not report.is_over(at=at):
        state = "preview"
    line = line or approval_line(client)
    approver = str(_approver(report, line) or "") if line.second_required else ""
    earlier = (report.restated,) if report.restated else ()
    return documents.Edition(
        reference=report.period,
        practice_name=practice.name,
        prepared_by=str(report.prepared_by or practice.name),
        approver=approver,
        prepared_on=client.today(report.submitted_at or report.requested_at),
        revision=report.revision,
        restated=earlier,
        state=state,
        audience="leadership team" if report.kind == Kind.MONTHLY else "board of directors",
        paper=client.paper,
        accent=practice.accent,
        logo="logo" if practice.logo_key else "",
    )


def _approver(report: Report, line: ApprovalLine) -> User | None:
    """Who is named for approval; until somebody is chosen, the first who could be asked."""
    if report.reviewer:
        return report.reviewer
    others = line.others_than(report.writers | {report.prepared_by_id})
    return others[0] if others else None


def overrides(report: Report) -> dict[str, dict[str, str]]:
    """The words written by hand, by section, as `words.apply` takes them."""
    return {
        key: {"heading": part.get("heading", ""), "body": part.get("body", "")}
        for key, part in (report.words.get("sections") or {}).items()
    }


def with_status(document: documents.Document, report: Report) -> documents.Document:
    """The computed word, or the worse one a consultant chose with a printed reason."""
    computed = replace(document.status, word=document.status.computed, override_reason="")
    chosen = report.words.get("status")
    if chosen:
        computed = replace(computed, word=str(Word(chosen["word"]).label), override_reason=chosen["reason"])
    return replace(document, status=computed)


def compose(
    report: Report,
    *,
    at: datetime,
    facts: documents.Document | None = None,
    line: ApprovalLine | None = None,
) -> documents.Document:
    """The whole document as it stands now. An issued one is returned exactly as it was frozen."""
    if facts is None:
        facts = documents.from_plain(report.facts)
        if report.is_issued or report.state == State.APPROVED:
            return facts
    facts = replace(facts, edition=edition(report, at=at, line=line))
    return words.apply(with_status(facts, report), overrides(report))
