"""`bin/up`: set up what is missing, run the portal, end it all on Ctrl-C."""

from __future__ import annotations

import argparse
import http.client
import json
import os
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

from vciso.embedded.layout import write_private
from vciso.embedded.locks import Lock
from vciso.launch import sign_ins, steps, system
from vciso.launch.console import StepFailed, say, step
from vciso.launch.environment import MARKER, ROOT, Installation
from vciso.launch.supervisor import Child, Supervisor

START_SECONDS = 120


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.port:
        os.environ["PORT"] = options.port
    started = time.monotonic()
    installation = Installation.find()
    installation.layout.prepare()
    lock = Lock(installation.layout.run / "up.lock")
    if not lock.take_at_once():
        return _already_running(installation)
    say("vCISO portal: starting")
    supervisor = _supervisor(installation)
    supervisor.sweep()
    _check_port(installation)
    wanted = system.Wanted(redis=installation.parts.with_redis)
    system.install(system.missing(wanted), yes=options.yes)
    steps.npm_packages(installation, dev=False)
    for sentence in steps.prepare_data(installation):
        say(f"  Note: {sentence}.")
    steps.document_fonts(installation)
    with steps.servers(installation):
        sign_ins.forget_half_made_data(installation)
        steps.migrations(installation)
        steps.static_files(installation)
        if not options.no_seed:
            sign_ins.seed_if_empty(installation)
        try:
            _run_processes(installation, supervisor)
            _announce(installation, supervisor, seconds=time.monotonic() - started)
            status = supervisor.watch()
        finally:
            say("Stopping …")
            supervisor.stop()
            portal_file(installation).unlink(missing_ok=True)
    say("Stopped.")
    return status


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/up",
        description="Set up and run the whole portal. Ctrl-C ends it. PORT or --port chooses the port.",
    )
    parser.add_argument("--port", help="port on localhost (default 8000)")
    parser.add_argument("--no-seed", action="store_true", help="start with an empty database")
    parser.add_argument(
        "-y", "--yes", action="store_true", default=os.environ.get("VCISO_YES") == "1",
        help="install missing system packages with sudo without asking",
    )  # fmt: skip
    return parser.parse_args(arguments)


def portal_file(installation: Installation) -> Path:
    return installation.layout.var / "portal.json"


def _already_running(installation: Installation) -> int:
    try:
        address = json.loads(portal_file(installation).read_text())["address"]
    except (OSError, ValueError, KeyError):
        say("The portal is already starting in another terminal.")
        return 1
    say(f"The portal is already running at {address}")
    return 1


def _check_port(installation: Installation) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", installation.port))
        except OSError as error:
            raise StepFailed(
                f"Port {installation.port} cannot be used ({error.strerror}).",
                remedy=f"Choose another: PORT={installation.port + 1} bin/up",
            ) from error


def _supervisor(installation: Installation) -> Supervisor:
    layout = installation.layout

    def keep_servers_up() -> list[str]:
        return [f"The {name} had ended and was started again." for name in installation.parts.start_missing()]

    supervisor = Supervisor(
        account=layout.account,
        cwd=ROOT,
        marker=f"{MARKER}={layout.var}",
        keep_servers_up=keep_servers_up,
    )
    supervisor.changed = lambda: _write_portal_file(installation, supervisor)
    return supervisor


def _run_processes(installation: Installation, supervisor: Supervisor) -> None:
    """Start the web server, and once it serves pages the worker and the scheduler."""
    supervisor.listen()
    web, *others = _programs(installation)
    with step("Web server"):
        _begin(installation, supervisor, *web)
        supervisor.wait_for(lambda: _is_ready(installation.port), seconds=START_SECONDS)
    for program in others:
        _begin(installation, supervisor, *program)


def _begin(installation: Installation, supervisor: Supervisor, name: str, command: list[str], pool: bool) -> None:
    environment = installation.app(pool=pool) | {MARKER: str(installation.layout.var)}
    log = installation.layout.log / f"{name.split()[0]}.log"
    supervisor.add(Child(name, command, environment, log))


def _programs(installation: Installation) -> list[tuple[str, list[str], bool]]:
    """Name, command and whether it may use the connection pool."""
    binaries = ROOT / ".venv" / "bin"
    celery = [str(binaries / "python"), "-m", "celery", "-A", "vciso.celery"]
    schedule = installation.layout.var / "beat" / "schedule"
    web = [
        str(binaries / "python"), "-m", "gunicorn", "-c", "python:vciso.serving",
        "--bind", f"127.0.0.1:{installation.port}", "--graceful-timeout", "5",
    ]  # fmt: skip
    worker = [
        *celery, "worker", "--concurrency", "2", "--without-gossip", "--without-mingle",
        "--loglevel", "INFO",
    ]  # fmt: skip
    beat = [*celery, "beat", "--schedule", str(schedule), "--pidfile", "", "--loglevel", "INFO"]
    return [("web server", web, True), ("worker", worker, False), ("scheduler", beat, False)]


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _write_portal_file(installation: Installation, supervisor: Supervisor) -> None:
    content = {
        "address": installation.address,
        "started_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "sign_ins": sign_ins.read(installation),
        "processes": {
            "supervisor": os.getpid(),
            **{child.name.replace(" ", "_"): child.pid for child in supervisor.children},
        },
    }
    write_private(portal_file(installation), json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def _announce(installation: Installation, supervisor: Supervisor, *, seconds: float) -> None:
    _write_portal_file(installation, supervisor)
    say(f"\nThe portal is running after {seconds:.1f} seconds:\n\n    {installation.address}\n")
    for line in sign_ins.lines(installation):
        say("    " + line)
    say("\nCtrl-C ends it. What the processes say is in var/log.")
