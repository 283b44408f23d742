"""Views of the register that a person saves for themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from risks.models import SavedView
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User

MOST = 50
# Whoever owns a risk is a person of one client.
OF_ONE_CLIENT = frozenset({"owner"})


@transaction.atomic
def save_view(
    *, client: Client, name: str, query: str, known: Collection[str], everywhere: bool, by: User, at: dt.datetime
) -> SavedView:
    """Filters and order of the list are kept under a name, at this client or at every client.

    Of the query stay the parameters that are `known`; at every client, not those that mean something at
    one alone. Refuses a name that is taken, and more than 50 views.
    """
    name = _named(name)
    mine = SavedView.objects.at(client)
    if mine.count() >= MOST:
        raise Refused(f"You have {MOST} views here. Remove one that you no longer need.", field="name")
    _refuse_twin(client, name)
    left_out = OF_ONE_CLIENT if everywhere else frozenset()
    given = parse_qsl(query.replace("\x00", ""))
    kept = urlencode([(key, value) for key, value in given if key in known and key not in left_out])
    if len(kept) > 1000:
        raise Refused("These filters are too long to be kept. Search for fewer words.", field="name")
    where = None if everywhere else client
    view = SavedView.objects.create(user=by, client=where, name=name, query=kept, created_at=at)
    audit.record(verb="risk.view_saved", client=client, by=by, at=at, after={"name": name, "query": kept})
    return view


@transaction.atomic
def rename_view(*, view: SavedView, client: Client, name: str, by: User, at: dt.datetime) -> SavedView:
    """A view gets another name; refuses one that is taken."""
    name, before = _named(name), view.name
    if name == before:
        return view
    _refuse_twin(client, name)
    view.name = name
    view.save(update_fields=["name"])
    audit.record(verb="risk.view_renamed", client=client, by=by, at=at, before={"name": before}, after={"name": name})
    return view


@transaction.atomic
def remove_view(*, view: SavedView, client: Client, by: User, at: dt.datetime) -> None:
    """A view is removed; the risks it showed are not touched."""
    audit.record(verb="risk.view_removed", client=client, by=by, at=at, before={"name": view.name})
    view.delete()


def _named(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Refused("Give the view a name.", field="name")
    if len(name) > 60:
        raise Refused("The name is longer than 60 characters. Shorten it.", field="name")
    return name


def _refuse_twin(client: Client, name: str) -> None:
    if SavedView.objects.at(client).filter(name__iexact=name).exists():
        raise Refused(f"You have a view “{name}” already. Choose another name.", field="name")
