"""Pictures of eight pages and of both documents, as the run drew them; small enough to keep.

They land beside the portal's logs, or in the folder that VCISO_PICTURES names: `bin/pictures`
renews those under docs/pictures with it.
"""

from __future__ import annotations

import io
import os
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import Enter
from tests.e2e.portal import Portal
from tests.e2e.visitor import PHONE, TABLET, Visitor

LARGEST = 150_000
COLOURS = (256, 128, 64, 32)
WIDE = (1440, 960)
DOTS_PER_INCH = 72

# Name of the picture, who looks, how large the window is, and where it stands.
PAGES = [
    ("today", "priya", WIDE, "/today/"),
    ("overview", "priya", WIDE, "/c/{client}/"),
    ("risks", "priya", WIDE, "/c/{client}/risks/"),
    ("risk", "priya", WIDE, "/c/{client}/risks/R-001/"),
    ("vendors", "priya", WIDE, "/c/{client}/vendors/"),
    ("report", "priya", WIDE, "/c/{client}/reports/{month}/"),
    ("owner-phone", "meadowlark.dana", PHONE, "/my/{client}/"),
    ("board-tablet", "meadowlark.helen", TABLET, "/board/{client}/"),
]
DOCUMENTS = [
    ("monthly", "meadowlark.dana", "/my/{client}/reports/{month_published}.pdf"),
    ("pack", "meadowlark.helen", "/board/{client}/packs/{quarter}.pdf"),
]


@pytest.fixture(scope="module")
def album(portal: Portal) -> Path:
    folder = Path(os.environ.get("VCISO_PICTURES") or portal.var / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _keep(picture: bytes, path: Path) -> None:
    """Writes it with as many colours as the size allows."""
    whole = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        whole.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= LARGEST:
            break
    path.write_bytes(out.getvalue())
    assert path.stat().st_size <= LARGEST


def _filled(path: str, visitor: Visitor) -> str:
    return path.format(**{**visitor.portal.world["examples"], "client": visitor.client("meadowlark")})


@pytest.mark.parametrize(("name", "who", "size", "path"), PAGES, ids=[page[0] for page in PAGES])
def test_a_page_is_pictured(enter: Enter, album: Path, name: str, who: str, size: tuple[int, int], path: str) -> None:
    visitor = enter(who, size)
    assert visitor.goto(_filled(path, visitor)) == 200
    visitor.page.evaluate("() => document.fonts.ready")
    _keep(visitor.page.screenshot(), album / f"{name}.png")


@pytest.mark.parametrize(("name", "who", "path"), DOCUMENTS, ids=[document[0] for document in DOCUMENTS])
def test_a_document_is_pictured(enter: Enter, album: Path, tmp_path: Path, name: str, who: str, path: str) -> None:
    visitor = enter(who)
    answer = visitor.context.request.get(_filled(path, visitor))
    assert answer.status == 200
    drawn = tmp_path / "document.pdf"
    drawn.write_bytes(answer.body())
    subprocess.run(
        ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", str(drawn), str(tmp_path / "page")], check=True, timeout=60
    )
    for old in album.glob(f"{name}-*.png"):
        old.unlink()
    pages = sorted(tmp_path.glob("page-*.png"))
    assert pages
    for number, page in enumerate(pages, start=1):
        _keep(page.read_bytes(), album / f"{name}-{number:02d}.png")
