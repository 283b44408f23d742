"""Pages of the register by role, with good and bad input, and what they cost."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from engagements.services import asks
from engagements.services.people import reactivate_person
from risks import services
from risks.models import Risk
from tests.api.conftest import Program, make_token
from tests.risks.conftest import NOW, limited, raised, rated
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

PLAIN = ["list", "new", "review", "limits", "scale", "add-category"]
OF_ONE = [
    "detail", "edit", "rate", "estimate", "close", "plan", "ask-plan", "ask-acceptance", "record-acceptance",
    "merge", "split",
]  # fmt: skip


def url(cast, name, ref="", **kwargs):
    if ref:
        kwargs["ref"] = ref
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, **kwargs})


@pytest.fixture
def register(cast, people):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        limited(cast, operational=2)
        first = raised(cast, owner=people["bob"], private_notes="They quarrel", plan="Buy spares",
                       treatment="reduce", target_on=dt.date(2027, 1, 31))  # fmt: skip
        raised(cast, "Phishing", now=None)
    return first


@pytest.mark.parametrize("name", PLAIN)
def test_pages_open_for_the_practice_and_for_nobody_else(cast, register, browse, name):
    address = url(cast, name)
    statuses = {
        who.name: browse(who).get(address).status_code
        for who in (cast.alice, cast.pam, cast.bob, cast.dora, cast.carl, cast.charlie, cast.xenia)
    }
    assert statuses == {
        "Alice": 200, "Pam": 200, "Bob": 403, "Dora": 403, "Carl": 403, "Charlie": 404, "Xenia": 404,
    }  # fmt: skip


@pytest.mark.parametrize("name", OF_ONE)
def test_pages_of_a_risk_open_for_the_practice_and_unknown_ones_answer_404(cast, register, browse, name):
    alice = browse(cast.alice)
    assert alice.get(url(cast, name, "R-001")).status_code == 200
    for unknown in ("R-999", "%2e", "x" * 300):
        assert alice.get(url(cast, name, "R-001").replace("R-001", unknown)).status_code == 404
    assert browse(cast.bob).get(url(cast, name, "R-001")).status_code == 403
    assert browse(cast.charlie).get(url(cast, name, "R-001")).status_code == 404


def test_the_list_is_empty_in_words(cast, people, browse):
    page = browse(cast.alice).get(url(cast, "list")).content.decode()
    assert "No risks yet" in page


@pytest.mark.parametrize(
    "query",
    [
        "?q=backup", "?sev=3&sev=4", "?owner=none", "?owner=nonsense", "?status=any", "?status=x",
        "?show=calling", "?show=late", "?show=x", "?cell=3x5&rating=now", "?cell=9x9", "?rating=zzz",
        "?sort=-score", "?sort=;drop", "?page=99999999999999999999", "?open=R-001",
        "?treatment=reduce", "?category=Resilience", "?q=" + "x" * 5000, "?rating=target",
        "?show=accepted", "?show=review", "?show=gap", "?show=no_limit", "?show=near", "?show=above",
    ],
)  # fmt: skip
def test_no_address_of_the_list_breaks_it(cast, register, browse, query):
    assert browse(cast.alice).get(url(cast, "list") + query).status_code == 200


def shown(cast, browse, query):
    page = browse(cast.alice).get(url(cast, "list") + query).content.decode()
    return re.findall(r'<td class="id">([^<]+)</td>', page)


def test_a_title_is_printed_and_never_run(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        wording = services.Wording(title="<b>Backups</b> & more", category='"><i>')
        services.edit_risk(risk=Risk.objects.get(reference="R-001"), wording=wording, by=cast.alice, at=NOW)
    page = browse(cast.alice).get(url(cast, "list") + "?open=R-001").content.decode()
    assert "&lt;b&gt;Backups&lt;/b&gt; &amp; more" in page
    assert "<b>Backups" not in page
    assert '"><i>' not in page
    assert page.count('<tr class="is-open">') == 1


def test_filters_narrow_the_list(cast, register, browse):
    assert shown(cast, browse, "") == ["R-001", "R-002"]
    assert shown(cast, browse, "?show=calling") == ["R-001"]
    assert shown(cast, browse, "?cell=3x5") == ["R-001"]
    assert shown(cast, browse, "?sev=0") == ["R-002"]
    assert shown(cast, browse, "?owner=none") == ["R-002"]
    assert shown(cast, browse, "?q=phishing") == ["R-002"]
    assert shown(cast, browse, "?status=closed") == []
    # What a cell of the map counts is what its link shows, whatever else the list was narrowed by.
    page = browse(cast.alice).get(url(cast, "list") + "?status=closed&owner=none&rating=now&sort=ref").content.decode()
    assert "?rating=now&amp;sort=ref&amp;cell=3x5" in page and shown(cast, browse, "?rating=now&cell=3x5") == ["R-001"]


def test_the_list_is_in_the_order_of_the_dates_and_titles_it_shows(cast, people, browse):
    """An accepted risk shows the end of its acceptance; what has no date comes last, whichever way it is turned."""
    titles = ("apples rot", "Öl leaks", "Zebras flee", "beds break", "Closed early")
    ends = (None, NOW + dt.timedelta(days=9), NOW + dt.timedelta(days=3), NOW + dt.timedelta(days=6), NOW)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for title, end in zip(titles, ends, strict=True):
            raised(cast, title, target_on=end and end.date())
        asked = services.ask_acceptance(
            risk=Risk.objects.get(reference="R-003"), asked_of=people["bob"], until=dt.date(2027, 9, 15),
            by=cast.alice, at=NOW,
        )  # fmt: skip
        services.close_risk(risk=Risk.objects.get(reference="R-005"), reason="It rotted.", by=cast.alice, at=NOW)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=asked.ask, choice="accept", reason="For now.", by=cast.bob, at=NOW)

    dated = ["R-004", "R-002", "R-003"]
    assert shown(cast, browse, "?sort=due&status=any") == [*dated, "R-001", "R-005"]
    assert shown(cast, browse, "?sort=-due&status=any") == [*reversed(dated), "R-005", "R-001"]
    assert shown(cast, browse, "?sort=title") == ["R-001", "R-004", "R-003", "R-002"]


SHELL = ("SAVEPOINT", "RELEASE", "SELECT client_id, roles", "SELECT set_config")


def counted(found):
    """Queries of a page without the context's own and without the follow-up of sessions."""
    return [
        q["sql"] for q in found if not q["sql"].startswith(SHELL) and "usersessions" not in q["sql"].split(" WHERE ")[0]
    ]


