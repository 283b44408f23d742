"""The risk library: proposals with reasons, adding one, the practice's own, and its changes at clients."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from engagements.models import System
from engagements.services import business
from risks import services
from risks.enums import ChangeState
from risks.models import LibraryChange, OwnScenario, Risk
from risks.rules.proposing import Facts, sectors_of, weigh
from risks.selectors import library
from tests.factories.cast import Cast
from tests.risks.conftest import NOW, raised
from vciso.audit.models import Event
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def url(cast: Cast, name: str, **words: Any) -> str:
    return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key, **words})


def values(title: str, **other: Any) -> dict[str, Any]:
    plain = {"cause": "", "event": "", "consequence": "", "likelihood": "high", "industries": [], "data": []}
    return {**plain, "title": title, "categories": ["legal"], "hints": {"legal": "Who asks?"}, **other}


@pytest.fixture
def dentist(cast: Cast, people: Any) -> Cast:
    """Acme says what it is and what it runs on."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        facts = {"sector": "Dental care", "staff_count": 140, "data_kinds": ["health"]}
        business.set_profile(client=cast.acme, values=facts, by=cast.alice, at=NOW)
        given = {"name": "X-ray server", "run_by": "it_provider", "tolerable_downtime_hours": 8, "holds": ["payment"]}
        business.add_estate(System, client=cast.acme, values=given, by=cast.alice, at=NOW)
    return cast


# --- What is proposed -------------------------------------------------------------------------------


def test_the_shipped_library_has_forty_whole_scenarios_with_a_hint_for_each_category():
    found = library.shipped().values()
    assert len(found) == 40
    assert all(one.cause and one.event and one.consequence and set(one.hints) == set(one.categories) for one in found)
    assert all(one.industries for one in found)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Dental care", ["dental", "healthcare_provider"]), ("Defence supply", ["defence_supplier", "manufacturing"]),
        ("Italian restaurant", ["restaurant_hospitality"]), ("IT services", ["msp"]), ("Tax", ["accounting_tax"]),
        ("Something else", []), ("", []),
    ],
)  # fmt: skip
def test_a_profile_names_its_sector_in_its_own_words(text, keys):
    assert [sector.key for sector in sectors_of(text, library.sectors())] == keys


def test_a_proposal_says_why_by_sector_data_held_and_profile(dentist):
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        found = {one.scenario.key: one for one in library.proposals(dentist.acme)}
        order = list(found)
    assert found["r15"].weighed.reasons == (
        "Common in dental care", "Holds health data", "X-ray server must be back within 8 hours",
    )  # fmt: skip
    assert found["r14"].weighed.reasons == ("Common in dental care", "Holds health data", "140 people work there")
    assert found["r04"].weighed.reasons == ("The IT provider runs X-ray server",)
    assert found["r02"].weighed.reasons[1] == "Holds health data and payment cards"
    assert found["r32"].weighed.reasons == ("Concerns every business",)
    assert not found["r16"].concerns
    assert order.index("r15") < order.index("r04") < order.index("r32") < order.index("r16")


def test_without_a_profile_only_what_concerns_everybody_is_proposed():
    found = {key: weigh(one, Facts()).reasons for key, one in library.shipped().items()}
    assert set(found.values()) == {("Concerns every business",), ()}


def test_a_plant_that_must_not_stop_is_not_asked_about_patients():
    plant = sectors_of("Manufacturing", library.sectors())
    facts = Facts(plant, people=310, run_by={"vendor": ("Plant scheduling",)}, urgent=("Plant scheduling", 4))
    found = {key: weigh(one, facts).reasons for key, one in library.shipped().items()}
    assert found["r14"] == found["r15"] == ()
    assert found["r30"] == ("A vendor runs Plant scheduling", "Plant scheduling must be back within 4 hours")


