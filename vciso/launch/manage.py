"""`bin/manage COMMAND …`: one management command on the portal's data.

The embedded servers are started for its time if they are down. The command runs in the
caller's folder and as the caller, so that the files it is given can be read and written;
the exit status is the command's own.
"""

from __future__ import annotations

import subprocess
import sys

from vciso.launch.environment import ROOT, Installation

# Commands that change the schema or make practices and people.
AS_MIGRATOR = frozenset({
    "migrate", "createcachetable", "create_practice", "seed", "dbshell", "sqlmigrate",
    "showmigrations", "flush", "dumpdata", "loaddata", "backup", "restore",
})  # fmt: skip
WITHOUT_SERVERS = frozenset({"help", "--help", "-h", "--version", "version", "makemessages"})


def main(arguments: list[str]) -> int:
    installation = Installation.find()
    words = arguments or ["help"]
    if words[0] in WITHOUT_SERVERS:
        installation.layout.prepare()
        return _run(installation, words)
    with installation.parts.in_use():
        try:
            return _run(installation, words)
        finally:
            for folder in ("files", "tmp", "cache"):
                installation.layout.account.own_tree(installation.layout.var / folder)


def _run(installation: Installation, words: list[str]) -> int:
    role = "migrator" if words[0] in AS_MIGRATOR else "app"
    environment = installation.command(role=role)
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    # Ctrl-C reaches the command too; it ends first and then we follow.
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            status = process.wait()
            break
        except KeyboardInterrupt:
            continue
    if status < 0:
        return 128 + abs(status)
    return status
