"""Each page for each role, bad input, isolation, and the same number of queries at 10 and 100 rows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements import selectors
from engagements.models import Answer, Ask, Decision, Person, System, Task, TimeEntry
from engagements.services import agreement, asks, business, decisions, people, work
from tests.conftest import owning
from tests.factories.cast import Cast

KEY = "acme-a1b2c3"
PRACTICE_PAGES = [
    "profile/", "profile/edit/", "settings/", "objectives/new/", "engagement/", "engagement/new/",
    "hours/", "people/", "people/new/", "systems/", "systems/new/", "processes/", "processes/new/",
    "tasks/", "tasks/new/", "decisions/", "decisions/new/",
]  # fmt: skip


@pytest.fixture
def filled(cast: Cast, at: datetime, at_acme: Any, acme_people: Any) -> dict[str, Any]:
    """One of everything at Acme."""
    with at_acme(cast.alice):
        common = {"client": cast.acme, "by": cast.alice, "at": at}
        drafted = decisions.draft_decision(
            title="What now?", question="Why?", options=[{"label": "A"}, {"label": "B"}],
            asked_of=acme_people["bob"], **common,
        )  # fmt: skip
        put = decisions.draft_decision(
            title="And then?", question="Why?", options=[{"label": "A"}, {"label": "B"}],
            asked_of=acme_people["bob"], **common,
        )  # fmt: skip
        decisions.put_decision(decision=put, by=cast.alice, at=at)
        return {
            "draft": drafted,
            "put": put,
            "task": work.add_task(title="Do it", assignee=acme_people["carl"], **common),
            "system": business.add_estate(System, values={"name": "X-ray"}, **common),
            "time": agreement.log_time(on=cast.acme.today(at), minutes=30, **common),
            "objective": agreement.set_objective(title="Grow", **common),
            "term": agreement.start_engagement(values={"starts_on": cast.acme.today(at)}, **common),
            "person": acme_people["bob"],
        }


def detail_pages(filled: dict[str, Any]) -> list[str]:
    person, task, put = filled["person"], filled["task"], filled["put"]
    return [
        f"people/{person.pk}/", f"people/{person.pk}/edit/",
        "systems/SYS-001/", "systems/SYS-001/edit/", "systems/SYS-001/retire/",
        f"engagement/{filled['term'].pk}/edit/", f"hours/{filled['time'].pk}/edit/",
        f"objectives/{filled['objective'].pk}/edit/", f"objectives/{filled['objective'].pk}/drop/",
        f"tasks/{task.reference}/", f"tasks/{task.reference}/edit/", f"tasks/{task.reference}/done/",
        f"tasks/{task.reference}/cancel/",
        f"decisions/{put.reference}/", f"decisions/{put.reference}/withdraw/",
        f"decisions/{filled['draft'].reference}/edit/",
        f"asks/{put.ask.reference}/", f"asks/{put.ask.reference}/record/", f"asks/{put.ask.reference}/withdraw/",
    ]  # fmt: skip


def test_the_practices_pages_open_for_the_practice_alone(cast: Cast, browse: Any, filled: Any) -> None:
    lists, details = PRACTICE_PAGES, detail_pages(filled)
    # A record that the person may not even read is as unknown to them as one that never was.
    expected = {
        cast.alice: ({200}, {200}),
        cast.pam: ({200}, {200}),
        cast.bob: ({403}, {403}),
        cast.dora: ({403}, {403, 404}),
        cast.carl: ({403}, {403, 404}),
        cast.charlie: ({404}, {404}),
        cast.xenia: ({404}, {404}),
    }
    for user, (on_lists, on_details) in expected.items():
        browser = browse(user)
        for pages, allowed in ((lists, on_lists), (details, on_details)):
            wrong = {
                page: status for page in pages if (status := browser.get(f"/c/{KEY}/{page}").status_code) not in allowed
            }
            assert (user.name, wrong) == (user.name, {})


def test_anonymous_people_are_sent_to_the_sign_in(client: Any, filled: Any) -> None:
    assert client.get(f"/c/{KEY}/people/").status_code == 302


def test_a_reference_of_another_client_is_unknown(cast: Cast, browse: Any, filled: Any) -> None:
    """Charlie works for Globex, which has none of Acme's references."""
    browser = browse(cast.charlie)
    for page in detail_pages(filled):
        assert browser.get(f"/c/globex-d4e5f6/{page}").status_code == 404, page


