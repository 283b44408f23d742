"""The consultant's words, written in markdown, as the few tags a report may hold.

No headings (a section has its own), no images, styles, classes or drawings; links only
to https and mailto.
"""

from __future__ import annotations

from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = frozenset({"p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "a"})
_OFF = ("heading", "lheading", "fence", "code", "backticks", "html_block", "html_inline", "hr")


@cache
def _reader() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable([*_OFF, "image"])


def to_html(text: str) -> SafeString:
    """Markdown as clean HTML; empty text gives empty HTML."""
    if not text.strip():
        return mark_safe("")
    clean = nh3.clean(
        _reader().render(text),
        tags=set(TAGS),
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308 - reduced to the allow-list just above
