"""Over every address, form and record of the interface, generated from the URL configuration.

A4/A5 foreign ids answer as unknown ones; A11 foreign ids in bodies are refused as unknown ones; A13
what each role's answers contain; A15 writes of the client's people.
A new address, form or record is met by these without a line here.
"""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from engagements.models import Process, System
from engagements.services import business, people
from tests.api.conftest import NULL, Program, make_token
from tests.api.test_schema import furnished, offered, word_for
from tests.factories.cast import Cast
from vciso.home.api import Clients
from vciso.tenancy import context
from vciso.web.api import bodies, narrowing, schema
from vciso.web.api.bodies import SPOKEN
from vciso.web.api.resources import Resource

pytestmark = pytest.mark.django_db

PREFIX = "api/v1/c/<slug:client_key>/"


def _patterns(resolver: Any, prefix: str = "") -> Any:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and prefix.startswith("api/v1/c/"):
            yield (prefix + str(entry.pattern)).removeprefix(PREFIX), entry.callback


ROUTES = list(_patterns(get_resolver()))
READS = [route for route, view in ROUTES if "GET" in view.permissions]
WRITES = [
    (route, method, getattr(getattr(view.cls, view.actions[method.lower()]), "write", None))
    for route, view in ROUTES
    for method in view.permissions
    if method != "GET" and hasattr(view, "actions")
]
RECORDS = {view.cls for _, view in ROUTES if issubclass(view.cls, Resource)}
MARK = "MARK-OF-GLOBEX"


@pytest.fixture
def world(cast: Cast, alice: Program, acme: str, settings: Any) -> dict[str, str]:
    """One record of each kind at Acme; Globex has another of each, with references Acme lacks."""
    settings.API_READS = settings.API_WRITES = 10**6
    words = furnished(alice, acme) | {"library-changes": offered(cast.alice, cast.acme)}
    offered(cast.charlie, cast.globex)
    charlie = Program(make_token(cast.charlie, cast.globex))
    # A furnished client has two tasks, the second of which is a step.
    for number in (1, 2, 3):
        furnished(charlie, f"c/{cast.globex.key}/", number)
    return words


def at(route: str, words: dict[str, str], **other: str) -> str:
    named = {
        "ref": word_for(route, "<str:ref>", words), "pk": word_for(route, "<uuid:pk>", words), "period": "2026-10",
        "number": "1.0", **other,
    }  # fmt: skip
    for word, value in named.items():
        for converter in ("str", "uuid"):
            route = route.replace(f"<{converter}:{word}>", value)
    return route


def counted(call: Callable[[], Any]) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as asked:
        response = call()
    spoken = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN"))]
    return response, len(spoken)


def test_every_read_takes_few_queries(alice: Program, acme: str, world: dict[str, str]) -> None:
    taken = {route: counted(lambda route=route: alice.get(acme + at(route, world))) for route in READS}
    # The token, its person, the context and the client are four of them.
    assert {route: count for route, (_, count) in taken.items() if count > 12} == {}
    assert {route: one.status_code for route, (one, _) in taken.items() if one.status_code not in (200, 404)} == {}
    assert [route for route, (one, _) in taken.items() if one.status_code == 404] == ["reports/<str:period>/pdf/"]


def test_a_foreign_record_answers_as_one_that_never_was(
    cast: Cast, alice: Program, acme: str, world: dict[str, str], as_owner: Any
) -> None:
    """By reference, by id, and with methods of every kind: the same bytes and as many queries."""
    foreign = {}
    with as_owner():
        for resource in RECORDS:
            if resource.lookup == "pk":
                row = resource.queryset.model.objects.filter(client=cast.globex).first()
                foreign[resource.tag] = str(row.pk) if row else str(uuid.uuid4())
    told_apart = []
    for route, view in ROUTES:
        if "<str:ref>" not in route and "<uuid:pk>" not in route:
            continue
        kind = route.partition("/")[0]
        for method in view.permissions:
            prefix = world.get(kind, "R-001").rpartition("-")[0]
            theirs = at(route, world, ref=f"{prefix}-003", pk=foreign.get(getattr(view.cls, "tag", kind), ""))
            nobodys = at(route, world, ref=f"{prefix}-987", pk=str(uuid.uuid4()))
            body = None if method == "GET" else {}
            answers = [
                counted(lambda path=path, method=method, body=body: alice.ask(method, acme + path, body, If_Match="*"))
                for path in (theirs, nobodys)
            ]
            (one, queries), (other, again) = answers
            if (one.status_code, one.content, queries) != (other.status_code, other.content, again):
                told_apart.append((method, route, one.status_code, other.status_code, queries, again))
            assert one.status_code in (403, 404), (method, route, one.status_code)
    assert told_apart == []


