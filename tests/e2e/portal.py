"""A whole portal for browser tests: a database, a small world in it, a web server and a worker.

Nothing here shares a connection with the tests: they see what people see. The database is made
anew for each run and dropped at the next one, so nothing is ever flushed.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import redis

from vciso.settings.addresses import redis_database

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120
# Databases 0 to 6 of Redis are for the portal and other tests.
FIRST_REDIS_DATABASE = 7


def _named(address: str, name: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{name}"))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Portal:
    """The processes of one portal, its address, and who and what is in it."""

    var: Path
    number: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    world: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = _free_port()
        self.address = f"http://localhost:{self.port}"
        self.database = f"test_browser_{self.number}"

    # --- Start and end ---------------------------------------------------------------------------

    def start(self) -> None:
        for name in ("files", "mail", "tmp", "cache", "static", "beat", "log"):
            (self.var / name).mkdir(parents=True, exist_ok=True)
        fonts = self.var / "fonts"
        if not fonts.exists():
            fonts.symlink_to(Path(os.environ.get("VCISO_VAR") or ROOT / "var").resolve() / "fonts")
        self._make_database()
        self._empty_redis()
        self.world = json.loads(self._finish(["-m", "tests.e2e.world"], role="migrator"))
        self._begin("web", [
            "-m", "gunicorn", "vciso.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--worker-class", "gthread",
            "--workers", "1", "--threads", "8", "--graceful-timeout", "2", "--no-control-socket",
        ], pool="1")  # fmt: skip
        self._begin("worker", [
            "-m", "celery", "-A", "vciso.celery", "worker", "--pool", "solo", "-B", "--without-gossip",
            "--without-mingle", "--loglevel", "INFO", "--schedule", str(self.var / "beat" / "schedule"),
        ])  # fmt: skip
        self._wait_until_it_answers()

    @classmethod
    def attached(cls, file: Path) -> Portal:
        """A portal that runs already, for writing tests; `keep` wrote the file."""
        kept = json.loads(file.read_text())
        found = cls(Path(kept["var"]), number=kept["number"], world=kept["world"])
        found.port, found.address = kept["port"], f"http://localhost:{kept['port']}"
        return found

    def keep(self, file: Path) -> None:
        file.write_text(
            json.dumps({"var": str(self.var), "number": self.number, "port": self.port, "world": self.world})
        )

    def stop(self) -> None:
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)

    # --- What tests ask of it ----------------------------------------------------------------------

    def manage(self, *arguments: str) -> str:
        """Runs a management command as the migrator, as `bin/manage` does; answers what it printed."""
        return self._finish(["manage.py", *arguments], role="migrator")

    def errors(self) -> str:
        """What the web server logged about pages that broke; empty in a good run."""
        log = (self.var / "log" / "web.log").read_text(errors="replace")
        return log if "Internal Server Error" in log or "Traceback" in log else ""

    def secrets_in_logs(self) -> list[str]:
        """Passwords, links of mails, session keys and the signing key that any process logged; none may be."""
        mails = "".join(path.read_text(errors="replace") for path in (self.var / "mail").rglob("*.log"))
        links = re.findall(r"/account/(?:invitation|password/reset/key)/([^/\s]{16,})", mails.replace("=\n", ""))
        with psycopg.connect(_named(os.environ["MIGRATOR_DATABASE_URL"], self.database)) as connection:
            sessions = [row[0] for row in connection.execute("SELECT session_key FROM django_session")]
        secrets = {self.world["password"], os.environ["SECRET_KEY"], *links, *sessions}
        logs = {path.name: path.read_text(errors="replace") for path in (self.var / "log").iterdir()}
        assert "vciso.requests answered" in logs["web.log"] and "vciso.tasks task ended" in logs["worker.log"]
        return [f"{name}: {secret[:4]}…" for name, text in logs.items() for secret in secrets if secret in text]

    # --- Inside ------------------------------------------------------------------------------------

    def _environment(self, role: str, pool: str = "0") -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ADMIN_", "VCISO_TEST_"))}
        kept |= {
            "DATABASE_URL": _named(os.environ["DATABASE_URL"], self.database),
            "REDIS_URL": redis_database(os.environ["REDIS_URL"], FIRST_REDIS_DATABASE + 2 * self.number),
            "CACHE_URL": redis_database(os.environ["CACHE_URL"], FIRST_REDIS_DATABASE + 1 + 2 * self.number),
            "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "VCISO_VAR": str(self.var),
            "VCISO_BASE_URL": self.address,
            "VCISO_DEMO": "1",
            "VCISO_DB_ROLE": role,
            "VCISO_DB_POOL": pool,
        }
        kept.pop("MIGRATOR_DATABASE_URL", None)
        if role == "migrator":
            kept["MIGRATOR_DATABASE_URL"] = _named(os.environ["MIGRATOR_DATABASE_URL"], self.database)
        return kept

    def _make_database(self) -> None:
        address = _named(os.environ["MIGRATOR_DATABASE_URL"], "postgres")
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")
            template = os.environ.get("VCISO_TEST_TEMPLATE") or "template1"
            connection.execute(f"CREATE DATABASE {self.database} TEMPLATE {template}")

    def _empty_redis(self) -> None:
        """Counters of sign-in attempts and hints of jobs from an earlier run are of no use."""
        for number in (0, 1):
            address = redis_database(os.environ["CACHE_URL"], FIRST_REDIS_DATABASE + number + 2 * self.number)
            with redis.Redis.from_url(address) as server:
                server.flushdb()

    def _finish(self, arguments: list[str], *, role: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self._environment(role), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, check=False, timeout=500,
        )  # fmt: skip
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def _begin(self, name: str, arguments: list[str], *, pool: str = "0") -> None:
        with (self.var / "log" / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self._environment("app", pool), stdin=subprocess.DEVNULL,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.processes.append(process)

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if any(process.poll() is not None for process in self.processes):
                break
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/health/ready", headers={"Host": f"localhost:{self.port}"})
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.2)
            finally:
                connection.close()
        self.stop()
        raise RuntimeError("the portal did not start:\n" + (self.var / "log" / "web.log").read_text(errors="replace"))
