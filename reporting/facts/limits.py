"""The limits the business set, in its own words, and whether it approved them."""

from __future__ import annotations

from dataclasses import replace

from engagements.enums import Confirmation
from reporting import documents, formats
from reporting.documents import Figure, Record, SetLimit
from reporting.facts.basis import Basis
from risks import selectors as risk_selectors


def gather(basis: Basis) -> documents.Limits:
    """The limits in force on the day, with the version of them that was approved by then."""
    measure = basis.register.frame
    authority = risk_selectors.authority(basis.client, as_of=basis.as_of)
    stands = risk_selectors.standing(basis.client, measure, as_of=basis.as_of, signing=authority)
    proposed = {one.key: one for one in risk_selectors.stated(stands, measure) if one.differs and stands.approved}
    rows = tuple(line for row in measure.active for line in _limits(basis, row, proposed.get(row.key)))
    records = list(dict.fromkeys(row.record for row in rows if row.record and (row.band or row.money_minor)))
    return documents.Limits(
        rows=rows,
        set=Figure.count("limits.set.1", records),
        tolerance=_tolerance(basis),
        approval=_approval(stands),
        changed=stands.changed,
        waiting_for=stands.waiting.asked_of.name if stands.waiting else "",
        signing=authority.in_words(),
        authority=Record("authority", "Who signs", str(authority.id)) if authority.id else None,
    )


def _limits(basis: Basis, row: risk_selectors.LimitRow, proposed: risk_selectors.Stated | None) -> list[SetLimit]:
    """The limit of a category, and on a line of its own that of one year in fifty where there is one."""
    limit = _limit(row)
    if proposed is not None:
        limit = replace(limit, approved=_approved(basis, proposed.approved, row.words))
    if row.fifty_minor is None:
        return [limit]
    fifty = replace(limit, category=f"{row.name}, once in fifty years", band="", money_minor=row.fifty_minor)
    return [limit, replace(fifty, words="", approved="")] if row.band or row.money_minor else [fifty]


def _approved(basis: Basis, line: risk_selectors.Line | None, said: str) -> str:
    """The limit that was approved, in words, and its own words where they are not those said now."""
    if line is None or not line.is_set:
        return "no limit"
    sums = ((line.money_minor, "one year of ten"), (line.fifty_minor, "one year of fifty"))
    parts = [str(line.band.label).lower()] if line.band else []
    parts += [f"{formats.money(most, basis.client.currency)} in {year}" for most, year in sums if most]
    own = f" “{line.words}”" if line.words and line.words != said else ""
    return f"{formats.listing(parts)}{own}"


def _limit(row: risk_selectors.LimitRow) -> SetLimit:
    return SetLimit(
        record=Record("limit", row.name, row.limit_id) if row.limit_id else None,
        category=row.name,
        words=row.words,
        band=str(row.band.label) if row.band else "",
        money_minor=row.money_minor,
        set_by=row.approved_by,
        since=row.from_on,
    )


def _tolerance(basis: Basis) -> SetLimit | None:
    known = risk_selectors.tolerance(basis.client, basis.as_of)
    if known is None:
        return None
    return SetLimit(
        record=Record("tolerance", "Tolerance", str(known.pk)),
        category="Everything together",
        words=known.words,
        money_minor=known.sum_minor,
        set_by=known.set_by.name if known.set_by else "",
        since=known.from_on,
    )


def _approval(stands: risk_selectors.Standing) -> documents.Approval | None:
    row = stands.approved
    if row is None or row.answered_on is None:
        return None
    return documents.Approval(
        record=Record("statement", str(row), str(row.pk), str(row.number)),
        version=row.number,
        by=row.signer_name,
        on=row.answered_on,
        confirmed=row.ask.confirmation != Confirmation.AWAITED,
    )