def test_a_foreign_id_in_a_body_is_refused_as_an_unknown_one(
    cast: Cast, alice: Program, acme: str, world: dict[str, str]
) -> None:
    """A11: every field of every form that takes an id, with one of the same practice's other client,
    one of another practice, and one that never was."""
    theirs: dict[str, list[str]] = {}
    for user, client in ((cast.charlie, cast.globex), (cast.xenia, cast.initech)):
        with context.as_user(user, client_id=client.pk):
            now = timezone.now()
            person = people.add_person(client=client, name=MARK, by=user, at=now)
            for model in (System, Process):
                item = business.add_estate(model, client=client, values={"name": MARK}, by=user, at=now)
                theirs.setdefault(model.__name__, []).append(str(item.pk))
            theirs.setdefault("Person", []).append(str(person.pk))
            theirs.setdefault("User", []).append(str(user.pk))
    tried = 0
    for route, method, write in WRITES:
        for name, field in bodies.fields_of(write.form).items() if write.form else ():
            if not isinstance(field, forms.ModelChoiceField):
                continue
            many = isinstance(field, forms.ModelMultipleChoiceField)
            answers = []
            for value in (*theirs[field.queryset.model.__name__], str(uuid.uuid4())):
                sent = [value] if many else value
                response = alice.ask(method, acme + at(route, world), {name: sent}, If_Match="*")
                assert response.status_code == 422, (route, name, response.content)
                error = next(one for one in response.told["errors"] if one["pointer"].startswith(f"/{name}"))
                answers.append({**error, "value": "", "detail": error["detail"].replace(value, "…")})
                tried += 1
            assert answers[0] == answers[1] == answers[2], (route, name)
    assert tried >= 30
    assert MARK not in str([alice.get(acme + at(route, world)).content for route in READS])


def test_every_write_takes_one_object_and_what_the_schema_lists(
    alice: Program, acme: str, world: dict[str, str]
) -> None:
    """No other JSON is a body; and the members that a refusal names are those of the file, nothing less."""
    odd, unread = [], []
    for route, method, write in WRITES:
        path = acme + at(route, world)
        if method == "DELETE":
            continue
        for body in ([1], [], "x", 7, True, NULL):
            response = alice.ask(method, path, body, If_Match="*")
            if (response.status_code, response.told["code"]) != (400, "malformed"):
                odd.append((method, route, body, response.status_code))
        told = alice.ask(method, path, {STRANGE: 1}, If_Match="*").told
        details = [one["detail"] for one in told.get("errors", ()) if STRANGE in one["pointer"]]
        if not details:
            unread.append(route)
            continue
        taken = details[0].partition("It takes ")[2].rstrip(".").replace("none", "")
        schema = body_of(PREFIX + route, method)
        if set(filter(None, taken.split(", "))) != set(schema.get("properties", {})):
            odd.append((method, route, taken, sorted(schema.get("properties", {}))))
        assert schema["additionalProperties"] is False, route
        assert write.form is None or schema["properties"], route
    assert not odd, "\n".join(map(str, odd))
    # A second draft is refused for the first, whatever the body.
    assert unread == ["policies/<str:ref>/draft/"]


STRANGE = "no-such-member"


def body_of(address: str, method: str) -> dict[str, Any]:
    """The schema of what a write takes."""
    told = schema.document()["paths"][templated(address)][method.lower()]
    return dict(told["requestBody"]["content"]["application/json"]["schema"])


LISTS = [(route, view.cls) for route, view in ROUTES if getattr(view, "actions", {}).get("get") == "list"]
UNKNOWN = "no-such-value"


