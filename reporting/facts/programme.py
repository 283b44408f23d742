"""The written programme, the suppliers and what the business runs on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from engagements import selectors as engagement_selectors
from policies import selectors as policy_selectors
from reporting import documents, formats
from reporting.documents import Coming, Figure, Record
from reporting.facts.basis import Basis
from reporting.facts.work import DAYS_AHEAD, coming
from vendors import selectors as vendor_selectors

POLICIES_SHOWN = 12
SUPPLIERS_SHOWN = 10
SYSTEMS_SHOWN = 8
REVIEWED_WITHIN = 365
TIERS = {1: "The business stops or is exposed without it", 2: "Matters", 3: "Easily replaced"}


def _record(kind: str, row: Any, version: str = "") -> Record:
    return Record(kind, row.reference, str(row.id), version)


def dates(basis: Basis) -> list[Coming]:
    """Reviews, approvals and contract dates of policies and suppliers, late ones too."""
    found = []
    for kind, rows in (
        ("policy", policy_selectors.coming_dates(basis.client, basis.as_of, DAYS_AHEAD)),
        ("vendor", vendor_selectors.coming_dates(basis.client, basis.as_of, DAYS_AHEAD)),
    ):
        for row in rows:
            # Approvals are asks, and those are listed already.
            if row.kind == "policy approval":
                continue
            label = row.kind[:1].upper() + row.kind[1:]
            found.append(coming(basis, row.on, row.what, label, row.who, _record(kind, row)))
    return found


_POLICY_ORDER = ("overdue", "awaiting approval", "due", "draft", "in force")


def policies(basis: Basis) -> documents.Policies:
    """The policies on the day: those that need somebody first."""
    rows = policy_selectors.policies_as_of(basis.client, basis.as_of)
    before = basis.previous.policies if isinstance(basis.previous, documents.BoardPack) else None
    listed = [(_policy_state(row), row) for row in rows]
    listed.sort(key=lambda pair: (_POLICY_ORDER.index(pair[0]), pair[1].title))

    def count(formula: str, name: str, found: Sequence[Any], *, lower: bool = True) -> Figure:
        figure = Figure.count(formula, [_record("policy", row, row.version) for row in found])
        return figure.since(getattr(before, name) if before else None, lower_is_better=lower)

    current = [row for row in rows if row.is_in_force and not row.is_overdue]
    return documents.Policies(
        rows=tuple(_policy(state, row) for state, row in listed[:POLICIES_SHOWN]),
        total=count("policies.total.1", "total", rows, lower=False),
        in_force=count("policies.in_force.1", "in_force", current, lower=False),
        overdue=count("policies.overdue.1", "overdue", [r for r in rows if r.is_overdue]),
        awaiting=count("policies.awaiting.1", "awaiting", [r for r in rows if r.is_awaiting]),
    )


def _policy_state(row: Any) -> str:
    if row.is_overdue:
        return "overdue"
    if row.is_awaiting:
        return "awaiting approval"
    return str(row.status).replace("_", " ") if str(row.status) in ("due", "draft") else "in force"


def _policy(state: str, row: Any) -> documents.PolicyRow:
    approver = row.approved_by
    if row.is_in_force and not row.approval_recorded:
        approver = "approval not on record"
    return documents.PolicyRow(
        record=_record("policy", row, row.version),
        title=row.title,
        version=row.version or row.awaiting_version,
        approver=approver,
        approved_on=row.effective_on,
        review_due=row.next_review_on,
        state=state,  # type: ignore[arg-type]  # one of _POLICY_ORDER
    )


def suppliers(basis: Basis) -> documents.Suppliers:
    """The suppliers on the day by tier, and the ten that matter most."""
    rows = vendor_selectors.vendors_as_of(basis.client, basis.as_of)
    before = basis.previous.suppliers if isinstance(basis.previous, documents.BoardPack) else None

    def count(formula: str, name: str, found: Sequence[Any], *, lower: bool = True) -> Figure:
        figure = _count(formula, found)
        return figure.since(getattr(before, name) if before else None, lower_is_better=lower)

    ranked = sorted(rows, key=lambda row: (row.tier or 9, _SUPPLIER_ORDER.index(row.state), row.name))
    return documents.Suppliers(
        rows=tuple(_supplier(row) for row in ranked[:SUPPLIERS_SHOWN]),
        tiers=tuple(_tier(tier, rows) for tier in (1, 2, 3, None) if _of(rows, tier)),
        total=count("vendors.total.1", "total", rows, lower=False),
        critical=count("vendors.critical.1", "critical", _of(rows, 1), lower=False),
        overdue=count("vendors.overdue.1", "overdue", _in(rows, "overdue")),
        never=count("vendors.never.1", "never", _in(rows, "never reviewed")),
        concentration=_concentration(rows),
    )


def _concentration(rows: Sequence[Any]) -> str:
    """The supplier most processes hang on, where it is more than one."""
    most = max(rows, key=lambda row: len(row.processes), default=None)
    if most is None or len(most.processes) < 2:
        return ""
    number = formats.capital(formats.counted(len(most.processes), "process", "processes"))
    return f"{number} stop if {most.name} stops: {formats.listing(most.processes)}."


_SUPPLIER_ORDER = ("overdue", "never reviewed", "due", "current")


def _count(formula: str, found: Sequence[Any]) -> Figure:
    return Figure.count(formula, [_record("vendor", row) for row in found])


def _of(rows: Sequence[Any], tier: int | None) -> list[Any]:
    return [row for row in rows if row.tier == tier]


def _in(rows: Sequence[Any], state: str) -> list[Any]:
    return [row for row in rows if row.state == state]


def _tier(tier: int | None, rows: Sequence[Any]) -> documents.TierRow:
    found = _of(rows, tier)
    return documents.TierRow(
        tier=f"Tier {tier}" if tier else "No tier yet",
        meaning=TIERS.get(tier or 0, "Too little is known to give them one"),
        total=_count("vendors.total.1", found),
        current=_count("vendors.current.1", _in(found, "current")),
        due=_count("vendors.due.1", _in(found, "due")),
        overdue=_count("vendors.overdue.1", _in(found, "overdue")),
        never=_count("vendors.never.1", _in(found, "never reviewed")),
    )


def _supplier(row: Any) -> documents.SupplierRow:
    return documents.SupplierRow(
        record=_record("vendor", row),
        name=row.name,
        service=row.service,
        tier=str(row.tier or "not set"),
        holds=row.holds,
        last_review=row.last_review_on,
        result=row.result_words,
        review_due=row.review_due_on,
        contract_end=row.contract_ends_on,
        notice_by=row.notice_on,
        state=row.state,  # type: ignore[arg-type]  # one of _SUPPLIER_ORDER
    )


def systems(basis: Basis) -> tuple[documents.SystemRow, ...]:
    """What the business runs on, in the order it is restored; places without an order come last."""
    rows = engagement_selectors.estate_as_of(basis.client, basis.as_of)
    return tuple(
        documents.SystemRow(
            record=_record("system", row),
            name=row.name,
            holds=row.holds,
            run_by=row.run_by,
            owner=row.owner,
            tolerable_hours=row.tolerable_downtime_hours,
            restore_order=row.restore_order,
        )
        for row in rows[:SYSTEMS_SHOWN]
    )


def reviewed_share(basis: Basis) -> Figure:
    """Suppliers reviewed within a year, of all in use, as words."""
    rows = vendor_selectors.vendors_as_of(basis.client, basis.as_of)
    since = basis.as_of - timedelta(days=REVIEWED_WITHIN)
    fresh = [row for row in rows if row.last_review_on and row.last_review_on >= since]
    return share("quality.suppliers.1", fresh, rows, [_record("vendor", row) for row in rows])


def share(formula: str, part: Sequence[Any], whole: Sequence[Any], records: Sequence[Record]) -> Figure:
    """“12 of 14”, or not known where there is nothing to take a share of."""
    if not whole:
        return Figure.unknown(formula)
    return Figure(value=len(part), text=f"{len(part)} of {len(whole)}", formula=formula, records=tuple(records))
