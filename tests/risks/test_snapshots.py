"""Two snapshots side by side, whatever they hold."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from risks.enums import Band
from risks.rules import snapshots
from risks.rules.snapshots import (
    CAME_AND_WENT,
    CLOSED,
    DOWN,
    NEW,
    RATED,
    REOPENED,
    SAME,
    UP,
    RatingThen,
    RiskThen,
    Snapshot,
)

DAY = dt.date(2026, 11, 20)
TURNED = {UP: DOWN, DOWN: UP}


def a_risk(number: int, status: str, score: int) -> RiskThen:
    now = RatingThen(1, score, score, Band.LOW, "Judged.") if score else None
    return RiskThen(
        id=str(number), reference=f"R-{number:03d}", title="A flood", statement="", category="", owner="",
        status=status, raised_on=DAY, closed_on=None, closed_reason="Gone." if status == "closed" else "", before=None,
        now=now, target=None, standing="inside", limit_sentence="", rank=None, response="", next_step="",
        target_on=None, accepted_by="", accepted_until=None, reviewed_on=None,
    )  # fmt: skip


def snapshot(risks: dict[int, tuple[str, int]]) -> Snapshot:
    found = tuple(a_risk(number, *how) for number, how in risks.items())
    return Snapshot(DAY, (), found, snapshots.figures(found))


registers = st.dictionaries(st.integers(1, 8), st.tuples(st.sampled_from(["open", "closed"]), st.integers(0, 5))).map(
    snapshot
)


@given(registers, registers)
def test_every_risk_open_on_one_side_has_one_move_that_says_what_became_of_it(one: Snapshot, other: Snapshot) -> None:
    found = snapshots.compare(one, other)
    ids = [move.risk.id for move in found.moves]
    was, now = ({risk.id for risk in side.open} for side in (one, other))
    known = {risk.id for risk in one.risks}
    # Besides these, only what came and went in between.
    between = {risk.id for risk in other.risks if not risk.is_open} - known
    assert sorted(ids) == sorted(was | now | between)
    assert {move.risk.id for move in found.of(CLOSED)} == was - now
    assert {move.risk.id for move in found.of(CAME_AND_WENT)} == between
    assert len(one.open) + len(found.of(NEW, REOPENED)) - len(found.of(CLOSED)) == len(other.open)
    assert {move.risk.id for move in found.of(NEW)} == now - known
    assert {move.risk.id for move in found.of(REOPENED)} == (now - was) & known
    for move in found.of(UP, DOWN, SAME, RATED):
        assert move.earlier is not None and move.later is not None
        rose = move.later.score - move.earlier.score
        assert {UP: rose > 0, DOWN: rose < 0, SAME: rose == 0, RATED: not move.earlier.score and rose > 0}[move.kind]


@given(registers)
def test_nothing_moves_between_a_snapshot_and_itself(one: Snapshot) -> None:
    found = snapshots.compare(one, one)
    assert {move.kind for move in found.moves} <= {SAME}
    assert [move.risk for move in found.moves] == list(one.open)


@given(registers, registers)
def test_up_one_way_is_down_the_other_way(one: Snapshot, other: Snapshot) -> None:
    forth = {move.risk.id: move.kind for move in snapshots.compare(one, other).of(UP, DOWN)}
    back = {move.risk.id: move.kind for move in snapshots.compare(other, one).of(UP, DOWN)}
    for ref, kind in forth.items():
        # A risk that is not rated on the later side fell; the other way it is rated for the first time.
        assert back.get(ref, TURNED[kind]) == TURNED[kind]


def test_the_fingerprint_is_of_every_word_and_every_fact() -> None:
    words, facts = {"title": "Baseline"}, {"as_of": "2026-11-20", "risks": [], "limits": []}
    known = snapshots.fingerprint(words, facts)
    assert snapshots.fingerprint(dict(words), dict(reversed(facts.items()))) == known
    assert snapshots.fingerprint({"title": "Baseline."}, facts) != known
    assert snapshots.fingerprint(words, {**facts, "risks": [{}]}) != known


def test_a_limit_that_changed_in_between_is_told() -> None:
    low, high = (snapshots.Limit("legal", "Legal", "", band, None) for band in (Band.LOW, Band.HIGH))
    one = replace(snapshot({}), limits=(low,))
    assert snapshots.compare(one, replace(one, limits=(high,))).limits == (("Legal", low, high),)
    assert snapshots.compare(one, one).limits == ()
    unset = snapshots.Limit("strategic", "Strategic", "", None, None)
    assert snapshots.compare(one, replace(one, limits=(low, unset))).limits == (), "a category without a limit"
