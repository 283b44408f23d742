"""Debian's packages the portal needs: drawing libraries, Redis, and Chromium for tests."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from dataclasses import dataclass

from vciso.launch.console import StepFailed, run, say, step

# What WeasyPrint loads, and the package that brings it.
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
REDIS = "redis-tools"
# Chromium for programs alone costs a seventh less than the one with windows, which does as well.
BROWSERS = ("chromium-headless-shell", "chromium")
PDF_TOOLS = "poppler-utils"


@dataclass(frozen=True)
class Wanted:
    """Which packages the command at hand can do without."""

    redis: bool = True
    tests: bool = False


def missing(wanted: Wanted) -> list[str]:
    """The Debian packages that have to be installed, in a fixed order."""
    packages = [package for library, package in LIBRARIES.items() if not _loads(library)]
    if wanted.redis and not (shutil.which("redis-server") or shutil.which("redis-check-rdb")):
        packages.append(REDIS)
    if wanted.tests:
        if browser() is None:
            packages.append(BROWSERS[0])
        if not shutil.which("pdftoppm"):
            packages.append(PDF_TOOLS)
    return packages


def browser() -> str | None:
    """The path of the browser for tests, if there is one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install(packages: list[str], *, yes: bool) -> None:
    """Install Debian packages as root; anybody else is asked first (or `yes` is given)."""
    if not packages:
        return
    command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    if shutil.which("apt-get") is None:
        raise StepFailed(
            f"System libraries are missing, and this is not Debian: {', '.join(packages)}.",
            remedy="Install what brings Pango 1.44 or newer and redis-server, then run this again.",
        )
    prefix = [] if os.geteuid() == 0 else _permission(command, yes=yes)
    # The list of packages may be missing or a year old; without the network this fails below.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    by_hand = "apt-get update && " + " ".join(command)
    with step("System packages") as notes:
        notes.append(", ".join(packages))
        for words in (["apt-get", "update", "-q"], command):
            run(
                [*prefix, *words],
                what="Debian's packages could not be installed",
                remedy=f"Run as root: {by_hand}",
                env=environment,
                asks=bool(prefix),
            )


def _permission(command: list[str], *, yes: bool) -> list[str]:
    """The words that make a command root's, once the caller agreed."""
    by_hand = "apt-get update && " + " ".join(command)
    refused = StepFailed(
        "System packages are missing, and only root may install them.",
        remedy=f"Run as root: {by_hand}",
    )
    if shutil.which("sudo") is None:
        raise refused
    if yes:
        return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND"]
    if not sys.stdin.isatty():
        raise refused
    say(f"Some system packages are missing. They would be installed with:\n    sudo {' '.join(command)}")
    if input("Install them now? [Y/n] ").strip().lower() not in ("", "y", "yes"):
        raise refused
    return ["sudo", "--preserve-env=DEBIAN_FRONTEND"]
