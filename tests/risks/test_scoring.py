"""Scores, bands, limits and rank: every expected value is worked out by hand."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risks.enums import Band, LimitPosition
from risks.rules import scoring
from risks.rules.scoring import Rating, Scale
from risks.selectors import library

DEFAULT = Scale()


@pytest.mark.parametrize(
    ("score", "band"),
    [(1, 1), (5, 1), (6, 2), (10, 2), (12, 3), (16, 3), (20, 4), (25, 4), (0, 0), (None, 0)],
)
def test_bands_are_1_to_5_6_to_10_12_to_16_and_20_to_25(score, band):
    assert DEFAULT.band(score) == band


def test_ranges_name_only_scores_that_two_numbers_from_1_to_5_can_give():
    assert DEFAULT.ranges() == [
        (Band.LOW, 1, 5),
        (Band.MEDIUM, 6, 10),
        (Band.HIGH, 12, 16),
        (Band.CRITICAL, 20, 25),
    ]


def test_the_worst_category_gives_the_score():
    assert Rating(3, {"financial": 2, "operational": 5}).score == 15


@pytest.mark.parametrize("value", [0, 6, -1, "3", 2.5, True, None])
def test_level_refuses_what_is_not_on_the_scale(value):
    with pytest.raises(scoring.OutOfScale, match="whole number from 1 to 5"):
        scoring.level(value)


def place(likelihood, impacts, limits):
    return scoring.position(Rating(likelihood, impacts), limits, DEFAULT)


def test_above_is_strictly_above_the_limit():
    found = place(3, {"operational": 5}, {"operational": 2})
    assert (found.kind, found.bands_above) == (LimitPosition.ABOVE, 1)


def test_at_the_limit_is_near_and_not_above():
    assert place(3, {"operational": 5}, {"operational": 3}).kind == LimitPosition.NEAR


def test_the_category_furthest_above_its_limit_decides():
    found = place(4, {"financial": 5, "people": 4}, {"financial": 3, "people": 1})
    assert (found.category, found.bands_above, found.band) == ("people", 2, Band.HIGH)


def test_without_a_limit_it_is_not_inside():
    assert place(1, {"people": 1}, {}).kind == LimitPosition.NO_LIMIT
    mixed = place(1, {"people": 1, "financial": 1}, {"financial": 3})
    assert mixed.kind == LimitPosition.NO_LIMIT


def test_an_unconfirmed_category_meets_the_strictest_limit():
    found = place(3, {"unconfirmed": 3}, {"financial": 3, "people": 1})
    assert (found.kind, found.limit) == (LimitPosition.ABOVE, Band.LOW)


UNPLACED = "the strictest of your limits, since its category is still to be confirmed: medium"


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"people": 1}, f"One level above {UNPLACED}, where that limit is low."),
        ({"people": 2, "legal": 3}, f"At {UNPLACED}."),
        ({"people": 3}, f"Inside {UNPLACED}, where that limit is high."),
        ({}, "No limit is set to compare it with; it is medium, and its category is still to be confirmed."),
    ],
)
def test_an_unconfirmed_category_is_said_to_meet_the_strictest_limit(limits, said):
    found = scoring.Ranked(place(3, {"unconfirmed": 3}, limits), 9, dt.date(2026, 1, 1), 1)
    assert scoring.why(found, {"unconfirmed": "Category to confirm"}) == f"{said} Score 9."


def test_not_rated_is_no_position():
    assert scoring.position(None, {"people": 1}, DEFAULT).kind == LimitPosition.NOT_RATED


def ranked(number, *, above=0, score=10, day=1, obligations=0, loss=0):
    kind = LimitPosition.ABOVE if above else LimitPosition.INSIDE
    found = scoring.Position(kind, above, "people", Band.HIGH, Band.LOW, over=loss)
    return scoring.Ranked(found, score, dt.date(2026, 1, day), number, obligations)


def test_rank_goes_by_distance_then_obligations_then_money_then_score_then_age_then_reference():
    inside_but_higher = ranked(1, score=25)
    two_above = ranked(2, above=2, score=6)
    obliged = ranked(3, above=1, obligations=2, score=6)
    costly = ranked(4, above=1, loss=10, score=6)
    high_score = ranked(5, above=1, score=16)
    older = ranked(6, above=1, score=12, day=1)
    younger = ranked(7, above=1, score=12, day=2)
    next_reference = ranked(8, above=1, score=12, day=2)
    over_in_money_alone = ranked(9, loss=10, score=1)
    wanted = [
        two_above, obliged, costly, high_score, older, younger, next_reference, over_in_money_alone, inside_but_higher,
    ]  # fmt: skip
    mixed = wanted[4:] + wanted[:4]
    assert sorted(mixed, key=scoring.Ranked.key) == wanted


def in_money(loss, impacts=None, **limits):
    """A risk of 15 in these categories, high where the limit is high, that costs so much one year in ten.

    A pair is one year in ten and one in fifty, for the loss and for a limit.
    """
    impacts = impacts or {"operational": 5}
    given = None if loss is None else years(loss)
    sums = {key: years(limit) for key, limit in limits.items()}
    return scoring.position(Rating(3, impacts), dict.fromkeys(impacts, 3), DEFAULT, loss=given, money_limits=sums)


def years(sums):
    return scoring.Years(*sums) if isinstance(sums, tuple) else scoring.Years(sums)


def test_a_loss_above_the_limit_in_money_is_above_and_one_at_it_is_not():
    found = in_money(101, operational=100)
    assert (found.kind, found.standing, found.over) == (LimitPosition.NEAR, LimitPosition.ABOVE, 1)
    assert (found.is_above, found.bands_above) == (True, 0)
    at_it = in_money(100, operational=100)
    assert (at_it.standing, at_it.over) == (LimitPosition.NEAR, 0)


def test_the_total_loss_meets_the_lowest_money_limit_among_the_categories_of_the_risk():
    found = in_money(500, {"operational": 5, "legal": 1}, operational=400, legal=100, people=10)
    assert (found.money_category, found.money_limit, found.over) == ("legal", 100, 400)
    assert in_money(500, {"unconfirmed": 1}, operational=400, people=10).over == 490
    assert in_money(500, {"operational": 1}, people=10).over == 0
    assert in_money(None, operational=1).over == 0


@pytest.mark.parametrize(
    ("loss", "limit", "over", "of"),
    [
        ((90, 300), (100, None), 0, 10),
        ((90, 300), (100, 300), 0, 10),
        ((90, 301), (100, 300), 1, 50),
        ((110, 300), (100, 300), 10, 10),
        ((110, 305), (100, 300), 10, 10),
        ((110, 320), (100, 300), 20, 50),
        ((0, 50), (None, 40), 10, 50),
        ((90, None), (100, 400), 0, 10),
    ],
)
def test_above_either_limit_in_money_is_above_and_the_one_further_passed_is_named(loss, limit, over, of):
    found = in_money(loss, operational=limit)
    assert (found.over, found.is_above) == (over, over > 0)
    if over:
        sums = (10, 50).index(of)
        assert (found.years, found.loss, found.money_limit) == (of, loss[sums], limit[sums])


def test_without_a_rating_there_is_no_category_and_so_no_money_limit():
    found = scoring.position(None, {}, DEFAULT, loss=years(500), money_limits={"people": years(1)})
    assert (found.standing, found.over) == (LimitPosition.NOT_RATED, 0)


def test_why_says_the_money_alone_where_the_rating_is_no_breach():
    names = {"operational": "Operational"}
    beside = scoring.Ranked(in_money(101, operational=100), 15, dt.date(2026, 1, 1), 1)
    assert scoring.why(beside, names, money="So much.") == "So much. Score 15."
    above = scoring.Ranked(place(3, {"operational": 5}, {"operational": 2}), 15, dt.date(2026, 1, 1), 1)
    assert scoring.why(above, names, money="So much.").endswith("where the limit is medium. So much. Score 15.")


def test_why_says_the_distance_the_category_and_the_limit():
    found = place(3, {"operational": 5}, {"operational": 2})
    sentence = scoring.why(scoring.Ranked(found, 15, dt.date(2026, 1, 1), 1), {"operational": "Operational"})
    assert sentence == ("One level above your limit for operational: high, where the limit is medium. Score 15.")
    assert scoring.against_limit(found, {"operational": "Operational"}) == sentence.removesuffix(" Score 15.")


def test_statement_reads_as_one_breath():
    assert scoring.statement(
        "The maker stopped updates in January", "An attacker reaches it", "a week without imaging."
    ) == ("The maker stopped updates in January. If an attacker reaches it, it would mean a week without imaging.")


def test_statement_keeps_names_and_leaves_out_what_is_missing():
    assert scoring.statement("", "Microsoft 365 fails", "") == "It could happen that Microsoft 365 fails."
    assert scoring.statement("", "", "") == ""
    assert scoring.statement("Old.", "If it fails,", "It would mean days without patients.") == (
        "Old. If it fails, it would mean days without patients."
    ), "what the sentence says itself is not said twice"
    assert scoring.statement("", "If", "") == "It could happen that If."


KEYS = ("financial", "legal", "operational", "people")
RATINGS = st.builds(Rating, st.integers(1, 5), st.dictionaries(st.sampled_from(KEYS), st.integers(1, 5), min_size=1))
LIMITS = st.dictionaries(st.sampled_from(KEYS), st.none() | st.integers(1, 4))


@given(rating=RATINGS, limits=LIMITS)
def test_above_means_that_some_category_passes_its_own_limit(rating, limits):
    found = place(rating.likelihood, rating.impacts, limits)
    over = {
        key: DEFAULT.band(rating.likelihood * impact) - limits[key]
        for key, impact in rating.impacts.items()
        if limits.get(key) is not None
    }
    assert found.is_above == (max(over.values(), default=0) > 0)
    assert found.bands_above == max(0, *over.values(), 0)


@given(rating=RATINGS, limits=LIMITS, key=st.sampled_from(KEYS))
def test_a_looser_limit_and_a_lower_rating_never_put_a_risk_further_above(rating, limits, key):
    here = place(rating.likelihood, rating.impacts, limits).bands_above
    looser = {**limits, key: min(4, limits[key] + 1)} if limits.get(key) else limits
    assert place(rating.likelihood, rating.impacts, looser).bands_above <= here
    lower = scoring.stepped(rating, up=False)
    assert place(lower.likelihood, lower.impacts, limits).bands_above <= here


@given(rating=RATINGS)
def test_a_score_and_its_band_follow_the_worst_category(rating):
    assert rating.score == rating.likelihood * max(rating.impacts.values())
    for impact in rating.impacts.values():
        assert DEFAULT.band(rating.likelihood * impact) <= DEFAULT.band(rating.score)


def test_every_scenario_of_the_library_reads_on_in_one_breath():
    """Only a name may keep its capital after “If” and “mean”."""
    odd = [
        text
        for scenario in library.shipped().values()
        for text in [scoring.statement(scenario.cause, scenario.event, scenario.consequence)]
        if re.search(r"(If|mean) [A-Z][a-z]", text)
    ]
    assert odd == []
