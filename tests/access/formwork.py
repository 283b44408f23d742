"""Every form of every page, as the browser would send it, with the ids of others in it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from django.apps import apps
from django.urls import resolve

from tests.access.addresses import ALL
from tests.access.asking import Answer, Asker
from tests.access.matrix import OPENS, verdict, wrong_with
from tests.access.world import World
from tests.conftest import owning
from vciso.tenancy.models import ClientOwned, User

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Ids:
    """Which model an id belongs to, and an id of the same model at another client."""

    def __init__(self, world: World) -> None:
        self.models: dict[str, Any] = {}
        self.others: dict[tuple[Any, str], str] = {}
        letters = {client.pk: letter for letter, client in world.clients.items()}
        with owning():
            for model in apps.get_models():
                if issubclass(model, ClientOwned):
                    for pk, client in model._base_manager.values_list("pk", "client_id"):
                        self.models[str(pk)] = model
                        self.others.setdefault((model, letters[client]), str(pk))
            for pk in User.objects.values_list("pk", flat=True):
                self.models[str(pk)] = User
        self.others[User, "X"] = str(world.people["consultant of X"].user.pk)  # type: ignore[union-attr]  # people of the world have accounts
        self.others[User, "B"] = str(world.people["owner of B"].user.pk)  # type: ignore[union-attr]  # people of the world have accounts


def forms(answer: Answer, page: str) -> Iterator[tuple[str, dict[str, Any], dict[str, list[str]]]]:
    """Each form of the page that posts: its address, what it would send, and the ids each field offers."""
    if answer.status != 200 or "html" not in answer.response.get("Content-Type", ""):
        return
    document = lxml.html.fromstring(answer.response.content)
    for form in document.forms:
        if form.method.upper() != "POST":
            continue
        offered: dict[str, list[str]] = {}
        for control in form.xpath(".//input[@name][@value] | .//select[@name]//option[@value]"):
            name = control.get("name") or control.xpath("ancestor::select/@name")[0]
            if _ID.fullmatch(control.get("value")):
                offered.setdefault(name, []).append(control.get("value"))
        sent = dict.fromkeys((str(name) for name in form.fields.keys() if name), "")  # noqa: SIM118  # not a dict
        sent |= {name: value for name, value in form.form_values() if value is not None}
        sent.pop("csrfmiddlewaretoken", None)
        yield urljoin(page, form.get("action") or page), sent, offered


# What differs between two answers to one request: form tokens, and the seconds a session has left.
_PASSING = re.compile(r"csrfmiddlewaretoken\W+value=\W*\w+|\"X-CSRFToken\": \"\w+\"|data-ends=\"\d+\"")


def _like(answer: Answer, sent: str) -> tuple[int, str]:
    """The answer without the id that was sent, and without what differs from request to request."""
    return answer.status, _PASSING.sub("", answer.response.content.decode()).replace(sent, "ID")


def swapped(asker: Asker, world: World) -> Iterator[tuple[str, str]]:
    """Each form as it stands, and each of its id fields swapped: what was asked, and what is wrong (or nothing)."""
    ids, done = Ids(world), set()
    for address in ALL.values():
        if verdict(address, asker.someone, "A", "GET") != OPENS or address.route.startswith(("api/", "account/")):
            continue
        page = address.path(world.examples["A"])
        for action, sent, offered in forms(asker.ask(page), page):
            kind = resolve(urlsplit(action).path).view_name, tuple(sorted(sent))
            if action.startswith("/") and kind not in done:
                done.add(kind)
                cell = f"{address.name}: its form, sent to {action}"
                wrong = list(wrong_with(asker.ask(action, "POST", sent), asker, world))
                yield cell, "; ".join(f"{cell}: {what}" for what in wrong)
            for name, values in offered.items():
                model = next((ids.models[value] for value in values if value in ids.models), None)
                if model is None or (address.view, action, name) in done or not action.startswith("/"):
                    continue
                done.add((address.view, action, name))
                random = str(uuid.uuid4())
                unknown = asker.ask(action, "POST", {**sent, name: random})
                for letter in ("B", "X"):
                    foreign = ids.others.get((model, letter))
                    if foreign is None:
                        continue
                    answer = asker.ask(action, "POST", {**sent, name: foreign})
                    cell = f"{address.name}: {name} ({model.__name__} of {letter}) sent to {action}"
                    same = _like(answer, foreign) == _like(unknown, random)
                    yield cell, "" if same else f"{cell}: {answer.status}, a random id {unknown.status}"
