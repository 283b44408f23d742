"""The forms of a page that post, as a browser knows them: every test that looks for forms finds them here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.urls import resolve

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Form:
    """One form on a page: where it posts to, and its controls."""

    page: str
    action: str
    node: Any

    @property
    def name(self) -> str:
        """The name of the address it posts to."""
        return resolve(urlsplit(self.action).path).view_name

    def as_it_stands(self) -> dict[str, Any]:
        """What a browser would send if nobody typed anything: every field, empty ones too, without its token."""
        sent = dict.fromkeys((str(name) for name in self.node.fields.keys() if name), "")  # noqa: SIM118  # not a dict
        sent |= {name: value for name, value in self.node.form_values() if value is not None}
        sent.pop(TOKEN, None)
        return sent

    def ids(self) -> dict[str, list[str]]:
        """The ids of records that each field offers."""
        offered: dict[str, list[str]] = {}
        for control in self.node.xpath(".//input[@name][@value] | .//select[@name]//option[@value]"):
            name = control.get("name") or control.xpath("ancestor::select/@name")[0]
            if ID.fullmatch(control.get("value")):
                offered.setdefault(name, []).append(control.get("value"))
        return offered


def forms_of(content: bytes, page: str) -> Iterator[Form]:
    """Each form of the page that posts within the portal; an empty page has none."""
    for node in lxml.html.fromstring(content).forms if content else ():
        action = urljoin(page, node.get("action") or page)
        if node.method.upper() == "POST" and action.startswith("/"):
            yield Form(page, action, node)
