"""A portal of its own for measuring: `bin/up` on a folder beside the usual data, ended at the end."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS, STOP_SECONDS = 180, 60


@dataclass(frozen=True)
class Running:
    """Where it answers, what it printed while it started, and who its web server is."""

    port: int
    var: Path
    said: str
    web: int

    @property
    def environment(self) -> dict[str, str]:
        return _environment(self.var, self.port)

    def manage(self, *words: str, text: str = "") -> str:
        """What a management command on this portal's data prints."""
        return _run(["bin/manage", *words], self.var, self.port, text)

    def workers(self) -> list[int]:
        """The processes that serve pages: the children of the web server's own."""
        children = Path(f"/proc/{self.web}/task/{self.web}/children").read_text().split()
        return [int(child) for child in children]


def _environment(var: Path, port: int) -> dict[str, str]:
    return {**os.environ, "VCISO_VAR": str(var), "PORT": str(port), "VCISO_YES": "1"}


def _run(command: list[str], var: Path, port: int, text: str) -> str:
    done = subprocess.run(
        command, cwd=ROOT, env=_environment(var, port), input=text, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:3])} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(name: str) -> Iterator[Running]:
    """Starts a portal whose data lie in var/<name>; they stay there for the next time."""
    var, port = ROOT / "var" / name, _free_port()
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "fonts").exists():
        (var / "fonts").symlink_to(Path("..") / "fonts")
    log = var / "up.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["bin/up", "--no-seed", "--yes"], cwd=ROOT, env=_environment(var, port), stdout=output,
            stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        yield Running(port, var, *_wait(process, var / "portal.json", log))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=STOP_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", file: Path, log: Path) -> tuple[str, int]:
    deadline = time.monotonic() + START_SECONDS
    while not file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"The portal did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)
    found: dict[str, Any] = json.loads(file.read_text())
    return log.read_text(errors="replace"), int(found["processes"]["web_server"])
