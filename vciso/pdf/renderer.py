"""Fonts and style sheets parsed once per process, then page after page drawn with them."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Literal

from weasyprint import CSS, HTML, Document
from weasyprint.text.fonts import FontConfiguration

from vciso.pdf import accent as accents
from vciso.pdf.fetcher import AssetsOnly, FilesOf
from vciso.pdf.fonts import FACES

Paper = Literal["a4", "letter"]

HERE = Path(__file__).resolve().parent
STYLES = HERE / "styles"
MOTIF = "cover-motif"
VARIANT = "pdf/ua-1"

_FAMILIES = (
    ("Inter", 400, "Inter-Regular.ttf"),
    ("Inter", 600, "Inter-SemiBold.ttf"),
    ("Report Serif", 400, "SourceSerif4Display-Regular.ttf"),
    ("Pictures", 400, "NotoEmoji-Regular.ttf"),
)


def fonts_folder() -> Path:
    """Where set-up made the fonts: VCISO_VAR/fonts, or var/fonts beside the code."""
    root = os.environ.get("VCISO_VAR") or HERE.parent.parent / "var"
    return Path(root) / "fonts"


class Renderer:
    """Everything costly that pages share. One page at a time per process."""

    def __init__(self, fonts: Path | None = None) -> None:
        logging.getLogger("weasyprint").setLevel(logging.ERROR)
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        folder = (fonts or fonts_folder()).resolve()
        self.font_config = FontConfiguration()
        faces = CSS(string=_font_faces(folder), url_fetcher=FilesOf(folder), font_config=self.font_config)
        self.sheets = [faces, self._sheet("base"), self._sheet("report")]
        self.papers = {paper: self._sheet(f"page-{paper}") for paper in ("a4", "letter")}
        self.is_warm = False
        self.motif = (STYLES / "motif.svg").read_bytes()

    def stylesheets(self, paper: Paper, accent: str = "") -> list[CSS]:
        """The parsed sheets of a page, with the practice's colour last."""
        sheets = [*self.sheets, self.papers[paper]]
        if rules := accents.style(accent):
            sheets.append(CSS(string=rules, font_config=self.font_config))
        return sheets

    def document(
        self,
        html: str,
        *,
        paper: Paper = "a4",
        assets: Mapping[str, bytes] | None = None,
        accent: str = "",
    ) -> Document:
        """The laid-out pages, before they are written."""
        fetcher = AssetsOnly({MOTIF: self.motif, **(assets or {})})
        return HTML(string=html, url_fetcher=fetcher, base_url=None).render(
            font_config=self.font_config,
            stylesheets=self.stylesheets(paper, accent),
            pdf_variant=VARIANT,
        )

    def pdf(
        self,
        html: str,
        *,
        paper: Paper = "a4",
        assets: Mapping[str, bytes] | None = None,
        accent: str = "",
    ) -> bytes:
        """A tagged PDF. Collecting garbage while drawing costs a seventh, so it waits."""
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            document = self.document(html, paper=paper, assets=assets, accent=accent)
            return bytes(document.write_pdf(pdf_variant=VARIANT))
        finally:
            if was_enabled:
                gc.enable()

    def _sheet(self, name: str) -> CSS:
        return CSS(filename=str(STYLES / f"{name}.css"), font_config=self.font_config)


@cache
def renderer() -> Renderer:
    """The renderer of this process, built on first use and inherited by its children."""
    return Renderer()


_warming = Lock()


def warm() -> Renderer:
    """Draw one small page, so that children forked from here start with everything loaded.

    Threads of a web process take turns: one page is drawn at a time in a process.
    """
    with _warming:
        built = renderer()
        if not built.is_warm:
            built.pdf((STYLES / "warm.html").read_text())
            gc.collect()
            gc.freeze()
            built.is_warm = True
        return built


def _font_faces(folder: Path) -> str:
    absent = [name for name in FACES if not (folder / name).is_file()]
    if absent:
        raise FileNotFoundError(
            f"Fonts are missing in {folder}: {', '.join(absent)}. "
            "Make them with: python -m vciso.pdf.fonts node_modules var/fonts"
        )
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{(folder / name).as_uri()}") }}'
        for family, weight, name in _FAMILIES
    )
