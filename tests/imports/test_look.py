"""The import's pages in a real browser: accessible, never wider than the screen, no complaint."""

from __future__ import annotations

import mimetypes
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.imports.layouts import book
from tests.web.conftest import AXE, chromium  # noqa: F401  the fixture is asked for by name

pytestmark = pytest.mark.browser
HEADER = ["Risk ID", "Risk", "Likelihood", "Impact", "Owner", "Review date", "Status", "Colour of the day"]
ROWS = [
    ["X-01", "The only server fails on a Friday", 2, 3, "Somebody", "03/04/2027", "Open", "teal"],
    ["X-02", "An invoice is paid to a stranger", 3, 1, "", "05/06/2027", "Open", "red"],
    ["X-03", "", 1, 2, "", "07/08/2027", "Open", "grey"],
]


@pytest.fixture
def pages(cast: Any, browse: Any, settings: Any, tmp_path: Path) -> dict[str, str]:
    settings.FILES_ROOT = tmp_path / "files"
    browser = browse(cast.alice)
    upload = reverse("imports:upload", kwargs={"client_key": cast.acme.key, "kind": "risks"})
    found = {"refused": browser.post(upload, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1")}).content.decode()}
    other = [
        ["X-01", ROWS[0][1], 4, *ROWS[0][3:]],
        ["X-09", "The lift stops between floors", 2, 2, "Somebody", "", "Open"],
    ]
    file = SimpleUploadedFile("Risk register.xlsx", book({"North": [HEADER, *ROWS], "South": [HEADER, *other]}))
    address = browser.post(upload, {"file": file})["Location"]
    found["preview"] = browser.get(address).content.decode()
    browser.post(f"{address}share/")
    browser.post(f"{address}import/", {"taking": "good"})
    found["done"] = browser.get(address).content.decode()
    found["upload"] = browser.get(upload).content.decode()
    return found


def answering(html: str) -> Callable[[Any], None]:
    """Answers the page itself, its style and its scripts, and nothing else."""

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if path == "/page/":
            route.fulfill(
                body=html, content_type="text/html", headers={"Content-Security-Policy": "default-src 'self'"}
            )
        elif found:
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "text/plain")
        else:
            route.fulfill(status=204, body="")

    return answer


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 1440), ("light", 390)])
def test_axe_finds_nothing_on_the_pages_of_an_import(pages: Any, chromium: Any, scheme: str, width: int) -> None:  # noqa: F811  the fixture
    for name, html in pages.items():
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda told, held=complaints: held.append(told.text) if told.type == "error" else None)
        page.route("**/*", answering(html))
        page.goto("http://portal.test/page/", wait_until="load")
        if pictures := os.environ.get("VCISO_PICTURES"):
            page.screenshot(path=f"{pictures}/import-{name}-{scheme}-{width}.png", full_page=True)
        page.evaluate(AXE.read_text() + ";0")
        faults = [
            (f["id"], [n["html"][:160] for n in f["nodes"][:3]]) for f in page.evaluate("axe.run()")["violations"]
        ]
        assert faults == [], name
        assert complaints == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        context.close()