def test_the_owner_reads_their_questions_and_the_director_theirs(
    cast: Cast, browse: Any, put: Any, filled: Any
) -> None:
    of_board = put("dora")
    of_owner = filled["put"].ask
    statuses = {
        f"/my/{KEY}/decisions/": {cast.bob: 200, cast.alice: 200, cast.dora: 403, cast.charlie: 404},
        f"/my/{KEY}/asks/{of_owner.reference}/": {cast.bob: 200, cast.dora: 404, cast.carl: 404, cast.charlie: 404},
        f"/board/{KEY}/asks/{of_board.reference}/": {cast.dora: 200, cast.carl: 404, cast.gina: 404},
        f"/board/{KEY}/asks/{of_owner.reference}/": {cast.dora: 404, cast.bob: 404},
        f"/my/{KEY}/tasks/": {cast.carl: 200, cast.bob: 200, cast.charlie: 404},
        f"/my/{KEY}/tasks/{filled['task'].reference}/": {cast.carl: 200, cast.bob: 404, cast.dora: 404},
    }
    for page, expected in statuses.items():
        for user, status in expected.items():
            assert (page, user.name, browse(user).get(page).status_code) == (page, user.name, status)


def test_the_owner_signs_on_the_page(cast: Cast, browse: Any, put: Any) -> None:
    page = f"/my/{KEY}/asks/{put('bob').reference}/"
    browser = browse(cast.bob)
    refused = browser.post(page, {"choice": "wait", "reason": ""})
    assert refused.status_code == 422
    assert "needs a reason" in refused.content.decode()
    assert "Tick this" in refused.content.decode()
    assert browser.post(page, {}).status_code == 422
    assert browser.post(page, {"choice": "\x00", "reason": "x"}).status_code == 422
    signed = browser.post(page, {"choice": "wait", "reason": "March is soon.", "understood": "on"})
    assert (signed.status_code, signed.headers["Location"]) == (303, page)
    shown = browser.get(page).content.decode()
    assert "Answered: Wait until March" in shown
    assert "Signed by Bob" in shown
    again = browser.post(page, {"choice": "yes"})
    assert again.status_code == 409
    assert "has been answered already" in again.content.decode()


def test_nobody_else_signs(cast: Cast, browse: Any, put: Any) -> None:
    page = f"/my/{KEY}/asks/{put('bob').reference}/"
    for user, status in ((cast.alice, 403), (cast.pam, 403), (cast.dora, 404), (cast.gina, 404)):
        assert browse(user).post(page, {"choice": "yes"}).status_code == status
    with owning():
        assert Answer.objects.count() == 0


def test_the_director_signs_and_asks_back(cast: Cast, browse: Any, put: Any) -> None:
    page = f"/board/{KEY}/asks/{put('dora').reference}/"
    browser = browse(cast.dora)
    assert browser.post(f"{page}comment/", {"text": "In the budget?"}).status_code == 303
    assert browser.post(page, {"choice": "yes"}).status_code == 303
    assert "Answered: Replace it now" in browser.get(page).content.decode()
    owner = browse(cast.bob)
    listed = owner.get(f"/my/{KEY}/decisions/").content.decode().split("Answered by the board")[1]
    assert page in listed and "Replace it now. Dora" in listed
    shown = owner.get(page).content.decode()
    assert "Signed by Dora" in shown and f'href="/my/{KEY}/"' in shown and "Send the question" not in shown


