"""The one list of variables: every reading of the environment stands in it, and every failure has its remedy."""

import ast
import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from vciso.settings import variables
from vciso.settings.addresses import ROOT, database

# Read by name from elsewhere than the list, each for its reason.
READ_DIRECTLY = {
    "vciso/settings/test.py": {"VCISO_TEST_DATABASE", "VCISO_TEST_TEMPLATE", "PYTEST_XDIST_WORKER"},
    "vciso/pdf/renderer.py": {"VCISO_VAR"},  # drawn in a process of its own, without settings
    "vciso/operations/checks.py": set(),  # looks for misspelt names
    "vciso/operations/backup/programs.py": {"PATH"},  # for the programs it runs
    "vciso/operations/metrics.py": set(),  # the library's own variable
    "vciso/serving.py": set(),
    "vciso/wsgi.py": {"DJANGO_SETTINGS_MODULE"},
    "vciso/celery.py": {"DJANGO_SETTINGS_MODULE"},
    "vciso/settings/variables.py": set(),
}


def readings(path: Path) -> set[str] | None:
    """Names this file reads from the environment; None when it does not touch it."""
    found: set[str] | None = None
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}:
            found = found or set()
        if isinstance(node, ast.Call) and "environ" in ast.unparse(node.func):
            named = {str(word.value) for word in node.args[:1] if isinstance(word, ast.Constant)}
            found = (found or set()) | named
    return found


def test_the_environment_is_read_through_the_list_alone() -> None:
    rooms = [ROOT / room for room in ("vciso", "engagements", "policies", "vendors", "risks", "reporting")]
    found = {
        path.relative_to(ROOT).as_posix(): names
        for room in rooms
        for path in room.rglob("*.py")
        if not path.is_relative_to(ROOT / "vciso/launch") and not path.is_relative_to(ROOT / "vciso/embedded")
        if (names := readings(path)) is not None
    }
    assert found == READ_DIRECTLY


def test_settings_ask_for_no_variable_that_is_not_listed_and_none_is_listed_in_vain() -> None:
    sources = [*(ROOT / "vciso/settings").glob("*.py"), ROOT / "vciso/serving.py"]
    asked = {
        name
        for path in sources
        for name in re.findall(
            r"""(?:text|whole|number|flag|several|one_of|database)\(\s*["']([A-Z0-9_]+)["']""", path.read_text()
        )
    } | {"MIGRATOR_DATABASE_URL", "DATABASE_URL"}
    # The launcher's own: it makes the roles with it, and no process of the portal gets it.
    assert asked | {"ADMIN_DATABASE_URL"} == set(variables.VARIABLES)


def test_the_operations_page_lists_every_variable_with_its_default() -> None:
    page = (ROOT / "docs/operations.md").read_text()
    rows = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| ([^|]*) \|", page, re.M))
    assert set(rows) == set(variables.VARIABLES)
    for name, default in rows.items():
        wanted = variables.VARIABLES[name].default
        assert default.strip() == ("must be set" if wanted is None else f"`{wanted}`" if wanted else "–"), name


@pytest.mark.parametrize("name", [v.name for v in variables.VARIABLES.values() if v.default is None])
def test_what_must_be_set_is_asked_for_with_an_example(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, " ")
    with pytest.raises(ImproperlyConfigured, match=f"{name} is not set .*for example {name}="):
        variables.text(name)


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (variables.whole, "VCISO_PROXIES", "one"),
        (variables.whole, "SMTP_PORT", "-25"),
        (variables.number, "JOB_LEASE", "soon"),
        (variables.number, "JOB_LEASE", "nan"),
        (variables.flag, "VCISO_DEMO", "perhaps"),
        (lambda name: variables.one_of(name, "lines", "json"), "VCISO_LOG_FORMAT", "xml"),
    ],
)
def test_a_value_that_cannot_be_read_is_named_with_what_it_must_be(
    read, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=f"{name} is '{value}'; it must be .* Correct it"):
        read(name)


def test_only_postgresql_is_taken_for_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somebody@db/x")
    with pytest.raises(ImproperlyConfigured, match="Only PostgreSQL"):
        database("DATABASE_URL", pool=False)


def test_tls_words_of_a_database_address_reach_the_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    address = "postgresql://vciso_app:p%40ss@db.example.com:5433/vciso?sslmode=verify-full&sslrootcert=/etc/ca.pem"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("VCISO_DB_POOL_SIZE", "7")
    found = database("DATABASE_URL", pool=True)
    assert (found["PASSWORD"], found["PORT"]) == ("p@ss", "5433")
    assert found["OPTIONS"]["sslmode"] == "verify-full" and found["OPTIONS"]["sslrootcert"] == "/etc/ca.pem"
    assert found["OPTIONS"]["pool"]["max_size"] == 7 and found["OPTIONS"]["server_side_binding"] is True


def test_a_misspelt_variable_is_found_with_the_one_that_was_meant() -> None:
    environment = {"VCISO_PROXYS": "1", "SMTP_HOST": "mail", "VCISO_PICTURES": "x", "OTHER": "y", "JOB_XYZ": "1"}
    assert variables.unknown(environment) == {"JOB_XYZ": "", "VCISO_PROXYS": "VCISO_PROXIES"}
