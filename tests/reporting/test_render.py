"""Both reports as pages and PDFs: golden HTML, tags, limits, hostile words, empty clients."""

from __future__ import annotations

import html as html_module
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pikepdf
import pytest

from reporting import prose, render, unknown, words
from reporting.documents import Document, Edition
from tests.pdf.test_fetcher import PNG
from tests.reporting import example_parts, examples, golden_files
from tests.reporting.golden_files import EXAMPLES, document

PAGES = {
    "monthly": (2, 3),
    "monthly-empty": (1, 2),
    "monthly-one-item": (2, 3),
    "monthly-41-risks": (2, 3),
    "board": (9, 13),
    "board-empty": (5, 8),
    "board-41-risks": (9, 13),
}


def on(made: Document, **edition: Any) -> Document:
    return replace(made, edition=replace(made.edition, **edition))


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_page_is_as_it_was_last_looked_at(name: str) -> None:
    """After a wanted change: bin/reports, look at the pages, commit them."""
    stored = (golden_files.FOLDER / f"{name}.html").read_text(encoding="utf-8")
    assert golden_files.html(name) == stored


@pytest.fixture(scope="module", params=[(name, paper) for name in EXAMPLES for paper in ("a4", "letter")])
def drawn(request: pytest.FixtureRequest) -> tuple[str, Document, bytes]:
    name, paper = request.param
    made = on(document(name), paper=paper)
    return name, made, render.pdf(made)


def tags(node: Any) -> Iterator[Any]:
    """Every element of the structure tree, parents first."""
    yield node
    kids = node.get("/K")
    if kids is None:
        return
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from tags(kid)


def test_the_pdf_is_tagged_and_named(drawn: tuple[str, Document, bytes]) -> None:
    name, made, content = drawn
    with pikepdf.open(io.BytesIO(content)) as pdf:
        low, high = PAGES[name]
        assert low <= len(pdf.pages) <= high
        root = pdf.Root
        assert str(root.Lang) == "en-US"
        assert made.about.client_name in str(pdf.docinfo["/Title"])
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert bool(root.MarkInfo.Marked)
        assert b"pdfuaid" in root.Metadata.read_bytes()
        with pdf.open_outline() as outline:
            assert len(outline.root) >= len(words.sections(made))
        size = [float(value) for value in pdf.pages[0].MediaBox]
        assert round(size[2]) == (595 if made.edition.paper == "a4" else 612)
        _check_structure(root.StructTreeRoot)


