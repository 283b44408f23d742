"""The pages of the written programme: who may open them, what they say, what they cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from policies import services
from policies.models import Policy, PolicyVersion
from tests.policies.conftest import approve
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def url(cast, name, policy=None, **more):
    kwargs = {"client_key": cast.acme.key, **more}
    if policy is not None:
        kwargs["slug"] = policy.slug
    return reverse(f"policies:{name}", kwargs=kwargs)


def queries(browser, address):
    """What the second visit costs: the first one of a session also notes the device."""
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(address)
    assert response.status_code == 200
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
    return [
        query["sql"]
        for query in seen.captured_queries
        if not query["sql"].startswith(control) and "sec.enter" not in query["sql"] and "set_config" not in query["sql"]
    ]


PRACTICE = ["list", "new", "existing"]
OF_POLICY = ["detail", "history", "details", "edit", "review", "retire"]


@pytest.mark.parametrize(
    ("who", "status", "of_policy"),
    [
        ("alice", 200, 200),
        ("pam", 200, 200),
        ("bob", 403, 403),
        ("dora", 403, 404),
        ("carl", 403, 404),
        ("charlie", 404, 404),
    ],
)
def test_pages_open_for_the_practice_alone(cast, in_force, browse, who, status, of_policy):
    """Whoever may not read the client can't tell a policy from one that never existed."""
    browser = browse(getattr(cast, who))
    for name in PRACTICE:
        assert browser.get(url(cast, name)).status_code == status
    for name in OF_POLICY:
        assert browser.get(url(cast, name, in_force)).status_code == of_policy


@pytest.mark.parametrize(
    ("who", "status", "of_policy"), [("bob", 200, 200), ("alice", 200, 200), ("dora", 403, 404), ("gina", 404, 404)]
)
def test_the_owner_reads_what_is_in_force(cast, in_force, browse, who, status, of_policy):
    browser = browse(getattr(cast, who))
    assert browser.get(url(cast, "my-list")).status_code == status
    page = browser.get(url(cast, "my-read", in_force))
    assert page.status_code == of_policy
    if of_policy == 200:
        assert "Everyone who signs in." in page.content.decode()


def test_the_owner_never_reads_a_draft(cast, policy, browse):
    browser = browse(cast.bob)
    assert browser.get(url(cast, "my-read", policy)).status_code == 404
    assert "Access control policy" not in browser.get(url(cast, "my-list")).content.decode()


def test_an_unknown_policy_and_a_foreign_one_answer_alike(cast, in_force, browse):
    browser = browse(cast.charlie)
    key = cast.globex.key
    foreign = browser.get(reverse("policies:detail", kwargs={"client_key": key, "slug": in_force.slug}))
    unknown = browser.get(reverse("policies:detail", kwargs={"client_key": key, "slug": "nothing"}))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_detail_shows_the_changes_while_a_draft_is_open(cast, in_force, browse, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        draft = services.start_draft(policy=in_force, by=cast.alice, at=at)
        services.save_draft(
            version=draft, body=draft.body.replace("10", "14"), change_summary="Longer.", by=cast.alice, at=at
        )
    page = browse(cast.alice).get(url(cast, "detail", in_force)).content.decode()
    assert "<del>10</del><ins>14</ins> characters" in page


def test_start_from_the_library_then_write_send_and_approve(cast, owner, browse, at):
    browser = browse(cast.alice)
    form = browser.get(url(cast, "new") + "?from=pol-19")
    assert "Backup and Restore Policy" in form.content.decode()
    data = {"title": "Backups", "kind": "policy", "owner": owner.pk, "review_months": 12, "body": "# 1. All\n\nYes."}
    made = browser.post(url(cast, "new"), data)
    assert made.status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        policy = Policy.objects.get()
    sent = browser.post(url(cast, "send", policy), {"due_on": "2099-01-01", "minutes": 2})
    assert sent.status_code == 303
    ask = browse(cast.bob).get(reverse("engagements:my-ask", kwargs={"client_key": cast.acme.key, "ref": "A-001"}))
    assert "Yes." in ask.content.decode()


def test_edit_opens_the_next_version_and_keeps_what_was_typed(cast, in_force, browse):
    browser = browse(cast.alice)
    saved = browser.post(url(cast, "edit", in_force), {"body": "# New", "change_summary": "All.", "number": "major"})
    assert saved.status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert in_force.versions.get(state="draft").number == "2.0"


def test_edit_answers_409_when_somebody_saved_meanwhile(cast, policy, browse, at):
    browser = browse(cast.alice)
    seen = browser.get(url(cast, "edit", policy)).context["form"]["seen_version"].value()
    with context.as_user(cast.amir, client_id=cast.acme.pk):
        services.save_draft(version=policy.versions.get(), body="Amir’s", change_summary="Mine", by=cast.amir, at=at)
    answer = browser.post(
        url(cast, "edit", policy), {"body": "Alice’s", "change_summary": "Hers", "seen_version": seen}
    )
    assert answer.status_code == 409
    assert "Amir’s" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"title": ""}, "Title: this is missing."),
        ({"title": "x\x00y"}, "Null characters are not allowed"),
        ({"title": "x" * 200}, "Title is 40 characters too long: 160 fit."),
        ({"review_months": "99999999999999999999"}, "is too large: at most 60."),
        ({"review_months": "soon"}, "“soon” is no whole number."),
        ({"owner": "not-an-id"}, "valid"),
        ({"body": "y" * 200_001}, "Text is 1 character too long: 200000 fit."),
    ],
)
def test_bad_input_is_answered_at_its_field(cast, owner, browse, data, said):
    good = {"title": "Backups", "kind": "policy", "review_months": 12}
    answer = browse(cast.alice).post(url(cast, "new"), {**good, **data})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize("query", ["?status=nope", "?owner=x", "?sort=--x", "?page=999999999999", "?kind=a"])
