"""Attachments: ending, first bytes and parser agree, or the file is not kept."""

from __future__ import annotations

import io
import time
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from vciso import files
from vciso.files import uploads
from vciso.files.documents import agreed
from vciso.files.images import clean_logo
from vciso.files.scanning import SCANNERS, MalwareFound
from vciso.files.uploads import TooLarge, UploadRefused, taken

ACME = uuid.UUID("00000000-0000-4000-8000-0000000000ac")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def picture(form: str, size: tuple[int, int] = (60, 30), turn: int = 1) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "51.5007 N 0.1246 W", turn
    image.save(out, format=form, exif=exif)
    return out.getvalue()


def office(main: str = "word/document.xml", more: dict[str, bytes] | None = None, body: bytes = b"<a/>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(main, body)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>'


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("minutes.pdf", PDF, ".pdf"), ("photo.JPG", picture("JPEG"), ".jpg"), ("shot.png", picture("PNG"), ".png"),
        ("letter.docx", office(), ".docx"), ("list.xlsx", office("xl/workbook.xml"), ".xlsx"),
        ("note.txt", "größe".encode(), ".txt"), ("list.csv", b"a,b\n", ".csv"), ("note.md", b"# Yes", ".md"),
    ],
)  # fmt: skip
def test_what_is_what_its_name_says_is_kept(name: str, content: bytes, kept: str) -> None:
    _, suffix = agreed(name, content)
    assert suffix == kept
    assert files.store(ACME, content, suffix=suffix).key.endswith(kept)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.png", office), ("page.png", lambda: b"<html><script>1</script></html>"),
        ("drawing.svg", lambda: b"<svg onload='x'/>"), ("page.html", lambda: b"<p>hi</p>"),
        ("page.txt", lambda: b"<!DOCTYPE html><script>1</script>"), ("drawing.md", lambda: b" <svg/>"),
        ("tool.pdf", lambda: b"MZ\x90" + PDF), ("cut.pdf", lambda: PDF[:20]), ("tool.exe", lambda: b"MZ"),
        ("photo.jpg", lambda: picture("PNG")), ("cut.png", lambda: picture("PNG")[:70]), ("none", lambda: b"x"),
        ("list.docx", lambda: office("xl/workbook.xml")), ("letter.docx", lambda: b"PK\x03\x04 and nothing"),
        ("nul.txt", lambda: b"a\0b"), ("nested.docx", lambda: office(more={"word/embeddings/a.docx": b"x"})),
        ("hidden.docx", lambda: office(more={"word/media/a.png": b"PK\x03\x04x"})),
        ("laughs.docx", lambda: office(body=LAUGHS)),
        ("bomb.docx", lambda: office(more={"word/media/a.emf": b"\0" * 30_000_000})),
        ("many.docx", lambda: office(more={f"word/media/{n}.emf": b"x" for n in range(600)})),
        ("huge.png", lambda: picture("PNG", (8_000, 6_300))), ("archive.zip", office), ("double.pdf.exe", lambda: PDF),
    ],
)  # fmt: skip
def test_what_is_something_else_is_refused_at_once(name: str, content: Callable[[], bytes]) -> None:
    made = content()
    started = time.process_time()
    with pytest.raises(UploadRefused) as refused:
        agreed(name, made)
    assert str(refused.value).endswith(".") and time.process_time() - started < 1


@pytest.mark.parametrize(("form", "name"), [("JPEG", "a.jpg"), ("PNG", "a.png")])
def test_photographs_lose_the_place_they_were_taken_at_and_keep_their_turn(form: str, name: str) -> None:
    content, _ = agreed(name, picture(form, turn=6))
    assert b"51.5007" not in content
    assert Image.open(io.BytesIO(content)).size == (30, 60) and not Image.open(io.BytesIO(content)).getexif()


def test_a_logo_too_is_turned_and_stripped() -> None:
    content, _ = clean_logo(picture("JPEG", turn=6))
    assert Image.open(io.BytesIO(content)).size == (30, 60) and b"51.5007" not in content


def test_one_file_too_large() -> None:
    for kind, limit in uploads.LIMITS.items():
        with pytest.raises(TooLarge) as refused:
            taken(io.BytesIO(b"x" * (limit + 1)), kind=kind)
        assert refused.value.status == 413


def test_a_scanner_of_the_installation_is_asked_before_anything_is_kept(own_files: Path, monkeypatch: Any) -> None:
    asked: list[bytes] = []

    def scanner(content: bytes) -> str:
        asked.append(content)
        return "Trojan.Example" if b"harm" in content else ""

    monkeypatch.setattr("vciso.files.scanning.SCANNERS", [*SCANNERS, scanner])
    with pytest.raises(MalwareFound) as refused:
        files.store(ACME, b"harm", suffix=".txt")
    assert asked == [b"harm"] and not own_files.exists() and "Trojan" not in str(refused.value)
    assert files.read(files.store(ACME, b"fine", suffix=".txt").key) == b"fine"
