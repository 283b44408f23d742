"""PostgreSQL's own programs: the release the portal brings, else the machine's."""

import os
import shutil
import subprocess
from pathlib import Path

from django.db import connection

from vciso.embedded.errors import PartFailed
from vciso.embedded.postgres import programs_folder


class ProgramFailed(Exception):
    """A program ended with an error; holds what it said last."""


def run(name: str, *arguments: str) -> str:
    """Run pg_dump or pg_restore on the default database; the password goes by environment."""
    done = subprocess.run(
        [_path(name), *arguments], env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        errors="replace", check=False,
    )  # fmt: skip
    if done.returncode != 0:
        said = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise ProgramFailed("\n".join(said[-4:]) or f"{name} ended with status {done.returncode}")
    return done.stdout


def _path(name: str) -> str:
    try:
        return str(programs_folder() / name)
    except PartFailed:
        found = shutil.which(name)
        if found is None:
            raise ProgramFailed(f"{name} was not found. On Debian: apt-get install postgresql-client") from None
        return found


def _environment() -> dict[str, str]:
    reach = connection.get_connection_params()
    names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGPASSWORD": "password", "PGDATABASE": "dbname",
             "PGSSLMODE": "sslmode", "PGSSLROOTCERT": "sslrootcert"}  # fmt: skip
    given = {name: str(reach[word]) for name, word in names.items() if reach.get(word)}
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(Path("/nonexistent")), "LC_ALL": "C", **given}
