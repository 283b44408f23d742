"""Writes: nobody is overwritten, nothing happens twice, and refusals say what would do."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from engagements.services import business, people
from risks.models import Risk
from tests.api.conftest import Program, make_token
from tests.factories.cast import Cast
from vciso.accounts import replies
from vciso.accounts.models import ApiReply
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

RISK = {"title": "Backups are never tried", "ratings": {"now": {"likelihood": 4, "impacts": {"operational": 4}}}}


def errors(response: Any) -> dict[str, str]:
    return {error["pointer"] or error.get("parameter", ""): error["detail"] for error in response.told["errors"]}


def raised(cast: Cast) -> int:
    with context.as_job(cast.acme.pk, "count"):
        return Risk.objects.count()


def test_a_risk_is_raised_as_on_the_page(alice: Program, acme: str) -> None:
    response = alice.post(acme + "risks/", RISK)
    assert (response.status_code, response.headers["Location"]) == (201, f"/api/v1/{acme}risks/R-001/")
    told = alice.get(acme + "risks/R-001/")
    assert (told.told, told.headers["ETag"]) == (response.told, response.headers["ETag"])
    wanted = {"reference": "R-001", "now_score": 16, "now_band": 3, "review_months": 0, "status": "open"}
    assert {key: told.told[key] for key in wanted} == wanted


def test_refusals_name_the_place_the_value_and_the_remedy(alice: Program, acme: str) -> None:
    body = {
        "title": "", "review_months": 99, "treatment": "ignore", "target_on": "soon", "category": 5, "colour": "red",
        "owner": str(uuid.uuid4()), "ratings": {"now": {"likelihood": 9, "impacts": {"legal": 2}}},
    }  # fmt: skip
    typed = alice.post(acme + "risks/", body)
    assert (typed.status_code, typed.headers["Content-Type"]) == (422, "application/problem+json")
    assert typed.told["errors"][0] == {"pointer": "/category", "detail": "Send a text.", "value": 5}
    assert errors(typed)["/colour"].startswith("“colour” is not taken here. It takes title, ")
    del body["category"], body["colour"]
    strange = {"title": "x", "ratings": {"now": {"likelihood": 2, "impacts": {"nonsense": 2}}}}
    assert errors(alice.post(acme + "risks/", strange))["/ratings/now/impacts/nonsense"] == (
        "“nonsense” is not taken here. It takes financial, operational, legal, reputation, people."
    )
    told = errors(alice.post(acme + "risks/", body))
    assert set(told) == {"/title", "/review_months", "/treatment", "/target_on", "/owner", "/ratings/now/likelihood"}
    assert told["/treatment"].startswith("“ignore” is not taken here. It takes undecided, "), told
    assert told["/ratings/now/likelihood"] == "“9” is not taken here. It takes 1, 2, 3, 4, 5."
    assert told["/target_on"] == "“soon” is no date. Pick one, or write it as 2026-11-24."


@pytest.mark.parametrize(
    ("body", "status"),
    [("[]", 400), ("5", 400), ('"x"', 400), ("{", 400), ("\xff", 400), ('{"a": ' * 5000, 400), ('{"title": NaN}', 400)],
)
def test_what_is_no_object_is_told_apart_from_bad_values(alice: Program, acme: str, body: str, status: int) -> None:
    response = Browser().generic(
        "POST", f"/api/v1/{acme}risks/", body.encode("latin-1"), content_type="application/json",
        headers={"Authorization": f"Bearer {alice.secret}"},
    )  # fmt: skip
    assert (response.status_code, response.json()["code"]) == (status, "malformed")


@pytest.mark.parametrize(
    "value", [None, 0, -1, 10**30, 1.5, True, [], {}, ["x"], "", "\x00", "\ud800", "x" * 30_000, "=1+1"]
)
def test_no_value_of_any_type_breaks_a_write(alice: Program, acme: str, value: Any) -> None:
    """C8: every member of one body with every kind of value; each is taken or refused in words."""
    alice.post(acme + "risks/", RISK)
    members = ("title", "owner", "category", "review_months", "treatment", "target_on", "ratings", "private_notes")
    for member in members:
        response = alice.post(acme + "risks/", {"title": "Fits", member: value})
        assert response.status_code in (201, 422), (member, value, response.content)


def test_only_json_is_taken(alice: Program, acme: str) -> None:
    headers = {"Authorization": f"Bearer {alice.secret}"}
    response = Browser().post(f"/api/v1/{acme}risks/", {"title": "As a form"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_a_change_needs_the_version_it_was_made_from(alice: Program, acme: str, cast: Cast) -> None:
    etag = alice.post(acme + "risks/", RISK).headers["ETag"]
    assert alice.patch(acme + "risks/R-001/", {"title": "New"}).told["code"] == "version_required"
    changed = alice.patch(acme + "risks/R-001/", {"title": "New"}, If_Match=etag)
    assert (changed.status_code, changed.told["title"]) == (200, "New")
    late = alice.patch(acme + "risks/R-001/", {"title": "Other"}, If_Match=etag)
    assert (late.status_code, late.told["code"], late.told["current"]["title"]) == (412, "version_outdated", "New")
    assert late.headers["ETag"] == changed.headers["ETag"]
    again = alice.patch(acme + "risks/R-001/", {"category": "access"}, If_Match=late.headers["ETag"])
    assert (again.told["title"], again.told["category"]) == ("New", "access")


def test_a_verb_checks_the_version_when_it_is_given(alice: Program, acme: str) -> None:
    etag = alice.post(acme + "risks/", RISK).headers["ETag"]
    alice.patch(acme + "risks/R-001/", {"title": "New"}, If_Match=etag)
    assert alice.post(acme + "risks/R-001/close/", {"reason": "Gone."}, If_Match=etag).status_code == 412
    assert alice.post(acme + "risks/R-001/close/", {"reason": "Gone."}).told["status"] == "closed"


def test_what_the_pages_refuse_is_refused_in_their_words(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    alice.post(acme + "risks/R-001/close/", {"reason": "Gone."})
    refused = alice.post(acme + "risks/R-001/plan/", {"treatment": "reduce"})
    assert (refused.status_code, refused.told["code"]) == (409, "not_as_it_stands")
    assert refused.told["detail"] == "R-001 is closed. Reopen it first."
    twice = alice.post(acme + "risks/R-001/close/", {"reason": "Again."})
    assert (twice.status_code, errors(twice)) == (422, {"": "R-001 is closed already."})


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(alice: Program, acme: str, cast: Cast) -> None:
    key = str(uuid.uuid4())
    first = alice.post(acme + "risks/", RISK, Idempotency_Key=key)
    again = alice.post(acme + "risks/", RISK, Idempotency_Key=key)
    assert (again.status_code, again.content, again.headers["Idempotency-Replayed"]) == (201, first.content, "true")
    assert (again.headers["ETag"], again.headers["Location"]) == (first.headers["ETag"], first.headers["Location"])
    assert raised(cast) == 1


def test_a_key_stands_for_one_request_of_one_token(alice: Program, acme: str, cast: Cast) -> None:
    key = str(uuid.uuid4())
    alice.post(acme + "risks/", RISK, Idempotency_Key=key)
    other = alice.post(acme + "risks/", {"title": "Another"}, Idempotency_Key=key)
    assert (other.status_code, other.told["code"]) == (422, "key_reused")
    second = Program(make_token(cast.alice, cast.acme)).post(acme + "risks/", RISK, Idempotency_Key=key)
    amir = Program(make_token(cast.amir, cast.acme)).post(acme + "risks/", RISK, Idempotency_Key=key)
    assert [second.told["reference"], amir.told["reference"]] == ["R-002", "R-003"]


def test_a_refused_request_leaves_its_key_free(alice: Program, acme: str, cast: Cast) -> None:
    key = str(uuid.uuid4())
    assert alice.post(acme + "risks/", {"title": ""}, Idempotency_Key=key).status_code == 422
    assert alice.post(acme + "risks/", RISK, Idempotency_Key=key).status_code == 201
    assert alice.post(acme + "risks/", RISK, Idempotency_Key="short").told["code"] == "malformed"


def test_kept_answers_are_their_persons_and_go_after_a_day(
    alice: Program, acme: str, cast: Cast, as_owner: Callable[[], Any]
) -> None:
    alice.post(acme + "risks/", RISK, Idempotency_Key="a key of alice's".replace(" ", "-"))
    with context.as_user(cast.amir, client_id=cast.acme.pk):
        assert not ApiReply.objects.exists()
    assert replies.forget() == 0
    with as_owner():
        ApiReply.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert replies.forget() == 1


def test_too_many_requests_are_told_to_wait(alice: Program, acme: str, cast: Cast, settings: Any) -> None:
    settings.API_READS, settings.API_WRITES = 3, 1
    answers = [alice.get(acme) for _ in range(5)]
    # The minute may turn meanwhile; five reads never fit into one.
    assert 429 in [one.status_code for one in answers]
    late = next(one for one in answers if one.status_code == 429)
    assert (late.told["code"], 1 <= int(late.headers["Retry-After"]) <= 60) == ("too_many_requests", True)
    other = Program(make_token(cast.alice, cast.acme))
    assert other.get(acme).status_code == 200


def test_without_the_counter_nothing_is_let_through(alice: Program, acme: str, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    response = alice.get(acme)
    assert (response.status_code, response.told["code"]) == (503, "unavailable")


def test_lists_come_in_pages_that_hold_while_others_write(alice: Program, acme: str, cast: Cast) -> None:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for number in range(7):
            people.add_person(client=cast.acme, name=f"Person {number}", by=cast.alice, at=timezone.now())
    seen, path = [], acme + "people/?limit=3"
    while path:
        page = alice.get(path).told
        seen += [row["name"] for row in page["results"]]
        if len(seen) == 3:
            alice.post(acme + "people/", {"name": "Meanwhile"})
        path = (page["next"] or "").partition("/api/v1/")[2]
    assert seen == [*(f"Person {number}" for number in range(7)), "Meanwhile"]
    refused = alice.get(acme + "people/?limit=101&colour=red")
    assert "not narrowed by “colour”" in errors(refused)["colour"]
    assert errors(alice.get(acme + "people/?limit=101")) == {"limit": "limit cannot be “101”. Ask for 1 to 100 rows."}
    assert errors(alice.get(acme + "people/?cursor=cD14"))["cursor"].startswith("This is no place in the list.")


def test_lists_are_narrowed_as_on_the_pages(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    alice.post(acme + "risks/", {"title": "Keys are shared"})
    alice.post(acme + "risks/R-002/close/", {"reason": "Gone."})

    def found(query: str) -> list[str]:
        return [row["reference"] for row in alice.get(f"{acme}risks/?{query}").told["results"]]

    assert [found(""), found("status=any"), found("q=keys&status=closed")] == [["R-001"], ["R-001", "R-002"], ["R-002"]]
    assert errors(alice.get(acme + "risks/?status=lost"))["status"].startswith("status cannot be “lost”. It takes ")


def test_a_list_takes_the_same_few_queries_however_long_it_is(alice: Program, acme: str, cast: Cast) -> None:
    counts = []
    for more in (10, 90):
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            for number in range(more):
                people.add_person(client=cast.acme, name=f"P{more}-{number}", by=cast.alice, at=timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert len(alice.get(acme + "people/?limit=100").told["results"]) >= more
        counts.append(len([one for one in asked if "SAVEPOINT" not in one["sql"]]))
    assert counts[0] == counts[1] <= 12


def test_an_estimate_is_refused_in_the_words_of_the_page_and_kept_when_it_rises(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    body = {
        "frequency_low": 0.2, "frequency_likely": 0.5, "frequency_high": 2, "basis": "Two outages since 2019.",
        "downtime_low": 300_000_00, "downtime_likely": 60_000_00, "downtime_high": 200_000_00,
    }  # fmt: skip
    refused = alice.post(acme + "risks/R-001/estimate/", body)
    assert refused.status_code == 422
    assert errors(refused) == {"/downtime_high": "Low is $300,000 and high is $200,000. Swap them, or correct one."}
    kept = alice.post(acme + "risks/R-001/estimate/", {**body, "downtime_low": 20_000_00})
    assert kept.status_code == 200
    told = alice.get(acme + "risks/R-001/estimates/").told["results"][0]
    assert told["one_in_ten_minor"] == kept.told["one_in_ten_minor"]
    assert [loss["form"] for loss in told["losses"]] == ["downtime"]


def test_one_rating_is_taken_at_a_time_and_by_the_names_of_the_json(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    both = {"reason": "Tried.", "ratings": {"now": {"likelihood": 3}, "target": {"likelihood": 1}}}
    refused = errors(alice.post(acme + "risks/R-001/rate/", both))
    assert refused == {"/ratings": "Send one rating a request: “before”, “now” or “target”."}
    flat = errors(alice.post(acme + "risks/R-001/rate/", {"reason": "Tried.", "now_likelihood": 3}))
    assert flat == {"/now_likelihood": "“now_likelihood” is not taken here. It takes reason, ratings."}
    one = alice.post(acme + "risks/R-001/rate/", {"reason": "Tried.", "ratings": {"now": {"likelihood": 3}}})
    assert (one.status_code, one.told["now_likelihood"]) == (200, 3)


def test_what_counts_in_units_is_refused_in_those_that_were_sent(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    for body, path in ((-5, "risks/R-001/plan/"), (10**17, "risks/R-001/plan/")):
        told = errors(alice.post(acme + path, {"treatment": "reduce", "words": "x", "once_minor": body}))
        wrong = "small" if body < 0 else "large"
        assert told["/once_minor"] == f"“{body}” is too {wrong}. Give 0 to 100000000000000."
    hours = {"on": "2026-01-02", "minutes": 100_000, "activity": "nothing"}
    told = errors(alice.post(acme + "hours/", hours))
    assert told["/minutes"] == "“100000” is too large. Give 1 to 1440."
    assert told["/activity"].startswith("“nothing” is not taken here. It takes ")


def test_a_plan_its_cost_its_steps_and_what_it_leaves(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", RISK)
    plan = {"treatment": "reduce", "words": "A second line.", "once_minor": 12_000_00, "hours": 20}
    refused = alice.post(acme + "risks/R-001/plan/", plan)
    assert errors(refused) == {"/hour_minor": "Say what one hour costs, or leave the hours out."}
    past = alice.post(acme + "risks/R-001/plan/", {"target_on": "2020-01-31"})
    assert errors(past) == {"/target_on": "January 31, 2020 has passed. Give a day to come."}
    assert alice.post(acme + "risks/R-001/plan/", {**plan, "hour_minor": 150_00}).status_code == 200
    told = alice.get(acme + "risks/R-001/plans/").told["results"][0]
    assert [told[name] for name in ("once_minor", "life_years", "yearly_minor", "hours", "hour_minor")] == [
        12_000_00, 3, None, 20, 150_00,
    ]  # fmt: skip
    step = alice.post(acme + "risks/R-001/steps/", {"title": "Order it", "cost_minor": 4_000_00})
    assert step.status_code == 201
    assert alice.get(acme + "risks/R-001/steps/").told["results"][0] == step.told
    one = acme + f"risks/R-001/steps/{step.told['id']}/"
    assert alice.ask("PATCH", one, {"cost_minor": -1}, If_Match=step.headers["ETag"]).status_code == 422
    dearer = alice.ask("PATCH", one, {"cost_minor": 5_000_00}, If_Match=step.headers["ETag"])
    assert (dearer.told["cost_minor"], dearer.told["title"]) == (5_000_00, "Order it")
    assert alice.ask("PATCH", one, {"cost_minor": 1}, If_Match=step.headers["ETag"]).status_code == 412
    assert alice.get(acme + f"tasks/{step.told['task']}/").told["raised_from"] == "R-001"
    now = {
        "frequency_low": 0.2, "frequency_likely": 0.5, "frequency_high": 2, "basis": "Two outages since 2019.",
        "downtime_low": 20_000_00, "downtime_likely": 60_000_00, "downtime_high": 200_000_00,
    }  # fmt: skip
    early = alice.post(acme + "risks/R-001/estimate-after/", now)
    assert "as it is now first" in errors(early)[""]
    alice.post(acme + "risks/R-001/estimate/", now)
    rarer = {"frequency_low": 0.1, "frequency_likely": 0.25, "frequency_high": 1, "basis": "The second line."}
    assert alice.post(acme + "risks/R-001/estimate-after/", rarer).status_code == 200
    after, before = alice.get(acme + "risks/R-001/estimates/").told["results"]
    assert (after["kind"], before["kind"], after["losses"] == before["losses"]) == ("after", "now", True)
    assert after["mean_minor"] < before["mean_minor"]


def test_a_risk_is_split_and_its_part_is_the_answer(alice: Program, acme: str) -> None:
    alice.post(acme + "risks/", {**RISK, "title": "Backups fail", "cause": "Nobody tries them."})
    address = acme + "risks/R-001/split/"
    same = alice.post(address, {})
    assert "Both would have the same title" in errors(same)["/title"]
    body = {
        "title": "Backups of mail fail", "stays_title": "Backups of files fail", "stays_rating": {"likelihood": 5},
        "rating": {"likelihood": 1},
    }  # fmt: skip
    for member, pointer in (
        ({"stays_rating": {"likelihood": 6}}, "/stays_rating/likelihood"),
        ({"stays_title": ""}, "/stays_title"),
        ({"rating": []}, "/rating"),
        ({"rating": {"impacts": {"weather": 3}}}, "/rating/impacts/weather"),
    ):
        assert pointer in errors(alice.post(address, {**body, **member})), member
    part = alice.post(address, body)
    assert (part.status_code, part.told["reference"], part.told["split_from"]) == (200, "R-002", "R-001")
    assert (part.told["title"], part.told["cause"]) == ("Backups of mail fail", "Nobody tries them.")
    stays = alice.get(acme + "risks/R-001/").told
    assert (stays["title"], stays["now_likelihood"], part.told["now_likelihood"]) == ("Backups of files fail", 5, 1)
    assert stays["now_impacts"] == part.told["now_impacts"], "what is left out is that of now"


def test_the_library_is_read_with_its_reasons(alice: Program, acme: str, cast: Cast) -> None:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        profile = {"sector": "Dental practice", "data_kinds": ["health"]}
        business.set_profile(client=cast.acme, values=profile, by=cast.alice, at=timezone.now())
    told = alice.get(acme + "library-proposals/").told["proposals"]
    assert len(told) == 40 and told[0]["proposed"] and told[0]["risks"] == []
    assert any("Holds health data" in reason for reason in told[0]["reasons"]), told[0]
    weights = [one["proposed"] for one in told]
    assert weights == sorted(weights, reverse=True)