def test_the_page_shows_reasons_and_what_the_register_has_already(dentist, browse):
    alice = browse(dentist.alice)
    page = alice.get(url(dentist, "library")).content.decode()
    assert "Common in dental care. Holds health data. " in page
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        raised(dentist, scenario="r15")
    assert "Patient care stops" not in alice.get(url(dentist, "library")).content.decode()
    taken = alice.get(url(dentist, "library") + "?show=taken").content.decode()
    assert "Patient care stops" in taken and "R-001" in taken


# --- Adding one -------------------------------------------------------------------------------------

ADDED = {
    "title": "Care stops", "before_likelihood": "4", "before_impact_people": "5", "before_impact_operational": "4",
    "before_impact_financial": "2",
}  # fmt: skip


def test_adding_asks_for_each_category_it_touches_with_its_hint(dentist, browse):
    alice = browse(dentist.alice)
    page = alice.get(url(dentist, "adopt", key="r15")).content.decode()
    assert "Could a patient come to harm while records are away?" in page and "Patient care stops" in page
    refused = alice.post(url(dentist, "adopt", key="r15"), {**ADDED, "before_impact_people": ""})
    assert refused.status_code == 422
    assert alice.post(url(dentist, "adopt", key="r15"), ADDED).status_code == 303
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        risk = Risk.objects.get()
        rating = risk.ratings.get()
        told = Event.objects.get(verb="risk.raised").after["scenario"]
    assert (risk.title, risk.scenario, told, risk.before_score, risk.now_score) == ("Care stops", "r15", "r15", 20, 0)
    assert (rating.kind, rating.impacts) == ("before", {"people": 5, "operational": 4, "financial": 2})
    alice.get(url(dentist, "library"))
    twice = alice.get(alice.post(url(dentist, "adopt", key="r15"), ADDED)["Location"]).content.decode()
    assert "R-002 added from the library. R-001 has the same title: merge one into the other" in twice


def test_the_clients_people_and_strangers_do_not_see_the_library(dentist, browse):
    for who, status in ((dentist.bob, 403), (dentist.dora, 403), (dentist.charlie, 404), (dentist.xenia, 404)):
        for name, words in (("library", {}), ("adopt", {"key": "r15"}), ("library-changes", {})):
            assert browse(who).get(url(dentist, name, **words)).status_code == status, (who, name)
    assert browse(dentist.alice).get(url(dentist, "adopt", key="r99")).status_code == 404


# --- The practice's own -----------------------------------------------------------------------------


def page_of(name: str, **words: str) -> str:
    return reverse(f"risks:{name}", kwargs=words)


SENT = {"title": "A drone looks in", "likelihood": "low", "categories": ["legal"], "hint_legal": "Who was seen?"}


def test_the_practice_writes_changes_and_retires_a_scenario_of_its_own(dentist, browse):
    alice = browse(dentist.alice)
    made = alice.post(page_of("scenario-new"), {**SENT, "industries": ["dental"]})
    assert made["Location"] == page_of("scenario-offer", key="own-a-drone-looks-in")
    assert "A drone looks in" in browse(dentist.charlie).get(page_of("scenarios")).content.decode()
    page = alice.get(url(dentist, "library")).content.decode()
    assert "A drone looks in" in page
    key = "own-a-drone-looks-in"
    assert alice.post(page_of("scenario", key=key), {**SENT, "title": "A drone listens"}).status_code == 303
    same = alice.post(page_of("scenario", key=key), {**SENT, "title": "A drone listens"})
    assert same.status_code == 422 and "Nothing differs" in same.content.decode()
    with context.as_user(dentist.alice):
        row = OwnScenario.objects.get()
        assert (row.edition, row.title, row.hints) == (2, "A drone listens", {"legal": "Who was seen?"})
    assert alice.post(page_of("scenario-retire", key=key)).status_code == 303
    assert alice.get(page_of("scenario", key=key)).status_code == 404
    with context.as_user(dentist.pam):
        told = [event.verb for event in Event.objects.filter(practice=dentist.northwind).order_by("seq")]
    assert told == ["scenario.added", "scenario.changed", "scenario.retired"]


