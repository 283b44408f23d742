import os
import shutil

import pytest

from vciso.embedded.errors import PartFailed
from vciso.embedded.layout import LONGEST_SOCKET_FOLDER, Layout, write_private
from vciso.embedded.parts import Parts


def deep(var, length):
    """A data folder whose socket folder has exactly `length` bytes."""
    inside = var / ("d" * (length - len(os.fsencode(var)) - len("/") - len("/sockets")))
    assert len(os.fsencode(inside / "sockets")) == length
    return inside


@pytest.mark.parametrize("length", [LONGEST_SOCKET_FOLDER, LONGEST_SOCKET_FOLDER + 1, 200])
def test_servers_start_however_deep_the_checkout_lies(layout, var, length):
    found = Layout(layout.root, deep(var, length))
    parts = Parts(found, forgetful=True)
    try:
        with parts.in_use():
            assert parts.redis.answers() is True
            assert len(os.fsencode(found.sockets)) <= LONGEST_SOCKET_FOLDER
            assert found.sockets.stat().st_mode & 0o777 == 0o700
        assert found.sockets.is_relative_to(found.var) is (length <= LONGEST_SOCKET_FOLDER)
    finally:
        shutil.rmtree(found.sockets, ignore_errors=True)


def test_a_socket_folder_that_is_somebody_elses_is_refused(layout):
    layout.sockets.rmdir()
    layout.sockets.symlink_to("/tmp")
    with pytest.raises(PartFailed, match="is not a folder of the user") as refused:
        layout.prepare()
    assert "rm -r" in refused.value.remedy


def test_a_secret_is_made_once_and_only_its_owner_reads_it(layout):
    first = layout.secret("one")
    assert layout.secret("one") == first
    assert layout.secret("two") != first
    assert len(first) == 64
    assert (layout.secrets / "one").stat().st_mode & 0o777 == 0o600
    assert layout.secrets.stat().st_mode & 0o777 == 0o700


def test_a_private_file_replaces_a_planted_link_instead_of_following_it(layout, var):
    target = var / "somebody elses"
    target.write_text("untouched")
    (layout.run / "portal.json").symlink_to(target)
    write_private(layout.run / "portal.json", "ours")
    assert target.read_text() == "untouched"
    assert (layout.run / "portal.json").read_text() == "ours"
