"""The register handed on: as it is shown, as a workbook for a meeting that comes back, and as one page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import subprocess
from typing import Any

import pikepdf
import pytest
from django.urls import reverse

from engagements.services import asks
from risks import services
from risks.models import Risk, RiskRating
from tests.risks.conftest import NOW, SECRET, raised, rated
from tests.risks.meetings import brought, dated, edited, got, lines, workbook
from vciso.imports import services as imports
from vciso.imports.mapping import Mapping
from vciso.tenancy import context

pytestmark = pytest.mark.django_db


def test_the_export_holds_what_the_list_shows_in_its_order_and_no_private_note(cast, register, browse):
    alice = browse(cast.alice)
    for query, ids in (
        ("", ["R-002", "R-001"]),
        ("&sort=ref", ["R-001", "R-002"]),
        ("&q=phish", ["R-002"]),
        ("&status=closed", ["R-003"]),
        ("&status=any&sort=-ref", ["R-003", "R-002", "R-001"]),
        ("&owner=none", ["R-002"]),
    ):
        found = lines(got(alice, cast, "export", f"?format=csv{query}"))
        assert [row["Portal ID"] for row in found] == ids, query
    shown = lines(got(alice, cast, "export", "?format=csv&status=any&sort=ref"))
    assert [(row["Severity, worked out"], row["Against the limit, worked out"]) for row in shown] == [
        ("Medium", "No limit set"), ("Medium", "No limit set"), ("High", ""),
    ]  # fmt: skip
    assert SECRET not in got(alice, cast, "export", "?format=csv&status=any").decode()
    page = alice.get(reverse("risks:list", kwargs={"client_key": cast.acme.key}) + "?q=phish&sort=ref&open=R-002")
    assert "format=xlsx&amp;q=phish&amp;sort=ref" in page.content.decode()
    assert alice.get(reverse("risks:export", kwargs={"client_key": cast.acme.key}) + "?format=doc").status_code == 404
    assert browse(cast.bob).get(reverse("risks:export", kwargs={"client_key": cast.acme.key})).status_code == 403


def test_an_untouched_workbook_comes_back_unchanged_with_no_formula_and_no_private_note(cast, register, browse):
    book = workbook(cast, browse)
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if SECRET in str(cell.value)]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, edited(book))
        assert batch.counts == dict.fromkeys(batch.counts, 0) | {"unchanged": 2}, batch.counts
        # An id in it may hold the digits of a payment card by chance: what we wrote ourselves is no find.
        said = json.loads(book.worksheets[0].cell(2, book.worksheets[0].max_column).value)
        chance = json.dumps(said | {"owner": "aaaaaaaa-5105-1051-0510-5100aaaaaaaa"})
        batch = brought(cast, edited(book, handed_2=chance))
        assert batch.counts == dict.fromkeys(batch.counts, 0) | {"unchanged": 2}, batch.counts


def saved_as_csv(book: Any, *, day: str, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """The first tab as a spreadsheet program of some country saves it; `day` formats a date."""

    def text(value: Any) -> str:
        if isinstance(value, dt.date):
            return day.format(value)
        return "" if value is None else str(value)

    out = io.StringIO()
    rows = book.worksheets[0].iter_rows(values_only=True)
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([text(cell) for cell in row] for row in rows)
    return out.getvalue().encode(encoding)


COUNTRIES = {
    "United States": {"day": "{0.month}/{0.day}/{0.year}"},
    "United Kingdom": {"day": "{0:%d/%m/%Y}"},
    "Germany": {"day": "{0:%d.%m.%Y}", "delimiter": ";", "encoding": "cp1252"},
    "Netherlands": {"day": "{0.day}-{0.month}-{0.year}", "delimiter": ";"},
}


def test_a_workbook_that_a_spreadsheet_of_any_country_saved_as_text_comes_back_unchanged(cast, register, browse):
    """Its own dates are ambiguous; what each cell said when it was handed out tells day and month, also of new ones."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        dated(cast, register)
        Risk.objects.filter(reference="R-002").update(next_review_on=dt.date(2027, 6, 7))
    book = workbook(cast, browse)
    untouched = {country: saved_as_csv(book, **how) for country, how in COUNTRIES.items()}
    edited(book, review_3=dt.date(2027, 8, 9))
    touched = {country: saved_as_csv(book, **how) for country, how in COUNTRIES.items()}
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        for country, content in untouched.items():
            batch = brought(cast, content, "meeting.csv")
            assert batch.counts == dict.fromkeys(batch.counts, 0) | {"unchanged": 2}, (country, batch.counts)
            assert batch.questions == [], country
            # Remembered with its order of day and month, which the next country's file does not follow.
            imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        for country, content in touched.items():
            (row,) = brought(cast, content, "meeting.csv").rows.filter(outcome="update")
            assert row.changes == [["Next review", "June 7, 2027", "August 9, 2027"]], country