def test_an_answer_is_recorded_and_confirmed_on_the_pages(cast: Cast, browse: Any, put: Any) -> None:
    ref = put("bob").reference
    alice, bob = browse(cast.alice), browse(cast.bob)
    record = f"/c/{KEY}/asks/{ref}/record/"
    on = Ask._meta.get_field("asked_on")
    with owning():
        day = on.value_from_object(Ask.objects.get()).isoformat()
    assert alice.post(record, {"choice": "yes", "on": day}).status_code == 422
    assert alice.post(record, {"choice": "yes", "on": day, "witness": "Amir"}).status_code == 303
    page = f"/my/{KEY}/asks/{ref}/"
    assert "Recorded for you" in bob.get(page).content.decode()
    home, decisions_page = f"/my/{KEY}/", f"/my/{KEY}/decisions/"
    for todo, said in ((home, "“Replace it now” was written down"), (decisions_page, "“Replace it now”, as said")):
        shown = bob.get(todo).content.decode()
        assert f'href="{page}" aria-label="Confirm: ' in shown and said in shown
    assert "One thing needs you" in bob.get(home).content.decode()
    assert bob.post(f"{page}confirm/", {"agrees": "no"}).status_code == 422
    assert bob.post(f"{page}confirm/", {"agrees": "yes"}).status_code == 303
    assert "Nothing needs you" in bob.get(home).content.decode()
    assert "Nothing waits for your answer" in bob.get(decisions_page).content.decode()
    assert "Confirmed by the signer" in alice.get(f"/c/{KEY}/asks/{ref}/").content.decode()


def test_a_disputed_record_tells_its_choice_once(cast: Cast, at: datetime, at_acme: Any, browse: Any, put: Any) -> None:
    ref = put("bob").reference
    with at_acme(cast.alice):
        asks.record_answer(
            ask=Ask.objects.get(), choice="yes", reason="", witness="Amir", recorded_by=cast.alice, at=at
        )
    with at_acme(cast.bob):
        asks.confirm_answer(ask=Ask.objects.get(), agrees=False, note="I said wait", by=cast.bob, at=at)
    page = browse(cast.bob).get(f"/my/{KEY}/asks/{ref}/").content.decode()
    assert page.count("Replace it now") == 1 and "I said wait" in page
    practice = browse(cast.alice).get(f"/c/{KEY}/asks/{ref}/").content.decode()
    assert "I said wait. Withdraw what follows from it" in practice


def test_private_notes_reach_no_client_page_and_no_export(
    cast: Cast, at: datetime, browse: Any, at_acme: Any, acme_people: Any
) -> None:
    secret = "Pays late, tread softly"
    with at_acme(cast.alice):
        people.edit_person(person=acme_people["carl"], values={"private_notes": secret}, by=cast.alice, at=at)
        common = {"client": cast.acme, "private_notes": secret, "by": cast.alice, "at": at}
        task = work.add_task(title="Do it", assignee=acme_people["carl"], **common)
        asked = decisions.draft_decision(
            title="What?", question="Why?", options=[{"label": "A"}, {"label": "B"}],
            asked_of=acme_people["bob"], **common,
        )  # fmt: skip
        decisions.put_decision(decision=asked, by=cast.alice, at=at)
    for user, page in (
        (cast.carl, f"/my/{KEY}/tasks/{task.reference}/"),
        (cast.bob, f"/my/{KEY}/asks/{asked.ask.reference}/"),
        (cast.alice, f"/c/{KEY}/tasks/?format=csv"),
        (cast.alice, f"/c/{KEY}/decisions/?format=csv"),
        (cast.alice, f"/c/{KEY}/people/?format=csv"),
    ):
        answer = browse(user).get(page)
        assert (page, answer.status_code) == (page, 200)
        assert secret not in answer.content.decode("utf-8-sig")
    assert secret in browse(cast.alice).get(f"/c/{KEY}/tasks/{task.reference}/").content.decode()


BAD = ["\x00", "x" * 100_000, "-1", "99999999999999999999", "2026-02-31", "’); DROP TABLE", "NaN", "١٢"]


