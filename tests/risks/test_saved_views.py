"""Views of the register that people save for themselves."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from risks import services
from risks.models import SavedView
from tests.risks.conftest import NOW, raised
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
KNOWN = ("show", "owner", "sort", "q")


def saved(cast, name="Above", query="show=above&sort=-due", client=None, by=None, **given):
    return services.save_view(
        client=client or cast.acme, name=name, query=query, known=KNOWN, everywhere=given.pop("everywhere", False),
        by=by or cast.alice, at=NOW,
    )  # fmt: skip


def names(client):
    return [view.name for view in SavedView.objects.at(client)]


def test_a_view_is_its_persons_alone_at_one_client_or_at_all_they_read(cast):
    with context.as_user(cast.pam, client_id=cast.acme.pk):
        saved(cast, by=cast.pam)
        kept = saved(cast, "Mine anywhere", "owner=1&show=late&page=3&junk=1", everywhere=True, by=cast.pam)
        assert (kept.query, kept.client) == ("show=late", None)
        assert names(cast.acme) == ["Above", "Mine anywhere"]
    with context.as_user(cast.pam, client_id=cast.globex.pk):
        assert names(cast.globex) == ["Mine anywhere"]
    for other in (cast.alice, cast.bob):
        with context.as_user(other, client_id=cast.acme.pk):
            assert names(cast.acme) == [] and SavedView.objects.count() == 0
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                SavedView.objects.create(user=cast.pam, client=cast.acme, name="Planted")
    refused = pytest.raises(DatabaseError, match="row-level security")
    with context.as_user(cast.charlie, client_id=cast.globex.pk), refused, transaction.atomic():
        SavedView.objects.create(user=cast.charlie, client=cast.acme, name="Planted")


def test_names_are_one_line_and_taken_once(alices):
    view = saved(alices, "  Due\nsoon ")
    other = saved(alices, "Late", everywhere=True)
    assert view.name == "Due soon"
    for name, words in (("due SOON", "already"), ("LATE", "already"), (" \x00", "needs|Give"), ("x" * 61, "longer")):
        with pytest.raises(services.Refused, match=words):
            saved(alices, name)
        with pytest.raises(services.Refused, match=words):
            one = other if name.casefold() == view.name.casefold() else view
            services.rename_view(view=one, client=alices.acme, name=name, by=alices.alice, at=NOW)
    with pytest.raises(services.Refused, match="too long"):
        saved(alices, "Words", f"q={'é' * 300}")
    assert SavedView.objects.count() == 2


def test_save_open_rename_and_remove_by_the_pages(cast, people, browse):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        raised(cast)

    def url(name, query=""):
        return reverse(f"risks:{name}", kwargs={"client_key": cast.acme.key}) + query

    alice = browse(cast.alice)
    page = alice.get(url("list", "?show=above&sort=-due&page=2"))
    assert "views/save/?show=above&amp;sort=-due" in page.content.decode()
    form = alice.get(url("view-save", "?show=above&sort=-due")).content.decode()
    assert 'value="show=above&amp;sort=-due"' in form
    answer = alice.post(url("view-save"), {"name": "Above", "query": "show=above&sort=-due&open=R-001"})
    assert (answer.status_code, answer["Location"]) == (303, url("list", "?show=above&sort=-due"))
    twin = alice.post(url("view-save"), {"name": "above", "query": ""})
    assert twin.status_code == 422 and "Choose another name" in twin.content.decode()
    assert ">Above<" in alice.get(url("list")).content.decode()
    view = the_view_of(cast)
    assert alice.post(url("view-rename", f"?view={view}"), {"name": "Over it"}).status_code == 303
    assert "Over it" in alice.get(url("views")).content.decode()
    amir = browse(cast.amir)
    assert "Over it" not in amir.get(url("views")).content.decode()
    for unknown in (view, "no-id", "00000000-0000-4000-8000-000000000000"):
        assert amir.post(url("view-remove"), {"view": unknown}).status_code == 422
        assert amir.post(url("view-rename", f"?view={unknown}"), {"name": "Theirs"}).status_code == 422
    assert browse(cast.bob).get(url("views")).status_code == 403
    assert alice.post(url("view-remove"), {"view": view}).status_code == 303
    assert "No saved views yet" in alice.get(url("views")).content.decode()


def the_view_of(cast):
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        return str(SavedView.objects.get().pk)
