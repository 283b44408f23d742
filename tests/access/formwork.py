"""Every form of every page, as the browser would send it, with the ids of others in it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tests.access.asking import Answer, Asker
from tests.access.matrix import open_pages, wrong_with
from tests.access.world import World
from tests.conftest import owning
from tests.formwork import forms_of
from vciso.tenancy.models import ClientOwned, User


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


# What differs between two answers to one request: form tokens, and the seconds a session has left.
_PASSING = re.compile(r"csrfmiddlewaretoken\W+value=\W*\w+|\"X-CSRFToken\": \"\w+\"|data-ends=\"\d+\"")


def _like(answer: Answer, sent: str) -> tuple[int, str]:
    """The answer without the id that was sent, and without what differs from request to request."""
    return answer.status, _PASSING.sub("", answer.response.content.decode()).replace(sent, "ID")


def swapped(asker: Asker, world: World) -> Iterator[tuple[str, str]]:
    """Each form as it stands, and each of its id fields swapped: what was asked, and what is wrong (or nothing)."""
    ids, done = Ids(world), set[Any]()
    for address, page, content in open_pages(asker, world):
        for form in forms_of(content, page):
            action, sent = form.action, form.as_it_stands()
            if (kind := (form.name, tuple(sorted(sent)))) not in done:
                done.add(kind)
                cell = f"{address.name}: its form, sent to {action}"
                wrong = list(wrong_with(asker.ask(action, "POST", sent), asker, world))
                yield cell, "; ".join(f"{cell}: {what}" for what in wrong)
            for name, values in form.ids().items():
                model = next((ids.models[value] for value in values if value in ids.models), None)
                if model is None or (address.view, action, name) in done:
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