def test_the_practices_words_stand_for_the_portals_until_they_are_taken_out(dentist, browse):
    with context.as_user(dentist.alice):
        base = library.shipped()["r15"]
        given = {name: getattr(base, name) for name in ("cause", "event", "consequence", "likelihood")}
        given |= {name: list(getattr(base, name)) for name in ("categories", "industries", "data")}
        row = services.change_scenario(
            practice=dentist.northwind, scenario=base, by=dentist.alice, at=NOW,
            values={**given, "title": "Care stops", "hints": dict(base.hints)},
        )  # fmt: skip
        ours = library.library(dentist.northwind.pk)
        assert (len(ours), ours["r15"].title, ours["r15"].edition, ours["r15"].when) == (40, "Care stops", 1, base.when)
        services.retire_scenario(row=row, by=dentist.alice, at=NOW)
        assert library.library(dentist.northwind.pk)["r15"].title == base.title


def test_another_practices_scenario_answers_as_one_that_never_was(dentist, browse):
    with context.as_user(dentist.xenia):
        services.add_scenario(practice=dentist.southwind, values=values("Unheard of"), by=dentist.xenia, at=NOW)
    alice = browse(dentist.alice)
    alice.get(page_of("scenarios"))
    answers = []
    for key in ("own-unheard-of", "own-nobody"):
        with CaptureQueriesContext(connection) as asked:
            pages = [
                alice.get(page_of("scenario", key=key)), alice.get(page_of("scenario-offer", key=key)),
                alice.post(page_of("scenario-retire", key=key)), alice.get(url(dentist, "adopt", key=key)),
            ]  # fmt: skip
        answers.append(([(page.status_code, page.content.decode().replace(key, "…")) for page in pages], len(asked)))
    assert answers[0] == answers[1] and {status for status, _ in answers[0][0]} == {404}
    assert "Unheard of" not in alice.get(page_of("scenarios")).content.decode()
    with context.as_user(dentist.alice), pytest.raises(DatabaseError), transaction.atomic():
        OwnScenario.objects.create(
            practice=dentist.southwind, key="own-x", title="X", changed_by=dentist.alice, changed_at=NOW
        )
    for who in (dentist.bob, dentist.dora, dentist.carl):
        assert browse(who).get(page_of("scenarios")).status_code == 403


# --- Changes at clients -----------------------------------------------------------------------------


@pytest.fixture
def offered(dentist: Cast) -> LibraryChange:
    """Acme has a risk of the practice's scenario, which says it otherwise since."""
    with context.as_user(dentist.alice):
        row = services.add_scenario(practice=dentist.northwind, values=values("Leak"), by=dentist.alice, at=NOW)
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        raised(dentist, "Leak", scenario=row.key)
    with context.as_user(dentist.alice):
        scenario = library.library(dentist.northwind.pk)[row.key]
        services.change_scenario(
            practice=dentist.northwind, scenario=scenario, by=dentist.alice, at=NOW,
            values=values("Leak", event="A pipe bursts"),
        )  # fmt: skip
    return offer(dentist, dentist.acme)[0]


def offer(cast: Cast, *clients: Any) -> list[LibraryChange]:
    with context.as_user(cast.alice):
        scenario = library.library(cast.northwind.pk)["own-leak"]
        return services.offer_scenario(scenario=scenario, clients=clients, why="It happened.", by=cast.alice, at=NOW)