@pytest.mark.parametrize("bad", BAD)
def test_no_input_breaks_a_form(cast: Cast, browse: Any, filled: Any, bad: str) -> None:
    browser = browse(cast.alice)
    forms = {
        "people/new/": ["name", "email", "side", "phone"],
        "hours/new/": ["on", "minutes", "activity", "whose", "note"],
        "tasks/new/": ["title", "side", "assignee", "practice_user", "due_on"],
        "decisions/new/": ["title", "question", "asked_of", "decide_by", "minutes", "cost_minor_1", "label_1"],
        "engagement/new/": ["starts_on", "ends_on", "fee_minor", "included_hours", "lead", "monthly_report_day"],
        "systems/new/": ["name", "criticality", "tolerable_downtime_hours", "holds", "owner"],
        "profile/edit/": ["sector", "staff_count", "annual_revenue_minor", "data_kinds"],
        "settings/": ["name", "time_zone", "currency", "hue", "pack_release"],
        "objectives/new/": ["title", "horizon"],
        f"people/{filled['person'].pk}/deputy/": ["deputy-deputy", "deputy-first", "deputy-last"],
        f"people/{filled['person'].pk}/invite/": ["invite-role"],
    }
    for page, names in forms.items():
        answer = browser.post(f"/c/{KEY}/{page}", dict.fromkeys(names, bad))
        assert (page, answer.status_code in (303, 422)) == (page, True), answer.status_code
    for page in ("people/", "tasks/", "decisions/", "hours/", "systems/"):
        for query in ("q", "sort", "page", "status", "due", "on_min"):
            answer = browser.get(f"/c/{KEY}/{page}", {query: bad})
            assert answer.status_code == (400 if "\x00" in bad else 200), (page, query)


def test_a_second_save_of_the_same_page_is_shown_as_a_conflict(cast: Cast, browse: Any, filled: Any) -> None:
    browser = browse(cast.alice)
    page = f"/c/{KEY}/systems/SYS-001/edit/"
    seen = browser.get(page).context["form"]["seen_version"].value()
    first = {"name": "X-ray server", "run_by": "client", "seen_version": seen}
    assert browser.post(page, first).status_code == 303
    late = browser.post(page, {**first, "name": "Imaging"})
    assert late.status_code == 409
    assert "X-ray server" in late.content.decode()


def test_time_is_logged_corrected_and_removed(cast: Cast, browse: Any, filled: Any) -> None:
    browser = browse(cast.alice)
    day = filled["time"].on.isoformat()
    entry = {"on": day, "minutes": "1:15", "activity": "risks", "whose": "practice", "note": "Review"}
    assert browser.post(f"/c/{KEY}/hours/new/", entry).status_code == 303
    with owning():
        made = TimeEntry.objects.get(note="Review")
    assert made.minutes == 75
    assert browser.post(f"/c/{KEY}/hours/{made.pk}/edit/", {**entry, "minutes": "45m"}).status_code == 303
    assert browser.post(f"/c/{KEY}/hours/{made.pk}/remove/").status_code == 303
    opened = browser.get(f"/c/{KEY}/hours/{made.pk}/remove/")
    assert opened.status_code == 405 and 'href="../../">Go back' in opened.content.decode()
    with owning():
        assert not TimeEntry.objects.filter(pk=made.pk).exists()


def test_a_decision_is_written_and_put_in_one_go(cast: Cast, browse: Any, acme_people: Any) -> None:
    browser = browse(cast.alice)
    given = {
        "title": "What now?", "question": "Why?", "label_1": "Buy", "cost_minor_1": "38,400", "label_2": "Wait",
        "is_do_nothing_2": "on", "asked_of": str(acme_people["bob"].pk), "minutes": "5", "then": "put",
    }  # fmt: skip
    assert browser.post(f"/c/{KEY}/decisions/new/", given).status_code == 303
    with owning():
        asked = Ask.objects.get()
    assert [option["cost_minor"] for option in asked.options] == [3_840_000, None]
    assert (asked.subject, asked.asked_user) == ("D-001", cast.bob)


def rows(cast: Cast, at: datetime, count: int) -> None:
    common = {"client": cast.acme, "created_at": at}
    with owning():
        for number in range(count):
            ref = f"{number:04d}"
            who = Person.objects.create(name=f"Person {ref}", email=f"p{ref}@example.test", **common)
            raised = {"raised_on": at.date(), "raised_by": cast.alice}
            Task.objects.create(reference=f"T-{ref}", title="Task", assignee=who, **raised, **common)
            Decision.objects.create(reference=f"D-{ref}", title="D", question="Q", asked_of=who, **raised, **common)
            TimeEntry.objects.create(on=at.date(), minutes=5, by=cast.alice, **common)
            System.objects.create(reference=f"SYS-{ref}", name=f"System {ref}", owner=who, **common)