def _check_structure(root: Any) -> None:
    first = root.K[0] if isinstance(root.K, pikepdf.Array) else root.K
    found = list(tags(first))
    kinds = [str(one.S)[1:] for one in found]
    assert "Table" in kinds or "P" in kinds
    assert kinds.count("H1") == 1
    levels = [int(kind[1]) for kind in kinds if re.fullmatch(r"H[1-6]", kind)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for one in found:
        if str(one.S) == "/Figure":
            assert str(one.get("/Alt", ""))
        if str(one.S) == "/TH":
            assert "/ID" in one


def test_fonts_are_embedded(drawn: tuple[str, Document, bytes]) -> None:
    with pikepdf.open(io.BytesIO(drawn[2])) as pdf:
        for page in pdf.pages:
            for font in page.Resources.get("/Font", {}).values():
                assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor


# A zero as a printed figure, or a mark of "fine", in a section about which nothing is recorded.
FINE = re.compile(r'class="st ok"|class="ans ok"|class="word ok"')


@pytest.mark.parametrize("name", ["monthly-empty", "board-empty"])
def test_a_section_without_data_says_so(name: str) -> None:
    made = document(name)
    page = str(render.page(made))
    missing = unknown.of(made)
    stating_a_fact = {"needs", "status", "answers", "decisions", "words"}
    for key in words.sections(made):
        section = _section(page, key)
        assert not FINE.search(section), key
        assert not re.search(r'<td class="num[^"]*">0<|<p class="kv">0<', section), key
        if key not in stating_a_fact:
            assert missing[key], key
        for sentence in missing[key]:
            assert html_module.escape(sentence, quote=True).replace("&#x27;", "&#39;") in section


def _section(page: str, key: str) -> str:
    for part in page.split('<section class="report-section"')[1:]:
        if f'id="s-{key}"' in part:
            return part
    raise AssertionError(f"no section {key}")


def test_the_empty_client_is_not_drawn_as_fine() -> None:
    page = str(render.page(document("monthly-empty")))
    assert "○ Not known yet" in page
    assert page.count(">not known<") == 2
    assert "Inside your limits</p>" not in page


def test_a_page_for_the_browser_has_no_inline_style_and_no_script() -> None:
    for name in EXAMPLES:
        page = str(render.page(document(name)))
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=", page)
        assert "<h1" not in page


def test_rows_left_out_are_counted() -> None:
    assert "5 of 41 risks shown" in render.html(document("monthly-41-risks"))
    assert "6 of 41 risks shown" in render.html(document("board-41-risks"))


def test_prepared_and_approved() -> None:
    two = render.html(document("monthly"))
    assert "Prepared Oct 2, 2026 by Nadia Ferris, Virtual CISO, for approval by Owen Blake" in two
    one = render.html(document("monthly-empty"))
    assert "Prepared Oct 2, 2026 and approved by Nadia Ferris, Virtual CISO; the practice has one consultant" in one


def test_a_correction_says_what_was_restated() -> None:
    made = on(document("board"), revision=2, restated=("risks above your limits, 5 not 4",))
    assert "Restated:</strong> risks above your limits, 5 not 4" in render.html(made)
    assert "Restated" not in render.html(document("monthly"))


@pytest.mark.parametrize(
    ("state", "line"), [("draft", "Draft, not approved"), ("preview", "Preview of a period that is not over")]
)
def test_a_page_that_is_not_final_says_so(state: str, line: str) -> None:
    assert render.html(on(document("monthly"), state=state)).count(line) == 2
    assert line not in render.html(document("monthly"))


def test_the_logo_is_drawn_with_its_name() -> None:
    made = on(document("board"), logo="logo", accent="#0f766e")
    content = render.pdf(made, assets={"logo": PNG})
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert any("/XObject" in page.Resources for page in pdf.pages)
        first = pdf.Root.StructTreeRoot.K
        found = tags(first[0] if isinstance(first, pikepdf.Array) else first)
        assert "Ashgrove Advisory" in [str(one.get("/Alt", "")) for one in found]


def test_a_logo_that_is_missing_does_not_stop_the_report() -> None:
    assert render.pdf(on(document("monthly"), logo="logo")).startswith(b"%PDF")


def test_the_facts_print_their_fingerprint() -> None:
    from reporting.documents import facts_sha256

    digest = facts_sha256(document("board"))
    assert digest[:8] in render.html(document("board"))


HOSTILE = (
    '<script>alert(1)</script> <img src="http://example.org/x"> ![x](http://example.org/y) '
    "[x](javascript:alert(1)) <svg onload=alert(1)> <style>p{display:none}</style> # Heading"
)


def test_hostile_words_stay_words() -> None:
    edits = {key: {"heading": HOSTILE, "body": HOSTILE} for key in words.sections(examples.monthly())}
    page = render.html(words.apply(examples.monthly(), edits))
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in re.sub(r"\(javascript:alert\(1\)\)|javascript:alert\(1\)", "", page)
    assert not re.search(r'href="javascript', page)
    assert "<style" not in page
    assert render.pdf(words.apply(examples.monthly(), edits)).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("", ""),
        ("**bold** *soft*", "<p><strong>bold</strong> <em>soft</em></p>\n"),
        ("# Not a heading", "<p># Not a heading</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>\n"),
        ("[a](https://example.org)", '<p><a href="https://example.org">a</a></p>\n'),
        ("[a](/inside)", "<p><a>a</a></p>\n"),
    ],
)
def test_markdown_keeps_few_tags(text: str, made: str) -> None:
    assert str(prose.to_html(text)) == made


def test_long_words_and_lists_stay_on_the_page() -> None:
    report = examples.monthly(41)
    row = report.risks.rows[0]
    long = replace(
        row,
        title="Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
        owner="Wolfeschlegelsteinhausenbergerdorff" * 2,
        sentence="word " * 120,
        next_step="x" * 300,
    )
    made = replace(report, risks=replace(report.risks, rows=(long, *example_parts.risk_rows(41)[1:])))
    assert render.pdf(words.apply(made)).startswith(b"%PDF")


def test_other_scripts_are_drawn() -> None:
    edits = {"status": {"heading": "Ταχύτητα, скорость, größer, İstanbul, ≥ 95 % → 3", "body": "日本語 עברית"}}
    made = words.apply(examples.monthly(), edits)
    assert render.pdf(made).startswith(b"%PDF")


def test_an_edition_needs_few_words() -> None:
    made = replace(
        examples.monthly(), edition=Edition(reference="X", practice_name="P", prepared_by="N", logo="", accent="nope")
    )
    assert render.pdf(words.apply(made)).startswith(b"%PDF")
