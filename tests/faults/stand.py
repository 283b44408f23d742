"""A portal of its own for fault tests: its servers, a worker and the driver, all real processes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.faults.disk import Disk
from vciso.embedded import processes
from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts

ROOT = Path(__file__).resolve().parents[2]
CHILDREN = 2
SHORT = {"JOB_LEASE": "4", "JOB_REDISPATCH": "3", "JOB_BACKOFF": "0.1", "JOB_DATABASE_PATIENCE": "2"}
STATES = "SELECT state, count(*) FROM jobs_job WHERE client_id = ANY(%s::uuid[]) GROUP BY 1"
REPORTS = """SELECT r.state, r.version, r.file_version, r.file_key, r.file_sha256, j.state, j.attempt, j.disturbances
  FROM reporting_report r JOIN jobs_job j ON j.id = r.job_id WHERE r.client_id = ANY(%s::uuid[])"""


def end(process: subprocess.Popen[bytes]) -> None:
    """kill -9 of a process and its whole group, drawing processes too."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@dataclass
class Load:
    """The clients of one test and the consultant who works for all of them."""

    user: str
    clients: list[str]


@dataclass
class Stand:
    """Everything one fault run needs; `close` ends every process it began."""

    var: Path
    parts: Parts = field(init=False)
    env: dict[str, str] = field(init=False)
    disk: Disk = field(init=False)
    driver: subprocess.Popen[str] = field(init=False)
    worker: subprocess.Popen[bytes] | None = None
    others: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def open(self) -> None:
        """Starts the servers with an empty database, migrates it, starts driver and worker."""
        self.parts = Parts(Layout(ROOT, self.var), forgetful=True)
        self.parts.prepare()
        self.parts.start()
        self.parts.postgres.start_over()
        self.disk = Disk(self.var / "files")
        self.disk.close()
        shutil.rmtree(self.var / "files", ignore_errors=True)
        self.disk.open()
        fonts = self.var / "fonts"
        if not fonts.exists():
            fonts.symlink_to(Path(os.environ.get("VCISO_VAR") or ROOT / "var") / "fonts")
        self.env = os.environ | self.parts.environment() | SHORT
        self.env |= {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "SECRET_KEY": "a key for the fault tests and nothing else",
            "VCISO_VAR": str(self.var),
            "VCISO_DB_POOL": "0",
            "VCISO_LOG_LEVEL": "WARNING",
            "PYTHONPATH": str(ROOT),
        }
        migrator = self.env | {"VCISO_DB_ROLE": "migrator"}
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=migrator, check=True)
        self.driver = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.driver"],
            cwd=ROOT,
            env=migrator,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.var / "driver.log").open("ab"),
            text=True,
        )
        self.start_worker()
        assert self._answer() == {"ready": True}

    def close(self) -> None:
        self.driver.kill()
        self.driver.wait()
        self.kill_worker()
        for process in self.others:
            end(process)
        self.parts.stop()
        self.disk.close()

    # --- the driver ---------------------------------------------------------------------

    def do(self, verb: str, **given: Any) -> dict[str, Any]:
        """Has the portal's own code do something, and answers what it answered."""
        assert self.driver.stdin is not None
        self.driver.stdin.write(json.dumps({"do": verb, **given}) + "\n")
        self.driver.stdin.flush()
        answer = self._answer()
        assert "error" not in answer, answer
        return answer

    def _answer(self) -> dict[str, Any]:
        assert self.driver.stdout is not None
        return dict(json.loads(self.driver.stdout.readline()))

    def load(self, clients: int, *, due: bool = False) -> Load:
        return Load(**self.do("make", clients=clients, due=due))

    # --- processes ----------------------------------------------------------------------

    def begin(self, name: str, *command: str, **given: str) -> subprocess.Popen[bytes]:
        """One more process of the portal, as the app role, in a group of its own."""
        with (self.var / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env=self.env | {"VCISO_DB_ROLE": "app", **given},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_worker(self, **given: str) -> None:
        """The worker as bin/up runs it; one that was there before goes on as a process of its own."""
        self.worker = self.begin(
            "worker", "celery", "-A", "vciso.celery", "worker", "-c", str(CHILDREN), "-l", "info",
            "--without-gossip", "--without-mingle", VCISO_LOG_LEVEL="INFO", **given,
        )  # fmt: skip

    def start_beat(self, name: str) -> subprocess.Popen[bytes]:
        schedule = self.var / "beat" / f"faults-{name}"
        return self.begin(
            f"beat-{name}", "celery", "-A", "vciso.celery", "beat", "--schedule", str(schedule), "--pidfile", "",
        )  # fmt: skip

    def children(self) -> list[int]:
        """The worker's pool processes."""
        assert self.worker is not None
        return self.work_of(self.worker)[1:]

    def work_of(self, process: subprocess.Popen[bytes]) -> list[int]:
        """A worker's own process and those of its pool."""
        listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [process.pid, *(int(pid) for pid in listed)]

    def kill_children(self) -> int:
        """kill -9 of every pool process; answers how many there were. One just ended has its successor first."""
        processes.wait_until(lambda: len(self.children()) >= CHILDREN, seconds=30)
        found = self.children()
        for pid in found:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(found)

    def kill_worker(self) -> None:
        if self.worker is not None:
            end(self.worker)
            self.worker = None

    def kill_redis(self) -> None:
        """kill -9 of the broker; nothing of its queue is kept."""
        pid = processes.read_pid(self.parts.layout.redis_data / "redis.pid")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        processes.wait_until(lambda: not processes.is_running(pid), seconds=5)

    def start_redis(self) -> None:
        self.parts.redis.start()

    def start_full_redis(self) -> None:
        """A broker that answers and has no memory left to take anything."""
        redis = self.parts.redis
        redis._write_settings()
        command = [str(redis.program), str(redis._settings), "--maxmemory", "1"]
        subprocess.run(self.parts.layout.account.command(command), cwd="/", check=True, capture_output=True)
        processes.wait_until(redis.answers, seconds=30)

    @contextmanager
    def no_database(self) -> Iterator[None]:
        """Postgres is ended without ceremony, as by a power cut, and comes back after the block."""
        postgres = self.parts.postgres
        postgres._run("pg_ctl", "-D", str(self.parts.layout.pg_data), "-w", "-m", "immediate", "stop")
        try:
            yield
        finally:
            postgres.start()

    # --- looking ------------------------------------------------------------------------

    def ask(self, sql: str, *params: Any, role: str = "MIGRATOR_DATABASE_URL") -> list[tuple[Any, ...]]:
        """Reads past every policy, as the migrator, or with the powers of the address called `role`."""
        with psycopg.connect(self.env[role]) as connection:
            return connection.execute(sql, params).fetchall()

    def states(self, load: Load) -> Mapping[str, int]:
        return dict(self.ask(STATES, load.clients))

    def log(self, name: str) -> str:
        return (self.var / f"{name}.log").read_text(errors="replace")

    def until(self, load: Load, reached: Callable[[Mapping[str, int]], bool], *, seconds: float) -> float:
        """Waits for states of the jobs; answers how long it took."""
        begun = time.monotonic()
        while not reached(self.states(load)):
            if time.monotonic() - begun > seconds:
                raise AssertionError(f"not reached in {seconds} s: {self.states(load)}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def until_running(self, load: Load) -> None:
        """Until the pool is in the middle of something; of two processes one may just be between two jobs."""
        self.until(load, lambda states: states.get("running", 0) > 0, seconds=60)

    def freeze_in_the_middle(self, worker: subprocess.Popen[bytes], load: Load) -> None:
        """Stops a worker while it holds a job: once more where the job had just ended when the signal came."""
        while True:
            self.until_running(load)
            os.killpg(worker.pid, signal.SIGSTOP)
            if self.states(load).get("running", 0):
                return
            os.killpg(worker.pid, signal.SIGCONT)

    def until_done(self, load: Load, *, seconds: float = 120) -> float:
        wanted = len(load.clients)
        return self.until(load, lambda states: states.get("done", 0) == wanted, seconds=seconds)

    def outcome(self, load: Load) -> dict[str, int]:
        """Lost, doubled, broken or foreign: all must be zero when everything is over."""
        rows = self.ask(REPORTS, load.clients)
        found = {"lost": len(load.clients) - len(rows), "doubled": 0, "broken": 0, "unfinished": 0}
        jobs = self.ask("SELECT count(*) FROM jobs_job WHERE client_id = ANY(%s::uuid[])", load.clients)[0][0]
        found["doubled"] = jobs - len(load.clients)
        for state, version, drawn, key, sha256, job, _, _ in rows:
            found["unfinished"] += not (state == "draft" and version == drawn and job == "done")
            path = self.var / "files" / key
            whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
            found["broken"] += not whole
        return found

    def waiting_for(self, load: Load) -> set[str]:
        """What the queued jobs wait for."""
        rows = self.ask(
            "SELECT DISTINCT waiting_for FROM jobs_job WHERE state = 'queued' AND client_id = ANY(%s::uuid[])",
            load.clients,
        )
        return {row[0] for row in rows}

    def until_waiting(self, load: Load, reason: str, *, seconds: float = 60) -> None:
        self.until(load, lambda _: reason in self.waiting_for(load), seconds=seconds)

    def attempts(self, load: Load) -> list[int]:
        return sorted(row[6] for row in self.ask(REPORTS, load.clients))
