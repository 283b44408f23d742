"""How many pages a PDF of ours has, read from its page tree."""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"/Type\s*/ObjStm.*?stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TREE = re.compile(rb"/Type\s*/Pages\b[^>]*?/Count\s+(\d+)|/Count\s+(\d+)[^>]*?/Type\s*/Pages\b", re.DOTALL)
_LARGEST = 50 * 1024 * 1024


def page_count(content: bytes) -> int | None:
    """The count of the page tree; None for a file that none of ours could be."""
    for part in (content, *_unpacked(content)):
        counts = [int(first or second) for first, second in _TREE.findall(part)]
        if counts:
            return max(counts)
    return None


def _unpacked(content: bytes) -> list[bytes]:
    found = []
    for packed in _STREAM.findall(content):
        try:
            found.append(zlib.decompressobj().decompress(packed, _LARGEST))
        except zlib.error:
            continue
    return found
