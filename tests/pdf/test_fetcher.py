"""A page being drawn loads its own assets and nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from vciso.pdf import Renderer, renderer
from vciso.pdf.fetcher import AssetsOnly, FilesOf, Refused

# The smallest PNG there is: one grey pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6360000000020001e221bc330000000049454e44ae426082"
)


class Listener:
    """A local server that counts who knocks."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.socket.settimeout(0.2)
        self.port = self.socket.getsockname()[1]
        self.knocks = 0
        self.open = True
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while self.open:
            try:
                accepted, _ = self.socket.accept()
            except OSError:
                continue
            self.knocks += 1
            accepted.close()

    def close(self) -> None:
        self.open = False
        self.thread.join(2)
        self.socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def drawing() -> Renderer:
    return renderer()


def hostile(port: int, secret: Path) -> dict[str, str]:
    """Every kind of place in a page that can name an address."""
    host = f"127.0.0.1:{port}"
    return {
        "http image": f'<img src="http://{host}/a.png" alt="a">',
        "https image": f'<img src="https://{host}/a.png" alt="a">',
        "ftp image": f'<img src="ftp://{host}/a.png" alt="a">',
        "file image": f'<img src="{secret.as_uri()}" alt="a">',
        "relative image": '<img src="../../../../etc/hostname" alt="a">',
        "protocol-relative image": f'<img src="//{host}/a.png" alt="a">',
        "data image": '<img src="data:image/svg+xml,<svg xmlns=\'http://www.w3.org/2000/svg\'/>" alt="a">',
        "style sheet": f'<link rel="stylesheet" href="http://{host}/a.css">',
        "import and font": f'<style>@import "http://{host}/a.css";'
        f'@font-face {{ font-family: X; src: url("http://{host}/x.ttf") }} p {{ font-family: X }}</style>',
        "background": f'<style>p {{ background: url("http://{host}/a.png") }}</style>',
        "object and embed": f'<object data="http://{host}/a"></object><embed src="http://{host}/b">',
        "image inside a drawing": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        f'<title>a</title><image href="http://{host}/a.png" width="9" height="9"/>'
        f'<use href="http://{host}/b.svg#x"/></svg>',
        "attachment": f'<link rel="attachment" href="{secret.as_uri()}"><a rel="attachment" href="http://{host}/a">x</a>',
        "asset not handed over": '<img src="asset:other" alt="a">',
    }


@pytest.mark.parametrize("kind", hostile(1, Path("/tmp/x")).keys())
def test_a_page_cannot_reach(kind: str, listener: Listener, tmp_path: Path, drawing: Renderer) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-of-another-client")
    part = hostile(listener.port, secret)[kind]
    page = f'<!doctype html><html lang="en"><head><title>t</title></head><body><p>text</p>{part}</body></html>'
    made = drawing.pdf(page)
    assert made.startswith(b"%PDF")
    assert listener.knocks == 0
    assert b"the-secret-of-another-client" not in made


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/",
        "https://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "javascript:alert(1)",
        "gopher://example.org/",
        "asset:",
        "asset:unknown",
        "ASSET:logo",
        "//example.org/x",
    ],
)
def test_every_address_but_an_asset_is_refused(address: str) -> None:
    with pytest.raises(Refused):
        AssetsOnly({"logo": PNG}).fetch(address)


def test_an_asset_handed_over_is_served_with_its_type() -> None:
    answer = AssetsOnly({"logo": PNG}).fetch("asset:logo")
    assert answer.read() == PNG
    assert answer.content_type == "image/png"


def test_an_asset_that_is_no_raster_image_is_refused() -> None:
    with pytest.raises(Refused, match="neither PNG nor JPEG"):
        AssetsOnly({"logo": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}).fetch("asset:logo")


def test_the_fonts_folder_cannot_be_left(tmp_path: Path) -> None:
    inside = tmp_path / "fonts"
    inside.mkdir()
    (tmp_path / "outside.ttf").write_bytes(b"x")
    with pytest.raises(Refused):
        FilesOf(inside).fetch((inside / ".." / "outside.ttf").as_uri())
