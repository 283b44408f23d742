"""What can be asked of lists: the filters, orders, pages, formats and searches of pages and interface."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import lxml.html
from django.urls import Resolver404, resolve

from tests.access.addresses import ALL
from tests.access.asking import Asker
from tests.access.world import World

# Searches that no link leads to: the palette, the switcher and the lists of clients.
WORDS = ("MARKA", "MARKB", "MARKX", "e")
FRAGMENT = {"HTTP_HX_REQUEST": "true"}

Question = tuple[str, str]  # what kind of question, so that each is asked once; and the path with its query


def _kind(path: str, names: list[str]) -> str:
    return f"{resolve(path).view_name} {sorted(names)}"


def offered(content: bytes, page: str) -> Iterator[Question]:
    """Each link with a query, one of each set of parameters, and each control of each form that asks."""
    if not content:
        return
    document = lxml.html.fromstring(content)
    for link in document.xpath("//@href | //@hx-get"):
        target = urlsplit(urljoin(page, link))
        if not target.query or target.netloc:
            continue
        pairs = parse_qsl(target.query, keep_blank_values=True)
        names = [f"{name}={value}" if name == "format" else name for name, value in pairs]
        try:
            yield _kind(target.path, names), f"{target.path}?{target.query}"
        except Resolver404:
            continue
    for form in document.forms:
        if form.method.upper() == "GET":
            yield from _filled(form, urljoin(page, form.get("action") or page).split("?")[0])


def _filled(form: lxml.html.FormElement, path: str) -> Iterator[Question]:
    """The form with one control at a time set: every choice of a list, a word in a field of text."""
    stands = dict(form.form_values())
    for control in form.xpath(".//select[@name] | .//input[@name]"):
        name, kind = control.get("name"), control.get("type", "text")
        if control.tag == "select":
            values = control.xpath(".//option/@value")
        elif kind in {"checkbox", "radio", "hidden"}:
            values = [control.get("value", "on")]
        else:
            values = ["2026-01-01"] if kind == "date" else ["e", "MARKB"]
        for value in filter(None, values):
            yield f"{_kind(path, [name])} {value}", f"{path}?{urlencode({**stands, name: value})}"


def unlinked(asker: Asker, world: World) -> Iterator[Question]:
    """Find, the switcher and the interface's lists, with words and ids of everybody."""
    someone = asker.someone
    if someone.role in {"consultant", "practice_admin"}:
        for word in WORDS:
            yield f"find {word}", f"/find/?{urlencode({'q': word, 'from': world.clients[someone.client].key})}"
            yield f"clients {word}", f"/clients/?{urlencode({'q': word})}"
        for letter, client in world.clients.items():
            path = f"/c/{client.key}/risks/"
            yield f"switcher {letter}", f"/clients/switcher/?{urlencode({'client': client.key, 'path': path})}"
            yield f"find from {letter}", f"/find/?{urlencode({'q': 'e', 'from': client.key})}"
    for address in ALL.values():
        resource = getattr(address.view, "cls", None)
        filters = getattr(getattr(resource, "filterset_class", None), "base_filters", {})
        if not address.of_interface or "GET" not in address.takes:
            continue
        path = address.path(world.examples[someone.client])
        # One record is narrowed by nothing: one query shows that asking does no harm there.
        for name in (*filters, "limit", "cursor") if address.name.endswith("-list") else ("limit",):
            for value in ("1", world.examples["B"]["person"]):
                yield f"{address.name} {name} {value}", f"{path}?{urlencode({name: value})}"
