"""What a person decides: rows that wait, names, tabs, and readings that are remembered."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse

from engagements.models import Person
from risks.models import Risk
from tests.imports.layouts import book
from tests.imports.sheets import csv_bytes, xlsx_bytes
from tests.imports.test_services import AT, bring, take, titles
from vciso.imports import neighbours, registry, services
from vciso.imports.enums import BatchState, Taking
from vciso.imports.models import ImportBatch, PracticeReading, Reading
from vciso.imports.reading import ImportRefused
from vciso.imports.services import arriving
from vciso.jobs import run
from vciso.jobs.models import Job
from vciso.tenancy import context
from vciso.tenancy.models import Client

HEAD = ["Ref", "Risk", "Likelihood", "Impact", "Owner", "Treatment"]
ODD = ["Risk", "Likelihood", "Impact", "Remarks of the smith"]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def inside(cast: Any) -> Any:
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        yield cast


def two_tabs() -> bytes:
    return book({
        "North": [HEAD, ["A-1", "The kiln overheats at night", 4, 5, "", "Mitigate"], ["A-2", "Rain", 1, 1, "", ""]],
        "South": [HEAD, ["A-1", "The kiln overheats at night", 2, 5, "", "Mitigate"], ["A-3", "Hail", 5, 1, "", ""]],
    })  # fmt: skip


def test_a_waiting_row_is_not_written_and_both_ratings_are_kept_once_it_is_decided(inside: Any) -> None:
    batch = bring(inside, two_tabs(), "tabs.xlsx")
    assert batch.counts["waiting"] == 1 and batch.counts["new"] == 2 and batch.counts["skipped"] == 1
    with pytest.raises(ImportRefused, match="waits for a choice"):
        take(batch, inside, Taking.ALL)
    take(batch, inside)
    assert sorted(titles(inside.acme)) == ["Hail", "Rain"]
    again = services.bring_again(batch=ImportBatch.objects.get(pk=batch.pk), by=inside.alice, at=AT)
    assert (again.counts["waiting"], again.counts["unchanged"]) == (1, 2)
    mapping = again.read_as
    mapping.choices = {"North|2|tabs.South": "South"}
    decided = services.change_mapping(batch=again, mapping=mapping, by=inside.alice, at=AT)
    assert (decided.counts["new"], decided.counts["waiting"]) == (1, 0)
    take(decided, inside)
    risk = Risk.objects.get(title__startswith="The kiln")
    assert (risk.now_likelihood, risk.now_impact) == (2, 5)
    history = list(risk.ratings.filter(kind="now").order_by("happened_at").values_list("likelihood", flat=True))
    assert history == [4, 2]
    assert "In “North”, row 2: Likelihood now 4" in risk.private_notes


def test_names_are_asked_once_and_remembered_for_this_client_only(inside: Any, cast: Any) -> None:
    lind, reyes = (
        Person.objects.create(client=inside.acme, name=name, created_at=AT) for name in ("Omar Lind", "Omar Reyes")
    )
    rows = [["B-1", "Mice in the store", 2, 2, "Omar", ""], ["B-2", "Moths in the store", 2, 2, "Omar", ""]]
    batch = bring(inside, csv_bytes([HEAD, *rows]))
    assert batch.shape["people"] == [
        {"form": "omar", "text": "Omar", "candidates": [str(lind.pk), str(reyes.pk)], "answer": ""}
    ]
    assert batch.counts["new"] == 2, "an owner nobody knows never keeps a row out"
    mapping = batch.read_as
    mapping.people = {"omar": str(reyes.pk)}
    take(services.change_mapping(batch=batch, mapping=mapping, by=inside.alice, at=AT), inside)
    assert {risk.owner_id for risk in Risk.objects.all()} == {reyes.pk}
    later = bring(inside, csv_bytes([HEAD, ["B-3", "Rats in the store", 2, 2, "Omar", ""]]), "later.csv")
    assert later.read_from == "client" and later.read_as.people == {"omar": str(reyes.pk)}
    services.share_reading(batch=later, by=inside.alice, at=AT)
    shared = PracticeReading.objects.get()
    assert str(reyes.pk) not in str(shared.mapping) and "Omar" not in str(shared.mapping)


def test_the_clients_own_reading_wins_over_the_practices(inside: Any, cast: Any) -> None:
    first = bring(inside, csv_bytes([ODD, ["The kiln overheats", "Spicy", 3, "a"]]))
    mapping = first.read_as
    mapping.scales = {"likelihood_now": {"spicy": 4}}
    mapping.sheets[0].columns[4] = "controls"
    first = services.change_mapping(batch=first, mapping=mapping, by=inside.alice, at=AT)
    services.share_reading(batch=first, by=inside.alice, at=AT)
    take(first, inside)
    mapping.sheets[0].columns[4] = "action"
    second = services.change_mapping(
        batch=bring(inside, csv_bytes([ODD, ["Rain comes in", "spicy", 2, "b"]])),
        mapping=mapping,
        by=inside.alice,
        at=AT,
    )
    take(second, inside, at=AT + timedelta(hours=1))
    third = bring(inside, csv_bytes([ODD, ["Hail comes in", "spicy", 2, "c"]]))
    assert third.read_from == "client" and third.mapping["sheets"][0]["columns"]["4"] == "action"
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        other = services.preview(
            client=cast.globex, kind=registry.get("risks"), name="x.csv", by=cast.charlie, at=AT,
            content=csv_bytes([ODD, ["Snow comes in", "spicy", 2, "d"]]),
        )  # fmt: skip
        assert other.read_from == "practice" and other.mapping["sheets"][0]["columns"]["4"] == "controls"
        assert other.mapping["scales"] == {}, "a client's own words stay with the client"
        assert not Reading.objects.exists()
    with context.as_user(cast.xenia, client_id=cast.initech.pk):
        stranger = services.preview(
            client=cast.initech, kind=registry.get("risks"), name="x.csv", by=cast.xenia, at=AT,
            content=csv_bytes([ODD, ["Fog comes in", "spicy", 2, "e"]]),
        )  # fmt: skip
        assert stranger.read_from == "" and not PracticeReading.objects.exists()


def test_the_owner_of_a_client_reads_no_reading_of_the_practice(inside: Any, cast: Any) -> None:
    batch = bring(inside, csv_bytes([ODD, ["The kiln overheats", 2, 3, "a"]]))
    services.share_reading(batch=batch, by=inside.alice, at=AT)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        assert not PracticeReading.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            services.remembering.practice_mapping(cast.acme, registry.get("risks"), batch.signature)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Move the mail of GLOBEX Foods to the cloud", True), ("globex-foods.example", True),
        ("Initech has this too", False), ("The foods of the globe", False),
        ("Acme Dental has one server", False), ("Global exports", False), ("", False),
    ],
)  # fmt: skip
def test_rule_23_other_clients_of_the_practice_are_noticed_and_no_others(inside: Any, text: str, named: bool) -> None:
    batch = bring(inside, csv_bytes([["Risk", "Notes"], ["Something odd happens here", text]]))
    told = " ".join(remark["reason"] for remark in batch.rows.get().remarks)
    assert ("names another client" in told) is named
    assert "globex" not in told.casefold()


SHORT = {
    "KPN Ltd": (
        ["Ask KPN for the list", "anna@kpn.example", "From www.kpn.example", "the kpn ltd contract"],
        ["the kpnx tool", "kpn", "SKPN sends it", "MOVE IT TO KPN"],
    ),
    "Ito": (
        ["Backups at Ito are old", "Two firms (Acme, Ito) share it"],
        ["ito", "Ito: see below. Ito", "Itoh is big", "mito"],
    ),
    "IT GmbH": (["Billed by IT GmbH"], ["IT looks after it", "Ask IT", "mail it@example.com", "the IT"]),
    "May": ([], ["Due in May", "You may do it", "Ends 3 May"]),
    "3M": (["Masks of 3M"], ["13M rows", "3 m away", "3m of cable"]),
    "x": ([], ["Room x", "x"]),
}  # fmt: skip


@pytest.mark.parametrize("name", SHORT)
def test_rule_23_short_names_are_noticed_where_they_are_written_as_names(cast: Any, as_owner: Any, name: str) -> None:
    named, not_named = SHORT[name]
    with as_owner():
        Client.objects.filter(pk=cast.globex.pk).update(name=name)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        texts = [*named, *not_named, "Acme Dental has one server", ""]
        assert neighbours.named_in(cast.acme, texts) == list(range(len(named)))


def test_rule_23_the_clients_own_name_is_no_other_client(cast: Any, as_owner: Any) -> None:
    with as_owner():
        Client.objects.filter(pk=cast.acme.pk).update(name="KPN Dental")
        Client.objects.filter(pk=cast.globex.pk).update(name="KPN")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        assert neighbours.named_in(cast.acme, ["Ask KPN Dental first", "Ask KPN first"]) == [1]


def test_rule_23_only_who_may_write_the_client_may_ask(cast: Any) -> None:
    for person, client in ((cast.bob, cast.acme), (cast.alice, cast.globex), (cast.xenia, cast.acme)):
        with context.as_user(person, client_id=client.pk), pytest.raises(DatabaseError), transaction.atomic():
            neighbours.named_in(client, ["Globex"])


def test_rule_18_accepted_without_name_and_day_is_a_gap(inside: Any) -> None:
    rows = [
        ["C-1", "Doors stand open", 2, 2, "Yes", "", ""],
        ["C-2", "Keys hang outside", 2, 2, "Yes", "Ann", "2026-01-02"],
    ]
    head = ["Ref", "Risk", "Likelihood", "Impact", "Accepted", "Accepted by", "Acceptance date"]
    batch = take(bring(inside, csv_bytes([head, *rows])), inside)
    assert "kept as a gap" in str(batch.rows.get(number=2).remarks)
    for risk in Risk.objects.all():
        assert risk.acceptance_gap and risk.accepted_until is None, "a list signs nothing"


# Behind the page


def long_list(count: int = 2_600) -> bytes:
    rows = [[f"Z-{n}", f"Something odd happens in room {n}", n % 5 + 1, 3, "", "Mitigate"] for n in range(count)]
    last = ["Z-x", "x" * 60_000, 1, 1, "", "", "A-999 No such thing"]
    return csv_bytes([[*HEAD, "Linked records"], *rows, last])


def test_a_long_file_is_read_by_the_worker_with_progress(cast: Any, browse: Any, monkeypatch: Any) -> None:
    content = long_list()
    assert len(content) > arriving.AT_ONCE
    browser = browse(cast.alice)
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    address = browser.post(upload, {"file": SimpleUploadedFile("long.csv", content)})["Location"]
    page = browser.get(address).content.decode()
    assert "Being read" in page and "progress" in page
    told: list[str] = []
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        job = Job.objects.get(kind="imports.preview")
    real = run.RunningJob.progress

    def noted(self: Any, **said: Any) -> None:
        told.append(said["message"])
        real(self, **said)

    monkeypatch.setattr(run.RunningJob, "progress", noted)
    assert run.run(job.pk, client_id=cast.acme.pk) == "done"
    assert told == [*arriving.STEPS, "Keeping what was read"]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = ImportBatch.objects.get()
        assert batch.state == BatchState.PREVIEWED and batch.counts["new"] == 2_601
        said = [remark["reason"] for remark in batch.rows.order_by("position").last().remarks]
        assert any("A-999 No such thing” is no record here" in reason for reason in said)
        services.read_again(batch=batch, mapping=batch.read_as, by=cast.alice, at=AT)
        again = Job.objects.get(kind="imports.preview", state="queued")
        assert ImportBatch.objects.get().state == BatchState.READING
    assert run.run(again.pk, client_id=cast.acme.pk) == "done"
    assert "Nothing is written yet" in browser.get(address).content.decode()


def test_a_long_file_that_cannot_be_read_says_so_on_its_page(cast: Any, browse: Any) -> None:
    content = csv_bytes([["Risk", "Impact"], *[["A risk of some sort", 1] for _ in range(20_050)]])
    browser = browse(cast.alice)
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    address = browser.post(upload, {"file": SimpleUploadedFile("long.csv", content)})["Location"]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        job = Job.objects.get(kind="imports.preview")
    assert run.run(job.pk, client_id=cast.acme.pk) == "done"
    page = browser.get(address).content.decode()
    assert "Could not be read" in page and "Split it into parts" in page
    assert browser.post(f"{address}import/", {"taking": "good"}).status_code == 422


# On the pages


def test_choices_people_and_readings_on_the_pages(cast: Any, browse: Any) -> None:
    from tests.imports.test_pages import answers

    browser = browse(cast.alice)
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    address = browser.post(upload, {"file": SimpleUploadedFile("tabs.xlsx", two_tabs())})["Location"]
    page = browser.get(address)
    assert "Your choice" in page.content.decode() and "Waiting for a choice" in page.content.decode()
    data = answers(page) | {"choice_0": "North"}
    assert browser.post(f"{address}mapping/", data).status_code == 303
    page = browser.get(address).content.decode()
    assert "Chosen" in page and "Waiting for a choice" not in page
    assert browser.post(f"{address}share/").status_code == 303
    assert browser.post(f"{address}import/", {"taking": "all"}).status_code == 303
    listed = browser.get(upload).content.decode()
    assert "Remembered readings" in listed and "The practice" in listed and "This client" in listed
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        own, shared = Reading.objects.get(), PracticeReading.objects.get()
    names = {"client_key": cast.acme.key, "kind": "risks"}
    foreign = reverse("imports:forget", kwargs={**names, "client_key": cast.globex.key, "pk": own.pk})
    assert browse(cast.charlie).post(foreign).status_code == 404
    assert browse(cast.xenia).post(
        reverse("imports:forget-shared", kwargs={**names, "client_key": cast.initech.key, "pk": shared.pk})
    ).status_code == 404  # fmt: skip
    assert browse(cast.bob).post(reverse("imports:forget", kwargs={**names, "pk": own.pk})).status_code == 403
    for name, pk in (("forget", own.pk), ("forget-shared", shared.pk)):
        assert browser.post(reverse(f"imports:{name}", kwargs={**names, "pk": pk})).status_code == 303
    assert "Remembered readings" not in browser.get(upload).content.decode()


def test_rows_that_waited_can_be_decided_after_the_import(cast: Any, browse: Any) -> None:
    browser = browse(cast.alice)
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    address = browser.post(upload, {"file": SimpleUploadedFile("tabs.xlsx", two_tabs())})["Location"]
    browser.post(f"{address}import/", {"taking": "good"})
    assert "Decide now" in browser.get(address).content.decode()
    fresh = browser.post(f"{address}again/")["Location"]
    assert fresh != address and "Your choice" in browser.get(fresh).content.decode()


def test_a_preview_with_tabs_names_and_choices_costs_few_queries(
    cast: Any, browse: Any, django_assert_max_num_queries: Any
) -> None:
    browser = browse(cast.alice)
    rows = [[f"X-{n}", f"Something odd happens in room {n}", n % 5 + 1, 3, f"Person {n}", ""] for n in range(110)]
    shifted = [[*row[:2], row[2] % 5 + 1, *row[3:]] for row in rows]
    content = book({"North": [HEAD, *rows], "South": [HEAD, *shifted]})
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    address = browser.post(upload, {"file": SimpleUploadedFile("tabs.xlsx", content)})["Location"]
    browser.get(address)
    with django_assert_max_num_queries(15):
        assert browser.get(address).status_code == 200


def test_xlsx_of_another_kind_of_list_still_says_what_it_found(inside: Any) -> None:
    batch = bring(inside, xlsx_bytes([["Vendor", "Service"], ["Ledger Ltd", "Books"]]), "vendors.xlsx", "vendors")
    assert batch.counts["new"] == 1


def test_a_remembered_scale_that_the_numbers_outgrow_is_asked_about_and_not_used(inside: Any, cast: Any) -> None:
    head = ["ID", "Risk", "Likelihood", "Impact"]

    def register(top: int, slip: int = 0) -> bytes:
        rows = [[n, f"Trouble {n} at the works", n * 7 % top + 1, n * 3 % top + 1] for n in range(24)]
        rows[5][3] = slip or rows[5][3]
        return csv_bytes([head, *rows])

    taken = take(bring(cast, register(4)), cast)
    assert set(taken.read_as.tops.values()) == {4}
    other = bring(cast, register(5))
    assert other.read_from == "client" and set(other.read_as.tops.values()) == {5}
    assert {question["key"] for question in other.questions} == {"outgrown.likelihood_now", "outgrown.impact_now"}
    assert "was read as 1 to 4 in the last file" in other.questions[0]["text"]
    slipped = bring(cast, register(4, slip=5))
    assert set(slipped.read_as.tops.values()) == {4} and not slipped.questions
    assert "“5” lies above this file's scale, 1 to 4" in str(slipped.rows.get(number=7).remarks)
