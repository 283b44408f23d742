"""How much is kept: refused in words beyond what may be, shown to admins, and told to nobody else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client as Browser
from django.utils import timezone

from tests.factories.cast import Cast
from vciso import files
from vciso.files import quotas, sweeping
from vciso.files.models import Kept
from vciso.files.uploads import TooLarge
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
KB = 1024


@pytest.fixture(autouse=True)
def small(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client may keep 2 kB here, its practice 3 kB."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.CLIENT_FILES_GB, settings.PRACTICE_FILES_GB = 2, 3
    monkeypatch.setattr(quotas, "GB", KB)


def keep(cast: Cast, client: Any, by: Any, size: int) -> None:
    """As an upload does: asked first, then stored; what the client keeps is counted when it is asked again."""
    at = timezone.now()
    with context.as_user(by, client_id=client.pk):
        quotas.admit(client=client, size=size, at=at)
        files.store(client.pk, bytes([cast.acme.pk.bytes[0]]) * size, suffix=".txt")
        quotas.count(client_id=client.pk, at=at)


def refusal(cast: Cast, client: Any, by: Any, size: int) -> str:
    with pytest.raises(TooLarge) as refused:
        keep(cast, client, by, size)
    assert refused.value.status == 413
    return str(refused.value)


def test_a_client_and_a_practice_keep_so_much_and_no_more(cast: Cast) -> None:
    """What is used, what may be, and what to do; the limit itself is still taken."""
    told = refusal(cast, cast.acme, cast.alice, 2 * KB + 1)
    assert told.startswith("This client keeps 0\xa0bytes of 2.0\xa0KB already, and this file has 2.0\xa0KB.")
    keep(cast, cast.acme, cast.alice, 2 * KB)
    assert "This client keeps 2.0\xa0KB of 2.0\xa0KB" in refusal(cast, cast.acme, cast.alice, 1)
    told = refusal(cast, cast.globex, cast.charlie, KB + 1)
    assert "Your practice with all its clients keeps 2.0\xa0KB of 3.0\xa0KB already" in told
    assert "VCISO_PRACTICE_GB" in told
    keep(cast, cast.globex, cast.charlie, KB)
    with context.as_user(cast.pam):
        assert quotas.of_practice(cast.northwind.pk) == quotas.Use(3 * KB, 3 * KB)
        with pytest.raises(TooLarge):
            quotas.admit_for_practice(practice=cast.northwind, size=1)
    keep(cast, cast.initech, cast.xenia, 2 * KB)


def test_files_are_counted_too(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_FILES", 1)
    keep(cast, cast.acme, cast.alice, 3)
    assert "1 files are kept here, and 1 may be" in refusal(cast, cast.acme, cast.alice, 4)


def test_the_night_counts_what_each_client_keeps(cast: Cast) -> None:
    """Reports and what nobody counted: what no row names is removed first."""
    files.store(cast.acme.pk, b"nobody names it", suffix=".txt")
    keep(cast, cast.globex, cast.charlie, 7)
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        Kept.objects.update(bytes=99)
    assert sweeping.sweep(older_than=0)["orphans"] == 2
    for person, client in ((cast.alice, cast.acme), (cast.charlie, cast.globex)):
        with context.as_user(person, client_id=client.pk):
            assert [(row.files, row.bytes) for row in Kept.objects.all()] == [(0, 0)]


def test_nobody_learns_how_much_another_practice_keeps(cast: Cast) -> None:
    keep(cast, cast.acme, cast.alice, 5)
    with context.as_user(cast.charlie, client_id=cast.globex.pk):
        assert not Kept.objects.exists(), "only the sum is told beyond a client"
        assert quotas.of_practice(cast.northwind.pk).used == 5
    for stranger in (cast.xenia, cast.bob.__class__(pk=cast.acme.pk)):
        with context.as_user(stranger), pytest.raises(DatabaseError), transaction.atomic():
            quotas.of_practice(cast.northwind.pk)


def test_admins_see_it_where_the_practice_is_set_up(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    keep(cast, cast.acme, cast.alice, 2 * KB)
    page = browse(cast.pam).get("/practice/settings/").content.decode()
    assert "2.0\xa0KB of 3.0\xa0KB" in page and 'value="67"' in page and "Soon" not in page
    keep(cast, cast.globex, cast.charlie, 900)
    assert "Soon no more files can be brought in" in browse(cast.pam).get("/practice/settings/").content.decode()


def test_a_page_refuses_with_413_and_keeps_nothing(cast: Cast, browse: Callable[[Any], Browser]) -> None:
    file = SimpleUploadedFile("risks.csv", b"Risk\n" + b"Something\n" * 300)
    answer = browse(cast.alice).post(f"/c/{cast.acme.key}/import/risks/", {"file": file})
    assert answer.status_code == 413 and "This client keeps" in answer.content.decode()
    assert list(files.stored_keys(client_id=cast.acme.pk)) == []
