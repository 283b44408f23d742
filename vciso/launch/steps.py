"""The set-up steps between the virtual environment and running processes.

Each leaves a stamp and is skipped until what it was made from changes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from vciso.embedded import postgres
from vciso.launch.console import StepFailed, run, step
from vciso.launch.environment import ADMIN_NAME, MARKER, ROOT, Installation
from vciso.launch.stamps import Stamp, of_files

PYTHON = sys.executable
# The database that tests copy.
TEMPLATE = "template_vciso"
# What packages bring and no page uses; compressing it would take most of the step.
UNUSED_STATIC = ("rest_framework", "htmx-4*", "htmax-*", "ext")
STATIC_SOURCES = ("static", "node_modules/@fontsource-variable/inter/files")


def npm_packages(installation: Installation, *, dev: bool) -> None:
    """Fonts of screens and documents; for tests axe-core too, which is kept once it is there."""
    dev = dev or (ROOT / ".venv" / "dev.stamp").exists()
    lock = ROOT / "package-lock.json"
    folder = ROOT / "node_modules"
    stamps = {kind: Stamp(folder / f".{kind}.stamp", of_files([lock])) for kind in ("app", "dev")}
    if stamps["dev"].is_current() or (not dev and stamps["app"].is_current()):
        return
    bundled = ROOT / ".venv" / "bin" / "npm"
    npm = str(bundled) if bundled.exists() else shutil.which("npm")
    if npm is None:
        raise StepFailed("npm was not found.", remedy="Remove .venv and run this again.")
    environment = {**installation.given, "PATH": installation.base()["PATH"]}
    with step("Fonts from npm" + (", axe-core" if dev else "")):
        run(
            [npm, "ci", "--ignore-scripts", *([] if dev else ["--omit=dev"])],
            what="The npm packages could not be installed",
            remedy="Check that the npm registry can be reached, then run this again.",
            env=environment,
            cwd=ROOT,
        )
    for kind in ("app", "dev") if dev else ("app",):
        stamps[kind].leave()


def document_fonts(installation: Installation) -> None:
    """Static subsets of the faces documents are set in."""
    source = ROOT / "vciso" / "pdf" / "fonts.py"
    target = installation.layout.var / "fonts"
    stamp = Stamp(target / ".stamp", of_files([source, ROOT / "package-lock.json"]))
    if stamp.is_current():
        return
    with step("Fonts for documents"):
        run(
            [PYTHON, "-m", "vciso.pdf.fonts", str(ROOT / "node_modules"), str(target)],
            what="The fonts for documents could not be made",
            remedy="Remove node_modules and run this again.",
            env=installation.base(),
            cwd=ROOT,
        )
    stamp.leave()


def prepare_data(installation: Installation) -> list[str]:
    """Make the data folders; returns sentences about folders opened to the service user."""
    installation.parts.prepare()
    account = installation.layout.account
    opened = list(installation.parts.opened)
    for path in (ROOT / "manage.py", Path(PYTHON).resolve()):
        opened += account.ensure_way_to(path)
    if not account.can("r", ROOT / "manage.py"):
        raise StepFailed(
            f"The user {account.name} cannot read the checkout.",
            remedy=f"chmod -R go+rX {ROOT}",
        )
    return [f"the user {account.name} may now pass through {folder}" for folder in opened]


@contextmanager
def servers(installation: Installation) -> Iterator[None]:
    """Hold the embedded servers in use; roles of a server given from outside are made."""
    with ExitStack() as stack:
        with step("Database and queue") as notes:
            stack.enter_context(installation.parts.in_use())
            if not installation.parts.with_postgres:
                notes.append("DATABASE_URL is used")
            if not installation.parts.with_redis:
                notes.append("REDIS_URL is used")
            _outside_roles(installation)
        yield


def _outside_roles(installation: Installation) -> None:
    """With a superuser's address in the environment, make roles on that server once."""
    given = installation.given
    if installation.parts.with_postgres or not given.get(ADMIN_NAME):
        return
    stamp = Stamp(
        installation.layout.secrets / "outside-roles.stamp",
        of_files([postgres.ROLES_SQL], given[ADMIN_NAME]),
    )
    if stamp.is_current():
        return
    psql = str(installation.parts.postgres.programs / "psql")

    def run_psql(arguments: list[str], env: dict[str, str], text: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [psql, *arguments], env={**given, **env}, input=text,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    postgres.provision(
        run_psql,
        address=given[ADMIN_NAME],
        passwords={
            "VCISO_MIGRATOR_PASSWORD": postgres.password_of(given["MIGRATOR_DATABASE_URL"]),
            "VCISO_APP_PASSWORD": postgres.password_of(given["DATABASE_URL"]),
        },
    )
    stamp.leave()


def manage(installation: Installation, *words: str, role: str, what: str, tells: bool = False, **more: str) -> str:
    """Run a management command of the set-up as the service user; `more` goes into its environment."""
    log = installation.layout.log / "setup.log"
    command = [PYTHON, str(ROOT / "manage.py"), *words]
    return run(
        installation.layout.account.command(command, dies_with_parent=True),
        what=what,
        remedy=f"The whole output is at the end of {log}.",
        log=log,
        env=installation.as_service(installation.command(role=role)) | {MARKER: str(installation.layout.var), **more},
        cwd=ROOT,
        tells=tells,
    )


def database_identity(installation: Installation) -> str:
    """Differs when the database is another one than last time."""
    if not installation.parts.with_postgres:
        return installation.given["DATABASE_URL"]
    return str((installation.layout.pg_data / "global").stat().st_ino)


def _of_rooms(pattern: str) -> list[Path]:
    """The files of that name in every package of the checkout."""
    rooms = [top for top in ROOT.iterdir() if top.is_dir() and (top / "__init__.py").exists()]
    return [file for top in rooms for file in top.glob(pattern)]


def _migration_files() -> list[Path]:
    files = [*_of_rooms("**/migrations/*.py"), ROOT / "vciso" / "tenancy" / "migrations_support.py"]
    return [file for file in (*files, ROOT / "requirements.txt") if file.exists()]


def migrations_stamp(installation: Installation) -> Stamp:
    wanted = of_files(_migration_files(), database_identity(installation))
    return Stamp(installation.layout.secrets / "migrations.stamp", wanted)


def migrations(installation: Installation, *, always: bool = False) -> None:
    """`always`: look at a database that somebody else may have put in the place of the known one."""
    stamp = migrations_stamp(installation)
    if stamp.is_current() and not always:
        return
    with step("Database tables"):
        manage(
            installation, "migrate", "--noinput", "-v", "1", role="migrator",
            what="The database could not be brought up to date",
        )  # fmt: skip
    stamp.leave()


def template_database(installation: Installation) -> str:
    """The name of a database with every table and no row, for tests to copy; empty on a server from outside.

    It is made anew when a migration, or what migrations are made of, changes.
    """
    if not installation.parts.with_postgres:
        return ""
    made_of = [*_migration_files(), *_of_rooms("**/enums.py"), *_of_rooms("**/settings/*.py"), postgres.ROLES_SQL]
    stamp = Stamp(
        installation.layout.secrets / "template.stamp", of_files(set(made_of), database_identity(installation))
    )
    if not stamp.is_current():
        with step("Database tables"):
            installation.parts.postgres.make_anew(TEMPLATE)
            address = installation.parts.postgres.url("vciso_migrator", "vciso_migrator", database=TEMPLATE)
            manage(
                installation, "migrate", "--noinput", "-v", "1", role="migrator",
                what="The tables for the tests could not be made", MIGRATOR_DATABASE_URL=address,
            )  # fmt: skip
        stamp.leave()
    return TEMPLATE


def static_files(installation: Installation) -> None:
    sources = [p for top in STATIC_SOURCES for p in (ROOT / top).rglob("*") if p.is_file()]
    sources += [ROOT / "requirements.txt"]
    stamp = Stamp(installation.layout.var / "tmp" / "static.stamp", of_files(sources))
    if stamp.is_current():
        return
    with step("Style sheets and scripts"):
        manage(
            installation, "collectstatic", "--noinput", "-v", "0",
            *(f"--ignore={pattern}" for pattern in UNUSED_STATIC), role="app",
            what="The static files could not be collected",
        )  # fmt: skip
    stamp.leave()
