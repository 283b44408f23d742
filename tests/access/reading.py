"""Every text that an answer carries, whatever its format. A format nobody can read here fails."""

from __future__ import annotations

import html
import io
import re
import subprocess
import zipfile
from collections.abc import Callable
from typing import Any

import pikepdf

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _plain(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _markup(content: bytes) -> str:
    return html.unescape(_plain(content))


def _package(content: bytes) -> str:
    """Every part of a spreadsheet: cells, comments, names, properties, styles."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return "\n".join(_markup(package.read(name)) for name in package.namelist())


def _document(content: bytes) -> str:
    """A PDF's pages as a reader copies them, its metadata, outline and attachments."""
    pages = subprocess.run(["pdftotext", "-q", "-", "-"], input=content, capture_output=True, check=True).stdout
    with pikepdf.open(io.BytesIO(content)) as pdf:
        parts = [str(value) for value in pdf.docinfo.values()]
        if "/Metadata" in pdf.Root:
            parts.append(_markup(pdf.Root.Metadata.read_bytes()))
        parts += [name + _plain(found.get_file().read_bytes()) for name, found in pdf.attachments.items()]
        with pdf.open_outline() as outline:
            parts += _titles(outline.root)
    return "\n".join([re.sub(r"\u00ad|-?\n", "", _plain(pages)), *parts])


def _titles(items: Any) -> list[str]:
    return [text for item in items for text in (item.title, *_titles(item.children))]


def _picture(content: bytes) -> str:
    """Pictures are drawn anew when they are taken; what could be read is in their raw bytes."""
    return content.decode("latin-1")


READERS: dict[str, Callable[[bytes], str]] = {
    "text/html": _markup,
    "text/css": _plain,
    "text/plain": _plain,
    "text/csv": _plain,
    "text/calendar": _plain,
    "application/json": _plain,
    "application/problem+json": _plain,
    "application/octet-stream": _plain,
    "application/vnd.oai.openapi": _plain,
    "application/vnd.oai.openapi+json": _plain,
    "application/openmetrics-text": _plain,
    "application/pdf": _document,
    SPREADSHEET: _package,
    "image/png": _picture,
    "image/jpeg": _picture,
}


class Unreadable(AssertionError):
    """An answer in a format that has no reader: add one, so that its words are looked at."""


def text_of(response: Any) -> str:
    """The words of the body and of every header, empty for an answer without a body."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    kind = response.get("Content-Type", "").split(";")[0].strip()
    if not content:
        return headers
    if kind not in READERS:
        raise Unreadable(f"nobody reads {kind or 'an answer without a content type'} here: add a reader")
    return f"{headers}\n{READERS[kind](content)}"