def test_the_list_takes_any_query(cast, in_force, browse, query):
    assert browse(cast.alice).get(url(cast, "list") + query).status_code == 200


def test_the_list_says_when_nothing_is_kept_and_when_nothing_matches(cast, policy, browse):
    browser = browse(cast.alice)
    assert "No policies yet" not in browser.get(url(cast, "list") + "?q=zzz").content.decode()
    globex = reverse("policies:list", kwargs={"client_key": cast.globex.key})
    assert "No policies yet" in browse(cast.charlie).get(globex).content.decode()


def test_the_list_is_exported_and_imported(cast, in_force, browse):
    page = browse(cast.alice).get(url(cast, "list")).content.decode()
    for name in ("imports:export", "imports:upload"):
        assert reverse(name, kwargs={"client_key": cast.acme.key, "kind": "policies"}) in page
    address = reverse("imports:export", kwargs={"client_key": cast.acme.key, "kind": "policies"})
    listed = browse(cast.alice).get(address + "?format=csv").content.decode("utf-8-sig")
    assert "P-001,Access control policy,Policy," in listed and "Bob Acme" in listed


def _many(cast, count, at):
    day = cast.acme.today(at)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        policies = Policy.objects.bulk_create(
            Policy(
                client=cast.acme, reference=f"P-{n:03d}", title=f"Policy {n}", slug=f"policy-{n}",
                created_at=at, created_on=day, next_review_on=day + dt.timedelta(days=n - 30),
            )
            for n in range(100, 100 + count)
        )  # fmt: skip
        PolicyVersion.objects.bulk_create(
            PolicyVersion(
                client=cast.acme, policy=policy, major=1, minor=0, body="", author=cast.alice, state="approved",
                sha256="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                effective_on=day, approval_recorded=False, created_at=at, updated_at=at,
            )
            for policy in policies
        )  # fmt: skip


def test_the_list_costs_the_same_at_10_and_100_rows_and_at_most_12_queries(cast, browse, at):
    browser = browse(cast.alice)
    _many(cast, 10, at)
    few = queries(browser, url(cast, "list"))
    _many_from(cast, 90, at)
    many = queries(browser, url(cast, "list"))
    assert len(many) == len(few) <= 12, "\n".join(many)


def _many_from(cast, count, at):
    day = cast.acme.today(at)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        Policy.objects.bulk_create(
            Policy(
                client=cast.acme, reference=f"P-{n:03d}", title=f"More {n}", slug=f"more-{n}",
                created_at=at, created_on=day,
            )
            for n in range(200, 200 + count)
        )  # fmt: skip


@pytest.mark.parametrize("name", ["detail", "edit", "history", "send", "review"])
def test_pages_of_a_policy_cost_at_most_12_queries(cast, in_force, browse, at, name):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.start_draft(policy=in_force, by=cast.alice, at=at)
    assert len(queries(browse(cast.alice), url(cast, name, in_force))) <= 12


def test_a_sent_back_draft_says_so_on_its_page(cast, policy, browse, at):
    approve(cast, policy, at, choice="send_back", reason="Too long for my staff.")
    page = browse(cast.alice).get(url(cast, "detail", policy)).content.decode()
    assert "sent version 1.0 back" in page
    assert "Too long for my staff." in page
