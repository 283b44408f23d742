"""What a report cannot say, in sentences: never a zero, never drawn as fine.

The sentences stand in the page whatever the consultant writes around them.
"""

from __future__ import annotations

from reporting import formats
from reporting.documents import Acceptances, BoardPack, Document, Hours, Limits, MonthlyReport, Plan, Risks

Sentences = tuple[str, ...]

NOT_KNOWN_WORD = "Not known yet"
NO_INCIDENTS = "No incident record is kept yet, so this report cannot say whether something happened."
NO_OBLIGATIONS = "Laws, contracts and insurance conditions are not recorded yet."
NO_BUDGET = "No budget is recorded yet, so spending cannot be compared with a plan."
NO_ESTIMATE = "No risk is estimated in money yet."
FEW_ESTIMATES = "Fewer than three risks are estimated in money, which says too little about a bad year."
NO_TOLERANCE = "No tolerance for one year is set, so no year can be called too dear."
NO_CURVE = "How bad a bad year could be is therefore not known."
NO_PLAN = "No plan for a risk is on record."
NO_WORTH = "No plan is estimated in money before and after, so what it removes for its cost is not known."
NO_LIMITS = "No limit is set yet, so nobody can say how much risk is too much."
NOT_APPROVED = "Nobody of your business has approved these limits yet."
NO_EXERCISE = "No exercise is on record."
NO_RESTORE = "No restore test is on record."
NO_PLAN_TEST = "Whether the business could recover in time is therefore not known."


def monthly(report: MonthlyReport) -> dict[str, Sentences]:
    """Per section of a monthly report."""
    return {
        "status": _status(report),
        "needs": (),
        "changes": _changes(report),
        "coming": () if report.coming else ("No date is planned for next month yet.",),
        "risks": (*risks(report.risks), *limits(report.limits)),
        "plan": plan(report.plan),
        "dates": _dates(report),
        "hours": (*hours(report.hours), NO_BUDGET),
        "incidents": () if report.tiles.incidents.known else (NO_INCIDENTS,),
        "accepted": accepted(report.accepted),
        "words": (),
    }


def board(pack: BoardPack) -> dict[str, Sentences]:
    """Per section of a board pack."""
    return {
        "answers": _status(pack),
        "decisions": (),
        "risks": (*risks(pack.risks), *limits(pack.limits)),
        "bad-year": _bad_year(pack),
        "accepted": accepted(pack.accepted),
        "policies": _policies(pack),
        "suppliers": _suppliers(pack),
        "readiness": (NO_INCIDENTS, NO_EXERCISE, NO_RESTORE, NO_PLAN_TEST),
        "plan": (*plan(pack.plan), *_worth(pack), *hours(pack.hours), NO_BUDGET),
        "method": () if pack.method.changed else ("No change of a risk is on record.",),
    }


def _bad_year(pack: BoardPack) -> Sentences:
    year = pack.bad_year
    if year is None:
        return (NO_ESTIMATE, NO_CURVE)
    if not year.rows:
        return (FEW_ESTIMATES, NO_CURVE)
    return () if year.tolerance_minor else (NO_TOLERANCE,)


def _worth(pack: BoardPack) -> Sentences:
    if pack.worth is None:
        return ()
    if not pack.worth.rows:
        return (NO_PLAN,)
    return () if any(row.removed for row in pack.worth.rows) else (NO_WORTH,)


def of(document: Document) -> dict[str, Sentences]:
    """The sentences of either document, by section."""
    return monthly(document) if isinstance(document, MonthlyReport) else board(document)


def _status(document: Document) -> Sentences:
    if document.status.word == NOT_KNOWN_WORD:
        return ()
    total, unrated = document.risks.total.value, document.risks.unrated.value
    if not total:
        return ("No risk is recorded yet, so the status rests on dates alone.",)
    if unrated and unrated >= total:
        return ("No risk is rated yet, so the status rests on dates alone.",)
    return ()


def risks(block: Risks) -> Sentences:
    """An empty register, risks without a rating, risks without a limit."""
    total = int(block.total.value or 0)
    if not total:
        return ("No risk is recorded yet, so nothing can be ranked.",)
    found = []
    if unrated := int(block.unrated.value or 0):
        found.append(
            f"{formats.capital(formats.counted(unrated, 'risk'))} "
            f"{'is' if unrated == 1 else 'are'} not rated yet and cannot be ranked."
        )
    if free := int(block.without_limit.value or 0):
        found.append(
            f"No limit is set for {formats.counted(free, 'risk')}, so nobody can say whether that is too much."
        )
    if block.reviewed.value == 0:
        found.append("No risk was reviewed in this period.")
    return tuple(found)


def limits(block: Limits | None) -> Sentences:
    """No limit at all, or limits that nobody of the business has put a name to."""
    if block is None:
        return ()
    if not block.set.value and block.tolerance is None:
        return (NO_LIMITS,)
    if block.approval is not None:
        return ()
    return (f"{NOT_APPROVED} {block.waiting_for} has been asked." if block.waiting_for else NOT_APPROVED,)


def plan(block: Plan) -> Sentences:
    """No work on record at all."""
    nothing = not block.rows and not block.finished.value
    return ("No work is on record for this period.",) if nothing else ()


def hours(block: Hours) -> Sentences:
    """Hours not recorded, or no agreement to compare them with."""
    found = []
    if not block.used.value:
        found.append("No hours are recorded for this period.")
    if not block.included.known:
        found.append("The agreed hours are not recorded.")
    return tuple(found)


def accepted(block: Acceptances) -> Sentences:
    """Nobody has accepted a risk: said, since silence could also mean not kept."""
    return () if block.rows else ("No accepted risk is on record.",)


def _changes(report: MonthlyReport) -> Sentences:
    if report.changes:
        return ()
    if not report.checked:
        return ("No change is on record, and no review is on record either.",)
    things = formats.counted(len(report.checked), "thing")
    return (f"Nothing changed. We checked {things} on the dates below.",)


def _dates(report: MonthlyReport) -> Sentences:
    return () if report.dates.rows else (f"No date is on record for the next {report.dates.days} days.",)


def _policies(pack: BoardPack) -> Sentences:
    if pack.policies.rows:
        return (NO_OBLIGATIONS,)
    return ("No policy is on record yet.", NO_OBLIGATIONS)


def _suppliers(pack: BoardPack) -> Sentences:
    if not pack.suppliers.rows:
        return ("No supplier is on record yet.",)
    never = int(pack.suppliers.never.value or 0)
    if not never:
        return ()
    text = formats.capital(formats.counted(never, "supplier"))
    return (f"{text} {'has' if never == 1 else 'have'} never been reviewed.",)
