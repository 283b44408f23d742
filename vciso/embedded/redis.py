"""The embedded Redis: queue hints and the cache, by socket and password only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from vciso.embedded import processes
from vciso.embedded.errors import PartFailed
from vciso.embedded.layout import Layout, write_private

USER = "vciso"
BROKER_DATABASE = 0
CACHE_DATABASE = 1

SETTINGS = """\
port 0
unixsocket {socket}
unixsocketperm 700
daemonize yes
pidfile {data}/redis.pid
logfile {data}/redis.log
dir {data}
aclfile {data}/users.acl
appendonly {appendonly}
appendfsync everysec
save ""
maxmemory 512mb
maxmemory-policy noeviction
"""
# `@all` without administration: the worker needs scripts, the cache needs FLUSHDB.
ACL = "user default off\nuser {user} on >{password} ~* &* +@all -@admin -@dangerous +info +flushdb +keys\n"


@dataclass(frozen=True)
class Redis:
    """The Redis server of one layout."""

    layout: Layout
    forgetful: bool = False

    @property
    def program(self) -> Path:
        """redis-server; Debian's redis-check-rdb is the same program under another name."""
        found = shutil.which("redis-server")
        if found:
            return Path(found)
        same = shutil.which("redis-check-rdb")
        if same is None:
            raise PartFailed(
                "Redis is not installed.",
                remedy="apt-get install --no-install-recommends redis-tools, or set REDIS_URL.",
            )
        link = self.layout.var / "bin" / "redis-server"
        link.parent.mkdir(exist_ok=True)
        if not link.is_symlink() or os.readlink(link) != same:
            link.unlink(missing_ok=True)
            link.symlink_to(same)
        return link

    @property
    def _pid_file(self) -> Path:
        return self.layout.redis_data / "redis.pid"

    @property
    def _settings(self) -> Path:
        return self.layout.redis_data / "redis.conf"

    def _pid(self) -> int | None:
        """The process id of our living server; another process of that number is none."""
        pid = processes.read_pid(self._pid_file)
        if pid is None or not processes.is_running(pid):
            return None
        words = " ".join(processes.command_line(pid))
        ours = "redis-server" in words and str(self.layout.redis_socket) in words
        return pid if ours else None

    def is_running(self) -> bool:
        return self._pid() is not None

    def start(self) -> bool:
        """Start the server and wait until it answers; False if it was running already.

        Whoever calls holds the lock of `parts`: a second Redis would silently take the
        socket from the first.
        """
        if self.is_running():
            return False
        self._write_settings()
        account = self.layout.account
        command = account.command([str(self.program), str(self._settings)])
        done = subprocess.run(
            command, cwd="/", env={"PATH": os.environ.get("PATH", "")},
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0 or not processes.wait_until(self.answers, seconds=30):
            log = self.layout.redis_data / "redis.log"
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise PartFailed(
                f"Redis did not start: {reason[-1] if reason else 'it does not answer'}",
                remedy=f"The reason is at the end of {log}.",
            )
        return True

    def _write_settings(self) -> None:
        data = self.layout.redis_data
        text = SETTINGS.format(socket=self.layout.redis_socket, data=data, appendonly="no" if self.forgetful else "yes")
        acl = ACL.format(user=USER, password=self.layout.secret("redis"))
        for path, content in ((self._settings, text), (data / "users.acl", acl)):
            write_private(path, content)
            self.layout.account.own(path)
        self._pid_file.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether the server has loaded its data and answers PING."""
        client = shutil.which("redis-cli")
        if client is None:
            return self.layout.redis_socket.exists()
        done = subprocess.run(
            [client, "-s", str(self.layout.redis_socket), "--user", USER, "PING"],
            env={"PATH": os.environ.get("PATH", ""), "REDISCLI_AUTH": self.layout.secret("redis")},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout.strip() == "PONG"

    def stop(self) -> None:
        """Stop the server, its data written; nothing happens if it is not running."""
        pid = self._pid()
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        if not processes.wait_until(lambda: not self.is_running(), seconds=10):
            os.kill(pid, signal.SIGKILL)

    @property
    def broker_url(self) -> str:
        return self._url("redis+socket", f"virtual_host={BROKER_DATABASE}")

    @property
    def cache_url(self) -> str:
        return self._url("unix", f"db={CACHE_DATABASE}")

    def _url(self, scheme: str, query: str) -> str:
        path = quote(str(self.layout.redis_socket), safe="/")
        return f"{scheme}://{USER}:{self.layout.secret('redis')}@{path}?{query}"
