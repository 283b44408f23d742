"""Markdown that people write, turned into a small, safe set of tags.

Markdown-it never passes HTML through, and what it makes is cleaned again against an allow-list:
no images, styles, classes or drawings, links only to https and mailto.
"""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = frozenset({
    "p", "br", "hr", "h2", "h3", "h4", "h5", "strong", "em", "del", "s", "ul", "ol", "li", "blockquote",
    "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "a",
})  # fmt: skip


@lru_cache(maxsize=1)
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "typographer": False})
    return reader.enable(["table", "strikethrough"]).disable("image")


def _step_headings(tokens: list[Token]) -> None:
    """Headings start at the second level and go down one step at a time, whatever was typed."""
    above: list[int] = []
    for token in tokens:
        if token.type == "heading_open":
            typed = int(token.tag[1])
            while above and above[-1] >= typed:
                above.pop()
            above.append(typed)
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(len(above) + 1, 5)}"


def to_html(text: str) -> SafeString:
    """The text as HTML. Headings start at the second level: a page has one first heading."""
    reader = _reader()
    tokens = reader.parse(text or "")
    _step_headings(tokens)
    for token in tokens:
        if token.type in ("th_open", "td_open"):
            token.attrs = {}
    made = reader.renderer.render(tokens, reader.options, {})
    clean = nh3.clean(
        made,
        tags=set(TAGS),
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer",
    )
    # nh3 has just reduced this to the allow-list above.
    return SafeString(clean)