def test_what_a_workbook_was_handed_out_with_is_shown_to_nobody(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, edited(workbook(cast, browse)))
        shown = json.dumps([batch.shape, [row.read for row in batch.rows.all()]])
        assert str(register.owner_id) not in shown and "severity_worked_out" not in shown


def test_what_was_edited_in_the_meeting_is_a_reviewed_diff_and_is_written_once(cast, register, browse):
    content = edited(
        workbook(cast, browse), title_3="Phishing takes the boss's account", impact_2=4, notes_2="Bob agrees"
    )
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, content)
        assert (batch.counts["update"], batch.counts["new"], batch.counts["waiting"]) == (2, 0, 0), batch.counts
        assert Risk.objects.get(reference="R-002").title == "Phishing takes an account"
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        first, second = Risk.objects.get(reference="R-001"), Risk.objects.get(reference="R-002")
        assert second.title == "Phishing takes the boss's account"
        # The category that was worst moves, the other stays, and nothing has to be confirmed anew.
        assert (first.now_score, first.now_impacts) == (8, {"operational": 4, "legal": 2})
        assert first.private_notes.startswith(SECRET) and "Bob agrees" in first.private_notes
        again = brought(cast, content)
        assert again.counts["unchanged"] == 2 and Risk.objects.count() == 3, again.counts
        assert RiskRating.objects.filter(risk=first, kind="now").count() == 2


def test_a_risk_changed_here_since_the_export_is_asked_about_by_name_and_not_overwritten(cast, register, browse):
    content = edited(workbook(cast, browse), title_2="Backups of the server fail", title_3="Phishing takes all")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.edit_risk(
            risk=register, by=cast.alice, at=NOW, wording=services.Wording(title="Backups are never tried")
        )
        batch = brought(cast, content)
        assert (batch.counts["waiting"], batch.counts["update"]) == (1, 1), batch.counts
        row = batch.rows.get(outcome="waiting")
        (choice,) = row.choices
        for words in ("R-001 was changed here", "Title", "Backups are never tried", "Backups of the server fail"):
            assert words in choice["question"]
        imports.start_import(batch=batch, taking="good", by=cast.alice, at=NOW)
        register.refresh_from_db()
        assert register.title == "Backups are never tried"
        for answer, title, outcome in (
            ("portal", "Backups are never tried", "unchanged"),
            ("file", "Backups of the server fail", "update"),
        ):
            batch = brought(cast, content)
            mapping = Mapping.from_json(batch.mapping)
            mapping.choices[f"{row.sheet}|{row.number}|{choice['key']}"] = answer
            imports.read_again(batch=batch, mapping=mapping, by=cast.alice, at=NOW)
            batch.refresh_from_db()
            assert batch.rows.get(number=row.number).outcome == outcome
            imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
            register.refresh_from_db()
            assert register.title == title


def test_only_what_was_changed_on_both_sides_is_asked_about_with_what_it_said_when_it_was_handed_out(
    cast, register, browse
):
    """The meeting rated the first anew, the portal its title; of the second the portal changed what nobody touched."""
    content = edited(workbook(cast, browse), likelihood_2=4, title_2="Backups of the server fail")
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        second = Risk.objects.get(reference="R-002")
        services.rate_risk(risk=second, kind="now", rating=rated(5, financial=5), reason="News", by=cast.alice, at=NOW)
        words = services.Wording(title="Backups are never tried", category="Servers")
        services.edit_risk(risk=register, by=cast.alice, at=NOW, wording=words)
        services.plan_treatment(risk=register, treatment="transfer", words="Insure it", by=cast.alice, at=NOW)
        batch = brought(cast, content)
        assert (batch.counts["waiting"], batch.counts["unchanged"]) == (1, 1), batch.counts
        row = batch.rows.get(outcome="waiting")
        (choice,) = row.choices
        for said in ("Backups are never tried", "Backups of the server fail", "Backups cannot be restored"):
            assert said in choice["question"]
        mapping = Mapping.from_json(batch.mapping)
        mapping.choices[f"{row.sheet}|{row.number}|{choice['key']}"] = "portal"
        imports.read_again(batch=batch, mapping=mapping, by=cast.alice, at=NOW)
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        register.refresh_from_db()
        second.refresh_from_db()
        assert (register.title, register.now_likelihood) == ("Backups are never tried", 4)
        assert (register.treatment, register.plan, second.now_score) == ("transfer", "Insure it", 25)


