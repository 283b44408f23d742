"""The pages of the vendor inventory: who may open them, what they say, what they cost."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from vciso.tenancy import context
from vendors import services
from vendors.models import Vendor

pytestmark = pytest.mark.django_db
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def url(cast, name, **more):
    return reverse(f"vendors:{name}", kwargs={"client_key": cast.acme.key, **more})


def queries(browser, address):
    """What the second visit costs: the first one of a session also notes the device."""
    browser.get(address)
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(address)
    assert response.status_code == 200
    texts = [query["sql"] for query in seen.captured_queries]
    return [sql for sql in texts if not sql.startswith(CONTROL) and "sec.enter" not in sql and "set_config" not in sql]


@pytest.mark.parametrize(
    ("who", "status", "of_vendor"),
    [
        ("alice", 200, 200),
        ("pam", 200, 200),
        ("bob", 403, 403),
        ("dora", 403, 404),
        ("carl", 403, 404),
        ("charlie", 404, 404),
        ("xenia", 404, 404),
    ],
)
def test_pages_open_for_the_practice_alone(cast, vendor, browse, who, status, of_vendor):
    browser = browse(getattr(cast, who))
    for name in ("list", "new"):
        assert browser.get(url(cast, name)).status_code == status
    for name in ("detail", "edit", "review", "end"):
        assert browser.get(url(cast, name, ref="V-001")).status_code == of_vendor


def test_an_unknown_vendor_and_a_foreign_one_answer_alike(cast, vendor, browse):
    browser = browse(cast.charlie)
    key = cast.globex.key
    foreign = browser.get(reverse("vendors:detail", kwargs={"client_key": key, "ref": "V-001"}))
    unknown = browser.get(reverse("vendors:detail", kwargs={"client_key": key, "ref": "V-999"}))
    assert (foreign.status_code, foreign.content) == (404, unknown.content)


def test_a_review_takes_a_result_and_a_button(cast, vendor, browse, at):
    browser = browse(cast.alice)
    address = url(cast, "review", ref="V-001")
    today = cast.acme.today(at).isoformat()
    refused = browser.post(address, {"result": "conditional", "on": today})
    assert refused.status_code == 422
    assert "Say what the vendor has to do, and by when." in refused.content.decode()
    assert browser.post(address, {"result": "satisfactory", "on": today}).status_code == 303
    assert "Satisfactory" in browser.get(url(cast, "detail", ref="V-001")).content.decode()


def test_edit_saves_and_computes_the_tier_again(cast, vendor, system, browse):
    browser = browse(cast.alice)
    data = {
        "name": "Cloud Files, Inc.",
        "kind": "hosting",
        "criticality": "1",
        "data_level": "none",
        "systems": [str(system.pk)],
        "yearly_cost_minor": "1,200.50",
        "auto_renews": "true",
        "contract_ends_on": "2027-12-31",
        "notice_days": "30",
        "certificates": "SOC 2; ISO 27001",
        "aliases": "CF\nCloudF",
    }
    assert browser.post(url(cast, "edit", ref="V-001"), data).status_code == 303
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        kept = Vendor.objects.get()
        assert (kept.tier, kept.yearly_cost_minor, kept.notice_on) == (3, 120050, dt.date(2027, 12, 1))
        assert kept.extras == {"certificates": ["SOC 2", "ISO 27001"]}
        assert sorted(kept.aliases.values_list("name", flat=True)) == ["CF", "CloudF"]


def test_edit_answers_409_when_somebody_saved_meanwhile(cast, vendor, browse, at):
    browser = browse(cast.alice)
    seen = browser.get(url(cast, "edit", ref="V-001")).context["form"]["seen_version"].value()
    with context.as_user(cast.amir, client_id=cast.acme.pk):
        services.edit_vendor(vendor=vendor, service="Keeps files", by=cast.amir, at=at)
    data = {"name": "Cloud Files, Inc.", "kind": "hosting", "service": "Mine", "seen_version": seen}
    answer = browser.post(url(cast, "edit", ref="V-001"), data)
    assert answer.status_code == 409
    assert "Keeps files" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"name": ""}, "Name: this is missing."),
        ({"name": "a\x00b"}, "Null characters are not allowed"),
        ({"name": "cloud files inc"}, "V-001 Cloud Files, Inc. is on the list already under this name."),
        ({"yearly_cost_minor": "lots"}, "“lots” is no sum."),
        ({"yearly_cost_minor": "-4"}, "“-4” is too small."),
        ({"yearly_cost_minor": "9" * 29}, "is too large. Give 0 to 1,000,000,000,000."),
        ({"notice_days": "9" * 40}, "is too large"),
        ({"contract_ends_on": "31.12.27"}, "“31.12.27” is no date."),
        ({"contract_starts_on": "2027-01-02", "contract_ends_on": "2027-01-01"}, "is before the start"),
        ({"contract_ends_on": "0001-01-01", "notice_days": "900"}, "is no likely date. Give a year from 1900 to 2150."),
        ({"override_tier": "3"}, "Say why you set the tier by hand."),
        ({"systems": ["x"]}, "x"),
        ({"service": "y" * 1_000_000}, "too long"),
    ],
)
def test_bad_input_is_answered_at_its_field(cast, vendor, browse, data, said):
    answer = browse(cast.alice).post(url(cast, "new"), {"name": "New one", "kind": "other", **data})
    assert answer.status_code == 422
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    ["?tier=9", "?tier=1&tier=none", "?review=late", "?review=never", "?contract=notice", "?contract=ends",
     "?result=none", "?status=ended", "?data=x", "?sort=-contract", "?page=-1"],
)  # fmt: skip
def test_the_list_takes_any_query(cast, vendor, browse, query):
    assert browse(cast.alice).get(url(cast, "list") + query).status_code == 200


def test_the_list_says_when_nothing_is_kept(cast, vendor, browse):
    page = browse(cast.charlie).get(reverse("vendors:list", kwargs={"client_key": cast.globex.key}))
    assert "No vendors yet" in page.content.decode()


def test_private_notes_stand_on_the_practices_page_alone(cast, vendor, browse, at):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.edit_vendor(vendor=vendor, private_notes="Owes us money", by=cast.alice, at=at)
    assert "Owes us money" in browse(cast.alice).get(url(cast, "detail", ref="V-001")).content.decode()
    assert "Owes us money" not in browse(cast.alice).get(url(cast, "list")).content.decode()


def test_the_list_costs_the_same_at_10_and_100_rows_and_at_most_12_queries(cast, person, browse, at):
    browser = browse(cast.alice)
    counted = []
    for first, last in ((0, 10), (10, 100)):
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            for number in range(first, last):
                services.add_vendor(
                    client=cast.acme, name=f"Firm {number}", criticality=4, owner=person, by=cast.alice, at=at,
                    contract_ends_on=cast.acme.today(at) + dt.timedelta(days=40), notice_days=10,
                )  # fmt: skip
        counted.append(queries(browser, url(cast, "list")))
    assert len(counted[0]) == len(counted[1]) <= 12, "\n".join(counted[1])


@pytest.mark.parametrize("name", ["detail", "edit", "review", "end"])
def test_pages_of_a_vendor_cost_at_most_12_queries(cast, vendor, browse, name):
    seen = queries(browse(cast.alice), url(cast, name, ref="V-001"))
    assert len(seen) <= 12, "\n".join(seen)
