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
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from vciso.embedded import processes
from vciso.embedded.layout import Layout
from vciso.embedded.parts import Parts

ROOT = Path(__file__).resolve().parents[2]
CHILDREN = 2
SHORT = {"JOB_LEASE": "3", "JOB_REDISPATCH": "3", "JOB_BACKOFF": "0.5", "JOB_DATABASE_PATIENCE": "20"}
STATES = "SELECT state, count(*) FROM jobs_job WHERE client_id = ANY(%s::uuid[]) GROUP BY 1"
REPORTS = """SELECT r.state, r.version, r.file_version, r.file_key, r.file_sha256, j.state, j.attempt, j.disturbances
  FROM reporting_report r JOIN jobs_job j ON j.id = r.job_id WHERE r.client_id = ANY(%s::uuid[])"""


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
    driver: subprocess.Popen[str] = field(init=False)
    worker: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Starts the servers with an empty database, migrates it, starts driver and worker."""
        self.parts = Parts(Layout(ROOT, self.var), forgetful=True)
        self.parts.prepare()
        self.parts.start()
        self.parts.postgres.start_over()
        shutil.rmtree(self.var / "files", ignore_errors=True)
        (self.var / "files").mkdir()
        fonts = self.var / "fonts"
        if not fonts.exists():
            fonts.symlink_to(Path(os.environ.get("VCISO_VAR") or ROOT / "var") / "fonts")
        self.env = os.environ | self.parts.environment() | SHORT
        self.env |= {
            "DJANGO_SETTINGS_MODULE": "vciso.settings",
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
        self.parts.stop()

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

    def load(self, clients: int) -> Load:
        return Load(**self.do("make", clients=clients))

    # --- processes ----------------------------------------------------------------------

    def start_worker(self) -> None:
        self.worker = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "vciso.celery", "worker", "-c", str(CHILDREN)),
                *("-l", "warning", "--without-gossip", "--without-mingle"),
            ],
            cwd=ROOT,
            env=self.env | {"VCISO_DB_ROLE": "app"},
            stdout=(self.var / "worker.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def children(self) -> list[int]:
        """The worker's pool processes."""
        assert self.worker is not None
        listed = Path(f"/proc/{self.worker.pid}/task/{self.worker.pid}/children").read_text().split()
        return [int(pid) for pid in listed]

    def kill_children(self) -> int:
        """kill -9 of every pool process; answers how many there were."""
        found = self.children()
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return len(found)

    def kill_worker(self) -> None:
        """kill -9 of the worker and its whole process group, drawing processes too."""
        if self.worker is not None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
            self.worker = None

    def kill_redis(self) -> None:
        """kill -9 of the broker; nothing of its queue is kept."""
        pid = processes.read_pid(self.parts.layout.redis_data / "redis.pid")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        processes.wait_until(lambda: not processes.is_running(pid), seconds=5)

    def start_redis(self) -> None:
        self.parts.redis.start()

    # --- looking ------------------------------------------------------------------------

    def ask(self, sql: str, *params: Any) -> list[tuple[Any, ...]]:
        """Reads past every policy, as the migrator."""
        with psycopg.connect(self.env["MIGRATOR_DATABASE_URL"]) as connection:
            return connection.execute(sql, params).fetchall()

    def states(self, load: Load) -> Mapping[str, int]:
        return dict(self.ask(STATES, load.clients))

    def until(self, load: Load, reached: Callable[[Mapping[str, int]], bool], *, seconds: float) -> float:
        """Waits for states of the jobs; answers how long it took."""
        begun = time.monotonic()
        while not reached(self.states(load)):
            if time.monotonic() - begun > seconds:
                raise AssertionError(f"not reached in {seconds} s: {self.states(load)}")
            time.sleep(0.1)
        return time.monotonic() - begun

    def until_running(self, load: Load) -> None:
        """Until every pool process is in the middle of something."""
        self.until(load, lambda states: states.get("running", 0) >= CHILDREN, seconds=60)

    def until_done(self, load: Load, *, seconds: float = 60) -> float:
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

    def attempts(self, load: Load) -> list[int]:
        return sorted(row[6] for row in self.ask(REPORTS, load.clients))
