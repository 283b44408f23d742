"""Adding, changing, reviewing and ending vendors."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from vciso.audit.models import Event
from vciso.tenancy import context
from vendors import services
from vendors.models import Vendor, VendorReview

pytestmark = pytest.mark.django_db


def sentence(refusal) -> str:
    return " ".join(refusal.value.messages)


def test_add_vendor_gives_reference_tier_and_first_review_today(cast, vendor, as_alice, at):
    vendor.refresh_from_db()
    assert (vendor.reference, vendor.tier, vendor.review_due_on) == ("V-001", 1, cast.acme.today(at))
    assert list(vendor.tiers.values_list("tier", "reason")) == [(1, "Work stops without it.")]
    assert list(Event.objects.values_list("verb", flat=True)) == ["vendor.added"]


@pytest.mark.parametrize("name", ["cloud files", "CLOUD FILES Inc", "The Cloud Files"])
def test_add_vendor_refuses_a_name_that_is_on_the_list(cast, vendor, as_alice, at, name):
    with pytest.raises(ValidationError) as refusal:
        services.add_vendor(client=cast.acme, name=name, by=cast.alice, at=at)
    assert sentence(refusal) == "V-001 Cloud Files, Inc. is on the list already under this name."


def test_add_vendor_refuses_a_tier_by_hand_without_a_reason(cast, as_alice, at):
    with pytest.raises(ValidationError) as refusal:
        services.add_vendor(client=cast.acme, name="X", override_tier=3, by=cast.alice, at=at)
    assert sentence(refusal) == "Say why you set the tier by hand."


def test_edit_vendor_keeps_the_history_of_its_tier_and_links(cast, vendor, system, as_alice, at):
    services.edit_vendor(vendor=vendor, criticality=1, systems=[system], aliases=["CF Cloud"], by=cast.alice, at=at)
    vendor.refresh_from_db()
    assert vendor.tier == 2
    assert list(vendor.tiers.order_by("happened_at", "tier").values_list("tier", flat=True)) == [1, 2]
    assert vendor.system_links.get().system == system
    assert vendor.aliases.get().name == "CF Cloud"


def test_edit_vendor_refuses_an_alias_of_another_vendor(cast, vendor, as_alice, at):
    services.add_vendor(client=cast.acme, name="Other", by=cast.alice, at=at)
    with pytest.raises(ValidationError) as refusal:
        services.edit_vendor(vendor=vendor, aliases=["OTHER ltd"], by=cast.alice, at=at)
    assert sentence(refusal) == "That name belongs to V-002 Other."


def test_edit_vendor_keeps_private_words_out_of_the_trail(cast, vendor, as_alice, at):
    services.edit_vendor(vendor=vendor, private_notes="They owe us money.", by=cast.alice, at=at)
    event = Event.objects.get(verb="vendor.changed")
    assert event.after == {"private_notes": "18 characters"}


def test_record_review_sets_the_result_and_the_next_day(cast, vendor, as_alice, at):
    day = cast.acme.today(at) - dt.timedelta(days=3)
    services.record_review(
        vendor=vendor, result="conditional", conditions="A second step by May.", on=day, by=cast.alice, at=at
    )
    vendor.refresh_from_db()
    assert (vendor.last_review_on, vendor.last_result) == (day, "conditional")
    assert vendor.review_due_on == day.replace(year=day.year + 1)


def test_record_review_of_an_earlier_day_does_not_hide_a_later_one(cast, vendor, as_alice, at):
    today = cast.acme.today(at)
    services.record_review(vendor=vendor, result="satisfactory", on=today, by=cast.alice, at=at)
    services.record_review(
        vendor=vendor, result="unsatisfactory", on=today - dt.timedelta(days=400), by=cast.alice, at=at
    )
    vendor.refresh_from_db()
    assert (vendor.last_review_on, vendor.last_result) == (today, "satisfactory")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"result": "fine"}, "“fine” is no result"),
        ({"result": "conditional"}, "Say what the vendor has to do, and by when."),
        ({"result": "satisfactory", "on": dt.date(2999, 1, 1)}, "is still to come"),
        ({"result": "satisfactory", "next_due_on": dt.date(2000, 1, 1)}, "is not after the review"),
    ],
)
def test_record_review_refuses_what_cannot_be(cast, vendor, as_alice, at, given, said):
    with pytest.raises(ValidationError) as refusal:
        services.record_review(vendor=vendor, by=cast.alice, at=at, **given)
    assert said in sentence(refusal)


def test_end_vendor_needs_a_reason_and_leaves_the_record(cast, vendor, as_alice, at):
    with pytest.raises(ValidationError):
        services.end_vendor(vendor=vendor, reason=" ", by=cast.alice, at=at)
    services.end_vendor(vendor=vendor, reason="Too dear; data deleted.", by=cast.alice, at=at)
    with pytest.raises(ValidationError) as refusal:
        services.record_review(vendor=vendor, result="satisfactory", by=cast.alice, at=at)
    assert "nothing is left to review" in sentence(refusal)
    assert services.reinstate_vendor(vendor=vendor, by=cast.alice, at=at).status == "active"


def test_a_vendor_of_one_client_never_links_a_system_of_another(cast, vendor, as_owner, at):
    from django.utils import timezone

    from engagements.models import System
    from vendors.models import VendorSystem

    with as_owner():
        foreign = System.objects.create(
            client=cast.globex, reference="SYS-001", name="Ovens", created_at=timezone.now()
        )
    with context.as_user(cast.pam), pytest.raises(IntegrityError), transaction.atomic():
        VendorSystem.objects.create(client=cast.acme, vendor=vendor, system=foreign)


@pytest.mark.parametrize("who", ["charlie", "xenia", "dora", "carl", "gina"])
def test_others_see_no_vendor_of_the_client(cast, vendor, who):
    with context.as_user(getattr(cast, who)):
        assert list(Vendor.objects.all()) == []
        assert list(VendorReview.objects.all()) == []
        assert Vendor.objects.update(name="x") == 0
