"""A page being drawn may load nothing but the few assets handed over with it.

Fonts are read when the style sheets are parsed, charts stand in the page itself.
Whatever a person typed may name any address: it is refused before a file is opened
or a name is looked up, `data:` included.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "asset:"
_TYPES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


class Refused(ValueError):
    """An address that is not one of the assets of this page."""


class AssetsOnly(URLFetcher):
    """Serves `asset:name` from bytes and refuses every other address."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("asset",), allow_redirects=False)
        self.assets = dict(assets or {})

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME)
        if not url.startswith(SCHEME) or name not in self.assets:
            raise Refused(f"not an asset of this page: {url[:80]}")
        body = self.assets[name]
        return URLFetcherResponse(url, body, {"Content-Type": _type_of(name, body)})


class FilesOf(URLFetcher):
    """Serves files below one folder: the fonts, while our own style sheets are parsed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self.folder = folder.resolve()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        path = Path(unquote(urlsplit(url).path)).resolve()
        if not url.startswith("file:///") or not path.is_relative_to(self.folder):
            raise Refused(f"not a font of the product: {url[:80]}")
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})


def _type_of(name: str, body: bytes) -> str:
    """Raster types by their first bytes; SVG only for our own motif, by name."""
    for start, kind in _TYPES:
        if body.startswith(start):
            return kind
    if name == "cover-motif":
        return "image/svg+xml"
    raise Refused(f"asset {name} is neither PNG nor JPEG")
