"""The web server of the fault stand, and people who ask it for pages."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psycopg

from tests.faults.stand import Load, Stand, end

SECRET = "s" * 32
LOCKED_SECONDS = 12


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


@dataclass
class Web:
    """gunicorn with a pool of four connections, as bin/up runs it."""

    stand: Stand
    port: int = field(init=False)
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        # Longer than a request waits for a connection of the pool, so that both can be told apart.
        with psycopg.connect(self.stand.parts.admin_address(), autocommit=True) as admin:
            admin.execute(f"ALTER ROLE vciso_app SET lock_timeout = '{LOCKED_SECONDS}s'")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = self.stand.begin(
            "web", "gunicorn", "vciso.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "12", "--no-control-socket",
            VCISO_DB_POOL="1", VCISO_BASE_URL=f"http://localhost:{self.port}",
        )  # fmt: skip
        self.until_up()

    def stop(self) -> None:
        end(self.process)

    def until_up(self) -> None:
        deadline = time.monotonic() + 90
        while self.get("/health/live").status != 200:
            assert time.monotonic() < deadline, self.stand.log("web")[-2000:]
            time.sleep(0.2)

    def get(self, path: str, session: str = "") -> Answer:
        return self._ask("GET", path, session)

    def post(self, path: str, session: str, **given: Any) -> Answer:
        """A form of a page; `csrf` may be left out where every sending shall be a new one."""
        return self._ask("POST", path, session, urlencode({"csrfmiddlewaretoken": SECRET, **given}))

    def leave(self, path: str, session: str) -> None:
        """Asks for a page and goes away before it comes."""
        with socket.create_connection(("127.0.0.1", self.port)) as asking:
            lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{self.port}", f"Cookie: session={session}", "", ""]
            asking.sendall("\r\n".join(lines).encode())

    def together(self, count: int, ask: Any) -> list[Answer]:
        """The same request so many times at once, or what `ask` makes of each number."""
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(ask, range(count)))

    def _ask(self, method: str, path: str, session: str, body: str = "") -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Host": f"localhost:{self.port}", "Cookie": f"session={session}; csrf={SECRET}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body=body or None, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace"))
        except OSError as error:
            return Answer(0, {}, repr(error))
        finally:
            connection.close()


@dataclass(frozen=True)
class Place:
    """A consultant with a session, at work for one client."""

    load: Load
    session: str
    key: str
    name: str

    @classmethod
    def make(cls, stand: Stand) -> Place:
        load = stand.load(1)
        [(key, name)] = stand.ask("SELECT key, name FROM tenancy_client WHERE id = %s", load.clients[0])
        return cls(load, stand.do("sign_in", user=load.user)["session"], key, name)

    @property
    def people(self) -> str:
        return f"/c/{self.key}/people/"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]
