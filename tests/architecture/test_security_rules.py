"""Rules of the security checklist that the sources themselves show: SQL, secrets, locks, limits."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.architecture.test_sources import ROOT, name, tracked
from vciso import celery, serving
from vciso.embedded import redis
from vciso.settings.addresses import database

PORTAL = [
    path
    for path in tracked(
        "vciso/*.py", "engagements/*.py", "policies/*.py", "vendors/*.py", "risks/*.py", "reporting/*.py"
    )
    if "migrations" not in path.parts
]
OUTSIDE_DJANGO = ("vciso/launch/", "vciso/embedded/")

# --- E7: where SQL is written by hand -------------------------------------------------------------

# Each was read: constant text, values as parameters, names (where there are any) by psycopg.sql. A new
# place is read by a second person before it is added. A constant call of one of our own functions in
# schema sec needs no entry: those stand in the catalogue's list, and what they may do is decided there.
WRITES_SQL = {
    "engagements/services/asks/talking.py", "reporting/selectors/people.py",
    "vciso/tenancy/commands.py", "vciso/imports/neighbours.py", "vciso/jobs/run.py",
    "vciso/operations/backup/catalogue.py", "vciso/operations/backup/making.py",
    "vciso/operations/backup/restoring.py", "vciso/operations/roles.py", "vciso/seed/world.py",
    "vciso/tenancy/catalogue.py", "vciso/tenancy/context.py", "vciso/tenancy/references.py",
    "vciso/tenancy/permissions.py", "vciso/tenancy/statements.py", "vciso/web/once.py",
}  # fmt: skip
RUNS_SQL = {"execute", "executemany", "raw", "callproc", "copy"}


def git(*words: str) -> list[str]:
    command = ["git", "-c", f"safe.directory={ROOT}", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in nodes(path):
        if isinstance(node, ast.Call):
            function = node.func
            yield (
                function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", ""),
                node,
            )


def runs_sql(what: str, call: ast.Call) -> bool:
    return what in RUNS_SQL and bool(call.args) and not (what == "copy" and isinstance(call.args[0], ast.Name))


def calls_our_function(call: ast.Call) -> bool:
    text = call.args[0].value if isinstance(call.args[0], ast.Constant) else ""
    return bool(re.fullmatch(r"SELECT [\w, .*]*(?:FROM )?sec\.\w+\([%s, ]*\)(?: \w+)?", str(text)))


def test_sql_is_written_by_hand_in_reviewed_places_alone() -> None:
    found = {
        name(p)
        for p in PORTAL
        if not name(p).startswith(OUTSIDE_DJANGO)
        and any(runs_sql(*c) and not calls_our_function(c[1]) for c in calls(p))
    }
    assert found == WRITES_SQL


def test_no_statement_is_put_together_of_texts() -> None:
    """Neither an f-string nor + nor % nor format() stands where a statement does; extra() and RawSQL nowhere."""
    found = []
    for path in PORTAL:
        for what, call in calls(path):
            if (what in {"extra", "RawSQL"} and not isinstance(call.func, ast.Name)) or what == "RawSQL":
                found.append(f"{name(path)}:{call.lineno}: {what}")
            if runs_sql(what, call) and isinstance(call.args[0], ast.JoinedStr | ast.BinOp):
                found.append(f"{name(path)}:{call.lineno}: built text")
            if (
                runs_sql(what, call)
                and isinstance(call.args[0], ast.Call)
                and "sql.SQL" not in ast.unparse(call.args[0])
            ):
                found.append(f"{name(path)}:{call.lineno}: {ast.unparse(call.args[0])[:60]}")
    assert found == []


def test_the_driver_sends_statements_and_values_apart() -> None:
    assert database("DATABASE_URL", pool=True)["OPTIONS"]["server_side_binding"] is True
    assert settings.DATABASES["default"]["OPTIONS"]["server_side_binding"] is True


# --- E8, E11: no code out of data, no home-made cryptography ----------------------------------------

LOADERS = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
CRYPTOGRAPHY = {"cryptography.fernet"}


def imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_messages_are_json_and_nothing_is_made_code_of() -> None:
    assert list(celery.app.conf.accept_content) == ["json"] and celery.app.conf.task_serializer == "json"
    assert settings.SESSION_ENGINE.endswith(".db")
    loading = {
        f"{name(path)}: {module}" for path in PORTAL for module in imports(path) if module.split(".")[0] in LOADERS
    }
    assert loading == set()
    made = [
        f"{name(path)}:{call.lineno}"
        for path in PORTAL
        for what, call in calls(path)
        if what in {"eval", "exec", "compile", "__import__"} and isinstance(call.func, ast.Name)
    ]
    assert made == []


def test_only_fernet_encrypts_and_only_the_systems_randomness_makes_secrets() -> None:
    used = {
        module
        for path in PORTAL
        for module in imports(path)
        if module.split(".")[0] in {"cryptography", "Crypto", "nacl"}
    }
    assert used == CRYPTOGRAPHY
    assert {name(path) for path in PORTAL for module in imports(path) if module == "random"} == set()
    weak = [f"{name(p)}:{c.lineno}" for p in PORTAL for what, c in calls(p) if what in {"md5", "sha1", "crypt"}]
    assert weak == []


def test_the_linter_that_looks_for_the_rest_is_on() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "S" in config["select"]
    assert [rule for rule in config["ignore"] if rule.startswith("S") and not rule.startswith("SIM")] == [
        "S603",
        "S607",
    ]


# --- E10: no secret in the sources ------------------------------------------------------------------

SECRETS = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
    "a token of a hosting service": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[baprs]-[\w-]{10,})"
    ),
    "a cloud's key": re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    "an address with a password": re.compile(
        r"\b(?:postgres(?:ql)?|rediss?|smtp)://[^\s:/@{$]*:(?P<password>[^\s@{$*…]+)@"
    ),
    "an assigned secret": re.compile(r"(?m)^\s*(?:SECRET_KEY|PASSWORD|API_KEY|TOKEN)\s*=\s*[\"'][^\"'{$]{12,}[\"']"),
}
# Passwords of examples, which open nothing.
HARMLESS = {"secret", "password"}


def test_no_secret_is_in_the_sources() -> None:
    texts = tracked(
        "*.py", "*.yml", "*.yaml", "*.toml", "*.md", "*.env", "*.sh", "*.conf", "bin/*", "docker/*", "Dockerfile"
    )
    found = []
    for path in texts:
        for what, pattern in SECRETS.items():
            for match in pattern.finditer(path.read_text(errors="replace")):
                example = match.groupdict().get("password") in HARMLESS
                if not example and "tests" not in path.parts:
                    found.append(f"{name(path)}: {what}: {match[0][:60]}")
    assert found == []


# --- E12: what it is made of ------------------------------------------------------------------------


def version(package: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", metadata.version(package))[:3])


def test_packages_with_known_holes_are_newer_than_these() -> None:
    assert version("weasyprint") >= (68,) and version("django-allauth") >= (65, 14, 2)
    assert version("django")[:2] == (5, 2)


def test_every_lock_is_hashed_and_none_contradicts_another() -> None:
    pinned = {}
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-s3.txt", "requirements-uv.txt"):
        text = (ROOT / lock).read_text()
        assert "://" not in text
        blocks = [block for block in re.split(r"\n(?=[a-z0-9])", text) if "==" in block]
        assert blocks and all("--hash=sha256:" in block for block in blocks), lock
        pinned[lock] = dict(re.findall(r"^([a-z0-9-]+)(?:\[[^\]]*\])?==(\S+)", text, re.M))
    portal = pinned["requirements.txt"]
    assert portal.items() <= pinned["requirements-dev.txt"].items()
    # Installed on top of the portal's, so it must not bring another version of anything.
    assert all(portal.get(package, pin) == pin for package, pin in pinned["requirements-s3.txt"].items())


def test_the_bill_of_materials_names_every_installed_package(capsys: Any) -> None:
    call_command("sbom")
    bom = json.loads(capsys.readouterr().out)
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.5")
    named = {component["purl"] for component in bom["components"]}
    assert f"pkg:pypi/django@{metadata.version('django')}" in named
    assert any(purl.startswith("pkg:npm/%40fontsource-variable/inter@") for purl in named)
    assert not any("axe-core" in purl for purl in named)
    installed = {package.metadata["Name"].lower().replace("_", "-") for package in metadata.distributions()}
    assert installed <= {component["name"] for component in bom["components"]}


# --- E14: limits are set, and the manual tells them ---------------------------------------------------


def limits() -> dict[str, str]:
    roles = (ROOT / "vciso/embedded/roles.sql").read_text()
    timeouts = dict(re.findall(r"ALTER ROLE vciso_app SET (\w+_timeout) = '(\w+)'", roles))
    conf = celery.app.conf
    return {
        **timeouts,
        "web timeout": f"{serving.timeout}s",
        "task_soft_time_limit": f"{conf.task_soft_time_limit}s",
        "task_time_limit": f"{conf.task_time_limit}s",
        "worker_max_memory_per_child": f"{conf.worker_max_memory_per_child // 1000} MB",
        "pool of a web process": str(database("DATABASE_URL", pool=True)["OPTIONS"]["pool"]["max_size"]),
        "wait for the pool": f"{database('DATABASE_URL', pool=True)['OPTIONS']['pool']['timeout']}s",
        "broker": re.findall(r"maxmemory-policy (\w+)", redis.SETTINGS)[0],
        "form": f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2} MB",
        "fields of a form": str(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS),
    }


def test_every_limit_is_set_and_stands_in_the_manual() -> None:
    told = dict(re.findall(r"^\| `?([\w ]+?)`? \| `([^`]+)` \|", (ROOT / "docs/operations.md").read_text(), re.M))
    assert {"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"} <= set(limits())
    assert {what: told.get(what) for what in limits()} == limits()
    assert serving.timeout > 15 and settings.CELERY_TASK_TIME_LIMIT < 3600


# --- Fault 34: old code works on new tables -----------------------------------------------------------

TAKES_AWAY = {"RemoveField", "DeleteModel", "RenameField", "RenameModel", "AlterModelTable", "RemoveConstraint"}
# Migrations that take something away or rename it, with the release whose code stopped using it before.
CONTRACTING: dict[str, str] = {}


def stops_old_code(source: str) -> list[str]:
    """What in a migration the release before cannot live with: something is gone, or must not be left out."""
    found = []
    for node in ast.walk(ast.parse(source)):
        what = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
        if what in TAKES_AWAY:
            found.append(what)
        if what == "AddField" and isinstance(node, ast.Call):
            field = next(keyword.value for keyword in node.keywords if keyword.arg == "field")
            given = {keyword.arg: ast.unparse(keyword.value) for keyword in getattr(field, "keywords", [])}
            if given.get("null") != "True" and "db_default" not in given:
                found.append("AddField without null=True or db_default")
    return found


@pytest.mark.parametrize(
    ("operation", "stops"),
    [
        ("AddField('risk', 'note', field=models.TextField(null=True))", False),
        ("AddField('risk', 'note', field=models.TextField(db_default=''))", False),
        ("AddField('risk', 'note', field=models.TextField(default=''))", True),
        ("RemoveField('risk', 'note')", True),
        ("RenameModel('Risk', 'Threat')", True),
        ("CreateModel('Threat', fields=[])", False),
    ],
)
def test_the_rule_tells_expanding_from_contracting(operation: str, stops: bool) -> None:
    assert bool(stops_old_code(f"operations = [migrations.{operation}]")) is stops


def test_migrations_since_the_last_release_let_its_code_go_on() -> None:
    """Expand now, contract a release later. Until the first release is tagged there is no older code."""
    releases = git("tag", "--list", "v*", "--sort=-version:refname")
    if not releases:
        return
    added = git("diff", "--name-only", "--diff-filter=A", releases[0], "HEAD", "--", "*/migrations/0*.py")
    assert {
        path: why for path in added if path not in CONTRACTING and (why := stops_old_code((ROOT / path).read_text()))
    } == {}


# --- A18: what is kept in the cache ----------------------------------------------------------------

# Each was read: counters alone, under keys that name the person, the address or the account they count.
USES_THE_CACHE = {
    "vciso/accounts/reactions.py", "vciso/operations/health.py", "vciso/web/api/access.py", "vciso/web/throttling.py",
}  # fmt: skip
CACHES_ANSWERS = re.compile(r"cache_page|cache_control|UpdateCacheMiddleware|FetchFromCacheMiddleware|cached\.Loader")


def test_no_answer_of_anybody_is_kept_in_a_cache() -> None:
    """No page, part of a page or row is cached: what the cache holds are counters in reviewed places."""
    uses = {
        str(path.relative_to(ROOT))
        for path in PORTAL
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("django.core.cache")
    }
    templates = [path for path in tracked("*.html") if re.search(r"{%-?\s*(load cache|cache )", path.read_text())]
    assert uses == USES_THE_CACHE
    assert [path for path in PORTAL if CACHES_ANSWERS.search(path.read_text())] == []
    assert templates == []
    assert not [name for name in settings.MIDDLEWARE if "cache" in name.lower()]
