"""Files that are turned away: early, in a sentence that helps, and never by a crash."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.imports.sheets import RISKS, csv_bytes, look, parts_of, xlsx_bytes, zipped
from vciso.imports.reading import ImportRefused, read

GOOD = xlsx_bytes([["Risk", "Likelihood", "Impact"], ["The kiln overheats", 3, 4]])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def bomb() -> bytes:
    parts = parts_of(GOOD)
    parts["xl/worksheets/sheet1.xml"] = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 2_400_000
    return zipped(parts)


def lying_bomb() -> bytes:
    """An archive that claims its member is small."""
    data = bytearray(bomb())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = 0
        while (found := data.find(mark, start)) >= 0:
            data[found + offset : found + offset + 4] = (100).to_bytes(4, "little")
            start = found + 4
    return bytes(data)


def with_part(name: str, content: bytes) -> bytes:
    return zipped({**parts_of(GOOD), name: content})


def encrypted_members() -> bytes:
    data = bytearray(GOOD)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (found := data.find(mark, start)) >= 0:
            data[found + offset] |= 1
            start = found + 4
    return bytes(data)


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'

REFUSED = [
    ("empty.csv", b"", "empty"),
    ("blank.csv", b"  \n\n ;;; \n", "Choose the file"),
    ("big.csv", b"a,b\n" * 3_000_000, "MB"),
    ("bomb.xlsx", bomb, "20 MB"),
    ("lying.xlsx", lying_bomb, ""),
    ("many.xlsx", lambda: zipped({**parts_of(GOOD), **{f"xl/media/i{n}.png": b"x" for n in range(210)}}), "parts"),
    ("dots.xlsx", lambda: with_part("../../etc/passwd", b"x"), "points outside"),
    ("root.xlsx", lambda: with_part("/etc/passwd", b"x"), "points outside"),
    ("nested.xlsx", lambda: with_part("xl/embeddings/book.xlsx", GOOD), "another file inside"),
    ("hidden-nest.xlsx", lambda: with_part("xl/media/picture.png", GOOD), "another file inside"),
    ("laughs.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", LAUGHS), "entities"),
    ("outside.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", OUTSIDE), "entities"),
    ("password.xlsx", OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "password"),
    ("locked.xlsx", encrypted_members, "password"),
    ("old.xls", OLE + b"\0" * 2000, "old kind"),
    ("cut.xlsx", GOOD[: len(GOOD) // 2], "damaged"),
    ("start.xlsx", GOOD[40:], "not a workbook"),
    ("named.csv", GOOD, "Rename"),
    ("named.xlsx", b"Risk,Likelihood\nA,1\n", "not a workbook"),
    ("page.xls", b"<html><body><table><tr><td>Risk</td></tr></table></body></html>", "web page"),
    ("sheet.ods", lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
    ("ods.xlsx", lambda: zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
    ("letter.xlsx", lambda: zipped({"word/document.xml": b"<a/>"}), "Word"),
    ("list.pdf", b"%PDF-1.7 ...", "PDF, not a spreadsheet. Export the list"),
    ("picture.csv", b"\x89PNG\r\n\x1a\n....", "copy its table into a spreadsheet"),
    ("register.rar", b"Rar!....", "Unpack it"),
    ("noise.csv", bytes(range(256)) * 40, "neither text nor a workbook"),
    ("deep.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", b"<a>" * 100_000), "nested"),
    ("nothing.xlsx", lambda: xlsx_bytes([]), "No tab"),
    ("fifty.xlsx", lambda: GOOD + b"\0" * (50 * 1024 * 1024), "MB"),
    ("fifty.csv", lambda: b"Risk,Impact\n" + b"x" * (50 * 1024 * 1024), "MB"),
    ("letter-as.xlsx", lambda: zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}), "Word"),
    ("directory.xlsx", lambda: GOOD[:-30] + b"\xff" * 30, "damaged"),
    ("offsets.xlsx", lambda: GOOD.replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
    ("binary.xlsb", lambda: zipped({"xl/workbook.bin": b"\x83"}), "binary"),
    ("texts.xlsx", lambda: with_part("xl/sharedStrings.xml", LAUGHS), "entities"),
    ("utf16.xlsx", lambda: with_part("xl/worksheets/sheet1.xml", LAUGHS.decode().encode("utf-16")), ""),
    ("styles.xlsx", lambda: with_part("xl/styles.xml", OUTSIDE), "entities"),
    ("long.csv", lambda: b"Risk,Likelihood,Impact\n" + b"x" * 5_000_000 + b",1,1\n", "quotation mark"),
    ("rows.csv", lambda: b"Risk\n" + b"a risk\n" * 20_100, "20,000 rows"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "told"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_file_is_refused_within_a_second_with_a_sentence(name: str, data: object, told: str) -> None:
    content = data() if callable(data) else data
    assert isinstance(content, bytes)
    started = time.process_time()
    with pytest.raises(ImportRefused) as refused:
        read(name, content)
    assert time.process_time() - started < 1
    sentence = str(refused.value)
    assert told in sentence and sentence.endswith(".") and len(sentence.split(".")) > 1


def wide() -> bytes:
    cells = b"".join(b"<c t='inlineStr'><is><t>Heading %d</t></is></c>" % n for n in range(10_000))
    more = b"<c t='inlineStr'><is><t>The kiln overheats</t></is></c>" * 10_000
    return with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>" + cells + b"</row><row>" + more
                     + b"</row></sheetData></worksheet>")  # fmt: skip


def phantom() -> bytes:
    """A million rows that were formatted once and hold nothing."""
    rows = b"".join(b'<row r="%d"/>' % n for n in range(3, 1_000_000))
    sheet = parts_of(GOOD)["xl/worksheets/sheet1.xml"]
    return with_part("xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", rows + b"</sheetData>"))


def around_in_circles() -> bytes:
    """A workbook whose parts name each other, and whose texts name texts that are not there."""
    parts = parts_of(GOOD)
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId98" Type="http://x/worksheet" Target="workbook.xml"/>'
        b'<Relationship Id="rId99" Type="http://x/sharedStrings" Target="workbook.xml"/></Relationships>',
    )
    sheet = parts["xl/worksheets/sheet1.xml"]
    circle = b"<row><c t='s'><v>0</v></c><c t='s'><v>99999999</v></c><c t='s'><v>-1</v></c></row></sheetData>"
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", circle)
    return zipped(parts)


def dangerous() -> bytes:
    """Formulas that would start programs or fetch pages, as they stand in a saved workbook."""
    calls = ("cmd|' /C calc'!A0", 'WEBSERVICE("http://x.test/")', 'HYPERLINK("http://x.test/","click")', "[1]Sheet1!A1")
    cells = "".join(f"<row><c t='str'><f>{call.replace('&', '&amp;')}</f><v>shown</v></c></row>" for call in calls)
    sheet = parts_of(GOOD)["xl/worksheets/sheet1.xml"].decode().replace("</sheetData>", cells + "</sheetData>")
    return zipped({**parts_of(GOOD), "xl/worksheets/sheet1.xml": sheet.encode(), "xl/connections.xml": b"<a/>",
                   "xl/embeddings/oleObject1.bin": b"\xd0\xcf\x11\xe0", "xl/externalLinks/link1.xml": b"<a/>",
                   "xl/activeX/activeX1.bin": b"x"})  # fmt: skip


READ = [
    ("columns.xlsx", wide, 300),
    ("phantom.xlsx", phantom, 3),
    ("circles.xlsx", around_in_circles, 3),
    ("dangerous.xlsx", dangerous, 3),
    ("nul.csv", lambda: b"Risk,Likelihood,Impact\nThe kiln\x01 overheats,3,4\n", 3),
    ("mac.csv", lambda: b"Risk,Likelihood,Impact\rThe kiln overheats,3,4\r", 3),
    ("wide.csv", lambda: b",".join(b"Heading" for _ in range(10_000)) + b"\n" + b"x," * 10_000, 300),
    ("utf16.txt", lambda: csv_bytes([["Risk", "Likelihood", "Impact"], ["A kiln", 3, 4]], encoding="utf-16"), 3),
]  # fmt: skip


@pytest.mark.parametrize(("name", "made", "widest"), READ, ids=[name for name, _, _ in READ])
def test_odd_files_are_read_within_limits_and_within_seconds(name: str, made: Callable[[], bytes], widest: int) -> None:
    content = made()
    started = time.process_time()
    book = read(name, content)
    assert time.process_time() - started < 3
    assert max(sheet.width for sheet in book.sheets) <= widest
    assert ("300 columns" in " ".join(book.remarks)) is (widest == 300), "what is not read is said"
    assert all(len(cell.text) <= 40_000 for sheet in book.sheets for row in sheet.rows for cell in row.cells.values())


def test_no_formula_of_a_file_is_ever_live_again() -> None:
    seen = look(dangerous(), name="dangerous.xlsx")
    assert [row.title for row in seen.plan.rows][1:] == ["shown"] * (len(seen.plan.rows) - 1)
    assert "other workbooks" in " ".join(seen.plan.remarks)


def test_nothing_outside_the_file_is_read() -> None:
    with pytest.raises(ImportRefused) as refused:
        read("outside.xlsx", with_part("xl/sharedStrings.xml", OUTSIDE))
    assert "root:" not in str(refused.value)


def test_shared_texts_are_read_with_their_runs_and_strikes() -> None:
    parts = parts_of(GOOD)
    parts["xl/sharedStrings.xml"] = (
        b"<sst><si><t>Risk</t></si><si><r><t>The kiln </t></r><r><rPr><b/></rPr><t>over_x0041_</t></r>"
        b"<rPh><t>no</t></rPh></si><si><r><rPr><strike/></rPr><t>gone</t></r></si></sst>"
    )
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"</Relationships>",
        b'<Relationship Id="rId99" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    parts["xl/worksheets/sheet1.xml"] = (
        b"<worksheet><sheetData><row>"
        + b"".join(b"<c t='s'><v>%d</v></c>" % n for n in range(4))
        + b"</row></sheetData></worksheet>"
    )
    row = read("x.xlsx", zipped(parts)).sheets[0].rows[0]
    assert [row.cell(n).text for n in range(1, 5)] == ["Risk", "The kiln overA", "gone", ""]
    assert row.cell(3).struck and not row.cell(2).struck


def test_macros_are_not_run_and_the_values_are_read() -> None:
    data = with_part("xl/vbaProject.bin", b"Sub Auto_Open")
    book = read("list.xlsm", data)
    assert "not run" in book.remarks[0] and book.sheets[0].rows[1].cell(1).text == "The kiln overheats"


def test_values_are_read_as_last_calculated() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><f>UPPER("risk")</f><v>RISK</v></c><c r="B1"><f>DATE(2027,2,3)</f></c>'
        b'<c r="C1" t="inlineStr"><is><t>in line</t></is></c><c r="D1" t="e"><v>#REF!</v></c>'
        b'<c r="E1"><f>SUM(A2:A9)</f></c></row></sheetData></worksheet>'
    )
    row = read("x.xlsx", with_part("xl/worksheets/sheet1.xml", sheet)).sheets[0].rows[0]
    assert [row.cell(n).text for n in range(1, 6)] == ["RISK", "2027-02-03", "in line", "#REF!", "=SUM(A2:A9)"]
    assert row.cell(4).error and row.cell(5).error


def test_an_unclosed_quotation_mark_is_said() -> None:
    book = read("x.csv", b'Risk,Impact\n"One,2\nTwo,3\n')
    assert "never closed" in book.remarks[0]


SOUP = st.one_of(
    st.binary(max_size=600),
    st.binary(max_size=400).map(lambda tail: b"PK\x03\x04" + tail),
    st.binary(max_size=200).map(lambda tail: GOOD[: 200 + len(tail)] + tail + GOOD[200 + len(tail) :]),
    st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.lists(st.text(max_size=20), max_size=6), max_size=12).map(
        lambda rows: csv_bytes(rows, encoding="utf-16", mark=";")
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=SOUP, name=st.sampled_from(["a.csv", "a.xlsx", "a.txt", "a", "a.xlsm"]))
def test_no_soup_of_bytes_raises_anything_but_a_refusal(data: bytes, name: str) -> None:
    try:
        look(data, name=name, of=RISKS)
    except ImportRefused as refused:
        assert str(refused)


XML = st.recursive(
    st.sampled_from(
        [b"<v>1</v>", b"<v>x</v>", b"<f>A1</f>", b"<is><t>t</t></is>", b"", b"<v>1e999</v>", b"<v>99999999</v>"]
    ),
    lambda inner: st.builds(
        lambda tag, attrs, body: b"<" + tag + attrs + b">" + b"".join(body) + b"</" + tag + b">",
        st.sampled_from([b"row", b"c", b"sheetData", b"mergeCells", b"cols"]),
        st.sampled_from(
            [
                b"",
                b' r="A1"',
                b' r="ZZZ9999999"',
                b' r="-1"',
                b' t="s"',
                b' s="9"',
                b' t="b"',
                b' r="3" hidden="1"',
                b' s="x" t="e"',
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=XML)
def test_odd_sheets_inside_a_whole_workbook_never_crash(body: bytes) -> None:
    try:
        look(with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + body + b"</sheetData></worksheet>"))
    except ImportRefused as refused:
        assert str(refused)


def test_cells_may_lie_in_any_order_and_without_names() -> None:
    sheet = (
        b"<worksheet><sheetData><row><c t='inlineStr'><is><t>Risk</t></is></c>"
        b"<c t='inlineStr'><is><t>Impact</t></is></c></row>"
        b"<row><c t='inlineStr'><is><t>The kiln overheats</t></is></c><c><v>4</v></c></row></sheetData></worksheet>"
    )
    seen = look(with_part("xl/worksheets/sheet1.xml", sheet))
    assert seen.plan.rows[0].values["title"] == "The kiln overheats"


def test_a_refused_archive_leaves_nothing_open(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/workbook.xml", b"x" * 100)
    with pytest.raises(ImportRefused):
        read("x.xlsx", out.getvalue())
