import os
import signal
import subprocess
import sys
import threading

import pytest

from vciso.embedded import processes
from vciso.embedded.account import Account
from vciso.launch import supervisor as rules
from vciso.launch.console import StepFailed
from vciso.launch.supervisor import Child, Supervisor

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
PARENT = "import subprocess, time; subprocess.Popen(['sleep', '60'], start_new_session=True); time.sleep(60)"


@pytest.fixture
def supervise(tmp_path, monkeypatch):
    monkeypatch.setattr(rules, "PATIENCE_SECONDS", 1)
    me = Account("me", os.geteuid(), os.getegid())
    found = Supervisor(me, tmp_path, f"VCISO_SUPERVISED={tmp_path}", keep_servers_up=list)

    def add(name, code):
        environment = {"PATH": os.environ["PATH"], "VCISO_SUPERVISED": str(tmp_path)}
        child = Child(name, [sys.executable, "-c", code], environment, tmp_path / f"{name}.log")
        found.add(child)
        return child

    found.test_add = add
    yield found
    found.stop()


def test_a_child_that_ignores_the_end_is_killed(supervise):
    child = supervise.test_add("stubborn", STUBBORN)
    assert processes.wait_until(lambda: "up" in child.tail(), seconds=10)
    supervise.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_a_grandchild_in_a_session_of_its_own_ends_too(supervise):
    supervise.test_add("parent", PARENT)
    assert processes.wait_until(lambda: len(processes.marked(supervise.marker)) == 2, seconds=10)
    supervise.stop()
    assert processes.marked(supervise.marker) == []


def test_a_child_that_dies_is_started_once_more_and_then_ends_the_portal(supervise, capsys):
    supervise.test_add("worker", "import time; time.sleep(0.3); raise SystemExit(3)")
    assert supervise.watch() == 1
    said = capsys.readouterr().out
    assert "The worker ended (status 3) and was started again." in said
    assert "The worker ended again (status 3); the portal stops." in said


def test_a_stop_ends_the_watch(supervise):
    supervise.test_add("worker", "import time; time.sleep(60)")
    threading.Timer(0.3, lambda: setattr(supervise, "stopping", True)).start()
    assert supervise.watch() == 0


def test_a_child_that_ends_at_its_start_is_named_with_its_last_words(supervise):
    child = supervise.test_add("web server", "raise SystemExit('no such setting')")
    child.process.wait()
    with pytest.raises(StepFailed, match="The web server ended at its start") as failed:
        supervise.wait_for(lambda: False, seconds=5)
    assert "no such setting" in failed.value.detail


def test_what_a_killed_supervisor_left_behind_is_swept_away(supervise):
    left = subprocess.Popen(["sleep", "60"], env=dict([supervise.marker.split("=", 1)]), start_new_session=True)
    # The kernel shows the new environment a moment after the program was replaced.
    assert processes.wait_until(lambda: processes.marked(supervise.marker) == [left.pid], seconds=30)
    assert supervise.sweep() == 1
    assert left.wait(timeout=5) < 0


def test_children_end_when_their_supervisor_is_killed(tmp_path):
    code = (
        "import os, subprocess, sys, time\n"
        "from vciso.embedded.account import Account\n"
        "account = Account('me', os.geteuid(), os.getegid())\n"
        "child = subprocess.Popen(account.command(['sleep', '60'], dies_with_parent=True), start_new_session=True)\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())
    # setpriv asks the kernel for the signal before it becomes what it was told to run.
    assert processes.wait_until(lambda: processes.command_line(child) == ["sleep", "60"], seconds=30)
    parent.kill()
    parent.wait()
    assert processes.wait_until(lambda: not processes.is_running(child), seconds=30)
