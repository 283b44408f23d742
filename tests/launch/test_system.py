import os

import pytest

from vciso.launch import system
from vciso.launch.console import StepFailed


def test_somebody_who_is_not_root_is_told_the_command_to_run(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(system.shutil, "which", lambda name: None if name == "sudo" else f"/usr/bin/{name}")
    with pytest.raises(StepFailed, match="only root may install them") as refused:
        system.install(["redis-tools"], yes=False)
    assert "apt-get install -y -q --no-install-recommends redis-tools" in refused.value.remedy


def test_a_machine_without_apt_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    with pytest.raises(StepFailed, match="this is not Debian: libpango-1.0-0") as refused:
        system.install(["libpango-1.0-0"], yes=True)
    assert "Pango 1.44" in refused.value.remedy


def test_nothing_is_asked_when_nothing_is_missing():
    system.install([], yes=False)


def test_outside_servers_need_no_redis_here(monkeypatch):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    assert "redis-tools" in system.missing(system.Wanted(redis=True))
    assert "redis-tools" not in system.missing(system.Wanted(redis=False))


@pytest.mark.parametrize("there", system.BROWSERS)
def test_either_browser_of_debian_is_enough(monkeypatch, there):
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}" if name == there else None)
    assert system.browser() == f"/usr/bin/{there}"
    assert not {*system.BROWSERS} & {*system.missing(system.Wanted(tests=True))}


def test_without_a_browser_the_lighter_one_is_installed_and_for_tests_alone(monkeypatch):
    monkeypatch.setattr(system.shutil, "which", lambda name: None)
    assert "chromium-headless-shell" in system.missing(system.Wanted(tests=True))
    assert "chromium-headless-shell" not in system.missing(system.Wanted(tests=False))
