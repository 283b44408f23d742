"""Writing, sending, approving and reviewing policies."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from engagements.models import Ask
from policies import rules, services
from policies.models import Policy, PolicyVersion
from tests.policies.conftest import BODY, approve
from vciso.audit.models import Event
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_alice(cast):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield


def sentence(refusal) -> str:
    return " ".join(refusal.value.messages)


def test_create_policy_starts_draft_one_with_a_reference_and_an_audit_event(cast, policy, as_alice):
    version = policy.versions.get()
    assert (policy.reference, policy.slug, version.number, version.state) == (
        "P-001",
        "access-control-policy",
        "1.0",
        "draft",
    )
    assert list(Event.objects.values_list("verb", flat=True)) == ["policy.started"]


def test_create_policy_refuses_a_title_that_is_in_use(cast, policy, as_alice, at):
    with pytest.raises(ValidationError) as refusal:
        services.create_policy(client=cast.acme, title=" access control  POLICY", by=cast.alice, at=at)
    assert sentence(refusal) == "P-001 has this title already."


def test_approval_by_the_owner_puts_the_version_in_force_and_sets_the_next_review(cast, in_force, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        version = in_force.versions.get()
        today = cast.acme.today(at)
        assert (version.state, version.effective_on, version.approved_by.name) == ("approved", today, "Bob Acme")
        assert version.sha256 == rules.fingerprint(version.body)
        in_force.refresh_from_db()
        assert in_force.next_review_on == rules.next_review(after=today, months=12)


def test_approval_of_the_next_version_replaces_the_one_before(cast, in_force, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        draft = services.start_draft(policy=in_force, by=cast.alice, at=at)
        services.save_draft(version=draft, body="# New", change_summary="Shorter, for all.", by=cast.alice, at=at)
    approve(cast, in_force, at)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        found = list(in_force.versions.newest_first().values_list("minor", "state"))
    assert found == [(1, "approved"), (0, "superseded")]


def test_send_back_makes_the_version_a_draft_again_with_the_owners_reason(cast, policy, at):
    approval = approve(cast, policy, at, choice="send_back", reason="Too long.")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        version = policy.versions.get()
        assert (version.state, version.sha256) == ("draft", "")
        assert Ask.objects.get(pk=approval.ask_id).reason == "Too long."


def test_withdraw_approval_makes_the_version_a_draft_again(cast, policy, as_alice, at):
    version = policy.versions.get()
    services.send_for_approval(version=version, by=cast.alice, at=at)
    kept = services.withdraw_approval(version=version, reason="A mistake in part 2.", by=cast.alice, at=at)
    assert kept.state == "draft"


def test_send_for_approval_refuses_the_owner_who_wrote_it(cast, policy, owner, as_alice, at):
    version = policy.versions.get()
    PolicyVersion.objects.filter(pk=version.pk).update(author=cast.bob)
    with pytest.raises(ValidationError) as refusal:
        services.send_for_approval(version=version, by=cast.alice, at=at)
    assert "wrote or sent this version, so somebody else has to approve it" in sentence(refusal)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": ""}, "The draft has no text yet. Write it before you send it."),
        ({"change_summary": " "}, "Say what changed and for whom, so that the owner can judge it."),
    ],
)
def test_send_for_approval_refuses_a_draft_that_is_not_ready(cast, policy, as_alice, at, change, said):
    version = policy.versions.get()
    words = {"body": BODY, "change_summary": "x", **change}
    services.save_draft(version=version, by=cast.alice, at=at, **words)
    with pytest.raises(ValidationError) as refusal:
        services.send_for_approval(version=version, by=cast.alice, at=at)
    assert sentence(refusal) == said


def test_send_for_approval_refuses_a_policy_without_an_owner(cast, policy, as_alice, at):
    services.change_details(policy=policy, owner=None, by=cast.alice, at=at)
    with pytest.raises(ValidationError) as refusal:
        services.send_for_approval(version=policy.versions.get(), by=cast.alice, at=at)
    assert "has no owner. Name one" in sentence(refusal)


def test_save_draft_refuses_words_that_somebody_saved_meanwhile(cast, policy, as_alice, at):
    version = policy.versions.get()
    services.save_draft(version=version, body="a", change_summary="b", by=cast.amir, at=at, seen=1)
    with pytest.raises(ValidationError) as refusal:
        services.save_draft(version=version, body="c", change_summary="d", by=cast.alice, at=at, seen=1)
    assert refusal.value.code == "stale"


def test_save_draft_refuses_a_text_that_is_too_long(cast, policy, as_alice, at):
    with pytest.raises(ValidationError) as refusal:
        services.save_draft(version=policy.versions.get(), body="x" * 200_001, change_summary="y", by=cast.alice, at=at)
    assert "200,001 characters; 200,000 fit" in sentence(refusal)


@pytest.mark.parametrize(
    "change",
    [
        {"body": "other words"},
        {"change_summary": "other"},
        {"state": "draft"},
        {"effective_on": dt.date(2020, 1, 1)},
        {"sha256": "0" * 64},
    ],
)
def test_the_database_refuses_to_change_an_approved_version(cast, in_force, as_alice, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        in_force.versions.update(**change)


def test_the_database_refuses_an_approval_without_the_owners_answer(cast, policy, as_alice, at):
    version = policy.versions.get()
    services.send_for_approval(version=version, by=cast.alice, at=at)
    with pytest.raises(DatabaseError, match="by its owner's answer alone"), transaction.atomic():
        policy.versions.update(state="approved", effective_on=cast.acme.today(at))


def test_the_database_refuses_to_delete_what_was_sent(cast, in_force, as_alice):
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        in_force.versions.all()._raw_delete("default")


def test_record_existing_is_in_force_with_approval_not_recorded(cast, owner, as_alice, at):
    policy = services.record_existing(
        client=cast.acme,
        title="Backup policy",
        number="v2.3",
        body="Words",
        effective_on=dt.date(2026, 1, 31),
        by=cast.alice,
        at=at,
        review_months=1,
    )
    version = policy.versions.get()
    assert (version.number, version.state, version.approval_recorded) == ("2.3", "approved", False)
    assert policy.next_review_on == dt.date(2026, 2, 28)


def test_record_review_keeps_a_dated_record_and_moves_the_next_review(cast, in_force, owner, as_alice, at):
    review = services.record_review(policy=in_force, by=cast.alice, at=at, note="Still right.", confirmed_by=owner)
    in_force.refresh_from_db()
    assert review.reviewed_on == cast.acme.today(at)
    assert in_force.next_review_on == review.next_review_on


def test_record_review_refuses_a_policy_of_which_nothing_is_in_force(cast, policy, as_alice, at):
    with pytest.raises(ValidationError) as refusal:
        services.record_review(policy=policy, by=cast.alice, at=at)
    assert "No version of Access control policy is in force yet" in sentence(refusal)


def test_retire_policy_refuses_while_an_approval_waits(cast, policy, as_alice, at):
    services.send_for_approval(version=policy.versions.get(), by=cast.alice, at=at)
    with pytest.raises(ValidationError) as refusal:
        services.retire_policy(policy=policy, reason="Merged.", by=cast.alice, at=at)
    assert sentence(refusal) == "A version waits for approval. Withdraw it before retiring."


def test_the_owner_sees_no_draft_and_writes_nothing(cast, policy, at):
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        assert list(policy.versions.all()) == []
        assert Policy.objects.update(title="Mine") == 0


@pytest.mark.parametrize("who", ["charlie", "xenia", "dora", "carl"])
def test_others_see_no_policy_of_the_client(cast, in_force, who):
    with context.as_user(getattr(cast, who)):
        assert list(Policy.objects.all()) == []
        assert list(PolicyVersion.objects.all()) == []
