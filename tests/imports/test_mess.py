"""The mess that strangers' files come in, one rule after the other."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

from tests.imports.sheets import RISKS, VENDORS, columns, csv_bytes, look, reasons, values, xlsx_bytes
from vciso.imports.mapping import Mapping
from vciso.imports.planning import Outcome
from vciso.imports.registry import Record

HEAD = ["Ref", "Risk", "Likelihood", "Impact", "Owner", "Due date", "Status"]
ONE = ["A-1", "The kiln overheats at night", 4, 5, "Dana Field", "2027-02-03", "Open"]
TWO = ["A-2", "The lorry is stolen with its load", 2, 1, "", "", "Closed"]


def test_header_is_found_below_titles_and_notes() -> None:
    seen = look(
        xlsx_bytes([["Register of the works"], [], ["Kept by the office", None, "Version 4"], [], HEAD, ONE, TWO])
    )
    assert seen.tables[0][0].first_header == 5
    assert values(seen, "title") == [ONE[1], TWO[1]]


def test_header_over_two_rows_with_merged_cells_tells_the_two_ratings_apart() -> None:
    def shape(book: Any, sheet: Any) -> None:
        for area in ("A1:H1", "A2:A3", "B2:B3", "C2:E2", "F2:H2"):
            sheet.merge_cells(area)

    seen = look(
        xlsx_bytes(
            [
                ["Register"],
                ["No.", "Risk", "Before controls", None, None, "After controls", None, None],
                [None, None, "Likelihood", "Impact", "Score", "Likelihood", "Impact", "Score"],
                [1, "The kiln overheats at night", 4, 5, 20, 2, 5, 10],
            ],
            shape=shape,
        )
    )
    row = seen.plan.rows[0]
    assert (row.values["likelihood_before"], row.values["impact_before"]) == (4, 5)
    assert (row.values["likelihood_now"], row.values["impact_now"]) == (2, 5)
    assert not row.remarks


def test_words_in_any_case_order_and_punctuation_are_known() -> None:
    head = [
        "STATUS:",
        "risk_owner",
        "IMPACT  (1-5)",
        "Likelihood [1–5]",
        "RiskDescription",
        "Risk-ID",
        "Existing Control(s)",
    ]
    seen = look(csv_bytes([head, ["open", "dana@acme.test", 3, 4, "Mould grows in the archive", "M/1", "Fans"]]))
    assert set(columns(seen).values()) == {
        "status", "owner", "impact_now", "likelihood_now", "description", "reference", "controls",
    }  # fmt: skip
    assert values(seen, "owner") == ["p1"] and values(seen, "title") == ["Mould grows in the archive"]


def test_unknown_columns_are_kept_in_the_notes() -> None:
    seen = look(csv_bytes([[*HEAD, "Phase of moon", ""], [*ONE, "waxing", "no heading"]]))
    assert values(seen, "notes") == ["Phase of moon: waxing\nColumn I: no heading"]


def test_a_list_without_headings_is_read_by_its_letters() -> None:
    seen = look(csv_bytes([["K1", "A beam of the old hall cracks", "3"], ["K2", "Two doors cannot be locked", "2"]]))
    assert values(seen, "title") == ["A beam of the old hall cracks", "Two doors cannot be locked"]
    assert "Column A: K1" in values(seen, "notes")[0]


def test_template_help_row_is_skipped_and_listed() -> None:
    helped = [
        "Unique number",
        "Describe the risk in one line",
        "Enter 1-5",
        "Enter 1-5",
        "Name of the owner",
        "dd/mm/yyyy",
        "Select",
    ]
    seen = look(csv_bytes([HEAD, helped, ONE]))
    assert len(seen.plan.rows) == 1 and seen.plan.skipped[0][1].row == 2


def test_only_the_register_tab_is_read_and_the_others_are_listed() -> None:
    def shape(book: Any, sheet: Any) -> None:
        old = book.create_sheet("Old 2023", 0)
        matrix = book.create_sheet("Matrix")
        for line in (HEAD, ["Z-9", "An old story of the mill", 1, 1, "", "", "Open"]):
            old.append(line)
        matrix.append(["Likelihood", "Meaning"])
        matrix.append([1, "Rare"])

    seen = look(xlsx_bytes([HEAD, ONE], title="Risk register", shape=shape))
    assert [sheet.name for sheet in seen.mapping.sheets if sheet.use] == ["Risk register"]
    assert "Old 2023" in " ".join(seen.plan.remarks)
    assert any(question.key == "sheets" for question in seen.questions)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([1, 2, 3, 3, 2, 1], [1, 3, 5, 5, 3, 1]),
        ([1, 2, 3, 4, 4, 2], [1, 2, 4, 5, 5, 2]),
        ([1, 2, 3, 4, 5, 5], [1, 2, 3, 4, 5, 5]),
        ([0, 1, 2, 5, 9, 10], [1, 1, 1, 3, 5, 5]),
        (["L", "M", "H", "low", "MEDIUM", "High "], [1, 3, 5, 1, 3, 5]),
        (["low", "medium", "high", "critical"], [1, 2, 4, 5]),
        (["very low", "low", "medium", "high", "very high"], [1, 2, 3, 4, 5]),
        (["Rare", "Unlikely", "Possible", "Likely", "Almost certain"], [1, 2, 3, 4, 5]),
        (["5 - Almost certain", "1 – Rare", "3. Possible", "Likely (4)", "2: Unlikely"], [5, 1, 3, 4, 2]),
        (["5%", "30 %", "50%", "70-80%", "95%"], [1, 2, 3, 4, 5]),
        (["0.1", "0.35", "0.9"], [1, 2, 5]),
        (["niedrig", "mittel", "hoch"], [1, 3, 5]),
    ],
)
def test_scales_become_one_to_five(levels: list[Any], expected: list[int]) -> None:
    rows = [[f"Something number {n} goes wrong", level, level] for n, level in enumerate(levels)]
    seen = look(csv_bytes([["Risk", "Likelihood", "Impact"], *rows]))
    assert values(seen, "likelihood_now") == expected and values(seen, "impact_now") == expected
    kept = seen.scales["likelihood_now"]
    assert all(kept.knows(str(level)) for level in levels)


def test_scale_mapping_can_be_changed_and_survives_storage() -> None:
    data = csv_bytes(
        [["Risk", "Likelihood", "Impact"], ["The kiln overheats", "often-ish", "high"], ["Rain comes in", "low", "low"]]
    )
    first = look(data)
    assert values(first, "likelihood_now")[0] is None and "no level" in reasons(first)
    mapping = Mapping.from_json(first.mapping.to_json())
    mapping.scales = {"likelihood_now": {"often-ish": 4}}
    assert values(look(data, mapping=mapping), "likelihood_now")[0] == 4


def test_severity_alone_is_not_rated_and_its_word_is_kept() -> None:
    seen = look(csv_bytes([["Finding", "Severity"], ["Doors stand open", "Critical"], ["Keys hang outside", "Low"]]))
    row = seen.plan.rows[0]
    assert "impact_now" not in row.values and "Severity: Critical" in row.values["notes"] and row.warnings


def test_score_that_disagrees_is_a_warning_and_ours_counts() -> None:
    head = ["Risk", "Likelihood", "Impact", "Score"]
    seen = look(
        csv_bytes(
            [
                head,
                ["One thing", 5, 4, 20],
                ["Another thing", 3, 3, 12],
                ["A third", 2, 2, "#REF!"],
                ["A fourth", 1, 5, "High"],
            ]
        )
    )
    assert [bool(row.warnings) for row in seen.plan.rows] == [False, True, False, True]
    assert "gives 9" in seen.plan.rows[1].warnings[0].reason and seen.plan.rows[1].warnings[0].cell == "D3"


def test_dates_of_every_sort() -> None:
    days = [
        "2027-03-01",
        "1/4/2027",
        "13/5/2027",
        "2023-6-9",
        "4 March 2027",
        "Mar 5, 2027",
        "6-Apr-27",
        "07.08.2027",
        46477,
        "20270101",
    ]
    rows = [[f"Something number {n} happens", 1, 1, day] for n, day in enumerate(days)]
    seen = look(xlsx_bytes([["Risk", "Likelihood", "Impact", "Due"], *rows]), default_order="mdy")
    assert values(seen, "due") == [
        date(2027, 3, 1), date(2027, 4, 1), date(2027, 5, 13), date(2023, 6, 9), date(2027, 3, 4),
        date(2027, 3, 5), date(2027, 4, 6), date(2027, 8, 7), date(2027, 3, 31), date(2027, 1, 1),
    ]  # fmt: skip
    assert seen.mapping.date_order == "dmy" and not seen.questions


@pytest.mark.parametrize("order", ["dmy", "mdy"])
def test_dates_that_can_be_read_two_ways_are_asked_once_with_examples(order: str) -> None:
    rows = [["One thing happens", "03/04/2027"], ["Another thing happens", "05/06/2027"]]
    seen = look(csv_bytes([["Risk", "Due date"], *rows]), default_order=order)
    questions = [question for question in seen.questions if question.key == "date_order"]
    assert len(questions) == 1 and questions[0].examples == ("03/04/2027", "05/06/2027")
    assert values(seen, "due")[0] == (date(2027, 4, 3) if order == "dmy" else date(2027, 3, 4))


@pytest.mark.parametrize("said", ["Q3", "Q3 2027", "ASAP", "ongoing", "mid 2027", "31/02/2027", "when the roof is dry"])
def test_vague_dates_become_a_note_and_no_date(said: str) -> None:
    row = look(csv_bytes([HEAD, ONE, [*ONE[:1], "Another thing", 1, 1, "", said, "Open"]])).plan.rows[1]
    assert row.values.get("due") is None and f"Due date: {said}" in row.values["notes"] and row.warnings


def test_the_empty_date_of_a_spreadsheet_is_no_date() -> None:
    def shape(book: Any, sheet: Any) -> None:
        sheet["F2"] = 0
        sheet["F2"].number_format = "yyyy-mm-dd"

    seen = look(xlsx_bytes([HEAD, ONE], shape=shape))
    assert values(seen, "due") == [None] and "1900-01-00" in reasons(seen)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("dana@acme.test", "p1"), ("Dana Field <other@x.test>", "p1"), ("DANA FIELD", "p1"), ("Field, Dana", "p1"),
        ("Dana", "p1"), ("IT lead", "p2"), ("Omar", None), ("IT/Finance", None), ("Dana Field / Finance", "p1"),
    ],
)  # fmt: skip
def test_owners_are_found_or_left_unassigned_with_a_warning(said: str, found: str | None) -> None:
    row = look(csv_bytes([HEAD, [*ONE[:4], said, "", "Open"]])).plan.rows[0]
    assert row.values.get("owner") == found and row.outcome is Outcome.NEW
    if found is None or "/" in said:
        assert row.warnings and said in row.values["notes"]
    if found is None:
        # Whoever owns a risk that is here already stays its owner, so it does not say “unassigned”.
        assert "so no owner is taken from it" in row.warnings[0].reason and "unassigned" not in row.warnings[0].reason


@pytest.mark.parametrize(
    "text", ["names|cards", "names; cards", "names, cards", "names\ncards", "- names\n- cards", "• names\n• cards"]
)
def test_several_values_in_a_cell(text: str) -> None:
    seen = look(csv_bytes([["Vendor", "Data types"], ["Ledger Ltd", text]]), of=VENDORS)
    assert values(seen, "data") == [["names", "cards"]]


def test_a_comma_inside_quotes_parts_no_name() -> None:
    seen = look(csv_bytes([["Vendor", "Data types"], ["Ledger Ltd", 'cards, "Oslo, Norway"']]), of=VENDORS)
    assert values(seen, "data") == [["cards", "Oslo, Norway"]]


def record(number: int, title: str, **more: Any) -> Record:
    return Record(id=str(number), reference=f"A-{number}", title=title, values={"title": title, **more})


def test_rows_are_matched_by_reference_then_by_title() -> None:
    records = [
        record(1, "The kiln overheats at night", status="open"),
        record(7, "The LORRY is stolen, with its load", status="open"),
    ]
    seen = look(csv_bytes([HEAD, ONE, TWO]), records=records)
    assert [(row.record.id, row.outcome) for row in seen.plan.rows if row.record] == [
        ("1", Outcome.UPDATE),
        ("7", Outcome.UPDATE),
    ]
    assert seen.plan.rows[1].changes["status"] == ("open", "closed")


def test_a_reference_that_means_something_else_here_makes_a_new_record_and_says_so() -> None:
    row = look(csv_bytes([HEAD, ONE]), records=[record(1, "Fraud in the ticket office")]).plan.rows[0]
    assert row.outcome is Outcome.NEW and "already" in row.warnings[0].reason and row.values["reference"] is None


def test_references_that_start_again_each_year_are_kept_apart() -> None:
    rows = [
        ["R1", "Frost bursts the pipe"],
        ["R2", "Wasps nest in the vent"],
        ["R1", "The clock stops at noon"],
        ["R1", "Frost bursts the pipe"],
    ]
    seen = look(csv_bytes([["Ref", "Risk"], *rows]))
    assert [row.outcome.value for row in seen.plan.rows] == ["new", "new", "new", "refused"]
    assert seen.plan.rows[2].warnings and "row 2" in seen.plan.rows[3].remarks[0].reason.lower()


def test_sections_become_categories_and_totals_are_left_out_and_listed() -> None:
    rows = [
        ["ACCESS CONTROL"],
        ONE,
        TWO,
        ["Total", "", 6, 6],
        [],
        ["Suppliers:"],
        ["A-3", "The host goes bankrupt", 1, 5, "", "", "Open"],
    ]
    seen = look(csv_bytes([HEAD, *rows]))
    assert values(seen, "category") == ["ACCESS CONTROL", "ACCESS CONTROL", "Suppliers"]
    assert {item.reason for _, item in seen.plan.skipped} == {
        "a section heading, used as category below",
        "a total, not a record",
    }


def test_a_title_that_begins_with_total_is_still_a_risk() -> None:
    seen = look(csv_bytes([HEAD, ["A-1", "Total loss of the data centre", 1, 5, "Dana Field", "", "Open"], TWO]))
    assert len(seen.plan.rows) == 2


def test_guides_below_and_beside_the_table_are_left_out() -> None:
    wide = [
        [*HEAD, None, "Scale", "Meaning"],
        [*ONE, None, 1, "Rare"],
        [*TWO, None, 2, "Often"],
        [None] * 8 + [3, "Always"],
    ]
    seen = look(xlsx_bytes([*wide, [], ["Scoring guide"], ["1 = low"], ["5 = high"]]))
    assert len(seen.plan.rows) == 2 and "Rare" not in str(values(seen, "notes"))
    assert [item.reason for _, item in seen.plan.skipped].count("text below the table") == 3


def test_another_table_below_is_not_read_as_records() -> None:
    other = [
        [],
        ["Ref", "Owner", "Status", "Due date"],
        ["T-1", "Dana", "Open", "2027-01-01"],
        ["T-2", "Lind", "Open", ""],
    ]
    seen = look(csv_bytes([HEAD, ONE, TWO, *other]))
    assert len(seen.plan.rows) == 2 and any("another table" in item.reason for _, item in seen.plan.skipped)


def test_repeated_headers_of_printed_pages_are_left_out() -> None:
    assert len(look(csv_bytes([HEAD, ONE, HEAD, TWO])).plan.rows) == 2


def test_prepared_empty_rows_are_no_records() -> None:
    seen = look(csv_bytes([[*HEAD[:4], "Score"], [*ONE[:4], 20], ["A-2", "", "", "", 0], ["A-3", "", "", "", 0]]))
    assert len(seen.plan.rows) == 1 and len(seen.plan.skipped) == 2


def test_a_record_without_a_title_is_refused_with_cell_and_remedy() -> None:
    row = look(csv_bytes([HEAD, ONE, ["A-9", "", 2, 2, "Dana Field", "", "Open"]])).plan.rows[1]
    assert row.outcome is Outcome.REFUSED and row.remarks[0].cell == "B3" and "Write one" in row.remarks[0].reason


def test_rows_of_a_merged_title_belong_together() -> None:
    def shape(book: Any, sheet: Any) -> None:
        for area in ("A2:A3", "B2:B3"):
            sheet.merge_cells(area)

    head = ["Ref", "Risk", "Action plan"]
    seen = look(
        xlsx_bytes(
            [
                head,
                ["A-1", "The kiln overheats", "Buy a sensor"],
                [None, None, "Train the crew"],
                ["A-2", "Rain comes in", "Mend it"],
            ],
            shape=shape,
        )
    )
    assert values(seen, "action") == ["Buy a sensor\nTrain the crew", "Mend it"]


def test_hidden_rows_are_read_only_on_request() -> None:
    def shape(book: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True

    data = xlsx_bytes([HEAD, ONE, TWO], shape=shape)
    seen = look(data)
    assert len(seen.plan.rows) == 1 and seen.plan.skipped[0][1].reason == "hidden in the file"
    seen.mapping.hidden = True
    assert len(look(data, mapping=seen.mapping).plan.rows) == 2


def test_comments_become_notes_and_struck_rows_are_asked_about() -> None:
    def shape(book: Any, sheet: Any) -> None:
        sheet["B2"].comment = Comment("ask the smith", "Ann")
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    data = xlsx_bytes([HEAD, ONE, ["A-2", "Rain comes in at the hall", 1, 1, "", "", "Open"]], shape=shape)
    seen = look(data)
    assert "ask the smith" in values(seen, "notes")[0]
    row = seen.plan.rows[1]
    assert row.outcome is Outcome.WAITING and "struck through" in row.choices[0][0].question
    seen.mapping.choices = {row.answer_key("struck"): "keep"}
    assert look(data, mapping=seen.mapping).plan.rows[1].outcome is Outcome.NEW
    seen.mapping.choices = {}
    seen.mapping.struck = "close"
    assert values(look(data, mapping=seen.mapping), "status")[1] == "closed"
    seen.mapping.struck = "skip"
    assert len(look(data, mapping=seen.mapping).plan.rows) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding: str, mark: str, ends: str) -> None:
    rows = [["Risk", "Likelihood", "Impact"], ["Café – “größer”, naïve", 2, 5], ["Two, and; three", 1, 1]]
    seen = look(csv_bytes(rows, mark=mark, encoding=encoding, ends=ends))
    assert values(seen, "title") == [rows[1][0], rows[2][0]] and values(seen, "impact_now") == [5, 1]


def test_decimal_commas_and_currencies() -> None:
    rows = [
        ["Vendor", "Annual spend"],
        ["Aa Ltd", "1.234,50 €"],
        ["Bb Ltd", "$12,000"],
        ["Cc Ltd", "3,5k"],
        ["Dd Ltd", "10-20k"],
        ["Ee Ltd", "CHF 1'200.05"],
    ]
    seen = look(csv_bytes(rows, mark=";"), of=VENDORS)
    assert values(seen, "annual_spend") == [123450, 1200000, 350000, None, 120005]
    assert "Annual spend: 10-20k" in values(seen, "notes")[3]


def test_invisible_characters_do_not_matter_and_text_stays() -> None:
    head = ["\ufeffRisk\u00a0ID ", "RISK\u200b", "Likelihood", "Impact"]
    seen = look(csv_bytes([head, ["\u00a0A\u200b-1 ", "“Smart” quotes\u00a0stay ", "2 ", " HIGH"]]))
    assert values(seen, "reference") == ["A-1"] and values(seen, "title") == ["“Smart” quotes stay"]
    assert values(seen, "impact_now") == [5]


def test_texts_that_look_like_formulas_stay_texts() -> None:
    seen = look(
        csv_bytes(
            [HEAD, ["A-1", '=HYPERLINK("http://x")', 1, 1, "", "", "Open"], ["A-2", "'=1+1", 1, 1, "", "", "Open"]]
        )
    )
    assert values(seen, "title") == ['=HYPERLINK("http://x")', "=1+1"]


def test_phantom_rows_cost_nothing() -> None:
    def shape(book: Any, sheet: Any) -> None:
        sheet.cell(1_000_000, 3).font = Font(bold=True)
        for number in range(2_000, 9_000):
            sheet.cell(number, 2).font = Font(bold=True)

    seen = look(xlsx_bytes([HEAD, ONE, TWO], shape=shape))
    assert len(seen.plan.rows) == 2 and len(seen.book.sheets[0].rows) == 3


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Mitigate", "reduce"), ("TREAT", "reduce"), ("Reduce - phase 2", "reduce"), ("tolerate", "accept"),
        ("Transfer (insurance)", "transfer"), ("Terminate", "avoid"), ("monitor", "untreated"),
        ("N/A", "untreated"), ("Not treated", "untreated"),
    ],
)  # fmt: skip
def test_treatment_words(word: str, expected: str) -> None:
    seen = look(csv_bytes([["Risk", "Treatment"], ["The kiln overheats", "Mitigate"], ["Rain comes in", word]]))
    row = seen.plan.rows[1]
    assert row.values["treatment"] == expected
    assert bool(row.warnings) == (word in ("monitor", "N/A"))


def test_treatment_that_is_a_sentence_is_an_action() -> None:
    rows = [
        ["Risk", "Risk treatment"],
        ["The kiln overheats", "Buy two sensors and train the crew by March"],
        ["Rain comes in", "Mend the roof above the archive"],
    ]
    assert columns(look(csv_bytes(rows))) == {"A": "title", "B": "action"}


def test_one_bare_pair_of_ratings_is_how_the_risk_stands_now() -> None:
    assert set(columns(look(csv_bytes([HEAD, ONE]))).values()) >= {"likelihood_now", "impact_now"}
    both = ["Risk", "Likelihood", "Impact", "Residual likelihood", "Residual impact"]
    seen = look(csv_bytes([both, ["The kiln overheats", 5, 4, 2, 4]]))
    assert columns(seen) == {
        "A": "title", "B": "likelihood_before", "C": "impact_before", "D": "likelihood_now", "E": "impact_now",
    }  # fmt: skip


def test_a_heading_with_two_meanings_is_asked_about() -> None:
    seen = look(csv_bytes([["Risk", "Review date"], ["The kiln overheats", "2027-01-01"]]))
    assert [question.key for question in seen.questions] == ["column.2"]
    assert [key for key, _ in seen.questions[0].options] == ["review", "last_reviewed"]


def test_empty_cells_never_erase() -> None:
    records = [record(1, "The kiln overheats at night", controls="A sensor", due=date(2027, 1, 1))]
    row = look(
        csv_bytes([["Ref", "Risk", "Controls", "Due"], ["A-1", "The kiln overheats at night", "", ""]]), records=records
    ).plan.rows[0]
    assert row.outcome is Outcome.UNCHANGED


def test_yes_and_no_columns_of_vendors_say_what_they_ask() -> None:
    head = ["Vendor", "PII (y/n)", "SOC 2", "ISO 27001", "DPA signed"]
    row = look(csv_bytes([head, ["Ledger Ltd", "Y", "yes", "no", "Yes"]]), of=VENDORS).plan.rows[0]
    assert row.values["data"] == ["PII"] and row.values["certificates"] == ["SOC 2"]
    assert row.values["dpa"] == "DPA signed: Yes"


def test_every_kind_reads_every_file_without_a_crash() -> None:
    for kind in (RISKS, VENDORS):
        for rows in ([["x"]], [["", "a"], ["b", ""]], [HEAD], [[], [], ["only", "words", "here"]]):
            look(csv_bytes(rows), of=kind)