def test_the_list_costs_the_same_for_10_and_100_rows(cast, people, browse):
    def cost(query=""):
        browser = browse(cast.alice)
        browser.get(url(cast, "list") + query)
        with CaptureQueriesContext(connection) as found:
            browser.get(url(cast, "list") + query)
        return counted(found)

    def fill(number):
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            for index in range(number):
                raised(cast, f"Risk {number} {index}", now=rated(index % 5 + 1), owner=people["bob"])

    fill(10)
    few = cost()
    fill(95)
    many = cost()
    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= 12, "\n".join(many)
    assert len(cost("?open=R-003")) <= 12, "\n".join(cost("?open=R-003"))


def test_a_detail_page_costs_at_most_12_queries(cast, register, browse):
    browser = browse(cast.alice)
    browser.get(url(cast, "detail", "R-001"))
    with CaptureQueriesContext(connection) as found:
        browser.get(url(cast, "detail", "R-001"))
    sql = counted(found)
    assert len(sql) <= 12, "\n".join(sql)


def posted(browser, address, **data):
    return browser.post(address, data)


def test_add_a_risk(cast, people, browse):
    alice = browse(cast.alice)
    answer = posted(alice, url(cast, "new"), title="Server dies", now_likelihood="3",
                    now_impact_operational="5", treatment="undecided", review_months="3")  # fmt: skip
    assert answer.status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert Risk.objects.get(reference="R-001").now_score == 15


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "T", "now_likelihood": "3"}, "now_likelihood"),
        ({"title": "T", "now_impact_people": "3"}, "now_likelihood"),
        ({"title": "T", "now_likelihood": "9"}, "now_likelihood"),
        ({"title": "T", "target_on": "31.02.2027"}, "target_on"),
        ({"title": "T", "review_months": "9" * 30}, "review_months"),
        ({"title": "T", "owner": "not-a-person"}, "owner"),
        ({"title": "T", "cause": "x" * 30_000}, "cause"),
    ],
)
def test_bad_input_comes_back_with_the_field_and_the_remedy(cast, people, browse, data, field):
    given = {"treatment": "undecided", "review_months": "3", **data}
    answer = browse(cast.alice).post(url(cast, "new"), given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert not Risk.objects.exists()


def test_rate_close_and_reopen_by_their_pages(cast, register, browse):
    alice = browse(cast.alice)
    answer = posted(alice, url(cast, "rate", "R-001"), now_likelihood="5",
                    now_impact_operational="5", reason="Twice")  # fmt: skip
    assert answer.status_code == 303
    assert posted(alice, url(cast, "rate", "R-001"), now_likelihood="5", now_impact_operational="5",
                  reason="Again").status_code == 422  # fmt: skip
    assert posted(alice, url(cast, "reviewed", "R-001")).status_code == 303
    assert posted(alice, url(cast, "close", "R-001"), reason="").status_code == 422
    assert posted(alice, url(cast, "close", "R-001"), reason="Sold").status_code == 303
    assert alice.get(url(cast, "rate", "R-001")).status_code == 409
    late = posted(alice, url(cast, "rate", "R-001"), now_likelihood="4", reason="Worse since the move")
    assert late.status_code == 409
    told = late.content.decode()
    assert "R-001 is closed. Reopen it first." in told and "Worse since the move" in told
    assert "csrf" not in told.lower() and 'href="../"' in told
    assert alice.get(url(cast, "detail", "R-001")).status_code == 200
    assert posted(alice, url(cast, "reopen", "R-001"), reason="Back").status_code == 303


def test_two_people_editing_get_a_conflict_and_lose_nothing(cast, register, browse):
    alice, amir = browse(cast.alice), browse(cast.amir)
    form = alice.get(url(cast, "edit", "R-001")).context["form"]
    fields = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    changed = {**fields, "title": "Amir's", "controls": "A lock"}
    assert posted(amir, url(cast, "edit", "R-001"), **changed).status_code == 303
    late = {**fields, "title": "Alice's", "affects": "The vault", "cause": fields["cause"].replace("\n", "\r\n")}
    answer = posted(alice, url(cast, "edit", "R-001"), **late)
    assert answer.status_code == 409
    shown = [(one.label, one.theirs, one.yours, one.both) for one in answer.context["differences"]]
    assert shown == [("Title", "Amir's", "Alice's", True), ("Affects", "Nothing", "The vault", False)]


def test_a_second_risk_of_the_same_title_is_told_of_the_first(cast, register, browse):
    alice = browse(cast.alice)
    form = alice.get(url(cast, "new")).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | {"title": register.title.upper()}
    answer = alice.post(url(cast, "new"), fields, follow=True)
    assert f"{register.reference} has the same title" in answer.content.decode()


def test_ask_for_an_acceptance_with_what_the_page_offers(cast, register, browse):
    alice = browse(cast.alice)
    assert "Ask to accept" in alice.get(url(cast, "detail", "R-001")).content.decode()
    piece = alice.get(url(cast, "ask-acceptance", "R-001"), headers={"HX-Request": "true"})
    assert "<html" not in piece.content.decode() and "<form" in piece.content.decode()
    form = alice.get(url(cast, "ask-acceptance", "R-001")).context["form"]
    offered = {name: form[name].value() or "" for name in form.fields}
    offered = {name: getattr(value, "pk", value) for name, value in offered.items()}
    assert posted(alice, url(cast, "ask-acceptance", "R-001"), **offered).status_code == 303
    page = alice.get(url(cast, "detail", "R-001")).content.decode()
    assert "Decision in progress" in page and "Sent to Bob" in page
    withdrawn = posted(alice, url(cast, "withdraw-acceptance", "R-001"), reason="Fixed")
    assert withdrawn.status_code == 303


@pytest.mark.parametrize("day", ["2099-01-01", "2020-01-01", "0000-00-00", "99999-12-31", "soon"])
def test_ask_for_an_acceptance_refuses_impossible_days(cast, register, people, browse, day):
    answer = posted(browse(cast.alice), url(cast, "ask-acceptance", "R-001"),
                    asked_of=str(people["bob"].pk), until=day)  # fmt: skip
    assert answer.status_code == 422


def test_bulk_changes_many_and_refuses_nonsense(cast, register, people, browse):
    alice = browse(cast.alice)
    both = {"risk": ["R-001", "R-002"]}
    owner = str(people["carl"].pk)
    for data, status in (
        ({**both, "verb": "reassign", "owner": owner}, 303),
        ({**both, "verb": "redate", "target_on": "2027-02-28"}, 303),
        ({**both, "verb": "reviewed"}, 303),
        ({**both, "verb": "move-reviews", "next_review_on": "2027-03-31"}, 303),
        ({**both, "verb": "move-reviews", "next_review_on": ""}, 422),
        ({**both, "verb": "move-reviews", "next_review_on": "2020-01-01"}, 422),
        ({**both, "verb": "move-reviews", "next_review_on": "2099-01-01"}, 422),
        ({**both, "verb": "redate", "target_on": "soon"}, 422),
        ({**both, "verb": "redate", "target_on": "9999-12-31"}, 422),
        ({**both, "verb": "reassign", "owner": "nobody"}, 422),
        ({**both, "verb": "explode"}, 422),
        ({"verb": "reviewed"}, 422),
    ):
        assert alice.post(url(cast, "bulk"), data).status_code == status, data
    assert browse(cast.bob).post(url(cast, "bulk"), both).status_code == 403
    refusal = alice.post(url(cast, "bulk") + "?sort=ref", {**both, "verb": "redate", "target_on": "2020-01-01"})
    back = re.search(r'href="([^"]+chosen=[^"]+)"', refusal.content.decode()).group(1).replace("&amp;", "&")
    again = alice.get(back).content.decode()
    assert "sort=ref" in back and again.count(" checked></td>") == 2 and 'value="2020-01-01"' in again


def test_closed_risks_among_the_chosen_are_named(alices):
    risks = [raised(alices, f"Risk {n}") for n in range(8)]
    for risk in risks[:7]:
        services.close_risk(risk=risk, by=alices.alice, at=NOW, reason="Gone")
    with pytest.raises(services.Refused, match="R-001, R-002, R-003, R-004, R-005 and 2 more are closed. Leave them"):
        services.review_unchanged(risks=risks, by=alices.alice, at=NOW)
    with pytest.raises(services.Refused, match="R-001 is closed. Leave it out"):
        services.reassign(risks=[risks[0], risks[7]], owner=None, by=alices.alice, at=NOW)
    with pytest.raises(
        services.Refused, match="November 21, 2027 is too far ahead. Give a day up to November 20, 2027"
    ):
        services.move_reviews(risks=risks[7:], to=dt.date(2027, 11, 21), by=alices.alice, at=NOW)


def test_set_a_limit_and_the_scale(cast, register, people, browse):
    alice = browse(cast.alice)
    answer = posted(alice, url(cast, "limit", category="people"), band_limit="1",
                    from_on="2026-11-01", approved_by=str(people["bob"].pk))  # fmt: skip
    assert answer.status_code == 303
    assert alice.get(url(cast, "limit", category="weather")).status_code == 404
    bad = posted(alice, url(cast, "limit", category="people"), band_limit="7", from_on="2026-11-01")
    assert bad.status_code == 422
    later = posted(alice, url(cast, "limit", category="people"), band_limit="1", from_on="2099-01-01")
    assert later.status_code == 422
    form = alice.get(url(cast, "scale")).context["form"]
    fields = {name: form[name].value() or "" for name in form.fields} | {"ratings": "review"}
    assert posted(alice, url(cast, "scale"), **{**fields, "low_to": 12}).status_code == 422
    assert posted(alice, url(cast, "scale"), **{**fields, "ratings": ""}).status_code == 422
    money = {f"impact_money_{level}": str(10**level) for level in range(1, 5)}
    assert posted(alice, url(cast, "scale"), **fields | money | {"impact_money_2": "5"}).status_code == 422
    assert posted(alice, url(cast, "scale"), **fields | money).status_code == 303
    page = alice.get(url(cast, "limits")).content.decode()
    assert "$10 to $100" in page and "above $10,000" in page


def test_private_notes_stay_with_the_practice(cast, register, browse):
    assert "They quarrel" in browse(cast.alice).get(url(cast, "detail", "R-001")).content.decode()


def test_the_owners_programme_says_what_is_late_limited_and_done(cast, people, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for number in range(11):
            raised(cast, f"Risk {number}", now=rated(1, operational=1))
    page = browse(cast.bob).get(reverse("home:owner-programme", kwargs={"client_key": cast.acme.key})).content.decode()
    assert "The limits your adviser proposes" in page and "Nobody of your business has approved them yet." in page
    assert "At most medium." in page
    assert "Reduce by" in page
    assert "1 risk above your limit" in page and "The other 12 risks" in page
    assert all(f"Risk {number}</strong>" in page for number in range(11))


def test_the_owners_programme_tells_what_they_approved_from_what_was_set_since(cast, people, register, browse):
    now = timezone.now()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        statement = services.ask_statement(client=cast.acme, asked_of=people["bob"], by=cast.alice, at=now)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=statement.ask, choice="approve", reason="", by=cast.bob, at=now)

    def limits():
        page = browse(cast.bob).get(reverse("home:owner-programme", kwargs={"client_key": cast.acme.key}))
        return strip_tags(page.content.decode().split('id="p-l">')[1].split("</section>")[0])

    assert limits().startswith("The limits you setVersion 1, approved by Bob on ")
    assert "At most medium." in limits() and "not approved" not in limits()
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for category, band in (("operational", 4), ("people", 1)):
            services.set_appetite(client=cast.acme, category=category, band_limit=band, by=cast.alice, at=now)
    said = " ".join(limits().split())
    assert "your adviser changed: Operational, People. Your risks are compared with what is proposed." in said
    assert "OperationalAt most medium. Proposed by your adviser, not approved yet: At most critical." in said
    assert "PeopleNo limit. Proposed by your adviser, not approved yet: At most low." in said


def test_a_change_of_many_leads_back_to_the_list_as_it_was_shown(cast, people, register, browse):
    answer = browse(cast.alice).post(
        url(cast, "bulk") + "?q=Backups", {"risk": register.reference, "verb": "reassign", "owner": people["bob"].pk}
    )
    assert answer["Location"] == url(cast, "list") + "?q=Backups"
    shown = browse(cast.alice).get(url(cast, "list") + "?q=Backups").content.decode()
    assert f'action="{url(cast, "bulk")}?q=Backups"' in shown


def test_a_person_shows_the_risks_they_own_and_leaves_only_after_they_were_named(cast, register, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        gone = raised(cast, "Paper files", owner=people["bob"])
        services.close_risk(risk=gone, reason="Shredded.", by=cast.alice, at=NOW)
    alice = browse(cast.alice)
    address = f"/c/{cast.acme.key}/people/{people['bob'].pk}/"
    page = alice.get(address).content.decode()
    assert register.title in page and gone.title not in page
    with CaptureQueriesContext(connection) as asked:
        asking = alice.get(f"{address}deactivate/").content.decode()
    assert len([one for one in asked if "SAVEPOINT" not in one["sql"]]) <= 14
    assert "Bob stays the owner of 1 open risk" in asking and register.title in asking
    assert f"/risks/?owner={people['bob'].pk}" in asking
    assert (
        "Bob owns no" not in asking
        and "open risk"
        not in alice.get(f"/c/{cast.acme.key}/people/{people['dora'].pk}/deactivate/")
        .content.decode()
        .partition("<main")[2]
    )
    told = Program(make_token(cast.alice, cast.acme)).post(f"c/{cast.acme.key}/people/{people['bob'].pk}/deactivate/")
    assert told.told["still_owns"] == [{"kind": "risk", "reference": "R-001", "title": register.title}]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        reactivate_person(person=people["bob"], by=cast.alice, at=NOW)
    assert alice.post(f"{address}deactivate/").status_code == 303
    assert "No longer active" in alice.get(address).content.decode()
    assert browse(cast.bob).get(f"{address}deactivate/").status_code == 403


def test_what_somebody_owns_who_left_stays_theirs_while_the_rest_of_it_changes(cast, register, people, browse):
    bob, program, home = str(people["bob"].pk), Program(make_token(cast.alice, cast.acme)), f"c/{cast.acme.key}/"
    assert program.post(f"{home}systems/", {"name": "Scheduling", "owner": bob}).status_code == 201
    assert program.post(f"{home}risks/R-001/steps/", {"title": "Buy", "assignee": bob}).status_code == 201
    assert program.post(f"{home}people/{bob}/deactivate/").status_code == 200
    alice, edit = browse(cast.alice), url(cast, "edit", "R-001")
    assert "Bob (no longer active)" in alice.get(edit).content.decode()
    assert alice.post(edit, {"title": "Backups fail", "owner": bob}).status_code == 303
    (step,) = program.get(f"{home}risks/R-001/steps/").told["results"]
    task = f"risks/R-001/steps/{step['id']}/"
    for path, change, refused in (
        ("risks/R-001/", {"category": "Recovery"}, None), ("systems/SYS-001/", {"detail": "Who comes when"}, None),
        (task, {"title": "Buy two"}, "Bob is no longer active. Choose somebody else."),
    ):  # fmt: skip
        stands = program.get(home + path).headers["ETag"]
        told = program.patch(home + path, change, If_Match=stands).told
        assert [error["detail"] for error in told.get("errors", [])] == ([refused] if refused else []), path
    assert program.get(f"{home}risks/R-001/").told["owner"]["name"] == "Bob"
    assert program.get(f"{home}systems/SYS-001/").told["owner"]["name"] == "Bob"
    assert "Bob" not in alice.get(url(cast, "new")).content.decode().partition("<main")[2]
    part = {"title": "A part", "rating": {"likelihood": 2, "impacts": {"legal": 2}}}
    assert program.post(f"{home}risks/R-001/split/", part).told["owner"] is None


def test_an_unknown_filter_is_said_and_the_others_still_narrow(cast, register, browse):
    page = browse(cast.alice).get(url(cast, "list"), {"show": "zz", "owner": "nobody-known", "q": "Phishing"})
    text = page.content.decode()
    assert "Show: “zz” is not known here" in text and "Owner: “nobody-known” is not known here" in text
    assert "Phishing" in text and [risk.title for risk in page.context["page"]] == ["Phishing"]