def test_a_day_that_has_passed_is_an_odd_cell_and_a_reason_goes_with_its_rating(cast, register, browse):
    content = edited(
        workbook(cast, browse), due_2=dt.date(2019, 1, 1), review_2=dt.date(2020, 1, 1), likelihood_2=3,
        why_2="The backup of May failed", why_3="Nothing new",
    )  # fmt: skip
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        stood = register.next_review_on
        batch = brought(cast, content)
        said = [remark["reason"] for remark in batch.rows.get(number=2).remarks]
        assert [text[:26] for text in said] == ["January 1, 2019 has passed", "January 1, 2020 has passed"]
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        register.refresh_from_db()
        assert register.target_on is None and register.next_review_on >= stood
        assert register.ratings.order_by("-recorded_at").first().reason == "The backup of May failed"
        assert "Why it changed: Nothing new" in Risk.objects.get(reference="R-002").private_notes


def test_the_preview_shows_what_a_rating_brings_besides_and_what_an_emptied_cell_leaves(cast, people, register, browse):
    """A reason for the history, the days of reviews that follow, a reason that lacks, and who stays the owner."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        dated(cast, register)
    book = workbook(cast, browse)
    content = edited(
        book, likelihood_2=4, why_2="The backup of May failed", due_2=None, review_2=None, owner_2="Zoe Nobody",
        likelihood_3=4, review_3=dt.date(2027, 9, 9),
    )  # fmt: skip
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, content)
        first, second = batch.rows.get(number=2), batch.rows.get(number=3)
        assert first.changes[-3:] == [
            ["Last reviewed, as it is rated anew", "", "November 20, 2026"],
            ["Next review, as it is rated anew", "May 10, 2027", "February 20, 2027"],
            ["Why it changed", "", "The backup of May failed"],
        ]
        said = " ".join(remark["reason"] for remark in first.remarks)
        assert "Nobody in the directory is called “Zoe Nobody”, so no owner is taken from it." in said
        assert "Bob stays the owner." in said and "unassigned" not in said
        assert (
            said.count("emptied") == 1
            and "Target date was emptied in the workbook" in said
            and "it said “March 4, 2027”" in said
        )
        assert [remark["reason"] for remark in second.remarks] == [
            "Rated anew without a reason. Say it under “Why it changed”."
        ]
        assert "Next review, as it is rated anew" not in str(second.changes)
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        register.refresh_from_db()
        assert (register.last_reviewed_on, register.next_review_on) == (dt.date(2026, 11, 20), dt.date(2027, 2, 20))
        assert (register.target_on, register.owner) == (dt.date(2027, 3, 4), people["bob"])
        assert Risk.objects.get(reference="R-002").next_review_on == dt.date(2027, 9, 9)
        again = brought(cast, edited(book, owner_2=people["bob"].name))
        assert again.counts["unchanged"] == 2, [row.changes for row in again.rows.all()]


def test_a_risk_closed_at_a_meeting_wants_its_reason_and_one_closed_here_is_not_rated(cast, register, browse):
    closed, reasoned = (
        edited(workbook(cast, browse), status_2="Closed", **more) for more in ({}, {"why_2": "Sold the server"})
    )
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        said = [remark["reason"] for remark in brought(cast, closed).rows.get(number=2).remarks]
        assert "Closed without a reason. Say it under “Why it changed”." in said
        batch = brought(cast, reasoned)
        assert "without a reason" not in str(batch.rows.get(number=2).remarks)
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        assert register.events.get(kind="closed").reason == "Sold the server"
        content = b"ID,Risk,Likelihood (1-5),Action plan\nR-001,Backups cannot be restored,5,Buy more"
        late = brought(cast, content, "late.csv").rows.get()
        assert "The risk is closed here, so this is not taken: Likelihood now, Action plan." in str(late.remarks)
        assert [label for label, _, _ in late.changes] == ["Private notes"]


def test_days_of_reviews_that_a_register_says_itself_stay_although_it_rates_anew(cast, register, browse):
    """Of a list that is no workbook of a meeting every cell counts, or its next import would find changes again."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        days = {"last_reviewed_on": dt.date(2026, 10, 1), "next_review_on": dt.date(2027, 5, 10)}
        Risk.objects.filter(pk=register.pk).update(**days)
        content = b"ID,Risk,Likelihood (1-5),Impact (1-5),Last reviewed,Next review\n"
        content += b"R-001,Backups cannot be restored,4,3,2026-10-01,2027-05-10"
        batch = brought(cast, content, "list.csv")
        assert [label for label, _, _ in batch.rows.get().changes] == ["Likelihood now"]
        imports.start_import(batch=batch, taking="all", by=cast.alice, at=NOW)
        register.refresh_from_db()
        assert {name: getattr(register, name) for name in days} == days and register.now_likelihood == 4
        assert brought(cast, content, "list.csv").counts["unchanged"] == 1


