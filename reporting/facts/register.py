"""The risks, the status word and the acceptances of a report, from the register of the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from reporting import documents, formats, status
from reporting.documents import Figure, Record
from reporting.enums import SEVERITY, Word
from reporting.facts.basis import Basis, short_label
from risks import selectors as risk_selectors

ENDING_DAYS = 90
HISTORY_KEPT = 5
CHANGES_SHOWN = 3
NAMED = 4
CHECKED_SHOWN = 9
_POSITIONS = {
    "above": "above",
    "near": "at",
    "inside": "inside",
    "no_limit": "no limit",
    "not_rated": "not rated",
}


def risk_record(row: risk_selectors.RiskRow) -> Record:
    """The risk behind a figure, with the version that was read."""
    return Record("risk", row.reference, str(row.id), str(row.version))


def _records(rows: Sequence[risk_selectors.RiskRow]) -> tuple[Record, ...]:
    return tuple(risk_record(row) for row in rows)


def _named(rows: Sequence[risk_selectors.Named] | Sequence[risk_selectors.Change]) -> tuple[Record, ...]:
    return tuple(Record("risk", row.reference, str(row.risk_id)) for row in rows)


def _comparable(basis: Basis) -> bool:
    """Whether a count of risks above a limit means anything: something rated, some limit set, or all of it closed."""
    if not basis.register.open:
        return bool(basis.register.rows)
    return any(row.position.limit for row in basis.register.open if row.now is not None)


def risks(basis: Basis, *, shown: int, heat_map: bool = False) -> documents.Risks:
    """The top of the register by rank, and the counts over all of it."""
    view, before = basis.register, basis.previous.risks if basis.previous else None
    rated = [row for row in view.open if row.now is not None]
    free = [row for row in rated if row.position.standing == "no_limit"]
    above = Figure.count("risks.above.1", _records(view.above))
    if not _comparable(basis):
        above = Figure.unknown("risks.above.1")
    period_rows = [row for row in view.open if row.last_reviewed_on and row.last_reviewed_on >= basis.start]

    def since(figure: Figure, name: str, *, lower: bool = True) -> Figure:
        return figure.since(getattr(before, name) if before else None, lower_is_better=lower)

    rows = tuple(_row(basis, row) for row in view.open[:shown])
    history = basis.above_history
    if above.known:
        history = (*history, (short_label(basis.period), int(above.value or 0)))
    return documents.Risks(
        rows=rows,
        total=since(Figure.count("risks.total.1", _records(view.open)), "total"),
        above=since(above, "above"),
        unrated=since(Figure.count("risks.unrated.1", _records(view.not_rated)), "unrated"),
        without_limit=since(Figure.count("risks.without_limit.1", _records(free)), "without_limit"),
        at_start=Figure.count("risks.at_start.1", _named(basis.flow.at_start)),
        opened=since(Figure.count("risks.opened.2", _named(basis.flow.new)), "opened"),
        reopened=since(Figure.count("risks.reopened.1", _named(basis.flow.reopened)), "reopened"),
        closed=since(Figure.count("risks.closed.2", _named(basis.flow.closed)), "closed", lower=False),
        worse=_moved(basis, rated, up=True),
        better=_moved(basis, rated, up=False),
        reviewed=since(Figure.count("risks.reviewed.1", _records(period_rows)), "reviewed", lower=False),
        left_the_list=_left(basis, rows),
        show_heat_map=heat_map,
        above_history=history,
        scores=tuple((str(row.id), row.score) for row in rated),
    )


def _moved(basis: Basis, rated: Sequence[risk_selectors.RiskRow], *, up: bool) -> Figure:
    formula = "risks.worse.1" if up else "risks.better.1"
    known = basis.previous_scores
    if known is None:
        return Figure.unknown(formula)
    moved = [
        row
        for row in rated
        if str(row.id) in known and row.score != known[str(row.id)] and (row.score > known[str(row.id)]) == up
    ]
    return Figure.count(formula, _records(moved))


def _row(basis: Basis, row: risk_selectors.RiskRow) -> documents.RiskRow:
    known = basis.previous_scores
    was = known.get(str(row.id)) if known is not None else None
    earlier = basis.previous_row(row.id)
    is_new = known is not None and basis.previous is not None and was is None
    is_new = is_new and all(r.id != str(row.id) for r in _previous_open(basis))
    is_new = is_new and all(one.risk_id != row.id for one in basis.flow.reopened)
    movement: documents.Movement = "first"
    if known is not None:
        movement = "not comparable"
        if was is not None and row.now is not None:
            movement = documents.movement_of(row.score, was)
    place = row.position
    limit = None
    if place.limit:
        label = str(place.limit.label)
        limit = documents.Limit(row.limit_category, label, basis.scale.top_of(label) or 0)
    history = (*(earlier.history if earlier else ()), *((row.score,) if row.now else ()))
    return documents.RiskRow(
        record=risk_record(row),
        rank=row.rank or 0,
        title=row.title,
        sentence=row.statement,
        rating=_rating(basis, row),
        limit=limit,
        position=_POSITIONS[str(place.standing)],  # type: ignore[arg-type]  # mapped to the Literal
        why=row.rank_sentence,
        owner=row.owner,
        response=str(row.response),
        next_step=row.next_step,
        due=row.target_on,
        was_score=was,
        was_rank=earlier.rank if earlier else None,
        movement=movement,
        is_new=is_new,
        accepted_until=row.acceptance.until if row.is_accepted and row.acceptance else None,
        history=history[-HISTORY_KEPT:],
        loss_minor=place.loss or None,
        loss_years=place.years if place.loss else None,
    )


def _previous_open(basis: Basis) -> tuple[Record, ...]:
    return basis.previous.risks.total.records if basis.previous else ()


def _rating(basis: Basis, row: risk_selectors.RiskRow) -> documents.Rating | None:
    if row.now is None:
        return None
    impacts = row.now.impacts
    worst = max(impacts, key=lambda key: impacts[key], default="")
    return documents.Rating(
        likelihood=row.now.likelihood,
        impact=row.now.impact,
        score=row.now.score,
        band=str(row.now.band.label),
        step=int(row.now.band),
        category=basis.register.frame.names.get(worst, worst),
    )


def _left(basis: Basis, rows: Sequence[documents.RiskRow]) -> tuple[documents.Reason, ...]:
    if basis.previous is None:
        return ()
    shown = {row.record.id for row in rows}
    found = []
    for old in basis.previous.risks.rows:
        if old.record.id in shown:
            continue
        now = basis.register.get(old.record.reference)
        if now is None or not now.closed_on:
            text = f"“{old.title}”, since others rank higher now"
        else:
            why = f": {now.closed_reason.rstrip('.')}" if now.closed_reason else ""
            text = f"“{old.title}”, since it was closed{why}"
        found.append(documents.Reason(text, old.record))
    return tuple(found)


def status_block(basis: Basis, *, due_without_owner: int) -> documents.Status:
    """The status word with its reasons, and how it compares with the last printed one."""
    computed = status.compute(inputs(basis, due_without_owner=due_without_owner))
    reasons = [documents.Reason(text) for text in computed.reasons]
    for row in basis.register.calling_for_action[:1]:
        reasons.append(documents.Reason(f"The most pressing of these: {row.title}.", risk_record(row)))
    was = basis.previous.status.word if basis.previous else ""
    movement: documents.Movement = "first"
    if was:
        by_label = {str(word.label): word for word in Word}
        old, new = SEVERITY[by_label[was]], SEVERITY[computed.word]
        movement = documents.movement_of(new, old)
        if Word.NOT_KNOWN in (by_label[was], computed.word) and movement != "same":
            movement = "not comparable"
    return documents.Status(
        word=computed.label,  # type: ignore[arg-type]  # the labels are the Literal's words
        computed=computed.label,  # type: ignore[arg-type]  # as above
        reasons=tuple(reasons),
        was=was,
        movement=movement,
    )


def inputs(basis: Basis, *, due_without_owner: int) -> status.Inputs:
    """The counts the status word is computed from."""
    view = basis.register
    rated = [row for row in view.open if row.now is not None]
    accepted = [row for row in view.above if row.is_accepted]
    return status.Inputs(
        rated=len(rated),
        with_limit=len([row for row in rated if row.position.limit]),
        above_unplanned=len(view.calling_for_action),
        above_planned=len(view.above) - len(accepted) - len(view.calling_for_action),
        above_accepted=len(accepted),
        due_without_owner=due_without_owner,
    )


def changes(basis: Basis) -> tuple[documents.Change, ...]:
    """One worse, one better, one new where there are such, then more, three at most, each of another risk.

    Of each kind the largest step comes first, and of equal ones the latest. Every rating that got
    worse is told: those beyond the three share a line.
    """
    turns = sorted(basis.turns, key=_step, reverse=True)
    picked: list[risk_selectors.Change] = []

    def take(found: Iterable[risk_selectors.Change], most: int) -> None:
        for turn in found:
            if most and len(picked) < CHANGES_SHOWN and turn.risk_id not in {one.risk_id for one in picked}:
                picked.append(turn)
                most -= 1

    for movement in ("worse", "better", "new"):
        take((turn for turn in turns if turn.movement == movement), 1)
    take((turn for turn in turns if turn.to_score > turn.from_score), CHANGES_SHOWN)
    take(basis.turns, CHANGES_SHOWN)
    told = {turn.risk_id for turn in picked if turn.movement == "worse"}
    rest = [turn for turn in turns if turn.to_score > turn.from_score and turn.risk_id not in told]
    return (*(_change(turn) for turn in picked), *_together(rest))


def _step(turn: risk_selectors.Change) -> tuple[int, int]:
    return abs(turn.to_band - turn.from_band), abs(turn.to_score - turn.from_score)


def _change(turn: risk_selectors.Change) -> documents.Change:
    return documents.Change(
        kind=turn.movement,  # type: ignore[arg-type]  # better, worse, new or same
        title=f"{turn.title}: {turn.words}",
        text=turn.reason,
        record=Record("risk", turn.reference, str(turn.risk_id)),
    )


def _together(rest: Sequence[risk_selectors.Change]) -> tuple[documents.Change, ...]:
    """Further risks that got worse, on one line."""
    if len(rest) < 2:
        return tuple(_change(turn) for turn in rest)
    named = [f"{turn.reference} {turn.words}" for turn in rest[:NAMED]]
    more = len(rest) - len(named)
    return (
        documents.Change(
            kind="worse",
            title=f"{formats.counted(len(rest), 'more risk')} got worse",
            text=f"{'; '.join(named)}{f'; and {formats.in_words(more)} more' if more else ''}.",
            others=_named(rest),
        ),
    )


def checked(basis: Basis) -> tuple[documents.Checked, ...]:
    """What was looked at in the period and found unchanged, latest first."""
    moved = {turn.risk_id for turn in basis.turns}
    rows = [
        row
        for row in basis.register.open
        if row.last_reviewed_on and row.last_reviewed_on >= basis.start and row.id not in moved
    ]
    rows.sort(key=lambda row: (row.last_reviewed_on or basis.start, row.number), reverse=True)
    return tuple(
        documents.Checked(row.title, row.last_reviewed_on, risk_record(row))
        for row in rows[:CHECKED_SHOWN]
        if row.last_reviewed_on
    )


def risk_changes(basis: Basis) -> tuple[documents.RiskChange, ...]:
    """Every turn of every risk in the period, for the last pages of a board pack."""
    return tuple(
        documents.RiskChange(
            Record("risk", turn.reference, str(turn.risk_id)), turn.title, turn.words, turn.on, turn.reason
        )
        for turn in basis.turns
    )


def acceptances(basis: Basis) -> documents.Acceptances:
    """Accepted risks on the day, and how their number moved over the period."""
    rows = risk_selectors.acceptances_as_of(basis.client, basis.as_of)
    earlier = risk_selectors.acceptances_as_of(basis.client, basis.start - timedelta(days=1))
    live = [row for row in rows if row.is_live]
    open_ids = {row.id for row in basis.register.open}
    renewed = {row.risk_id for row in live}
    expired = [row for row in rows if row.state == "expired" and row.risk_id in open_ids and row.risk_id not in renewed]
    ending = [row for row in live if row.days_left is not None and row.days_left <= ENDING_DAYS]
    opening = [row for row in earlier if row.is_live]
    new = [row for row in rows if row.signed_on and row.signed_on >= basis.start]
    counted = {row.id for row in (*opening, *new)}
    gone = [row for row in rows if row.id in counted and not row.is_live]
    lapsed = [row for row in gone if row.ran_out]
    ended = [row for row in gone if not row.ran_out]

    def count(formula: str, found: Sequence[risk_selectors.AcceptanceRow]) -> Figure:
        return Figure.count(formula, [_acceptance_record(row) for row in found])

    before = basis.previous.accepted if basis.previous else None
    return documents.Acceptances(
        rows=tuple(_accepted(row) for row in [*expired, *live]),
        in_force=count("acceptances.in_force.1", live).since(before.in_force if before else None),
        ending=count("acceptances.ending.1", ending),
        expired=count("acceptances.expired.1", expired).since(before.expired if before else None),
        opening=count("acceptances.opening.1", opening),
        new=count("acceptances.new.1", new),
        ended=count("acceptances.ended.1", ended),
        lapsed=count("acceptances.lapsed.1", lapsed),
        exposure=_carried(basis, live),
        days=ENDING_DAYS,
    )


def _carried(basis: Basis, live: Sequence[risk_selectors.AcceptanceRow]) -> Figure | None:
    """What the accepted risks cost in an average year: means add up, the rare years of several risks do not."""
    if not live:
        return None
    accepted = {row.risk_id for row in live}
    known = [row for row in basis.register.open if row.id in accepted and row.outlook.mean is not None]
    if not known:
        return Figure.unknown("acceptances.exposure.1")
    together = sum(row.outlook.mean or 0 for row in known)
    words = formats.money(together, basis.client.currency, about=True)
    return Figure(value=together, text=words, formula="acceptances.exposure.1", records=tuple(_records(known)))


def _acceptance_record(row: risk_selectors.AcceptanceRow) -> Record:
    return Record("acceptance", row.reference, str(row.id))


def _accepted(row: risk_selectors.AcceptanceRow) -> documents.Accepted:
    state = "in force"
    if not row.is_live:
        state = "expired"
    elif row.days_left is not None and row.days_left <= ENDING_DAYS:
        state = "ending soon"
    then = "The risk is open again." if state == "expired" else "It ends by itself, and the risk is open again."
    return documents.Accepted(
        record=_acceptance_record(row),
        risk=Record("risk", row.reference, str(row.risk_id)),
        what=row.title,
        why=row.reason,
        by=row.signer,
        since=row.signed_on,
        until=row.until,
        condition=row.conditions,
        meanwhile=row.measure,
        exposure=str(row.band.label),
        step=int(row.band),
        renewals=row.renewals,
        state=state,  # type: ignore[arg-type]  # one of the three states above
        then=then,
    )
