"""Pages about the past: the trend of twelve months, and the register of a day with its heat map."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from risks import services
from risks.models import RiskEvent
from risks.selectors.trend import last_quarter_end, month_ends, trend
from tests.risks.conftest import raised, rated
from tests.risks.test_assessments import rerated
from tests.risks.test_pages import counted

PAGE = "/c/acme-a1b2c3/risks/"
TODAY = timezone.now().date()
QUARTER = last_quarter_end(TODAY)
# Well before the end of last quarter, so that its map shows them.
THEN = dt.datetime.combine(QUARTER - dt.timedelta(days=20), dt.time(15), dt.UTC)
SINCE = dt.datetime.combine(QUARTER + dt.timedelta(days=3), dt.time(15), dt.UTC)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("today", "quarter", "first"),
    [
        (dt.date(2026, 1, 1), dt.date(2025, 12, 31), dt.date(2025, 1, 31)),
        (dt.date(2026, 3, 31), dt.date(2025, 12, 31), dt.date(2025, 3, 31)),
        (dt.date(2024, 2, 29), dt.date(2023, 12, 31), dt.date(2023, 2, 28)),
        (dt.date(2026, 11, 28), dt.date(2026, 9, 30), dt.date(2025, 11, 30)),
    ],
)
def test_months_and_quarters_end_where_the_calendar_says(today, quarter, first):
    days = month_ends(today)
    assert (last_quarter_end(today), days[0], days[-1], len(days)) == (quarter, first, today, 13)
    assert all((day + dt.timedelta(days=1)).day == 1 for day in days[:-1]) and days == sorted(set(days))


@pytest.fixture
def register(cast, people, entering):
    with entering(cast.alice, cast.acme):
        services.set_appetite(client=cast.acme, category="operational", band_limit=2, by=cast.alice, at=THEN)
        raised(cast, now=rated(4), at=THEN)
        raised(cast, "A flood", now=rated(1), at=THEN)
        raised(cast, "Phishing", now=None, at=THEN)
        rerated(cast, 1, at=SINCE, reason="They were tried.")


def test_the_map_of_last_quarter_filters_its_list_and_says_what_became_of_each(cast, register, browse):
    alice = browse(cast.alice)

    def shown(query=""):
        page = alice.get(f"{PAGE}on/{query}")
        assert page.status_code == 200
        text = page.content.decode()
        return re.findall(r'<td class="id">([^<]+)</td>', text), text

    link = re.search(r'href="([^"]+/risks/on/\?day=[^"]+)"', alice.get(PAGE).content.decode())[1]
    assert link == f"{PAGE}on/?day={QUARTER:%Y-%m-%d}"
    refs, text = shown()
    assert refs == ["R-001", "R-002", "R-003"] and "Down" in text
    cells = re.findall(r'href="(\?[^"]*cell=[^"]+)"', text)
    assert len(cells) == 2
    assert sorted(shown(cell.replace("&amp;", "&"))[0] for cell in cells) == [["R-001"], ["R-002"]]
    assert shown("?cell=1x5&day=2099-01-01")[0] == ["R-001", "R-002"]
    assert shown(f"?day={THEN - dt.timedelta(days=1):%Y-%m-%d}")[0] == []
    assert "2099-01-01 is still to come. Shown is today." in alice.get(f"{PAGE}on/?day=2099-01-01").content.decode()
    early = alice.get(f"{PAGE}on/?day=2020-01-01").content.decode()
    assert "Nothing was on record on January 1, 2020. The first risk is of" in early and "0 open" not in early
    assert "“2026-02-31” is no date." in alice.get(f"{PAGE}on/?day=2026-02-31").content.decode()
    for nonsense in ("?day=x", "?day=", "?cell=9x9", "?cell=1x5x", "?rating=zzz", "?day=0001-01-01", "?rating=before"):
        shown(nonsense)


def test_a_new_scale_or_limit_is_told_at_each_risk_that_it_moves(cast, register, entering, browse):
    now = timezone.now()
    words = {"likelihood_words": list("abcde"), "impact_words": list("vwxyz"), "by": cast.alice}
    words["at"] = now - dt.timedelta(minutes=1)
    with entering(cast.alice, cast.acme):
        for number in range(6):
            raised(cast, f"Further {number}", now=rated(1), at=THEN)
        scale = {"client": cast.acme, "low_to": 4, "medium_to": 10, "high_to": 16, **words}
        with pytest.raises(services.Doubted) as asked:
            services.set_scale(**scale)
        services.set_scale(**scale, stand_by=True)
        services.set_appetite(client=cast.acme, category="operational", band_limit=1, by=cast.alice, at=now)
        told = list(
            RiskEvent.objects.filter(risk__reference="R-002").order_by("recorded_at").values_list("kind", "reason")
        )
        still = RiskEvent.objects.filter(risk__reference="R-003", kind__startswith="level").count()
    (question,) = asked.value.message_dict["stand_by"]
    assert question.startswith(
        "With this scale 8 risks change their level (R-001 from low to medium, R-002 from low to"
    )
    assert question.endswith("R-006 from low to medium, and 3 more). Tick this if that is meant.")
    assert still == 0 and told[1:] == [
        ("level_up", "From low to medium"),
        ("limit_over", "The limit for operational was set anew"),
    ]
    alice = browse(cast.alice)
    assert "Up, by the scale" in alice.get(f"{PAGE}on/").content.decode()
    assert "above the limit now: the limit for operational was set anew" in alice.get(PAGE).content.decode()
    history = alice.get(f"{PAGE}R-002/").content.decode()
    assert "Counts as more serious by the new scale" in history and "From low to medium" in history


def test_the_list_of_today_is_filtered_by_its_map(cast, register, browse):
    text = browse(cast.alice).get(PAGE).content.decode()
    (cell,) = set(re.findall(r'href="(\?[^"]*cell=[^"]+)"', text))
    found = browse(cast.alice).get(PAGE + cell.replace("&amp;", "&")).content.decode()
    assert sorted(re.findall(r'<td class="id">([^<]+)</td>', found)) == ["R-001", "R-002"]


def test_the_trend_is_a_chart_and_a_table_that_say_the_same(cast, register, browse, entering):
    page = browse(cast.alice).get(f"{PAGE}over-time/").content.decode()
    with entering(cast.alice, cast.acme):
        points = trend(cast.acme, month_ends(cast.acme.today(timezone.now())))
    by_day = {point.day: point for point in points}
    known = [point for point in points if point.day >= THEN.date()]
    assert [point for point in points if point.on_record] == known and len(known) < len(points)
    assert (by_day[QUARTER].above, by_day[QUARTER].open, points[-1].above) == (1, 3, 0)
    rows = re.findall(r'<th scope="row"[^>]*>.*?day=([\d-]+)".*?</th><td class="num">(\d+)</td>', page)
    assert [(dt.date.fromisoformat(day), int(above)) for day, above in rows] == [
        (point.day, point.above) for point in reversed(known)
    ]
    # Before the first risk nobody knew; that is no month without a risk above its limit.
    assert page.count("Nothing on record") == len(points) - len(known)
    said = re.search(r"Risks above their limit, month by month\.(.*?)<", page)[1]
    assert [int(n) for n in re.findall(r": (\d+)\.", said)] == [point.above for point in known]


def test_pages_of_the_past_cost_the_same_for_a_few_risks_and_for_many(cast, register, browse, entering):
    def cost(path):
        browser = browse(cast.alice)
        browser.get(path)
        with CaptureQueriesContext(connection) as found:
            assert browser.get(path).status_code == 200
        return counted(found)

    paths = (f"{PAGE}over-time/", f"{PAGE}on/")
    few = [cost(path) for path in paths]
    with entering(cast.alice, cast.acme):
        for number in range(60):
            raised(cast, f"Risk {number}", now=rated(number % 5 + 1), at=THEN)
    many = [cost(path) for path in paths]
    assert [len(sql) for sql in few] == [len(sql) for sql in many]
    assert max(len(sql) for sql in many) <= 12, "\n".join(max(many, key=len))


def test_only_the_practice_reads_the_past(cast, register, browse):
    for path in ("over-time/", "on/", "assessments/", "assessments/compare/"):
        statuses = [browse(who).get(PAGE + path).status_code for who in (cast.bob, cast.dora, cast.charlie)]
        assert statuses == [403, 403, 404], path
