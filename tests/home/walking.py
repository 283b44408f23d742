"""A person with a browser: walks from link to link, and fills each form in as a person would."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import itertools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.urls import resolve
from lxml import html

from tests.formwork import Form, forms_of

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
count = itertools.count(1)
SOON = (dt.date.today() + dt.timedelta(days=20)).isoformat()
# A day that has begun in every time zone: what is dated today may lie ahead at the client.
PAST = (dt.date.today() - dt.timedelta(days=1)).isoformat()
SHEET = b"Title,Cause,Event,Consequence\nNo backups,Never tried,The server fails,No work\n"
# What a field is answered with where its kind does not say it; “#” makes each answer another one.
ANSWERS = {
    "on": PAST, "effective_on": PAST, "signed_on": PAST, "said_on": PAST, "spent_on": PAST, "reviewed_on": PAST,
    "accent": "#123456", "logo": PNG, "number": "2.0", "minutes": "1:30",
}  # fmt: skip
URLENCODED = "application/x-www-form-urlencoded"
# Forms that are of use only with everything ticked.
TICKED = {"risks:bulk", "risks:scenario-new", "risks:scenario-offer"}
# Pages on which nothing is looked for: sign-in has tests of its own.
ELSEWHERE = ("/account/", "/static/", "/patterns/", "/inbox/")
# Where the answers that stand there already would be refused as no change.
CHANGED = {
    # Its own words: the same ones could not be offered a change.
    "risks:adopt": {"title": "Own words"},
    "risks:plan": {"words": "Another plan", "hours": "6"}, "risks:rate": {"now_likelihood": "4"},
    "risks:split": {"stays_title": "What stays"},
    # A risk that was split from another before.
    "risks:merge": {"into": "R-002"},
    # Three equal numbers are a question to whoever estimates.
    "risks:estimate": {"stand_by": "on"},
    # Sums rise from level to level.
    "risks:scale": {f"impact_money_{level}": str(10**level) for level in range(1, 5)},
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A form as it stands on a page: where it posts to, with which fields."""

    page: str
    action: str
    values: dict[str, Any]
    typed: tuple[str, ...] = ()
    prefilled: bool = False
    choices: dict[str, list[str]] = field(default_factory=dict)
    shown: frozenset[str] = frozenset()

    @functools.cached_property
    def name(self) -> str:
        return resolve(urlsplit(self.action).path).view_name

    @property
    def kind(self) -> tuple[str, tuple[str, ...]]:
        return self.name, tuple(sorted(self.values))

    @property
    def version(self) -> str:
        return next((name for name in ("seen_version", "version") if name in self.values), "")


class Gone(Exception):
    """What was sent meanwhile took the form from its page."""


@dataclass
class Person:
    """Somebody with a browser that carries form tokens, and the forms they meet."""

    browser: Browser
    realm: tuple[str, ...]
    forms: dict[str, Found] = field(default_factory=dict)

    def walk(self, *starts: str, pages: int = 200) -> None:
        """Follows links, one page of each kind of address, and keeps each kind of form once."""
        waiting, seen = list(starts), set()
        while waiting and len(seen) < pages:
            path = waiting.pop(0)
            kind = _kind_of(path)
            if kind is None or kind in seen or path.startswith(ELSEWHERE) or not path.startswith(self.realm):
                continue
            answer = self.browser.get(path)
            if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                continue
            seen.add(kind)
            links = html.fromstring(answer.content).xpath("//a/@href")
            waiting += [urljoin(path, link).split("#")[0] for link in links if "://" not in link]
            for form in forms_of(answer.content, path):
                found = _read(form)
                if not found.action.startswith(ELSEWHERE):
                    self.forms.setdefault(found.name, found)

    def again(self, found: Found) -> Found:
        """The same form on the page as it is now."""
        page = self.browser.get(found.page).content
        alike = [_read(form) for form in forms_of(page, found.page) if form.name == found.name]
        if not alike:
            raise Gone(f"{found.page} shows no {found.name} any more")
        return next((form for form in alike if form.kind == found.kind), alike[0])

    def send(self, found: Found, **changed: Any) -> Any:
        values = {**found.values, **CHANGED.get(found.name, {}), **changed}
        if not any(isinstance(value, bytes) for value in values.values()):
            return self.browser.post(found.action, urlencode(values, doseq=True), content_type=URLENCODED)
        files = {
            name: SimpleUploadedFile("register.csv", value, "text/csv")
            for name, value in values.items()
            if isinstance(value, bytes)
        }
        return self.browser.post(found.action, {**values, **files})


@functools.cache
def _kind_of(path: str) -> tuple[str, str] | None:
    """An address by its name and, where the address names a kind of thing, that kind; None for no page."""
    try:
        match = resolve(urlsplit(path).path)
    except Exception:
        return None
    return match.view_name, str(match.kwargs.get("kind", ""))


def _read(form: Form) -> Found:
    """What a person would send: the values that stand there, and an answer where nothing does."""
    ticked = form.name in TICKED
    values: dict[str, Any] = {}
    typed, choices, prefilled = [], {}, False
    for node in form.node.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]|.//button[@name]"):
        name, kind = node.get("name"), node.get("type", "text") if node.tag == "input" else node.tag
        stands = _stands(node, kind, ticked=ticked)
        prefilled = prefilled or (kind in ("text", "textarea", "email", "number") and bool(stands))
        if kind in ("text", "textarea") and node.get("inputmode") is None:
            typed.append(name)
        if kind == "select":
            choices[name] = [value for value in node.xpath(".//option/@value") if value != stands]
        if kind == "checkbox" and node.get("value"):
            choices.setdefault(name, []).append(node.get("value"))
        if kind in ("radio", "button") and name in values:
            continue
        value = stands or _answer(node, name, kind)
        if value not in ("", None):
            values[name] = value
    shown = frozenset(name.rpartition("-")[2] for name in form.node.xpath(".//@name"))
    return Found(form.page, form.action, values, tuple(typed), prefilled, choices, shown)


def _stands(node: Any, kind: str, *, ticked: bool) -> Any:
    if kind == "select":
        return next((value for value in node.xpath(".//option[@selected]/@value") if value), "")
    if kind == "textarea":
        return (node.text or "").strip("\n")
    if kind in ("checkbox", "radio"):
        return node.get("value", "on") if node.get("checked") is not None or ticked else ""
    return node.get("value", "") if kind != "file" else ""


def _answer(node: Any, name: str, kind: str) -> Any:
    if name in ANSWERS:
        return ANSWERS[name]
    if kind == "select":
        offered = [value for value in node.xpath(".//option/@value") if value]
        # The first person of the directory has no account, and so can be asked for nothing.
        return offered[1] if name == "owner" and len(offered) > 1 else next(iter(offered), "")
    if kind in ("radio", "button"):
        return node.get("value", "on")
    if node.get("inputmode"):
        return "3"
    if kind in ("checkbox", "hidden"):
        return ""
    if kind == "email" or "email" in name:
        return f"person{next(count)}@example.test"
    return {"date": SOON, "number": node.get("min") or "3", "file": SHEET}.get(kind, f"Some words {next(count)}")