def test_a_change_waits_with_its_difference_and_moves_nothing_before_it_is_taken_over(dentist, offered, browse):
    alice = browse(dentist.alice)
    page = alice.get(url(dentist, "library-changes")).content.decode()
    assert (
        "R-001" in page and "It happened." in page and "<ins>A pipe bursts</ins>" in page.replace(" </ins>", "</ins>")
    )
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        risk = Risk.objects.get()
        assert risk.event == "The server fails"
    accept = url(dentist, "accept-change", pk=offered.pk)
    stale = alice.post(accept, {"seen": risk.version - 1, "part": "event"})
    assert stale.status_code == 422 and "Compare again" in stale.content.decode()
    nothing = alice.post(accept, {"seen": risk.version})
    assert nothing.status_code == 422 and "Choose what the register takes over" in nothing.content.decode()
    assert alice.post(accept, {"seen": risk.version, "part": "event"}).status_code == 303
    again = alice.post(accept, {"seen": risk.version + 1, "part": "event"})
    assert again.status_code == 422 and "taken over already" in again.content.decode()
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        after = Risk.objects.get()
        change = LibraryChange.objects.get()
        event = Event.objects.get(verb="risk.library_change_accepted")
    assert after.cause == risk.cause != "", "a part that was not ticked stays"
    assert (after.event, after.version, after.now_score) == ("A pipe bursts", risk.version + 1, risk.now_score)
    assert (change.state, change.decided_by_id) == (ChangeState.ACCEPTED, dentist.alice.pk)
    assert (event.before, event.after) == ({"event": "The server fails"}, {"event": "A pipe bursts"})


def test_only_what_the_library_moved_is_ticked_and_what_was_made_to_fit_is_left(dentist, offered, browse):
    page = html.fromstring(browse(dentist.alice).get(url(dentist, "library-changes")).content)
    boxes = {box.get("value"): box.get("checked") is not None for box in page.xpath("//input[@name='part']")}
    assert boxes == {"event": True, "cause": False, "consequence": False}


def test_a_change_is_declined_with_a_reason_and_the_register_keeps_its_words(dentist, offered, browse):
    alice = browse(dentist.alice)
    address = url(dentist, "decline-change", pk=offered.pk)
    assert alice.post(address, {"reason": ""}).status_code == 422
    assert alice.post(address, {"reason": "No pipes here."}).status_code == 303
    assert alice.post(url(dentist, "accept-change", pk=offered.pk), {"seen": 1}).status_code == 422
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        assert (LibraryChange.objects.get().state, Risk.objects.get().event) == ("declined", "The server fails")
        assert Event.objects.get(verb="risk.library_change_declined").reason == "No pipes here."


def test_a_later_offer_replaces_what_waits_and_one_that_changes_nothing_is_refused(dentist, offered):
    second = offer(dentist, dentist.acme)[0]
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        states = dict(LibraryChange.objects.values_list("pk", "state"))
        assert states == {offered.pk: "replaced", second.pk: "waiting"}
        services.accept_change(change=second, parts=["event"], seen=1, by=dentist.alice, at=NOW)
    with pytest.raises(services.Refused, match="Nothing would change"):
        offer(dentist, dentist.acme)


def test_a_client_without_the_risk_is_offered_the_scenario_which_adding_settles(dentist, offered, browse):
    with context.as_user(dentist.pam):
        scenario = library.library(dentist.northwind.pk)["own-leak"]
        services.offer_scenario(scenario=scenario, clients=[dentist.globex], why="New.", by=dentist.pam, at=NOW)
    with context.as_user(dentist.charlie, client_id=dentist.globex.pk):
        assert LibraryChange.objects.get().risk is None
    adopt = reverse("risks:adopt", kwargs={"client_key": dentist.globex.key, "key": "own-leak"})
    sent = {"title": "Leak", "before_likelihood": "2", "before_impact_legal": "2"}
    assert browse(dentist.charlie).post(adopt, sent).status_code == 303
    with context.as_user(dentist.charlie, client_id=dentist.globex.pk):
        change = LibraryChange.objects.get()
        assert (change.state, change.risk.reference) == ("accepted", "R-001")