def test_a_state_said_at_a_meeting_is_what_the_risk_becomes_or_is_told_with_its_reason(cast, people, register, browse):
    """A proposal is confirmed; nothing goes back to one; a duplicate stays closed; what opens wants its reason."""
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        new = raised(cast, "A drone films the yard", status="proposed", now=rated(1, legal=1))
        services.merge_risk(risk=raised(cast, "Backups fail"), into=register, by=cast.alice, at=NOW)
    book = workbook(cast, browse, "&sort=ref&status=any")
    said = {"status_2": "Proposed", "status_4": "Open", "status_5": "Open", "status_6": "Open", "why_5": "Dana agreed"}
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, edited(book, **said))
        rows = {row.number: row for row in batch.rows.all()}
        assert [rows[number].outcome for number in range(2, 7)] == [
            "unchanged", "unchanged", "update", "update", "unchanged",
        ]  # fmt: skip
        told = {number: " ".join(remark["reason"] for remark in row.remarks) for number, row in rows.items()}
        assert "open here and is not proposed again: it stays open" in told[2]
        assert told[4] == "Open again without a reason. Say it under “Why it changed”."
        assert "merged into R-001 here, so it stays closed" in told[6]
        assert ["Next review, as it is open again", "November 20, 2026"] in [
            [label, after] for label, _, after in rows[4].changes
        ]
        imports.import_rows(batch=batch, taking="good", by=cast.alice, at=NOW)
        new.refresh_from_db()
        assert new.status == "open" and new.events.get(kind="raised").reason == "Dana agreed"
        assert Risk.objects.get(reference="R-005").merged_into == register
        again = brought(cast, edited(book, **said))
        assert again.counts["update"] == 0, "what was taken once changes nothing more"


def test_the_preview_tells_what_ends_with_what_a_meeting_changes(cast, people, register, browse):
    """An acceptance that a rise or a closing ends, a plan to be approved anew, a question that is withdrawn."""
    until = NOW.date() + dt.timedelta(days=100)
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        phish = Risk.objects.get(reference="R-002")
        services.plan_treatment(
            risk=phish, treatment="reduce", words="Train", target_on=until, cost=None, by=cast.alice, at=NOW
        )
        services.ask_plan_approval(risk=phish, asked_of=people["bob"], by=cast.alice, at=NOW)
        asked = services.ask_acceptance(risk=register, asked_of=people["bob"], until=until, by=cast.alice, at=NOW)
    book = workbook(cast, browse)
    waits = "Request to accept it, as it rises above what was asked"
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        row = brought(cast, edited(book, status_2="Closed", likelihood_2=5, impact_2=5)).rows.get(number=2)
        assert "so it stays open. Withdraw the request first." in str(row.remarks)
        assert [waits, "waits", "is withdrawn"] in row.changes and "Status" not in str(row.changes)
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=asked.ask, choice="accept", reason="We carry it till spring", by=cast.bob, at=NOW)
    book = workbook(cast, browse)

    def said(**cells: Any) -> dict[str, str]:
        with context.as_user(cast.alice, client_id=cast.acme.pk):
            batch = brought(cast, edited(book, **cells))
            return {label: after for row in batch.rows.all() for label, _, after in row.changes}

    ends = "ends, and both sides are told"
    assert said(likelihood_2=5, impact_2=5)["Acceptance, as it rises above what was signed"] == ends
    assert not [label for label in said(likelihood_2=1) if label.startswith("Acceptance")]
    assert said(status_2="Closed")["Acceptance, as it is closed"] == ends
    assert said(due_3=dt.datetime(2027, 6, 1))["Question about the plan"] == "is withdrawn"


