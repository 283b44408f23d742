"""The first stage: from a bare Python 3.11 to the portal's own virtual environment.

Run by the scripts in `bin/` as `python3 -m vciso.launch.bootstrap COMMAND …`; hands over
to `vciso.launch` inside `.venv`. When nothing changed it does nothing else.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vciso.launch.console import StepFailed, progress_to_standard_error, report_failure, run, say, step
from vciso.launch.stamps import Stamp, of_files

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NETWORK = "Check that PyPI can be reached (PIP_INDEX_URL for a mirror), then run this again."


def main(arguments: list[str]) -> int:
    command = arguments[0]
    dev = command == "test" or _stamp(dev=True).path.exists()
    try:
        _check_python()
        if not _stamp(dev=dev).is_current():
            if command == "manage":
                progress_to_standard_error()
            say("vCISO portal: setting up")
            with _one_at_a_time():
                if not _stamp(dev=dev).is_current():
                    _make_environment(dev=dev)
    except StepFailed as error:
        report_failure(error)
        return 1
    except KeyboardInterrupt:
        return 130
    python = str(VENV / "bin" / "python")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    os.execve(python, [python, "-m", "vciso.launch", *arguments], environment)  # noqa: S606 (no shell is wanted)


def _check_python() -> None:
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:2]))
        raise StepFailed(
            f"This is Python {found}; the portal needs 3.11 or newer.",
            remedy="Name a newer one: PYTHON=python3.12 bin/up",
        )


def _lock_file(*, dev: bool) -> Path:
    return ROOT / ("requirements-dev.txt" if dev else "requirements.txt")


def _stamp(*, dev: bool) -> Stamp:
    version = ".".join(map(str, sys.version_info[:3]))
    wanted = of_files([_lock_file(dev=dev)], version, str(VENV))
    return Stamp(VENV / ("dev.stamp" if dev else "app.stamp"), wanted)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let a second set-up wait for the first instead of writing into it."""
    with (ROOT / ".venv.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make_environment(*, dev: bool) -> None:
    python = str(VENV / "bin" / "python")
    with step("Python environment"):
        if not _works(python):
            shutil.rmtree(VENV, ignore_errors=True)
            run(
                [sys.executable, "-m", "venv", str(VENV)],
                what="The virtual environment could not be made",
                remedy="On Debian: apt-get install python3-venv",
            )
        uv = VENV / "bin" / "uv"
        if not uv.exists():
            _pip(python, ROOT / "requirements-uv.txt", fails=False)
    with step("Python packages" + (" with test tools" if dev else "")):
        if not uv.exists() or not _uv_sync(str(uv), python, _lock_file(dev=dev)):
            _pip(python, _lock_file(dev=dev), fails=True)
    _stamp(dev=dev).leave()
    if dev:
        _stamp(dev=False).leave()


def _works(python: str) -> bool:
    """Whether the environment's Python starts; it does not after a system upgrade."""
    if not os.path.exists(python):
        return False
    wanted = f"import sys; sys.exit(sys.version_info[:3] != {tuple(sys.version_info[:3])})"
    return subprocess.run([python, "-c", wanted], check=False).returncode == 0


def _uv_sync(uv: str, python: str, lock: Path) -> bool:
    environment = dict(os.environ)
    if mirror := environment.get("PIP_INDEX_URL"):
        environment.setdefault("UV_DEFAULT_INDEX", mirror)
    command = [uv, "pip", "sync", "-q", "--require-hashes", "--python", python, str(lock)]
    try:
        run(command, what="uv could not install the packages", remedy=NETWORK, env=environment)
    except StepFailed:
        return False
    return True


def _pip(python: str, lock: Path, *, fails: bool) -> None:
    command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    try:
        run(
            [*command, "--require-hashes", "-r", str(lock)],
            what="The Python packages could not be installed",
            remedy=NETWORK,
        )
    except StepFailed:
        if fails:
            raise


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
