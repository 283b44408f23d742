"""The twenty-five sorts of mess, one small file each; what each becomes is the rule.

Questionnaires (rule 22) wait for their own capability: here only what already holds for every file,
that it is kept as it came and that numbers such as 1.10 stay text.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from policies.columns.names import from_name
from tests.imports.layouts import book, merged
from tests.imports.sheets import RISKS, VENDORS, csv_bytes, look, parts_of, reasons, values, xlsx_bytes, zipped
from vciso.imports.planning import Outcome
from vciso.imports.reading import ImportRefused, read
from vciso.imports.registry import Record

HEAD = ["Ref", "Risk", "Likelihood", "Impact", "Owner", "Due date", "Status"]
ONE = ["A-1", "The kiln overheats at night", 4, 5, "Dana Field", "2027-02-03", "Open"]


def test_rule_01_titles_above_two_row_headings_and_merged_cells() -> None:
    seen = look(merged([["Register"], ["Kept by Ann"], ["Risk", "Now", None], [None, "Likelihood", "Impact"],
                        ["The kiln overheats", 2, 5]], "A1:C1", "B3:C3", "A3:A4"))  # fmt: skip
    assert (seen.tables[0][0].first_header, seen.tables[0][0].last_header) == (3, 4)
    assert [(row.values["likelihood_now"], row.values["impact_now"]) for row in seen.plan.rows] == [(2, 5)]


def test_rule_02_the_templates_own_explanation_is_no_risk() -> None:
    told = ["Unique number", "Describe the risk", "Enter 1-5", "Enter 1-5", "Name of the owner", "dd/mm/yyyy", "Select"]
    seen = look(csv_bytes([HEAD, told, ONE]))
    assert values(seen, "title") == [ONE[1]] and "explanation" in seen.plan.skipped[0][1].reason


def test_rule_03_several_tabs_are_matched_and_conflicts_wait_for_a_choice() -> None:
    data = book({
        "2025": [HEAD, ONE, ["A-2", "The lorry is stolen", 1, 1, "", "", "Open"]],
        "2026": [HEAD, [*ONE[:2], 2, 5, *ONE[4:]], ["A-3", "Rain comes in", 1, 1, "", "", "Open"]],
    })  # fmt: skip
    first = look(data)
    assert [sheet.name for sheet in first.mapping.sheets if sheet.use] == ["2026"], "the newest year, and a question"
    for sheet in first.mapping.sheets:
        sheet.use = True
    seen = look(data, mapping=first.mapping)
    row = seen.plan.rows[0]
    assert [r.outcome.value for r in seen.plan.rows] == ["waiting", "new", "new"]
    assert "the same risk as row 2 of “2025”" in [item.reason for _, item in seen.plan.skipped]
    first.mapping.choices = {row.answer_key("tabs.2026"): "2026"}
    decided = look(data, mapping=first.mapping).plan.rows[0]
    assert (decided.outcome, decided.values["likelihood_now"]) == (Outcome.NEW, 2)
    assert "In “2025”, row 2: Likelihood now 4" in decided.values["notes"]
    assert decided.earlier == [("2025", {"likelihood_now": 4})]
    first.mapping.choices = {row.answer_key("tabs.2026"): "both"}
    assert len(look(data, mapping=first.mapping).plan.rows) == 4
    first.mapping.choices, first.mapping.prefer = {}, "2025"
    assert look(data, mapping=first.mapping).plan.rows[0].values["likelihood_now"] == 4


@pytest.mark.parametrize(
    ("levels", "expected"),
    [([1, 2, 3, 3], [1, 3, 5, 5]), ([0, 5, 9, 10], [1, 3, 5, 5]), (["L", "M", "H", "M"], [1, 3, 5, 3]),
     (["5 - Almost certain", "1 - Rare", "3 - Possible", "2 - Unlikely"], [5, 1, 3, 2]),
     (["10%", "35%", "55%", "95%"], [1, 2, 3, 5])],
)  # fmt: skip
def test_rule_04_scales_are_settled_per_file_and_their_texts_kept(levels: list[Any], expected: list[int]) -> None:
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], *[[f"Trouble {n}", v, v] for n, v in enumerate(levels)]]))
    assert values(seen, "impact_now") == expected
    assert seen.plan.rows[0].read["Impact"] == str(levels[0])


def test_rule_04_colours_alone_are_no_rating() -> None:
    def shape(_: Any, sheet: Any) -> None:
        sheet["C2"].fill = PatternFill("solid", fgColor="FF0000")

    seen = look(xlsx_bytes([["Ref", "Risk", "RAG"], ["1", "The kiln overheats", None]], shape=shape))
    assert seen.plan.rows[0].values.get("impact_now") is None


def test_rule_05_scores_are_computed_here_and_disagreement_is_told() -> None:
    rows = [["One", 5, 4, 20], ["Two", 3, 3, 12], ["Three", 2, 2, "#REF!"]]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact", "Score"], *rows]))
    assert [bool(row.warnings) for row in seen.plan.rows] == [False, True, False] and "gives 9" in reasons(seen)


def test_rule_06_days_of_all_sorts_and_words_that_are_none() -> None:
    days = ["46477", "13/04/2027", "2023-6-9", "Q3", "ASAP", "ongoing", "1900-01-00"]
    rows = [[f"Trouble {n}", day] for n, day in enumerate(days)]
    seen = look(csv_bytes([["Risk", "Due date"], *rows]))
    assert values(seen, "due")[:3] == [date(2027, 3, 31), date(2027, 4, 13), date(2023, 6, 9)]
    assert values(seen, "due")[3:] == [None] * 4 and "Due date: Q3" in values(seen, "notes")[3]


def test_rule_07_people_by_address_name_or_title_and_never_by_guess() -> None:
    said = ["dana@acme.test", "Field, Dana", "IT lead", "Omar", "IT/Finance", "Ann Gone"]
    data = csv_bytes([["Risk", "Owner"], *[[f"Trouble {n}", owner] for n, owner in enumerate(said)]])
    seen = look(data)
    assert values(seen, "owner") == ["p1", "p1", "p2", None, None, None]
    assert {row.outcome for row in seen.plan.rows} == {Outcome.NEW}
    assert next((name["text"], name["candidates"]) for name in seen.people) == ("Omar", ["p3", "p2"])
    seen.mapping.people = {"omar": "p3", "ann gone": "p1", "it finance": ""}
    again = look(data, mapping=seen.mapping)
    assert values(again, "owner")[3:] == ["p3", None, "p1"] and "Omar" not in reasons(again)


def test_rule_08_several_risks_in_a_cell_stay_together() -> None:
    seen = look(csv_bytes([["Risk", "Owner"], ["Power fails; then pumps stop; then the cellar floods", "Dana"]]))
    assert values(seen, "title") == ["Power fails; then pumps stop; then the cellar floods"]


@pytest.mark.parametrize("text", ["names|cards", "names; cards", "names, cards", "names\ncards", "• names\n• cards"])
def test_rule_09_lists_in_cells(text: str) -> None:
    seen = look(csv_bytes([["Vendor", "Data types"], ["Ledger Ltd", text]]), of=VENDORS)
    assert values(seen, "data") == [["names", "cards"]]


def test_rule_10_doubles_are_found_suggested_and_never_made() -> None:
    here = [Record(id="1", reference="A-1", title="The kiln overheats at night", values={"title": ONE[1]})]
    same = look(csv_bytes([HEAD, ONE]), records=here).plan.rows[0]
    assert same.record is here[0]
    near = look(csv_bytes([["Risk", "Impact"], ["The kiln overheats at nights!", 5]]), records=here).plan.rows[0]
    assert near.record is here[0], "plural and punctuation make no other risk"
    like = look(csv_bytes([["Risk", "Impact"], ["The kilns overheated at night", 5]]), records=here)
    row = like.plan.rows[0]
    assert row.outcome is Outcome.WAITING and row.choices[0][0].options[0] == ("1", f"A-1 {here[0].title}")
    like.mapping.choices = {row.answer_key("match"): "1"}
    data = csv_bytes([["Risk", "Impact"], ["The kilns overheated at night", 5]])
    assert look(data, records=here, mapping=like.mapping).plan.rows[0].outcome is Outcome.UPDATE
    like.mapping.choices = {row.answer_key("match"): "new"}
    assert look(data, records=here, mapping=like.mapping).plan.rows[0].outcome is Outcome.NEW
    twice = [*here, Record(id="2", reference="A-2", title=here[0].title, values={})]
    assert look(csv_bytes([["Risk"], [here[0].title]]), records=twice).plan.rows[0].outcome is Outcome.WAITING


def test_rule_11_sections_become_categories_and_totals_are_left_out() -> None:
    seen = look(csv_bytes([HEAD, ["ACCESS CONTROL"], ONE, ["", "Total", 4, 5]]))
    assert values(seen, "category") == ["ACCESS CONTROL"]
    assert [item.reason for _, item in seen.plan.skipped][-1] == "a total, not a record"


def test_rule_12_hidden_rows_comments_and_strike_through() -> None:
    def shape(_: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet["B2"].comment = Comment("ask the smith", "Ann")
        for cell in sheet[4]:
            cell.font = Font(strike=True)

    rows = [HEAD, ONE, ["A-2", "Hidden trouble", 1, 1], ["A-3", "Old trouble", 1, 1]]
    seen = look(xlsx_bytes(rows, shape=shape))
    assert [row.outcome.value for row in seen.plan.rows] == ["new", "waiting"]
    assert "ask the smith" in values(seen, "notes")[0]
    assert seen.plan.skipped[0][1].reason == "hidden in the file"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(("mark", "ends"), [(";", "\r\n"), ("\t", "\r"), (",", "\n")])
def test_rule_13_encodings_separators_and_line_ends(encoding: str, mark: str, ends: str) -> None:
    rows = [["Vendor", "Annual spend"], ["Größe & Söhne", "1.234,50"]]
    seen = look(csv_bytes(rows, mark=mark, ends=ends, encoding=encoding), of=VENDORS)
    assert values(seen, "title") == ["Größe & Söhne"] and values(seen, "annual_spend") == [123450]


def test_rule_14_quotes_blanks_and_capitals_make_no_difference() -> None:
    here = [Record(id="1", reference="", title="The owner's key is lost", values={})]
    seen = look(csv_bytes([["Risk"], ["THE OWNER’S\u00a0KEY is\u200b lost  "]]), records=here)
    assert seen.plan.rows[0].record is here[0]
    assert seen.plan.rows[0].values["title"] == "THE OWNER’S KEY is lost", "the text is kept as it was typed"


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'])
def test_rule_15_formulas_in_text_stay_text(text: str) -> None:
    seen = look(csv_bytes([["Risk", "Description"], ["The kiln overheats", text]]))
    assert values(seen, "description") == [text]


def test_rule_16_phantom_rows_pictures_macros_passwords_and_links_to_other_books() -> None:
    parts = parts_of(xlsx_bytes([["Risk"], ["The kiln overheats"]]))
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    phantom = "".join(f'<row r="{n}"/>' for n in range(3, 60_000)) + '<row r="1048576"/>'
    parts["xl/worksheets/sheet1.xml"] = sheet.replace("</sheetData>", phantom + "</sheetData>").encode()
    parts |= {
        "xl/media/image1.png": b"\x89PNG",
        "xl/vbaProject.bin": b"x",
        "xl/externalLinks/externalLink1.xml": b"<a/>",
    }
    seen = look(zipped(parts))
    assert len(seen.plan.rows) == 1 and {"macros", "other workbooks"} <= {
        word for word in ("macros", "other workbooks") if word in " ".join(seen.plan.remarks)
    }
    with pytest.raises(ImportRefused, match="old kind"):
        read("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def test_rule_17_treatments_in_any_words() -> None:
    said = ["treat", "Tolerate", "terminate", "share", "mitigate/reduce", "monitor", "N/A"]
    seen = look(csv_bytes([["Risk", "Treatment"], *[[f"Trouble {n}", word] for n, word in enumerate(said)]]))
    assert values(seen, "treatment") == [
        "reduce", "accept", "avoid", "transfer", "reduce", "untreated", "untreated",
    ]  # fmt: skip
    assert seen.plan.rows[5].warnings


def test_rule_19_one_firm_under_several_names() -> None:
    here = [Record(id="1", reference="V-1", title="Amazon Web Services", values={}, aliases=("AWS",))]
    seen = look(csv_bytes([["Vendor"], ["AWS"], ["Paper & Co"]]), of=VENDORS, records=here)
    assert [row.record for row in seen.plan.rows] == [here[0], None]


def test_rule_20_days_of_contracts_only_when_sure() -> None:
    rows = [["Aa", "2027-06-30", "90 days"], ["Bb", "rolling, 30 days notice", "3 months"]]
    seen = look(csv_bytes([["Vendor", "Contract end", "Notice"], *rows]), of=VENDORS)
    assert values(seen, "contract_end") == [date(2027, 6, 30), None]
    assert "Contract end: rolling, 30 days notice" in values(seen, "notes")[1]
    assert values(seen, "notice_period") == ["90 days", "3 months"]


def test_rule_21_versions_out_of_file_names() -> None:
    found = from_name("Access_Control_Policy v3 FINAL final2.docx")
    assert (found.title, found.version) == ("Access Control Policy", "3.0")


def test_rule_22_numbers_with_points_stay_text_and_the_file_stays_as_it_was() -> None:
    data = csv_bytes([["Ref", "Risk"], ["1.10", "Ten"], ["1.1", "One"], ["03-04", "Not a day"]])
    assert values(look(data), "reference") == ["1.10", "1.1", "03-04"]


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("admin password: Sommer2026!", "a password or a key"), ("key AKIA" + "Q7" * 8, "a password or a key"),
        ("pay to GB82 WEST 1234 5698 7654 32", "a bank account number"),
        ("card 4539 1488 0343 6467", "a payment card number"), ("SSN 536-22-8712", "a personal identity number"),
        ("date of birth: 03/04/1980", "a date of birth"),
    ],
)  # fmt: skip
def test_rule_24_secrets_are_warned_of_and_not_repeated(text: str, sort: str, caplog: Any) -> None:
    seen = look(csv_bytes([["Risk", "Description"], ["Something leaks", text]]))
    told = [remark for remark in seen.plan.rows[0].remarks if sort in remark.reason]
    assert len(told) == 1 and told[0].cell == "B2" and seen.plan.rows[0].outcome is Outcome.NEW
    hit = text.split()[-1]
    assert hit not in told[0].reason + told[0].value and hit not in caplog.text


@pytest.mark.parametrize(
    "text",
    ["Passwords are shared", "The password policy is weak", "No password required", "ISO 27001:2022 / 2023-04-05",
     "GB-2026-0001 order", "1234 5678 9012 3456", "invoice 000-12-3456", "Reset tokens: yes"],
)  # fmt: skip
def test_rule_24_ordinary_words_are_no_secret(text: str) -> None:
    seen = look(csv_bytes([["Risk", "Description"], ["Something leaks", text]]))
    assert "seems to hold" not in reasons(seen)


@pytest.mark.parametrize(
    ("head", "cells", "status"),
    [
        (["Risque", "Probabilité", "Gravité", "Statut"], ["Panne", "Élevé", "Très élevé", "Clôturé"], "closed"),
        (["Risiko", "Wahrscheinlichkeit", "Auswirkung", "Status"], ["Aus", "hoch", "sehr hoch", "erledigt"], "closed"),
        (["Riesgo", "Probabilidad", "Impacto", "Estado"], ["Fallo", "Alta", "Muy alto", "Cerrado"], "closed"),
        (["Rischio", "Probabilità", "Impatto", "Stato"], ["Guasto", "Alta", "Molto alto", "Chiuso"], "closed"),
        (["Risico", "Kans", "Gevolg", "Status"], ["Uitval", "groot", "zeer groot", "Gesloten"], "closed"),
        (["Risco", "Probabilidade", "Impacto", "Situação"], ["Queda", "Alta", "Muito alto", "Encerrado"], "closed"),
    ],
    ids=["fr", "de", "es", "it", "nl", "pt"],
)  # fmt: skip
def test_rule_25_words_of_other_languages_and_the_raw_word_kept(head: Any, cells: Any, status: str) -> None:
    seen = look(csv_bytes([head, cells]), of=RISKS)
    row = seen.plan.rows[0]
    assert (row.values["likelihood_now"], row.values["impact_now"], row.values["status"]) == (4, 5, status)
    assert row.read[head[1]] == cells[1]
