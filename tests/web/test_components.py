"""Components say what they declare, and a mistake of their author is found at once."""

import re
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.template import Context, Template, TemplateSyntaxError

from vciso.web.attention import Item, grouped
from vciso.web.heatmap import HeatMap, RatingPath
from vciso.web.icons import svg

CLIENT = SimpleNamespace(name="Acme", initials="AC", hue=3)


def draw(source, **context):
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    "source",
    [
        '{% badge "Late" tonne="bad" %}',
        "{% sev 4 boxed=True %}",
        '{% link_button "Go" "/" colour="red" %}',
        '{% empty title="None" txt="x" %}',
        '{% page_header titel="x" %}{% endpage_header %}',
        '{% form_dialog id="x" title="x" action="/" verb="Go" dangerous=True %}{% endform_dialog %}',
        '{% stat "Open" 3 link="/" %}',
    ],
)
def test_a_misspelt_attribute_does_not_compile(source):
    with pytest.raises(TemplateSyntaxError):
        Template(source)


@pytest.mark.parametrize(
    "source",
    [
        '{% badge "Late" tone="red" %}',
        '{% link_button "Go" "/" tone="big" %}',
        '{% icon "no-such-icon" %}',
        '{% icon "search" size="huge" %}',
        "{% sev 7 %}",
        '{% mark client "tiny" %}',
    ],
)
def test_a_value_outside_its_list_is_refused(source):
    with pytest.raises(TemplateSyntaxError):
        draw(source, client=CLIENT)


def test_severity_is_bars_and_a_word_and_unrated_has_no_bars():
    assert draw("{% sev 3 %}").count('class="on"') == 3
    assert "High" in draw("{% sev 3 %}")
    unrated = draw("{% sev None %}")
    assert "Not rated" in unrated and "sev-" not in unrated


def test_text_handed_to_a_component_is_escaped():
    hostile = "<script>alert(1)</script>"
    for source in (
        "{% badge x %}",
        '{% empty title=x text=x icon="inbox" url="/" verb=x %}',
        "{% page_header title=x sub=x %}{% endpage_header %}",
        "{% section title=x note=x %}{% endsection %}",
        "{% person x %}",
        "{% fact x x %}",
        '{% link_button x "/" label=x %}',
        "{% timeline %}{% event when=x %}{{ x }}{% endevent %}{% endtimeline %}",
    ):
        assert "<script>" not in draw(source, x=hostile), source


def test_an_icon_is_drawn_once_and_kept():
    svg.cache_clear()
    svg("search")
    svg("search")
    assert svg.cache_info().hits == 1


def test_an_icon_alone_has_a_name_and_beside_a_word_none():
    assert 'role="img"' in draw('{% icon "search" label="Search" %}')
    assert 'aria-hidden="true"' in draw('{% icon "search" %}')


def test_a_date_passed_says_how_many_days_late():
    html = draw("{% due on today %}", on=date(2026, 11, 12), today=date(2026, 11, 20))
    assert "8 days late" in html and "late" in re.search(r'class="([^"]*)"', html)[1]


def test_the_queue_groups_late_first_and_gives_each_row_one_verb():
    on, client = date(2026, 11, 20), UUID(int=1)
    items = [
        Item(client, "risk", "gavel", "Later", "why", date(2026, 12, 20), "Open", "/later/"),
        Item(client, "risk", "gavel", "Undated", "why", None, "Open", "/undated/"),
        Item(client, "risk", "gavel", "Late", "why", date(2026, 11, 1), "Open", "/late/"),
        Item(client, "risk", "gavel", "Now", "why", on, "Open", "/now/"),
    ]
    groups = grouped(items, on=on, clients={client: CLIENT})
    assert [group.label for group in groups] == ["Late", "Today", "Later", "Without a date"]
    html = draw("{% queue groups %}", groups=groups)
    assert html.count('class="btn btn-sm"') == 4
    assert 'aria-label="Open: Late, Acme"' in html


def test_heat_map_counts_are_links_with_a_spoken_name():
    html = draw("{% heatmap map %}", map=HeatMap({(4, 5): 2}, url=lambda y, x: f"?l={y}&i={x}"))
    assert 'aria-label="2 critical risks: likely, severe impact"' in html
    assert html.count("<a ") == 1


def test_the_rating_path_is_told_in_words_and_survives_missing_ratings():
    assert RatingPath(None, None, None).sentence == "Not rated yet."
    path = RatingPath(before=(5, 5), now=(3, 5), target=(3, 5))
    assert "Now: possible, severe." in path.sentence
    assert len(path.marks) == 3 and len({(mark.x, mark.y) for mark in path.marks}) == 3


def test_unset_facts_say_so_in_words():
    assert "Not set" in draw('{% fact "Owner" None %}')
    assert "0" in draw('{% fact "Open" 0 %}') and "Not set" not in draw('{% fact "Open" 0 %}')


def test_a_job_that_ended_stops_asking():
    running = SimpleNamespace(state="running", step=1, of=4, message="Drawing")
    ready = SimpleNamespace(state="done", step=4, of=4, message="")
    live = draw('{% job_progress job "/job/" "Report" %}', job=running)
    assert 'hx-trigger="every 1s"' in live and 'max="4"' in live
    assert "hx-trigger" not in draw('{% job_progress job "/job/" "Report" %}', job=ready)