def test_every_filter_refuses_what_it_does_not_know(alice: Program, acme: str, world: dict[str, str]) -> None:
    """Every parameter that the schema names, with a value it does not take and with two; and one that is none."""
    asked = 0
    lists = [(acme + at(route, world), PREFIX + route, resource) for route, resource in LISTS]
    for path, address, resource in [*lists, ("clients/", "api/v1/clients/", Clients)]:
        named = parameters_of(address)
        told = refusal(alice.get(f"{path}?colour=red"), "colour")
        assert set(told["allowed"]) == set(named), address
        assert all(name in told["detail"] for name in ("colour", *named)), address
        words = searched(resource)
        for name in set(named) - words:
            told = refusal(alice.get(f"{path}?{name}={UNKNOWN}"), name)
            assert told["value"] == UNKNOWN and name in told["detail"], (address, name, told)
            known = named[name].get("enum", [])
            assert set(told.get("allowed", [])) >= set(known), (address, name)
            spoken = all(value in told["detail"] for value in known) or len(known) > SPOKEN
            assert spoken or name in {"limit", "cursor"}, (address, name)
            for value in known:
                assert alice.get(f"{path}?{name}={value}").status_code == 200, (address, name, value)
            if len(known) > 1 and name not in MANY:
                refusal(alice.get(f"{path}?{name}={known[0]}&{name}={known[1]}"), name)
            asked += 1
    assert asked >= 50, asked


# Filters that take several values: any of them fits.
MANY = {"sev", "tier"}


def parameters_of(address: str) -> dict[str, Any]:
    """The parameters of a list by name, each with its schema."""
    found = schema.document()["paths"][templated(address)]["get"]["parameters"]
    return {one["name"]: one["schema"] for one in found if one["in"] == "query"}


def templated(address: str) -> str:
    """An address as the schema writes it."""
    address = address.replace("<uuid:pk>", "{id}")
    return "/" + address.replace("<slug:", "{").replace("<str:", "{").replace("<uuid:", "{").replace(">", "}")


def searched(resource: Any) -> set[str]:
    """Filters that take any words."""
    fields = narrowing.fields_of(resource.filterset_class)
    return {name for name, field in fields.items() if type(field) is forms.CharField}


def refusal(response: Any, parameter: str) -> dict[str, Any]:
    """What a list says of one parameter it does not take."""
    assert (response.status_code, response.told["code"]) == (400, "unknown_filter"), response.content
    (error,) = [one for one in response.told["errors"] if one["parameter"] == parameter]
    assert response.told["detail"].startswith(response.told["errors"][0]["detail"])
    return dict(error)


# Who reads what at all; a new address is closed to the client's people until it stands here.
OPEN_TO = {
    "bob": {"", "risks/", "risks/<str:ref>/", "risk-assessments/", "risk-assessments/<str:ref>/",
            "risk-assessments/<str:ref>/facts/", "vendors/", "vendors/<str:ref>/", "policies/", "policies/<str:ref>/",
            "policies/<str:ref>/versions/", "policies/<str:ref>/versions/<str:number>/", "reports/",
            "reports/<str:period>/", "reports/<str:period>/pdf/"},
    "dora": {"reports/", "reports/<str:period>/", "reports/<str:period>/pdf/"},
    "carl": set(),
}  # fmt: skip
# What the practice keeps to itself; no key of these reaches the client's people.
INTERNAL = {
    "private_notes", "private", "extras", "source_reference", "origin", "scenario", "override_reason",
    "contract_note", "draft_number", "retired_reason", "requested_at", "is_drawn",
}  # fmt: skip


@pytest.mark.parametrize("who", OPEN_TO)
def test_the_clients_people_read_their_part_and_write_nothing(
    cast: Cast, alice: Program, acme: str, world: dict[str, str], who: str
) -> None:
    etag = alice.get(f"{acme}risks/R-001/").headers["ETag"]
    alice.patch(f"{acme}risks/R-001/", {"private_notes": "OURS-ALONE"}, If_Match=etag)
    program = Program(make_token(getattr(cast, who), cast.acme))
    open_to, keys, texts = set(), set(), b""
    for route in READS:
        response = program.get(acme + at(route, world))
        texts += response.content
        if response.status_code != 403 and not (who == "dora" and response.status_code == 404 and "<" not in route):
            open_to.add(route)
        keys |= _keys(response.told if response.status_code == 200 else {})
    assert open_to == OPEN_TO[who]
    assert keys & INTERNAL == set()
    assert b"OURS-ALONE" not in texts and b"draft" not in texts
    for route, method, _ in WRITES:
        assert program.ask(method, acme + at(route, world), {}, If_Match="*").status_code == 403, (method, route)


def _keys(told: Any) -> set[str]:
    if isinstance(told, dict):
        return set(told) | set().union(*map(_keys, told.values()), set())
    return set().union(*map(_keys, told), set()) if isinstance(told, list) else set()


def test_every_internal_member_is_known_to_be_one() -> None:
    declared = {
        name for view in RECORDS for name in getattr(getattr(view.serializer_class, "Meta", None), "internal", ())
    }
    assert declared == INTERNAL
