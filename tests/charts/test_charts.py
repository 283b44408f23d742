"""Charts with nothing, one item, long labels, zero and very large values."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from vciso import charts
from vciso.charts import Bar, Point, svg

LONG = "Unterbrechungsfreie-Stromversorgungsanlagen-Wartungsvertrag " * 6
HOSTILE = '<script>alert(1)</script>"&'
MONTHS = "Nov Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct".split()
NAMESPACE = "{http://www.w3.org/2000/svg}"


def step_of(score: int) -> int:
    return 4 if score >= 20 else 3 if score >= 12 else 2 if score >= 6 else 1


def heat(*points: Point) -> str:
    words = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")
    return charts.heat_map(points, step_of=step_of, likelihood=words, impact=words, limit=10)


def exceedance(*points: tuple[float, float], limit: float | None = None, label: str = "Limit") -> str:
    return charts.exceedance(points, title="Losses.", worded=svg.amount, limit=limit, limit_label=label)


CASES: dict[str, Callable[[], str]] = {
    "bars empty": lambda: charts.ranked_bars([], title="Bars."),
    "exceedance empty": lambda: exceedance(),
    "exceedance without loss": lambda: exceedance((0, 0.99), (0, 0.01)),
    "exceedance limit far": lambda: exceedance((0, 0.6), (10, 0.1), (1e15, 0.01), limit=1e18),
    "exceedance hostile": lambda: exceedance((0, 0.6), (10, 0.1), limit=5, label=HOSTILE),
    "bars one": lambda: charts.ranked_bars([Bar("One", 12, 10, 16)], title="Bars."),
    "bars zero": lambda: charts.ranked_bars([Bar("None", 0, 0, 0)], title="Bars."),
    "bars unrated": lambda: charts.ranked_bars([Bar("Not rated", None, 10)], title="Bars."),
    "bars large": lambda: charts.ranked_bars([Bar("Large", 3.4e9, 1e6, 2)], title="Bars."),
    "bars long": lambda: charts.ranked_bars([Bar(LONG, 5)] * 40, title="Bars."),
    "bars hostile": lambda: charts.ranked_bars([Bar(HOSTILE, 5, note=HOSTILE)], title=HOSTILE),
    "bars on a phone": lambda: charts.ranked_bars([Bar(LONG, 5, 9, 12, note="new")] * 3, title="Bars.", width=280),
    "columns empty": lambda: charts.columns([], [], title="Columns."),
    "columns unknown": lambda: charts.columns(["Q1 2026", "Q2 2026"], [None, 3], title="Columns."),
    "columns zero": lambda: charts.columns(["Jan"], [0], title="Columns.", limit=0),
    "columns inside": lambda: charts.columns(["Jan", "Feb"], [30, 2], title="Columns.", inside=True, limit=36),
    "hours": lambda: charts.hours_bar(31.5, 36),
    "hours over": lambda: charts.hours_bar(40, 36),
    "hours none": lambda: charts.hours_bar(0, 0),
    "heat empty": lambda: heat(),
    "heat one": lambda: heat(Point("14", 3, 4, "▲")),
    "heat crowded": lambda: heat(*[Point(str(n), 5, 5) for n in range(9)]),
    "spark empty": lambda: charts.spark([]),
    "spark one": lambda: charts.spark([4]),
    "spark flat": lambda: charts.spark([4, 4, 4]),
    "trend empty": lambda: charts.trend_line([], [], title="Trend."),
    "trend one": lambda: charts.trend_line(["Q3 2026"], [1.16], title="Trend.", limit=0.9),
    "trend on a phone": lambda: charts.trend_line(MONTHS, [9] * 12, title="Trend.", width=280),
    "trend zero": lambda: charts.trend_line(["a", "b"], [0, 0], title="Trend."),
    "limit unrated": lambda: charts.limit_position(None, 10),
    "limit none": lambda: charts.limit_position(12, None),
    "limit at": lambda: charts.limit_position(10, 10),
    "progress none": lambda: charts.progress(0, 0),
    "progress over": lambda: charts.progress(9, 5),
}


@pytest.mark.parametrize("case", CASES)
def test_a_chart_is_sound(case: str) -> None:
    made = CASES[case]()
    root = ElementTree.fromstring(made)
    assert root.tag == f"{NAMESPACE}svg"
    assert root[0].tag == f"{NAMESPACE}title"
    assert root[0].text
    assert "nan" not in made.lower()
    assert " style=" not in made
    width = float(root.get("width", "0"))
    for box in root.iter(f"{NAMESPACE}rect"):
        assert float(box.get("width", "0")) >= 0
        assert float(box.get("x", "0")) + float(box.get("width", "0")) <= width + 0.5
    assert not list(root.iter(f"{NAMESPACE}script"))


def test_bars_say_in_words_what_they_show() -> None:
    made = charts.ranked_bars([Bar("Ransomware", 15, 10, 20), Bar("Fraud", None, 10)], title="Scores.")
    assert "Ransomware: 15, limit 10, was 20." in made
    assert "Fraud: not rated." in made


def test_at_the_limit_is_not_above_it() -> None:
    assert not Bar("a", 10, 10).is_above
    assert Bar("a", 12, 10).is_above
    assert not Bar("a", 12).is_above


def test_an_unrated_row_has_no_bar() -> None:
    root = ElementTree.fromstring(charts.ranked_bars([Bar("Fraud", None, 10)], title="Scores."))
    filled = [box for box in root.iter(f"{NAMESPACE}rect") if box.get("fill") != "none"]
    assert not filled


def test_bands_come_as_data() -> None:
    words = ("a", "b", "c", "d", "e")
    made = charts.heat_map([], step_of=lambda score: 1, likelihood=words, impact=words)
    assert svg.NAVY not in made


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (12.5, "12.5"), (1250, "1,250"), (3_400_000, "3.4m"), (2.1e9, "2.1bn")]
)
def test_amounts_are_short(value: float, said: str) -> None:
    assert svg.amount(value) == said


def test_a_long_label_is_cut_and_keeps_its_lines() -> None:
    lines = svg.fit(LONG, 200, 10, lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_words_below_an_axis_never_touch_and_the_last_point_has_its_own() -> None:
    wide, narrow = (charts.trend_line(MONTHS, [9] * 12, title="Trend.", width=width) for width in (640, 280))
    assert all(f">{month}</text>" in wide for month in MONTHS)
    assert [month for month in MONTHS if f">{month}</text>" in narrow] == MONTHS[1::2]
    curve = [(0, 1.0), (450_000, 0.1), (950_000, 0.01)]
    marks = [
        charts.exceedance(curve, title="Losses.", worded=lambda sum_: f"${sum_:,.0f}", width=width).count('y="212.0"')
        for width in (640, 280)
    ]
    assert marks[0] > marks[1] > 1


def test_years_without_a_loss_are_above_no_sum() -> None:
    """Of a risk that strikes in 4 years of 100 the words said “50% of years above $0”, and the line stood at 99 %."""
    rare = [(0.0, share / 100) for share in range(99, 3, -1)] + [(30.0, 0.03), (70.0, 0.02), (90.0, 0.01)]
    drawn = exceedance(*rare)
    assert "Losses. No loss in 96% of years or more. 2% of years above 70.<" in drawn
    assert drawn.split('stroke-width="2.2"')[0].rsplit("<path", 1)[1].count("L") == 3
    often = exceedance((1.0, 0.99), (20.0, 0.5), (30.0, 0.1), (70.0, 0.02))
    assert "Losses. 50% of years above 20. 10% of years above 30. 2% of years above 70.<" in often


def test_a_figure_for_screens_is_drawn_once_for_each() -> None:
    both = charts.for_screens(lambda width: charts.ranked_bars([Bar("One", 12)], title="Bars.", width=width))
    assert both.index("only-wide") < both.index('width="640"') < both.index("only-narrow") < both.index('width="280"')
