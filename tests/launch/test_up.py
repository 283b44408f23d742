"""The whole portal by its own commands: started, used, interrupted, killed, started again."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from tests.embedded.conftest import make_var
from vciso.embedded import processes

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]
ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "SSL_CERT_FILE")
TOKEN = "only-for-this-test-0123456789-abcdefghij"
SERVERS = ("pg/postmaster.pid", "redis/redis.pid")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Portal:
    """One installation in a folder of its own, driven as a person would."""

    def __init__(self, folder):
        self.var = folder
        self.port = free_port()
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.environment = {**kept, "VCISO_VAR": str(folder), "PORT": str(self.port), "VCISO_METRICS_TOKEN": TOKEN}
        self.process = None

    def command(self, *words, **options):
        return subprocess.run(
            words, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, **options
        )

    def up(self):
        self.process = subprocess.Popen(
            ["bin/up", "--no-seed"], cwd=ROOT, env=self.environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said = []
        for line in self.process.stdout:
            said.append(line)
            if line.startswith("Ctrl-C ends it"):
                return "".join(said)
        raise AssertionError("".join(said))

    def health(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/health/ready")
        return connection.getresponse().status

    def ask(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read().decode()

    def told(self):
        return json.loads((self.var / "portal.json").read_text())

    def marked(self):
        return processes.marked(f"VCISO_SUPERVISED={self.var}")

    def servers(self):
        pids = [processes.read_pid(self.var / file) for file in SERVERS]
        return [pid for pid in pids if pid and processes.is_running(pid)]

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def kill(self):
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def installation():
    """One data folder for all of these tests: only the first start sets it up."""
    folder = make_var()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def portal(installation):
    found = Portal(installation)
    yield found
    if found.process and found.process.poll() is None:
        found.interrupt()
    processes.send(found.marked(), signal.SIGKILL)
    for pid in found.servers():
        os.kill(pid, signal.SIGTERM)
    processes.wait_until(lambda: not found.servers(), seconds=20)


def test_one_command_runs_the_portal_and_an_interrupt_ends_all_of_it(portal):
    said = portal.up()
    assert portal.health() == 200
    assert f"http://localhost:{portal.port}" in said
    told = portal.told()
    assert told["address"] == f"http://localhost:{portal.port}"
    assert set(told["processes"]) == {"supervisor", "web_server", "worker", "scheduler"}
    assert (portal.var / "portal.json").stat().st_mode & 0o777 == 0o600

    environment = (processes.PROC / str(told["processes"]["web_server"]) / "environ").read_bytes()
    assert b"MIGRATOR_DATABASE_URL" not in environment
    if os.geteuid() == 0:
        owners = {(processes.PROC / str(pid)).stat().st_uid for pid in portal.marked()}
        assert 0 not in owners

    answer, _ = portal.ask("/account/login/?next=/secret-place/")
    assert answer.status == 200 and answer.headers["Server"] == "gunicorn"
    for _ in range(6):
        portal.ask("/health/live")
    _, figures = portal.ask("/metrics", Authorization=f"Bearer {TOKEN}")
    assert 'vciso_requests_total{method="GET",status="2xx"}' in figures and "vciso_outbox_waiting 0" in figures
    assert portal.ask("/metrics")[0].status == 404
    log = (portal.var / "log" / "web.log").read_text()
    assert f"request={answer.headers['X-Request-ID']} method=GET path=/account/login/ status=200 ms=" in log
    assert "secret-place" not in log

    again = portal.command("bin/up")
    assert again.returncode == 1
    assert f"The portal is already running at http://localhost:{portal.port}" in again.stdout

    asked = portal.command("bin/manage", "check")
    assert asked.returncode == 0, asked.stderr
    assert len(portal.servers()) == 2

    assert portal.interrupt() == 0
    assert (portal.marked(), portal.servers()) == ([], [])
    assert not (portal.var / "portal.json").exists()


def test_nothing_a_kill_leaves_behind_blocks_the_next_start(portal):
    portal.up()
    left = portal.told()["processes"]
    portal.kill()
    portal.up()
    assert portal.health() == 200
    assert not any(processes.is_running(pid) for pid in left.values())

    for pid in [*portal.marked(), *portal.servers()]:
        with contextlib.suppress(ProcessLookupError):  # it ended with the one before it
            os.kill(pid, signal.SIGKILL)
    portal.kill()
    portal.up()
    assert portal.health() == 200


def test_a_process_that_is_killed_comes_back(portal):
    portal.up()
    web = portal.told()["processes"]["web_server"]
    os.kill(web, signal.SIGKILL)
    os.kill(processes.read_pid(portal.var / "redis/redis.pid"), signal.SIGKILL)

    def is_back():
        try:
            return portal.told()["processes"]["web_server"] != web and portal.health() == 200
        except OSError:
            return False

    assert processes.wait_until(is_back, seconds=40, every=0.3)
    assert processes.wait_until(lambda: len(portal.servers()) == 2, seconds=20, every=0.3)


def test_a_taken_port_is_refused_with_another_to_try(portal):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", portal.port))
        taken.listen()
        done = portal.command("bin/up", "--no-seed")
    assert done.returncode == 1
    assert f"Port {portal.port} cannot be used" in done.stderr
    assert f"PORT={portal.port + 1} bin/up" in done.stderr


def test_a_management_command_starts_the_servers_for_its_time_and_passes_its_status_on(portal):
    done = portal.command("bin/manage", "no_such_command")
    assert done.returncode == 1
    assert "Unknown command" in done.stderr
    assert portal.servers() == []
