"""The daily anchor: it leaves by mail and by file, once a day, and tells a rewritten trail from a true one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection

from tests.factories.cast import Cast
from vciso.audit import services as audit
from vciso.jobs import tasks
from vciso.operations import anchors
from vciso.tenancy import context

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def trail(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.ANCHOR_MAIL = ["trail@elsewhere.test"]
    settings.ANCHOR_FOLDER = str(tmp_path / "elsewhere")
    write(cast, 3)
    return cast


def write(cast: Cast, events: int) -> None:
    with context.as_user(cast.alice, client_key=cast.acme.key):
        for number in range(events):
            audit.record(verb=f"test.{number}", client=cast.acme, by=cast.alice, after={"n": number})


def rewrite(as_owner: Callable[[], Any], cast: Cast) -> None:
    """What the owner of the database can do: drop the chain and compute another one that verifies."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM audit_event WHERE client_id = %s", [cast.acme.pk])
        cursor.execute("DELETE FROM audit_head WHERE chain LIKE 'client:%%'")
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    write(cast, 3)


def test_an_anchor_leaves_by_mail_and_file_once_a_day(trail: Cast) -> None:
    assert anchors.anchor_trail(at=AT) == "anchored"
    assert anchors.anchor_trail(at=AT + timedelta(hours=5)) == "done"
    tasks.send_due_mail()
    assert [message.to for message in mail.outbox] == [["trail@elsewhere.test"]]
    (file,) = anchors.folder().iterdir()
    assert file.name == "trail-2026-03-02.json"
    sent, written = anchors.Anchor.read(str(mail.outbox[0].body)), anchors.Anchor.read(file.read_text())
    assert sent == written
    # Other chains of this database (sign-ins that other tests committed) are anchored beside it.
    assert {chain: seq for chain, seq, _ in sent.ends}[f"client:{trail.acme.pk}"] == 3
    assert "Acme" not in file.read_text() and "alice" not in file.read_text()


def test_a_day_without_a_scheduler_is_followed_by_an_anchor(trail: Cast) -> None:
    assert anchors.anchor_trail(at=AT) == "anchored"
    assert anchors.anchor_trail(at=AT + timedelta(days=3)) == "anchored"
    assert len(list(anchors.folder().iterdir())) == 2


def test_anchors_agree_with_a_trail_that_went_on(trail: Cast, as_owner: Callable[[], Any], capsys: Any) -> None:
    anchors.anchor_trail(at=AT)
    write(trail, 2)
    with as_owner():
        call_command("anchors", "check", *map(str, anchors.folder().iterdir()))
    assert "The trail is the one that was anchored." in capsys.readouterr().out


def test_a_trail_computed_anew_verifies_and_is_found_out_by_its_anchor(
    trail: Cast, as_owner: Callable[[], Any], capsys: Any
) -> None:
    anchors.anchor_trail(at=AT)
    rewrite(as_owner, trail)
    assert anchors.anchor_trail(at=AT + timedelta(days=1)) == "anchored"  # every chain is whole
    old, _ = sorted(anchors.folder().iterdir())
    with as_owner(), pytest.raises(SystemExit):
        call_command("anchors", "check", str(old))
    assert "event 3 is not the one that was anchored on 2026-03-02" in capsys.readouterr().out


def test_a_broken_chain_is_told_and_the_day_stays_without_an_anchor(
    trail: Cast, as_owner: Callable[[], Any], caplog: Any
) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET verb = 'forged' WHERE seq = 2")
    assert [anchors.anchor_trail(at=AT) for _ in range(2)] == ["broken", "broken"]
    tasks.send_due_mail()
    (message,) = mail.outbox
    assert "BROKEN" in message.subject and "at event 2" in str(message.body)
    assert not anchors.folder().exists()
    assert "the audit trail is broken" in caplog.text


def test_a_folder_that_is_away_costs_no_anchor(trail: Cast, settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_FOLDER = "/proc/away"
    with pytest.raises(OSError):
        anchors.anchor_trail(at=AT)
    settings.ANCHOR_FOLDER = str(tmp_path / "back")
    assert anchors.anchor_trail(at=AT + timedelta(hours=1)) == "anchored"


@pytest.mark.parametrize("text", ["", "no anchor", json.dumps({"ends": [[1, 2]]}), "{}"])
def test_what_is_no_anchor_is_refused_in_words(text: str) -> None:
    with pytest.raises(anchors.Unreadable, match="holds no anchor"):
        anchors.Anchor.read(text)
