"""Days, sums and durations as the client's people write them."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from types import SimpleNamespace

import pytest

from vciso.web import formats, markdown
from vciso.web.place import current, reading_as

ON = date(2026, 11, 20)
BRITISH = SimpleNamespace(language="en-GB", time_zone="Europe/London", currency="GBP")
AMERICAN = SimpleNamespace(language="en-US", time_zone="America/Los_Angeles", currency="USD")


@pytest.mark.parametrize(
    ("client", "value", "text"),
    [
        (BRITISH, date(2026, 11, 24), "Tue 24 Nov"),
        (BRITISH, date(2027, 1, 4), "Mon 4 Jan 2027"),
        (AMERICAN, date(2026, 11, 24), "Tue, Nov 24"),
        (AMERICAN, date(2027, 1, 4), "Mon, Jan 4, 2027"),
    ],
)
def test_a_day_is_written_as_the_client_reads_it(client, value, text):
    with reading_as(client):
        assert formats.day(value, on=ON) == text


def test_a_moment_falls_on_the_readers_own_day():
    at = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
    with reading_as(AMERICAN):
        assert formats.as_day(at) == date(2026, 11, 19)
        assert formats.moment(at, on=ON) == "Yesterday 7:30 pm"
    with reading_as(BRITISH):
        assert formats.moment(at, on=ON) == "Today 03:30"


@pytest.mark.parametrize(
    ("days", "text", "tone"),
    [
        (-8, "8 days late", "late"),
        (-1, "1 day late", "late"),
        (0, "Today", "soon"),
        (1, "Tomorrow", "soon"),
        (30, "Sun 20 Dec", ""),
    ],
)
def test_a_due_date_says_how_far_it_is(days, text, tone):
    at = date.fromordinal(ON.toordinal() + days)
    assert formats.due(at, on=ON) == text
    assert formats.due_tone(at, on=ON) == tone


@pytest.mark.parametrize(
    ("minor", "currency", "exact", "text"),
    [
        (3840000, "USD", False, "$38,400"),
        (3840050, "GBP", True, "£38,400.50"),
        (-150, "EUR", False, "−€2"),
        (5000, "JPY", False, "¥5,000"),
        (12345, "CHF", False, "CHF 123"),
        (None, "USD", False, ""),
        (0, "USD", False, "$0"),
    ],
)
def test_money_is_counted_in_minor_units(minor, currency, exact, text):
    assert formats.money(minor, currency, exact=exact) == text


def test_money_takes_the_currency_of_the_client_on_the_page_and_forgets_it_after():
    before = current()
    with reading_as(BRITISH):
        assert formats.money(100) == "£1"
    assert current() == before


@pytest.mark.parametrize(("minutes", "text"), [(90, "1.5 h"), (60, "1 h"), (15, "0.25 h"), (0, "0 h")])
def test_minutes_are_written_as_hours(minutes, text):
    assert formats.hours(minutes) == text


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://example.org/beacon.png)",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//example.org)",
    "<style>@import url(https://example.org)</style>",
    "<link rel=stylesheet href=https://example.org>",
    "<svg><script>alert(1)</script></svg>",
    '<p style="position:fixed" class="modal" onclick="alert(1)">x</p>',
    '[x](https://example.org "onmouseover=alert(1)")',
    '<https://example.org/"onload="alert(1)>',
    "```html\n<script>alert(1)</script>\n```",
    "| a |\n|:-:|\n| <img src=x> |",
]


class Found(HTMLParser):
    """What a browser would make of it: the tags and their attributes."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes = set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_lets_nothing_but_its_short_list_through(text):
    found = Found()
    found.feed(markdown.to_html(text))
    assert found.tags <= markdown.TAGS
    for name, value in found.attributes:
        assert name in ("href", "rel", "start")
        assert name != "href" or value.startswith(("https:", "mailto:"))


def test_markdown_keeps_headings_below_the_pages_own_and_links_to_https():
    html = markdown.to_html("# One\n\n## Two\n\n- a\n- b\n\n[rule](https://example.org) [mail](mailto:a@example.org)")
    assert "<h1" not in html and "<h2>One</h2>" in html and "<h3>Two</h3>" in html
    assert 'href="https://example.org"' in html and 'href="mailto:a@example.org"' in html


def test_markdown_survives_nonsense():
    for text in ("", "\x00", "*" * 5000, "[" * 2000, "> " * 500):
        assert isinstance(str(markdown.to_html(text)), str)


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (38_412_00, "about $38,000"), (24_512_345, "about $250,000"), (9_96, "about $10"),
        (99_500_00, "about $100,000"),
        (1_00, "about $1"), (49, "less than $1"), (0, "about $0"), (123_456_789_00, "about $120,000,000"),
    ],
)  # fmt: skip
def test_an_estimated_sum_has_two_digits(minor, text):
    assert formats.about(minor, "USD") == text


@pytest.mark.parametrize(("currency", "text"), [("JPY", "about ¥3,800,000"), ("GBP", "about £38,000")])
def test_an_estimated_sum_counts_in_the_units_of_its_currency(currency, text):
    assert formats.about(3_841_200, currency) == text


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("Wrong date ", "Wrong date."), ("Why?", "Why?"), ("He said “no.”", "He said “no.”"),
        ("(see A-1)", "(see A-1)."), ("", ""),
    ],
)  # fmt: skip
def test_a_sentence_ends_before_another_begins(given, text):
    assert formats.full_stop(given) == text


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0.75, "75% of years"), (0.1, "1 in 10 years (10.0%)"), (0.0496, "1 in 20 years (5.0%)"),
        (0.0019, "less than 1 in 500 years"), (0, "less than 1 in 500 years"),
    ],
)  # fmt: skip
def test_a_chance_is_said_in_years_first(chance, text):
    assert formats.years_above(chance) == text