def test_a_first_rating_and_a_first_target_are_not_anew(cast, register, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast, "Nobody rated this yet", now=None)
    book = workbook(cast, browse)
    told = {"likelihood_4": 3, "impact_4": 4, "target likelihood_2": 1, "target impact_2": 2}
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        batch = brought(cast, edited(book, **told))
        assert batch.counts["update"] == 2 and batch.counts["warning"] == 0, list(batch.rows.values_list("remarks"))
        labels = [label for row in batch.rows.all() for label, _, _ in row.changes]
        assert "Next review, as it is rated" in labels and not any("anew" in label for label in labels)
        again = brought(cast, edited(book, likelihood_2=5))
        assert "Rated anew without a reason" in str(list(again.rows.values_list("remarks")))


def test_the_workbook_is_ready_for_the_table_and_for_paper(cast, register, browse):
    book = workbook(cast, browse)
    sheet = book.worksheets[0]
    # LibreOffice opens rows as high as the file says they are, and shows one line of those it says nothing of.
    assert [sheet.row_dimensions[row].height for row in (1, 2, 3)] == [45, 30, None]
    titles = {cell.value: cell.column_letter for cell in sheet[1]}
    lists = {str(rule.sqref).split("2:")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    for heading in ("Owner", "Likelihood now (1–5)", "Impact target (1–5)", "Treatment", "Status"):
        assert lists[titles[heading]].startswith("Lists!")
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$1:$1", "A2")
    assert sheet[f"{titles['Title']}2"].alignment.wrap_text
    assert sheet[f"{titles['Severity, worked out']}2"].value == "Medium"
    assert sheet.column_dimensions[titles["As handed out"]].hidden and book["Lists"].sheet_state == "hidden"


def text_of(pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-q", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.mark.parametrize(("paper", "wide"), [("a4", 842), ("letter", 792)])
def test_the_register_fits_one_page_of_the_clients_paper(cast, people, register, browse, paper, wide):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        services.raise_many(
            client=cast.acme, by=cast.alice, at=NOW,
            risks=[
                services.NewRisk(wording=services.Wording(title=f"{number} " + "A title of many words " * 8))
                for number in range(60)
            ],
        )  # fmt: skip
        type(cast.acme).objects.filter(pk=cast.acme.pk).update(paper=paper)
        asked = services.ask_acceptance(
            risk=Risk.objects.get(reference="R-002"), asked_of=people["bob"], until=dt.date(2027, 9, 15),
            by=cast.alice, at=NOW,
        )  # fmt: skip
    with context.as_user(cast.bob, client_id=cast.acme.pk):
        asks.answer(ask=asked.ask, choice="accept", reason="For now.", by=cast.bob, at=NOW)
    content = got(browse(cast.alice), cast, "one-page", "?sort=-ref")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert abs(float(pdf.pages[0].MediaBox[2]) - wide) < 2 and pdf.pages[0].MediaBox[3] < pdf.pages[0].MediaBox[2]
    text = text_of(content)
    assert "Made on" in text and "by Alice" in text and "34 more risks" in text and "R-063" in text
    assert SECRET.split()[-1] not in text
    narrowed = text_of(got(browse(cast.alice), cast, "one-page", "?q=phish&cell=3x3&owner=nobody-we-know"))
    assert "Search: phish; Now: possible, serious." in narrowed
    assert "Phishing takes" in narrowed and "Backups" not in narrowed
    assert re.search(r"Accepted +– +until (15 Sep|Sep 15,) 2027 +(20 May|May 20,) 2027", narrowed)
