"""The parts example documents share: registers, hours, plans and accepted risks of an invented client."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from reporting.documents import (
    About,
    Acceptances,
    Accepted,
    Activity,
    Approval,
    Change,
    Edition,
    Figure,
    Hours,
    Limit,
    Limits,
    MonthMinutes,
    Plan,
    PlanItem,
    Previous,
    Rating,
    Reason,
    Record,
    RiskRow,
    Risks,
    Scale,
    SetLimit,
    Status,
    Term,
)

AS_OF = date(2026, 9, 30)
SCALE = Scale(
    means=(
        "Less than once in thirty years",
        "Once in ten to thirty years",
        "Once in three to ten years",
        "Once in one to three years",
        "Every year or more often",
    ),
    costs=(10_000_00, 50_000_00, 250_000_00, 1_000_000_00),
)

_RISKS = (
    (
        "Ransomware stops production at both plants",
        "Office and plant networks share one routing domain. If an attacker gets in by mail, "
        "it would mean both plants stand still for nine days.",
        "Maria Stroud",
        "COO",
        3,
        5,
        20,
        "Reduce",
        "Separate the plant networks, phase 2",
        date(2027, 1, 31),
    ),
    (
        "Payment fraud through a taken-over mailbox",
        "Changes of bank details are accepted by mail. If a supplier's mailbox is taken over, "
        "it would mean a payment to a stranger.",
        "Dev Anand",
        "CFO",
        3,
        4,
        16,
        "Reduce",
        "Call back on every change of bank details",
        date(2026, 12, 15),
    ),
    (
        "The assessment is not passed by the contract date",
        "Three practices have no plan. If the assessor finds them open, it would mean losing two contracts.",
        "Tom Okafor",
        "VP Quality",
        3,
        4,
        12,
        "Reduce",
        "Close three practices, then rehearse",
        date(2027, 3, 31),
    ),
    (
        "The hosted order system is down for more than three days",
        "The provider runs in one region. If that region fails, it would mean orders on paper for days.",
        "Jen Halloran",
        "IT Director",
        3,
        4,
        8,
        "Accept",
        "Paper drill each quarter",
        date(2027, 6, 30),
    ),
    (
        "Leavers and contractors keep access",
        "Contractors' end dates are not in the HR system. If one keeps an account, "
        "it would mean a stranger reads drawings.",
        "Priya Nair",
        "HR Director",
        3,
        3,
        12,
        "Reduce",
        "Payroll tells IT of each leaver",
        date(2026, 11, 30),
    ),
    (
        "Old controllers on the plant network",
        "Fourteen controllers get no fixes. If one is taken over, it would mean a line stops.",
        "Maria Stroud",
        "COO",
        3,
        3,
        9,
        "Reduce",
        "Isolate 14 controllers",
        date(2027, 6, 30),
    ),
)


def record(kind: str, reference: str) -> Record:
    """A record with an id made from its reference."""
    return Record(kind, reference, f"00000000-0000-4000-8000-{abs(hash_of(reference)):012d}", "1")


def hash_of(text: str) -> int:
    """A number that is the same in every process, unlike hash()."""
    return sum((at + 1) * ord(letter) for at, letter in enumerate(text))


def some(formula: str, number: int, kind: str = "risk", letter: str = "R") -> Figure:
    """A count with so many records behind it."""
    return Figure.count(formula, [record(kind, f"{letter}-{at + 1:03d}") for at in range(number)])


def risk_rows(count: int) -> tuple[RiskRow, ...]:
    """So many ranked risks, the first six told in full."""
    rows = []
    for at in range(count):
        told = _RISKS[at % len(_RISKS)]
        title, sentence, owner, role, likelihood, impact, was, response, step, due = told
        if at >= len(_RISKS):
            likelihood, impact, was = 2, 3, 6
        score = likelihood * impact
        band = SCALE.band(score)
        rows.append(
            RiskRow(
                record=record("risk", f"R-{at + 1:03d}"),
                rank=at + 1,
                title=title,
                sentence=sentence,
                rating=Rating(likelihood, impact, score, band.label, band.step, "operational"),
                limit=Limit("operational", "Medium", 10),
                position="above" if score > 10 else "inside",
                why="above your limit for operations" if score > 10 else "",
                owner=owner,
                owner_role=role,
                response=response,
                next_step=step,
                due=due,
                was_score=was,
                was_rank=at + 1,
                movement="better" if score < was else "worse" if score > was else "same",
                history=(was, was, was, score),
            )
        )
    return tuple(rows)


def risks(count: int, shown: int) -> Risks:
    """A register of so many risks with the first few shown."""
    rows = risk_rows(count)
    above = [row.record for row in rows if row.position == "above"]
    return Risks(
        rows=rows[:shown],
        total=some("risks.total.1", count),
        above=replace(Figure.count("risks.above.1", above), was=f"{len(above) + 1}", movement="better")
        if count
        else Figure.unknown("risks.above.1"),
        unrated=some("risks.unrated.1", 0),
        without_limit=some("risks.without_limit.1", 0),
        at_start=some("risks.at_start.1", count - 1 if count > 1 else count),
        opened=some("risks.opened.2", 1 if count > 1 else 0),
        reopened=some("risks.reopened.1", 0),
        closed=some("risks.closed.2", 0),
        worse=some("risks.worse.1", 1) if count > 1 else Figure.unknown("risks.worse.1"),
        better=some("risks.better.1", 2) if count > 1 else Figure.unknown("risks.better.1"),
        reviewed=some("risks.reviewed.1", count),
        show_heat_map=count > 1,
        above_history=(("Q4 2025", 9), ("Q1 2026", 7), ("Q2 2026", 6), ("Q3 2026", len(above))) if count else (),
    )


def limits() -> Limits:
    """Two categories approved as version 2, one limit set since, one category free, and a tolerance."""
    told = (
        ("Financial", "One lost day of production.", "Medium", 60_000_00, "Grace Lindqvist"),
        ("Operational", "No plant stands still for more than three days a year.", "Medium", None, "Grace Lindqvist"),
        ("Legal", "No contract is lost over a promise we cannot prove.", "Low", None, "Grace Lindqvist"),
        ("People", "", "", None, ""),
    )
    rows = tuple(
        SetLimit(
            record=record("limit", category) if band else None,
            category=category,
            words=words_,
            band=band,
            money_minor=money,
            set_by=who,
            since=date(2026, 8, 3) if band else None,
            approved="medium" if category == "Legal" else "",
        )
        for category, words_, band, money, who in told
    )
    return Limits(
        rows=rows,
        set=Figure.count("limits.set.1", [row.record for row in rows if row.record]),
        tolerance=SetLimit(
            record=record("tolerance", "Tolerance"),
            category="Everything together",
            words="What a year may cost before we put off the new line.",
            money_minor=600_000_00,
            set_by="Grace Lindqvist",
            since=date(2026, 8, 3),
        ),
        approval=Approval(record("statement", "Version 2"), 2, "Grace Lindqvist", date(2026, 8, 14)),
        changed=("Legal",),
        signing="The owner signs for accepted risks up to high, a director above it.",
    )


def no_limits() -> Limits:
    """Categories are there, and nobody set a limit."""
    return Limits(
        rows=(SetLimit(record=None, category="Financial"),),
        set=Figure.count("limits.set.1", []),
        signing="The owner signs for every accepted risk, since nobody is on the board.",
    )


def about(kind: str = "monthly", *, first: bool = False) -> About:
    """September 2026, or the third quarter."""
    monthly = kind == "monthly"
    previous = Previous(
        "LKF-MR-2026-08" if monthly else "LKF-BP-2026-Q2", "August 2026" if monthly else "Q2 2026", date(2026, 9, 2)
    )
    return About(
        kind="monthly" if monthly else "quarterly",
        client_name="Larkfield Components, Inc.",
        period="2026-09" if monthly else "2026-Q3",
        period_label="September 2026" if monthly else "Q3 2026",
        period_from=date(2026, 9, 1) if monthly else date(2026, 7, 1),
        period_to=AS_OF,
        data_as_of=AS_OF,
        language="en-US",
        scale=Scale() if first else SCALE,
        previous=None if first else previous,
    )


def edition(kind: str = "monthly") -> Edition:
    """Revision 1, waiting for a second consultant."""
    monthly = kind == "monthly"
    return Edition(
        reference="LKF-MR-2026-09" if monthly else "LKF-BP-2026-Q3",
        practice_name="Ashgrove Advisory",
        prepared_by="Nadia Ferris",
        approver="Owen Blake",
        prepared_on=date(2026, 10, 2),
        audience="leadership team" if monthly else "board members and named recipients only",
        meeting="" if monthly else "Board of Directors, 5 Nov 2026",
    )


def hours() -> Hours:
    """31.5 of 36 hours, six months back."""
    used, included = 1890, 2160
    entries = [record("time entry", f"H-{at:03d}") for at in range(6)]
    return Hours(
        used=Figure(
            value=used,
            text="31.5 hours",
            formula="hours.used.1",
            records=tuple(entries),
            was="37 hours",
            movement="better",
        ),
        included=Figure(value=included, text="36 hours", formula="hours.included.1"),
        left=Figure(value=included - used, text="4.5 hours", formula="hours.left.1"),
        client_time=Figure(value=90, text="1.5 hours", formula="hours.client.1"),
        fee=Figure(value=650000, text="$6,500 a month", formula="hours.fee.1"),
        activities=(
            Activity("Assessment: five practices evidenced, two plans drafted", 570),
            Activity("Call-back checks with finance; 62 suppliers verified", 360),
            Activity("Board pack, risk workshop and leadership meeting", 330),
            Activity("Leaver process with HR and payroll", 240),
            Activity("Supplier reviews: Cobalt Web Studio, Pembroke Metrology", 210),
            Activity("Advice line, 14 questions", 180),
        ),
        months=tuple(
            MonthMinutes(label, minutes, included)
            for label, minutes in (
                ("Apr", 2040),
                ("May", 2160),
                ("Jun", 1980),
                ("Jul", 2490),
                ("Aug", 2220),
                ("Sep", used),
            )
        ),
        next_commitment="Plant network work, $148,000, waits for decision D-004.",
    )


def no_hours() -> Hours:
    """Nothing recorded."""
    unknown = Figure.unknown
    return Hours(
        used=unknown("hours.used.1"),
        included=unknown("hours.included.1"),
        left=unknown("hours.left.1"),
        client_time=unknown("hours.client.1"),
        fee=unknown("hours.fee.1"),
    )


def plan(*, first: bool = False) -> Plan:
    """Five pieces of work, one late, one blocked."""
    items = (
        ("T-011", "Separate the plant networks, phase 2", "Jen Halloran", date(2027, 1, 31), 2, 7, "on track", 0, ""),
        (
            "T-014",
            "Call back on every change of bank details",
            "Dev Anand",
            date(2026, 12, 15),
            4,
            5,
            "on track",
            0,
            "",
        ),
        ("T-009", "Close three practices without a plan", "Tom Okafor", date(2026, 9, 15), 1, 3, "late", 15, ""),
        (
            "T-017",
            "Payroll tells IT of each leaver",
            "Priya Nair",
            date(2026, 11, 30),
            None,
            None,
            "blocked",
            0,
            "payroll provider",
        ),
        (
            "T-020",
            "Ask the order system's provider for its second region",
            "Jen Halloran",
            None,
            None,
            None,
            "no date",
            0,
            "",
        ),
    )
    return Plan(
        rows=tuple(
            PlanItem(
                record=record("task", ref),
                what=what,
                who=who,
                due=due,
                done=done,
                total=total,
                state=state,
                days_late=late,
                blocked_by=blocker,
            )  # type: ignore[arg-type]  # states are literals above
            for ref, what, who, due, done, total, state, late, blocker in items
        ),
        open=some("plan.open.1", 5, "task", "T"),
        finished=some("plan.finished.1", 3, "task", "T"),
        late=some("plan.late.1", 1, "task", "T"),
        promised=None if first else Figure(value=3, text="3 of 4", formula="plan.promised.1"),
    )


def no_plan() -> Plan:
    """No work on record."""
    return Plan(rows=(), open=some("plan.open.1", 0), finished=some("plan.finished.1", 0), late=some("plan.late.1", 0))


def acceptances(count: int = 3) -> Acceptances:
    """Up to three accepted risks; the last one ran out."""
    told = (
        (
            "Six machine controllers stay on old software",
            "Replacing them stops a line for a month",
            "Maria Stroud",
            date(2026, 5, 12),
            date(2027, 5, 11),
            "Isolated; no internet",
            "in force",
        ),
        (
            "Local files on engineering laptops",
            "The drawing program needs them",
            "Jen Halloran",
            date(2026, 2, 10),
            date(2026, 11, 30),
            "Disks encrypted; remote wipe",
            "ending soon",
        ),
        (
            "No second badge system",
            "One gate, one guard",
            "Maria Stroud",
            date(2025, 9, 12),
            date(2026, 9, 11),
            "Manual gate check",
            "expired",
        ),
    )
    rows = tuple(
        Accepted(
            record=record("acceptance", f"A-{at + 5:03d}"),
            risk=record("risk", f"R-{at + 6:03d}"),
            what=what,
            why=why,
            by=by,
            since=since,
            until=until,
            condition=condition,
            meanwhile="" if at else "A guard looks at them each week",
            exposure="Medium",
            step=2,
            state=state,
            renewals=at,  # type: ignore[arg-type]  # literals above
            then="The risk is open again by itself.",
        )
        for at, (what, why, by, since, until, condition, state) in enumerate(told[:count])
    )
    expired = sum(row.state == "expired" for row in rows)
    cost = Figure.count("acceptances.exposure.1", [record("risk", "R-006")])
    return Acceptances(
        rows=rows,
        in_force=some("acceptances.in_force.1", len(rows) - expired, "acceptance", "A"),
        ending=some("acceptances.ending.1", sum(row.state == "ending soon" for row in rows)),
        expired=some("acceptances.expired.1", expired),
        opening=some("acceptances.opening.1", max(0, len(rows) - 1), "acceptance", "A"),
        new=some("acceptances.new.1", min(1, len(rows)), "acceptance", "A"),
        ended=some("acceptances.ended.1", 0),
        lapsed=some("acceptances.lapsed.1", expired),
        exposure=replace(cost, value=2_100_000, text="about $21,000") if rows else None,
    )


def status(*, known: bool = True) -> Status:
    """Act now, with two reasons; or not known."""
    if not known:
        why = Reason("No risk has been rated yet, so nobody can say.")
        return Status(word="Not known yet", computed="Not known yet", reasons=(why,))
    return Status(
        word="Act now",
        computed="Act now",
        was="Watch",
        movement="worse",
        reasons=(
            Reason("One risk is above your limit and has neither a plan nor an acceptance.", record("risk", "R-003")),
            Reason("Three more are above your limit with a plan that is running."),
        ),
    )


GLOSSARY = (
    Term("Limit", "How much risk of one kind the business said it will carry."),
    Term("Acceptance", "A named person carries a risk above or near a limit until a date."),
    Term("Band", "Low, medium, high or critical: a range of scores."),
)


CHANGES = (
    Change(
        kind="better", title="Payment fraud fell from 16 to 12.",
        text="Call-back checks now cover every supplier.", record=record("risk", "R-002"),
    ),
    Change(
        kind="worse", title="Order system outage rose from 8 to 12.",
        text="The provider moved to one region.", record=record("risk", "R-004"),
    ),
    Change(
        kind="new", title="Old controllers joined the register.",
        text="Fourteen get no fixes.", record=record("risk", "R-006"),
    ),
)  # fmt: skip