def counted(browser: Any, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert browser.get(page).status_code == 200
    ours = [q["sql"] for q in captured.captured_queries]
    return len(
        [
            sql
            for sql in ours
            if not sql.startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
            and "sec.enter" not in sql
            and "set_config(" not in sql
        ]
    )


@pytest.mark.parametrize("page", ["people/", "tasks/", "decisions/", "hours/", "systems/"])
def test_a_list_costs_the_same_with_ten_rows_and_a_hundred(cast: Cast, at: datetime, browse: Any, page: str) -> None:
    browser = browse(cast.alice)
    browser.get(f"/c/{KEY}/{page}")
    rows(cast, at, 10)
    few = counted(browser, f"/c/{KEY}/{page}")
    with owning():
        for model in (Task, Decision, TimeEntry, System, Person):
            model.objects.all().delete()
    rows(cast, at, 100)
    many = counted(browser, f"/c/{KEY}/{page}")
    assert few == many
    assert many <= 12


def test_detail_pages_cost_at_most_twelve_queries(cast: Cast, browse: Any, filled: Any) -> None:
    browser = browse(cast.alice)
    # The first page of a session notes the device as well.
    browser.get(f"/c/{KEY}/people/")
    costs = {page: counted(browser, f"/c/{KEY}/{page}") for page in detail_pages(filled)}
    assert {page: cost for page, cost in costs.items() if cost > 12} == {}
    owner = browse(cast.bob)
    assert counted(owner, f"/my/{KEY}/asks/{filled['put'].ask.reference}/") <= 12


def test_attention_reads_two_queries_over_all_clients(
    cast: Cast, at: datetime, at_acme: Any, filled: Any, django_assert_num_queries: Any
) -> None:
    on = cast.acme.today(at)
    with at_acme(cast.alice):
        with django_assert_num_queries(2):
            items = selectors.attention(on=on + timedelta(days=1))
        assert {item.kind for item in items} == {"task", "ask"}
        assert all(item.url.startswith(f"/c/{KEY}/") for item in items)
        with django_assert_num_queries(1):
            found = selectors.counts(on=on)[cast.acme.pk]
        assert (found.open_tasks, found.waiting_on_client, found.month_minutes) == (1, 1, 30)
        assert {one.kind for one in selectors.find(text="X-ray")} == {"system"}
    with at_acme(cast.charlie):
        assert selectors.attention(on=on) == []
        assert selectors.find(text="X-ray") == []


def test_a_question_is_found_by_its_reference_answered_too(
    cast: Cast, at: datetime, at_acme: Any, browse: Any, put: Any, django_assert_num_queries: Any
) -> None:
    first, gone = put("bob"), put("bob", title="What about the old one?")
    with at_acme(cast.bob):
        asks.answer(ask=Ask.objects.get(pk=first.pk), choice="yes", reason="", by=cast.bob, at=at)
    with at_acme(cast.alice):
        asks.withdraw(ask=gone, reason="It was sold", by=cast.alice, at=at)
        with django_assert_num_queries(6):
            found = selectors.find(text="a-00")
        assert [(one.title, one.sub) for one in found] == [
            (gone.title, f"{gone.reference} · Question, withdrawn"),
            (first.title, f"{first.reference} · Question, answered"),
        ]
        with django_assert_num_queries(5):
            assert selectors.find(text="What about the X-ray") == []
    for user, hits in ((cast.alice, 1), (cast.charlie, 0)):
        page = browse(user).get(f"/find/?q={first.reference}").content.decode()
        assert page.count(f"/c/{KEY}/asks/{first.reference}/") == hits
    assert ">Alice, " in browse(cast.alice).get(f"/c/{KEY}/asks/{gone.reference}/").content.decode()
    told = browse(cast.bob).get(f"/my/{KEY}/asks/{gone.reference}/").content.decode()
    assert "It was sold. Nothing is needed from you." in told


def test_a_second_person_of_a_name_is_told_of_the_first(cast: Cast, browse: Any) -> None:
    browser = browse(cast.alice)
    messages = []
    for job in ("Reception", "Lab"):
        given = {"name": "Kim Doe", "side": "client", "job_title": job}
        page = browser.post(f"/c/{KEY}/people/new/", given, follow=True).content.decode()
        messages.append("There is another Kim Doe (Reception)" in page)
    assert messages == [False, True]
