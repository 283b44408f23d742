import os

import pytest

from vciso.embedded.account import Account
from vciso.embedded.errors import PartFailed

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a service user")


@needs_root
def test_root_hands_its_servers_to_an_ordinary_user():
    account = Account.choose()
    assert account.uid != 0
    assert account.differs_from_caller is True


@needs_root
def test_root_itself_is_no_service_user():
    with pytest.raises(PartFailed, match="is root"):
        Account.choose("root")


@needs_root
def test_only_the_service_user_gets_a_way_through_a_closed_folder(var):
    account = Account.choose()
    closed = var / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    stranger = Account("nobody", 65534, 65534)
    assert account.can("x", closed / "inside") is False
    assert account.ensure_way_to(closed / "inside" / "file") == [closed]
    assert account.can("x", closed / "inside") is True
    assert account.can("r", closed) is False
    assert stranger.can("x", closed / "inside") is False
    assert account.ensure_way_to(closed / "inside" / "file") == []


def test_everybody_else_runs_the_servers_as_themselves(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() or 65534)
    account = Account.choose()
    assert account.uid == (os.getuid() or 65534)
    assert account.differs_from_caller is False
    assert account.command(["true"]) == ["true"]


@needs_root
def test_root_keeps_the_owner_of_data_that_is_there_already(var):
    (var / "pg").mkdir()
    os.chown(var / "pg", 65534, 65534)
    assert Account.of_data(var / "pg").uid == 65534
    assert Account.of_data(var / "nothing yet") == Account.choose()
