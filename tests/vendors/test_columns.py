"""The inventory as an importable list."""

import csv
import io
from dataclasses import replace

import pytest

from vciso.imports import registry
from vciso.imports.planning import PlannedRow
from vciso.imports.registry import Situation
from vendors import columns, services
from vendors.columns import fields
from vendors.columns.reading import records
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

FULL = {
    "reference": "V-007",
    "title": "Northwind Payroll Ltd",
    "service": "Pays the staff",
    "type": "Human resources",
    "contact": "Sam Reed",
    "location": "Ireland",
    "tier": "1",
    "criticality": "medium",
    "data": ["bank details", "names"],
    "data_level": "sensitive",
    "access": "Reads the staff list",
    "certificates": ["SOC 2", "ISO 27001"],
    "dpa": "Signed",
    "notice_period": "90 days",
    "auto_renew": True,
    "annual_spend": 120000,
    "status": "active",
    "notes": "Ask again.",
}


def situation_of(cast, at):
    return Situation(client=cast.acme, on=cast.acme.today(at), records=list(columns.KIND.records(cast.acme)))


def planned(values, **more):
    texts = {key: str(value) for key, value in values.items()}
    return PlannedRow(kind=columns.KIND, sheet="S", number=2, values=dict(values), texts=texts, **more)


def test_the_list_is_registered():
    assert registry.get("vendors") is columns.KIND


def test_apply_gives_back_every_value_it_was_given(cast, as_alice, at):
    row = planned(FULL)
    columns.KIND.check(row, situation_of(cast, at))
    columns.KIND.apply(row, client=cast.acme, by=cast.alice, at=at)
    (record,) = records(cast.acme)
    assert {key: record.values[key] for key in FULL} == FULL
    assert Vendor.objects.get().override_reason == "The tier of the imported list."


def test_a_review_in_the_file_becomes_a_review_on_record(cast, as_alice, at):
    day = cast.acme.today(at)
    row = planned({"title": "X", "last_review": day, "review_result": "conditional"})
    columns.KIND.check(row, Situation(client=cast.acme, on=day))
    columns.KIND.apply(row, client=cast.acme, by=cast.alice, at=at)
    review = Vendor.objects.get().reviews.get()
    assert (review.result, review.reviewed_on, review.imported) == ("conditional", day, True)


def test_check_finds_the_same_firm_under_another_spelling(cast, vendor, as_alice, at):
    row = planned({"title": "cloud files"})
    columns.KIND.check(row, situation_of(cast, at))
    assert row.record.reference == "V-001"
    assert [one.reason for one in row.remarks] == ["Taken for V-001 “Cloud Files, Inc.”."]


def test_check_reads_scoring_numbers_with_five_as_the_most(cast, as_alice, at):
    row = planned(
        {"title": "X", "criticality": "low", "data": ["5"]},
        headers={"criticality": "Business Dependency", "data": "Data Sensitivity"},
    )
    row.texts |= {"criticality": "4", "data": "5"}
    columns.KIND.check(row, situation_of(cast, at))
    assert (row.value("criticality"), row.value("data_level"), row.value("data")) == ("high", "sensitive", None)
    assert len(row.warnings) == 2


def test_remove_refuses_a_vendor_that_was_reviewed_since(cast, vendor, as_alice, at):
    services.record_review(vendor=vendor, result="satisfactory", by=cast.alice, at=at)
    with pytest.raises(registry.UndoRefused, match="was reviewed since the import"):
        columns.KIND.remove(str(vendor.pk), client=cast.acme, by=cast.alice, at=at)


def test_remove_and_restore_take_an_import_back(cast, as_alice, at):
    applied = columns.KIND.apply(planned(FULL), client=cast.acme, by=cast.alice, at=at)
    (before,) = records(cast.acme)
    row = planned({"title": FULL["title"], "service": "Other", "last_review": cast.acme.today(at)})
    row.record = before
    row.changes = {"service": (before.values["service"], "Other"), "last_review": (None, cast.acme.today(at))}
    columns.KIND.apply(row, client=cast.acme, by=cast.alice, at=at)
    was = {key: old for key, (old, _) in row.changes.items()}
    columns.KIND.restore(applied.id, was, client=cast.acme, by=cast.alice, at=at)
    (after,) = records(cast.acme)
    assert after.values == before.values
    columns.KIND.remove(applied.id, client=cast.acme, by=cast.alice, at=at)
    assert list(Vendor.objects.all()) == []


def test_records_costs_the_same_for_many_vendors(cast, as_alice, at, django_assert_num_queries):
    for number in range(12):
        services.add_vendor(client=cast.acme, name=f"Firm {number}", by=cast.alice, at=at)
    with django_assert_num_queries(2):
        assert len(list(records(cast.acme))) == 12


@pytest.mark.parametrize(
    ("words", "level"),
    [
        ("Patient images", "sensitive"),
        ("Employee names", "personal"),
        ("N/A", "none"),
        ("Internal documents", "internal"),
        ("Pallets", ""),
    ],
)
def test_level_of(words, level):
    assert fields.level_of(words) == level


@pytest.mark.parametrize(
    ("words", "days"), [("90 days", 90), ("3 months", 90), ("30", 30), ("60 days' notice", 60), ("by letter", None)]
)
def test_days_of(words, days):
    assert fields.days_of(words) == days


def test_every_export_imports_again_unchanged(cast, as_alice, at):
    from vciso.imports import export

    columns.KIND.apply(planned(FULL), client=cast.acme, by=cast.alice, at=at)
    out = io.BytesIO()
    export.write(columns.KIND, cast.acme, "csv", out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))
    assert rows[0][:2] == ["Reference", "Vendor"]
    assert rows[1][:2] == ["V-007", "Northwind Payroll Ltd"]


@pytest.mark.parametrize(
    ("name", "website"), [("CFI", ""), ("Files for Teams", "https://www.cloudfiles.example/teams")]
)
def test_an_abbreviation_or_a_shared_domain_waits_for_a_choice(cast, vendor, as_alice, at, name, website):
    services.edit_vendor(
        vendor=vendor, by=cast.alice, at=at, website="http://cloudfiles.example", name="Cloud Files Inc"
    )
    row = planned({"title": name, "website": website})
    situation = situation_of(cast, at)
    columns.KIND.check(row, situation)
    assert row.waits and row.record is None
    again = planned({"title": name, "website": website})
    held = situation.records[0]
    chosen = replace(situation, answers={again.answer_key("match"): held.id})
    columns.KIND.check(again, chosen)
    assert again.record is held and again.values["title"] == "Cloud Files Inc" and not again.waits


def test_a_second_service_of_a_firm_is_a_vendor_of_its_own_and_found_again(cast, vendor, as_alice, at):
    values = {"title": "Cloud Files, Inc.", "service": "E-signature"}
    row = planned(values)
    situation = situation_of(cast, at)
    columns.KIND.check(row, situation)
    assert row.record is None
    columns.KIND.apply(row, client=cast.acme, by=cast.alice, at=at)
    again = planned(values)
    columns.KIND.check(again, situation_of(cast, at))
    assert again.record.title == "Cloud Files, Inc. (E-signature)"


def test_a_cell_that_says_none_is_the_level_none(cast, as_alice, at):
    row = planned({"title": "X"})
    row.texts["data"] = "None\nNo"
    columns.KIND.check(row, situation_of(cast, at))
    assert row.value("data_level") == "none"
