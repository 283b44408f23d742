"""The board packs of the examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reporting.documents import (
    Answer,
    BadYear,
    BoardPack,
    Coming,
    DecisionCard,
    Decisions,
    EarlierDecision,
    EstimateSource,
    Figure,
    Method,
    Option,
    PlanWorth,
    Policies,
    PolicyRow,
    Record,
    RiskChange,
    Risks,
    Scenario,
    SupplierRow,
    Suppliers,
    SystemRow,
    TierRow,
    Worth,
)
from tests.reporting import example_parts as ex


def rich(count: int) -> BoardPack:
    """A quarter with something in every section."""
    block = ex.risks(count, 6)
    return BoardPack(
        about=ex.about("quarterly"),
        edition=ex.edition("quarterly"),
        status=ex.status(),
        answers=_answers(),
        changes=ex.CHANGES,
        decisions=_decisions(),
        risks=block,
        scenarios=tuple(Scenario(row.title, row.sentence, row.record) for row in block.rows[:3]),
        accepted=ex.acceptances(),
        policies=_policies(),
        suppliers=_suppliers(),
        systems=_systems(),
        plan=ex.plan(),
        hours=ex.hours(),
        priorities=(
            Coming(on=date(2026, 11, 5), what="Decide on the plant networks", who="The board"),
            Coming(on=date(2026, 12, 15), what="Finish call-back checks", who="Dev Anand"),
            Coming(on=date(2027, 1, 14), what="Hold the first exercise", who="Nadia Ferris"),
        ),
        method=_method(count),
        bad_year=_bad_year(block),
        worth=_worth(block),
        limits=ex.limits(),
    )


def _worth(block: Risks) -> Worth:
    """Two plans estimated before and after, one whose cost is greater than what it removes, one only rated."""
    records = [row.record for row in block.rows]

    def money(record: Record, value: float, text: str, formula: str) -> Figure:
        return Figure(value=value, text=text, formula=f"money.{formula}.1", records=(record,))

    rows = []
    given = ((19_000_00, 76_000_00, "$4.00"), (5_100_00, 12_000_00, "$2.40"), (9_000_00, 3_600_00, "$0.40"))
    for row, (cost, removed, each) in zip(block.rows, given, strict=False):
        rows.append(
            PlanWorth(
                record=row.record,
                title=row.title,
                response="Reduce",
                approved=True,
                a_year=money(row.record, cost, f"${cost // 100:,}", "plan_cost"),
                removed=money(row.record, removed, f"about ${removed // 100:,}", "removed"),
                each=money(row.record, removed / cost, each, "each"),
                reasonable=cost <= removed,
            )
        )
    rated = block.rows[3]
    rows.append(
        PlanWorth(
            record=rated.record, title=rated.title, response="Transfer", approved=False,
            a_year=Figure.unknown("money.plan_cost.1", "cost not known"), moves="Moves from high to medium.",
        )
    )  # fmt: skip
    return Worth(rows=tuple(rows), plans=Figure.count("plans.decided.1", records[:5]))


def _bad_year(block: Risks) -> BadYear:
    """Three estimated risks, a little cheaper than last quarter."""
    records = tuple(row.record for row in block.rows[:3])

    def figure(value: float, text: str, was: str, formula: str) -> Figure:
        return Figure(value=value, text=text, formula=f"money.{formula}.1", records=records, was=was, movement="better")

    return BadYear(
        estimated=Figure.count("money.estimated.1", records),
        open=block.total,
        rows=(
            ("Average year", figure(140_000_00, "about $140,000", "about $160,000", "mean")),
            ("1-in-10 year", figure(440_000_00, "about $440,000 or more", "about $500,000 or more", "one_in_ten")),
            ("1-in-50 year", figure(820_000_00, "about $820,000 or more", "about $900,000 or more", "one_in_fifty")),
        ),
        exceeding=figure(0.05, "1 in 20 years (5.0%)", "1 in 14 years (7.0%)", "exceeding"),
        tolerance_minor=600_000_00,
        curve=(
            (0, 0.6),
            (60_000_00, 0.5),
            (210_000_00, 0.25),
            (440_000_00, 0.1),
            (820_000_00, 0.02),
            (960_000_00, 0.01),
        ),
        sources=tuple(
            EstimateSource(
                record=record,
                estimate_id=f"estimate-{record.reference}",
                seed=11,
                method="lognormal-poisson-1",
                numpy_version="2.4.6",
            )
            for record in records
        ),
    )


def empty() -> BoardPack:
    """A first pack without data."""
    none, unknown = ex.some, Figure.unknown
    return BoardPack(
        about=ex.about("quarterly", first=True),
        edition=replace(ex.edition("quarterly"), approver=""),
        status=ex.status(known=False),
        answers=tuple(
            Answer(
                key=key,
                state="unknown",
                answer="Not known yet",
                text="Nothing is recorded that could answer this.",
                confidence_why="No record stands behind the answer.",
            )
            for key in ("protected", "top-risk", "obligations", "material")
        ),
        changes=(),
        decisions=Decisions(
            asked=(),
            total=none("decisions.asked.1", 0),
            cost=unknown("decisions.cost.1"),
            minutes=unknown("decisions.minutes.1"),
        ),
        risks=ex.risks(0, 6),
        scenarios=(),
        accepted=ex.acceptances(0),
        limits=ex.no_limits(),
        policies=Policies(
            rows=(),
            total=none("policies.total.1", 0),
            in_force=none("policies.in_force.1", 0),
            overdue=none("policies.overdue.1", 0),
            awaiting=none("policies.awaiting.1", 0),
        ),
        suppliers=Suppliers(
            rows=(),
            tiers=(),
            total=none("vendors.total.1", 0),
            critical=none("vendors.critical.1", 0),
            overdue=none("vendors.overdue.1", 0),
            never=none("vendors.never.1", 0),
        ),
        systems=(),
        plan=ex.no_plan(),
        hours=ex.no_hours(),
        priorities=(),
        method=Method(quality=(("Risks rated", unknown("quality.rated.1")),)),
        worth=Worth(rows=(), plans=none("plans.decided.1", 0)),
    )


def _answers() -> tuple[Answer, ...]:
    return (
        Answer(
            key="protected",
            state="watch",
            answer="Not yet: four risks are above your limits",
            text="Four of 14 risks are above the limits you set. One has no approved plan.",
            figures=(ex.some("risks.above.1", 4),),
            was="Not yet, five risks",
            movement="better",
            confidence="medium",
            confidence_why="All risks are rated; none is estimated in money.",
        ),
        Answer(
            key="top-risk",
            state="off",
            answer="Ransomware that stops both plants",
            text="Score 15 against a limit of 10. It fell from 20 after the new backup.",
            figures=(ex.some("risks.above.1", 1),),
            was="The same risk",
            movement="better",
            confidence="medium",
            confidence_why="Rated in August by its owner.",
        ),
        Answer(
            key="obligations",
            state="unknown",
            answer="Not known yet",
            text="Laws, contracts and insurance conditions are not recorded yet.",
            confidence="low",
            confidence_why="No record stands behind the answer.",
        ),
        Answer(
            key="material",
            state="unknown",
            answer="Not known yet",
            text="No risk is estimated in money yet.",
            confidence="low",
            confidence_why="No record stands behind the answer.",
        ),
    )


def _decisions() -> Decisions:
    cards = (
        DecisionCard(
            record=ex.record("decision", "D-004"),
            title="Separate the plant networks, phase 2",
            question="Please decide whether phase 2 is funded now",
            background="It is the largest single step: the top risk falls from 15 to 10.",
            options=(
                Option("Fund phase 2 now", 14_800_000, 600_000, "R-001 falls to 10 by May", True),
                Option("Fund Dayton only", 8_900_000, 400_000, "R-001 falls to 12"),
                Option("Do nothing", 0, None, "R-001 stays at 15", do_nothing=True),
            ),
            recommendation="Fund phase 2 now.",
            cost_of_delay="Switches take 11 weeks. After 5 December the work misses the renewal.",
            asked_of="Board of Directors",
            decide_by=date(2026, 11, 5),
            minutes=15,
        ),
        DecisionCard(
            record=ex.record("decision", "D-005"),
            title="Accept the order system's single region until 30 June 2027",
            question="Will you carry this risk until the second region opens?",
            background="Moving earlier would cost more than the harm it prevents.",
            options=(
                Option("Accept with conditions", 600_000, None, "Paper drill each quarter", True),
                Option("Move provider", 21_000_000, None, "Nine months of work"),
            ),
            recommendation="Accept with conditions.",
            cost_of_delay="Without a decision nobody carries the risk.",
            asked_of="Board of Directors",
            decide_by=date(2026, 11, 5),
            minutes=10,
        ),
    )
    return Decisions(
        asked=cards,
        total=Figure.count("decisions.asked.1", [card.record for card in cards]),
        cost=Figure(value=15_400_000, text="$154,000", formula="decisions.cost.1"),
        minutes=Figure(value=25, text="25 minutes", formula="decisions.minutes.1"),
        earlier=(
            EarlierDecision(
                record=ex.record("decision", "D-001"),
                title="Off-site backup",
                outcome="Approved",
                by="Board",
                on=date(2026, 5, 14),
            ),
            EarlierDecision(
                record=ex.record("decision", "D-002"),
                title="Open external links",
                outcome="Turned off",
                by="Board",
                on=date(2026, 8, 6),
            ),
        ),
    )


def _policies() -> Policies:
    told = (
        ("Information security", "3", "Maria Stroud", date(2026, 2, 12), date(2027, 2, 12), "in force"),
        ("Acceptable use", "2", "Priya Nair", date(2026, 7, 14), date(2027, 7, 14), "in force"),
        ("Controlled drawings", "1", "Tom Okafor", date(2025, 11, 20), date(2026, 11, 20), "due"),
        ("Plant technology", "1", "Maria Stroud", date(2025, 8, 22), date(2026, 8, 22), "overdue"),
        ("Leaver procedure", "2", "Priya Nair", None, None, "awaiting approval"),
    )
    rows = tuple(
        PolicyRow(
            record=ex.record("policy", f"P-{at:03d}"),
            title=title,
            version=version,
            approver=approver,
            approved_on=approved,
            review_due=due,
            state=state,
        )  # type: ignore[arg-type]  # literals above
        for at, (title, version, approver, approved, due, state) in enumerate(told)
    )
    return Policies(
        rows=rows,
        total=ex.some("policies.total.1", 5, "policy", "P"),
        in_force=ex.some("policies.in_force.1", 3, "policy", "P"),
        overdue=ex.some("policies.overdue.1", 1, "policy", "P"),
        awaiting=ex.some("policies.awaiting.1", 1, "policy", "P"),
    )


def _suppliers() -> Suppliers:
    told = (
        (
            "Corvane",
            "Hosted order system",
            "1",
            "Orders, prices",
            date(2026, 8, 4),
            "Two findings",
            "due",
            "One region since August",
        ),
        (
            "Northgate Controls",
            "Machine controller support",
            "1",
            "Remote access",
            date(2025, 8, 11),
            "Satisfactory",
            "overdue",
            "Remote access review outstanding",
        ),
        ("Meridian Payroll", "Payroll", "1", "Staff records", date(2026, 5, 22), "Satisfactory", "current", ""),
        ("Arden Freight", "Logistics portal", "2", "Addresses", None, "", "never reviewed", ""),
    )
    rows = tuple(
        SupplierRow(
            record=ex.record("vendor", f"V-{at:03d}"),
            name=name,
            service=service,
            tier=tier,
            holds=holds,
            last_review=last,
            result=result,
            state=state,
            note=note,  # type: ignore[arg-type]  # literals above
            review_due=date(2026, 12, 1),
            contract_end=date(2027, 3, 31),
        )
        for at, (name, service, tier, holds, last, result, state, note) in enumerate(told)
    )

    def count(formula: str, number: int) -> Figure:
        return ex.some(formula, number, "vendor", "V")

    tiers = tuple(
        TierRow(
            tier=tier,
            meaning=meaning,
            total=count("vendors.total.1", a),
            current=count("vendors.current.1", b),
            due=count("vendors.due.1", c),
            overdue=count("vendors.overdue.1", d),
            never=count("vendors.never.1", e),
        )
        for tier, meaning, a, b, c, d, e in (
            ("Tier 1", "Stops production or holds drawings", 8, 6, 1, 1, 0),
            ("Tier 2", "Holds staff or customer data", 21, 17, 2, 1, 1),
            ("Tier 3", "No sensitive data, easy to replace", 46, 38, 8, 0, 0),
        )
    )
    return Suppliers(
        rows=rows,
        tiers=tiers,
        total=count("vendors.total.1", 75),
        critical=count("vendors.critical.1", 8),
        overdue=count("vendors.overdue.1", 2),
        never=count("vendors.never.1", 1),
        concentration="Four of seven key processes stop if Corvane stops.",
    )


def _systems() -> tuple[SystemRow, ...]:
    told = (
        ("Order system", "Orders, prices", "Corvane", "Jen Halloran", 8, 1),
        ("Plant scheduling", "Work orders", "Larkfield IT", "Maria Stroud", 12, 2),
        ("Drawings store", "Controlled drawings", "Larkfield IT", "Tom Okafor", None, None),
    )
    return tuple(
        SystemRow(
            record=ex.record("system", f"SYS-{at:03d}"),
            name=name,
            holds=holds,
            run_by=run_by,
            owner=owner,
            tolerable_hours=hours,
            restore_order=order,
        )
        for at, (name, holds, run_by, owner, hours, order) in enumerate(told)
    )


def _method(count: int) -> Method:
    return Method(
        quality=(
            ("Risks rated", Figure(value=1.0, text=f"{count} of {count}", formula="quality.rated.1")),
            ("Risks reviewed in time", Figure(value=0.86, text="12 of 14", formula="quality.reviewed.1")),
            ("Suppliers reviewed", Figure(value=0.8, text="62 of 75", formula="quality.suppliers.1")),
        ),
        changed=(
            RiskChange(
                ex.record("risk", "R-001"),
                "Ransomware stops production",
                "20 → 15",
                date(2026, 8, 20),
                "Off-site backup went live",
            ),
            RiskChange(
                ex.record("risk", "R-004"),
                "Order system outage",
                "8 → 12",
                date(2026, 8, 28),
                "The provider moved to one region",
            ),
        ),
        glossary=ex.GLOSSARY,
    )
