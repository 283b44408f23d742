import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg

from vciso.embedded import processes
from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pathlib import Path

import psycopg
from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts
with Parts(Layout(Path("."), Path(sys.argv[1])), forgetful=True).in_use():
    print("in use", flush=True)
    sys.stdin.readline()
"""


def hold(var):
    """Another process that uses the servers until a line is written to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(var)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline() == "in use\n"
    return process


def running(parts):
    return parts.postgres.is_running(), parts.redis.is_running()


def test_the_servers_run_only_while_they_are_used(var):
    parts = Parts(Layout(ROOT, var), forgetful=True)
    with parts.in_use():
        assert running(parts) == (True, True)
    assert running(parts) == (False, False)


def test_the_last_one_out_turns_them_off(var):
    parts = Parts(Layout(ROOT, var), forgetful=True)
    with parts.in_use():
        other = hold(var)
    assert running(parts) == (True, True)
    other.communicate("leave\n", timeout=30)
    assert running(parts) == (False, False)


def test_a_killed_user_neither_blocks_the_next_nor_keeps_the_servers_up(var):
    killed = hold(var)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    parts = Parts(Layout(ROOT, var), forgetful=True)
    assert running(parts) == (True, True)
    with parts.in_use():
        assert running(parts) == (True, True)
    assert running(parts) == (False, False)


def test_servers_that_end_meanwhile_are_started_again(var):
    parts = Parts(Layout(ROOT, var), forgetful=True)
    with parts.in_use():
        for file in ("pg/postmaster.pid", "redis/redis.pid"):
            os.kill(processes.read_pid(var / file), signal.SIGKILL)
        processes.wait_until(lambda: running(parts) == (False, False), seconds=10)
        assert parts.start_missing() == ["database", "queue"]
        assert running(parts) == (True, True)


def test_a_part_given_from_outside_is_not_started(var):
    parts = Parts(Layout(ROOT, var), with_postgres=False, forgetful=True)
    with parts.in_use():
        assert parts.redis.is_running() is True
        assert set(parts.environment()) == {"REDIS_URL", "CACHE_URL"}
    assert not parts.layout.pg_data.exists()


def test_a_new_data_folder_in_the_place_of_another_gets_its_roles(var):
    """As before a restore: the old database is moved away, passwords and secrets stay."""
    parts = Parts(Layout(ROOT, var), forgetful=True)
    with parts.in_use():
        address = parts.environment()["DATABASE_URL"]
    (var / "pg").rename(var / "pg.before")
    with parts.in_use(), psycopg.connect(address) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("vciso_app",)
