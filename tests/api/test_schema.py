"""The schema says what the interface does: compiled without a warning, and tried with thousands of values."""

import contextlib
from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as tries
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from risks import services
from risks.selectors.library import own
from tests.api.conftest import Program, make_token
from tests.factories.cast import Cast
from vciso.tenancy import context
from vciso.tenancy.models import Client, User
from vciso.web.api.schema import document

pytestmark = pytest.mark.django_db

TRIES = tries(
    max_examples=1, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


@contextlib.contextmanager
def one_connection() -> Iterator[None]:
    """The web server's own connection is closed after each request; the test's has to stay."""
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


def test_the_schema_is_made_without_a_warning(tmp_path: Any) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yaml"))


def test_making_the_schema_leaves_the_filters_of_lists_as_they_are() -> None:
    document.cache_clear()
    document()
    kept = [
        f"{filterset.__name__}.{name}"
        for filterset in _below(django_filters.FilterSet)
        for name, one in filterset.base_filters.items()
        if hasattr(one, "_field")
    ]
    assert kept == []


def _below(parent: type) -> Iterator[Any]:
    for child in parent.__subclasses__():
        yield child
        yield from _below(child)


def test_the_schema_is_for_people_and_programs_that_are_known(cast: Cast, browse: Any) -> None:
    program = Program(make_token(cast.bob, cast.acme))
    assert program.get("schema/").told["openapi"] == "3.1.0"
    assert program.get("schema.yaml").content.startswith(b"openapi: 3.1.0")
    assert browse(cast.dora).get("/api/v1/schema/").status_code == 200
    assert Program().get("schema/").status_code == 401


def furnished(program: Program, acme: str, number: int = 1) -> dict[str, str]:
    """One record of each kind; answers the word that names it, by the beginning of its addresses."""
    made = {
        "risks": program.post(acme + "risks/", {"title": "Backups are never tried"}),
        "vendors": program.post(acme + "vendors/", {"name": f"CloudDocs {number}"}),
        "policies": program.post(acme + "policies/", {"title": f"Access {number}", "body": "# Who gets in"}),
        "people": program.post(acme + "people/", {"name": "Dana Whitlock"}),
        "systems": program.post(acme + "systems/", {"name": "X-ray server"}),
        "processes": program.post(acme + "processes/", {"name": "Reception"}),
        "tasks": program.post(acme + "tasks/", {"title": "Try the backups"}),
        "decisions": program.post(
            acme + "decisions/", {"title": "Who?", "question": "Who?", "options": [{"label": "A"}, {"label": "B"}]}
        ),
        "objectives": program.post(acme + "objectives/", {"title": "Open two clinics"}),
        "engagements": program.post(
            acme + "engagements/",
            {
                "starts_on": f"202{number}-01-01",
                "ends_on": f"202{number}-12-31",
                "fee_per": "year",
                "call_cadence": "weekly",
            },
        ),
        "hours": program.post(acme + "hours/", {"on": "2026-01-02", "minutes": 30, "activity": "other"}),
    }
    program.post(acme + "reports/", {"period": "2026-10"})
    words = {kind: one.told.get("reference") or one.told["id"] for kind, one in made.items()}
    linked = program.post(f"{acme}risks/{words['risks']}/links/", {"record": words["systems"]})
    assessed = program.post(
        f"{acme}risk-assessments/",
        {
            "title": "Baseline", "kind": "baseline", "as_of": made["risks"].told["raised_on"],
            "scope": "All", "method": "Rated",
            "people": [made["people"].told["id"]],
        },
    )  # fmt: skip
    step = program.post(f"{acme}risks/{words['risks']}/steps/", {"title": "Rent a store"})
    return {
        **words,
        "links": linked.told["id"],
        "steps": step.told["id"],
        "risk-assessments": assessed.told["reference"],
    }


def offered(user: User, client: Client) -> str:
    """A change of the risk library that waits at the client; answers its id."""
    values = {"title": "Bees", "cause": "", "event": "", "consequence": "", "likelihood": "low"}
    lists: dict[str, Any] = {"categories": ["legal"], "industries": [], "data": [], "hints": {}}
    with context.as_user(user):
        by = {"by": user, "at": timezone.now()}
        row = services.add_scenario(practice=client.practice, values=values | lists, **by)
        return str(services.offer_scenario(scenario=own(row), clients=[client], why="They came.", **by)[0].pk)


def word_for(path: str, parameter: str, words: dict[str, str]) -> str:
    """What names the record that a parameter of a path stands for: the last word before it says of which kind."""
    return words.get(path.partition(parameter)[0].rstrip("/").rpartition("/")[2], "R-001")


@pytest.mark.timeout(600)
def test_no_generated_request_breaks_what_the_schema_says(cast: Cast, acme: str, settings: Any) -> None:
    """Every operation of the file that is served, with values that fit and values that do not, by a
    real token: no answer of 500, none of a status, type, header or shape that is not in the file."""
    settings.API_READS = settings.API_WRITES = 10**6
    program = Program(make_token(cast.alice, cast.acme))
    words = furnished(program, acme) | {"library-changes": offered(cast.alice, cast.acme)}
    headers = {"Authorization": f"Bearer {program.secret}"}
    with one_connection():
        _try_all(cast.acme.key, headers, words)


def _try_all(key: str, headers: dict[str, str], words: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler(), headers=headers)
    tried, faults = 0, []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            tried += _try(operation, mode, headers, {**FIXED, "client_key": key}, words, faults)
    assert [fault[:200] for fault in faults] == []
    assert tried > len(document()["paths"])


# Whether a value is taken is tried in test_writes: what fits the file may break a rule of the record.
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
FIXED = {"period": "2026-10", "number": "1.0"}


def _try(operation: Any, mode: Any, headers: dict[str, str], fixed: dict[str, str], words: Any, faults: Any) -> int:
    count = 0

    @seed(20261128)
    @TRIES
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        nonlocal count
        count += 1
        for name in case.path_parameters or {}:
            case.path_parameters[name] = fixed.get(name) or word_for(operation.path, f"{{{name}}}", words)
        sent = {**headers, **({"If-Match": "*"} if operation.method.upper() in ("PATCH", "DELETE") else {})}
        try:
            case.call_and_validate(headers=sent, checks=CHECKS)
        except FailureGroup as broken:
            faults.append(f"{operation.label} {mode.name}: " + "; ".join(str(one) for one in broken.exceptions))

    with contextlib.suppress(Unsatisfiable):
        run()
    return count