def test_a_usual_likelihood_and_hints_reach_who_adds_the_risk_and_no_register(dentist, offered, browse):
    alice, edit = browse(dentist.alice), page_of("scenario", key="own-leak")
    sent = {
        "title": "Leak",
        "event": "A pipe bursts",
        "likelihood": "low",
        "categories": ["legal"],
        "hint_legal": "Who?",
    }
    saved = alice.post(edit, sent)
    assert (saved.status_code, saved["Location"]) == (303, page_of("scenarios"))
    (said,) = (str(one) for one in get_messages(saved.wsgi_request))
    assert said.startswith("Saved. Its words are as before, so no register has any to take over. The usual likelihood")
    assert offer(dentist, dentist.acme), "what its words said before stays what they are compared with"
    with context.as_user(dentist.alice, client_id=dentist.acme.pk):
        change = LibraryChange.objects.waiting().get()
        services.accept_change(change=change, parts=["event"], seen=1, by=dentist.alice, at=NOW)
    with pytest.raises(services.Refused, match="are rated stays theirs to judge"):
        offer(dentist, dentist.acme)
    with context.as_user(dentist.alice):
        assert OwnScenario.objects.get().was["event"] == ""
    with context.as_user(dentist.pam):
        scenario = library.library(dentist.northwind.pk)["own-leak"]
        services.offer_scenario(scenario=scenario, clients=[dentist.globex], why="New.", by=dentist.pam, at=NOW)
    changes = reverse("risks:library-changes", kwargs={"client_key": dentist.globex.key})
    card = browse(dentist.charlie).get(changes).content.decode()
    assert "Low, before controls" in card and 'Legal<div class="cell-sub">Who?</div>' in card


def test_only_own_clients_can_be_chosen_and_nobody_else_sees_a_change(dentist, offered, browse):
    alice = browse(dentist.alice)
    page = alice.get(page_of("scenario-offer", key="own-leak")).content.decode()
    assert "Acme Dental (R-001)" in page and "Globex" not in page and "Initech" not in page
    for foreign in (dentist.globex, dentist.initech):
        sent = alice.post(page_of("scenario-offer", key="own-leak"), {"clients": [str(foreign.pk)], "why": "Look."})
        assert sent.status_code == 422
    for who, status in ((dentist.bob, 404), (dentist.dora, 404), (dentist.charlie, 404), (dentist.xenia, 404)):
        answer = browse(who).post(url(dentist, "accept-change", pk=offered.pk), {"seen": 1})
        assert answer.status_code in (status, 403), who
    with context.as_user(dentist.charlie, client_id=dentist.globex.pk):
        assert not LibraryChange.objects.exists()


def test_today_says_that_changes_wait(dentist, offered, browse):
    page = browse(dentist.alice).get("/today/").content.decode()
    assert "A change of the risk library waits" in page and url(dentist, "library-changes") in page


def test_pages_of_the_library_cost_the_same_with_ten_and_a_hundred_rows(dentist, browse):
    alice = browse(dentist.alice)
    pages = [url(dentist, "library"), url(dentist, "library-changes"), page_of("scenarios")]
    alice.get(pages[0])

    def fill(count: int) -> list[int]:
        with context.as_user(dentist.alice):
            have = OwnScenario.objects.count()
            common = {"likelihood": "low", "changed_by": dentist.alice, "changed_at": NOW}
            OwnScenario.objects.bulk_create(
                OwnScenario(practice=dentist.northwind, key=f"own-{n}", title=f"Own {n}", **common)
                for n in range(have, count)
            )
            given = {"client": dentist.acme, "edition": 1, "title": "New", "happened_at": NOW, "by": dentist.alice}
            LibraryChange.objects.bulk_create(LibraryChange(scenario=f"own-{n}", **given) for n in range(have, count))
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as asked:
                assert alice.get(page).status_code == 200
            counts.append(len(asked))
        return counts

    ten = fill(10)
    assert fill(100) == ten
    assert max(ten) <= 18, ten
