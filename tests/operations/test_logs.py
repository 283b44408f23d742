"""Log lines: what they tell, in both forms, and that nobody can forge or misuse them."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client as Browser

from engagements.models import Person
from tests.factories.cast import Cast
from tests.tenancy.conftest import AT
from vciso.operations import logs
from vciso.tenancy import context

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def captured() -> Iterator[io.StringIO]:
    """What a collector would get of everything that is logged, from the portal and its parts."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def lines(captured: io.StringIO) -> Lines:
    return lambda: [json.loads(line) for line in captured.getvalue().splitlines()]


def requests(lines: Lines) -> list[dict[str, Any]]:
    return [line for line in lines() if line["logger"] == "vciso.requests"]


@pytest.mark.django_db
def test_a_request_is_one_line_that_says_who_what_where_and_how_long(cast: Cast, browse: Any, lines: Lines) -> None:
    answer = browse(cast.alice).get(f"/c/{cast.acme.key}/risks/?q=confidential+words")
    (line,) = requests(lines)
    assert line.pop("ms") > 0 and line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info", "logger": "vciso.requests", "message": "answered", "request": answer.headers["X-Request-ID"],
        "user": str(cast.alice.pk), "client": str(cast.acme.pk), "method": "GET",
        "path": f"/c/{cast.acme.key}/risks/", "status": 200,
    }  # fmt: skip


@pytest.mark.django_db
def test_the_name_a_proxy_gives_is_taken_over_and_a_strangers_is_not(client: Browser, settings: Any) -> None:
    given = "0123456789abcdef-edge"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"] != given
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    for forged in ("short", "x" * 65, "0123456789abcdef\tlevel=error", '0123456789abcdef"}'):
        assert client.get("/health/live", headers={"X-Request-ID": forged}).headers["X-Request-ID"] != forged


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/account/invitation/5up3r-s3cr3t-t0ken/", "/account/invitation/…/"),
        ("/account/invitation/5up3r-s3cr3t-t0ken", "/account/…"),
        ("/account/password/reset/key/1-5up3rs3cr3t/", "/account/password/reset/key/…-…/"),
        ("/5up3r/secret?token=5up3rs3cr3t", "/5up3r/…"),
        ("/health/live?token=5up3rs3cr3t", "/health/live"),
        ("/nowhere/%0d%0aforged", "/nowhere/…"),
    ],
)
def test_paths_lose_their_secrets(client: Browser, captured: io.StringIO, lines: Lines, path: str, shown: str) -> None:
    client.get(path)
    assert requests(lines)[-1]["path"] == shown
    assert "s3cr3t" not in captured.getvalue() and "forged" not in captured.getvalue()


@pytest.mark.django_db
@pytest.mark.urls("tests.tenancy.urls")
def test_a_view_that_breaks_leaves_its_trace_no_row_and_the_readers_number(
    cast: Cast, browse: Any, lines: Lines, as_owner: Any
) -> None:
    alice = browse(cast.alice)
    alice.raise_request_exception = False
    answer = alice.get(f"/c/{cast.acme.key}/probe/raises/?q=confidential")
    assert answer.status_code == 500
    (broken,) = [line for line in lines() if line["level"] == "error"]
    assert "RuntimeError: after the first half" in broken["failure"] and "tests/tenancy/urls.py" in broken["failure"]
    assert broken["request"] == answer.headers["X-Request-ID"] == requests(lines)[-1]["request"]
    assert "confidential" not in json.dumps(lines())
    with as_owner():
        assert not Person.objects.filter(name="Half written").exists()


@pytest.mark.django_db
def test_rows_in_the_databases_own_words_stay_out(cast: Cast, captured: io.StringIO, as_owner: Any) -> None:
    log = logging.getLogger("test.rows")
    try:
        with as_owner(), transaction.atomic():
            connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            for _ in range(2):
                Person(id=cast.acme.pk, client=cast.acme, name="The merger is off", created_at=AT).save(
                    force_insert=True
                )
    except IntegrityError as error:
        assert "DETAIL" in str(error) and str(cast.acme.pk) in str(error)
        log.exception("failed: %r", error)
        log.warning("disturbed: %s", error)
    said = captured.getvalue()
    assert said.count("IntegrityError") >= 2 and "(details left out)" in said
    assert "already exists" not in said and str(cast.acme.pk) not in said


FORGED = "harmless\r\n2026-01-01 critical forged \u2028 \x1b[31m \x00"


@pytest.mark.parametrize("formatter", [logs.JsonLines(), logs.PlainLines()])
def test_no_text_breaks_out_of_its_line(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("x", logging.INFO, "f.py", 1, "said %s", (FORGED,), None)
    written = formatter.format(record)
    assert len(written.splitlines()) == 1
    assert not set("\r\n\u2028\x1b\x00") & set(written)
    if isinstance(formatter, logs.JsonLines):
        assert json.loads(written)["message"] == f"said {FORGED}"


def test_plain_lines_show_an_exception_below_indented() -> None:
    try:
        raise ValueError("first\nroot: critical forged")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "broke", (), (ValueError, error, error.__traceback__))
    head, *rest = logs.PlainLines().format(record).splitlines()
    assert head.endswith("error x broke")
    assert rest and all(line.startswith("    ") for line in rest)
    assert rest[-2:] == ["    ValueError: first", "    root: critical forged"]


def test_the_web_servers_own_lines_hold_no_address() -> None:
    record = logging.LogRecord(
        "gunicorn.error",
        logging.ERROR,
        "f.py",
        1,
        "Error handling request %s",
        ("/account/invitation/s3cr3t/?a=b",),
        None,
    )
    assert logs.fields(record)["message"] == "Error handling request"


@pytest.mark.django_db
def test_a_tasks_lines_carry_its_name_its_client_and_its_outcome(cast: Cast, lines: Lines) -> None:
    from vciso.jobs.tasks import run_job

    run_job.apply(args=[str(cast.acme.pk), str(cast.globex.pk)], task_id="a-task")
    (line,) = [line for line in lines() if line["logger"] == "vciso.tasks"]
    assert (line["task"], line["outcome"], line["client"], line["request"]) == (
        "jobs.run", "skipped", str(cast.acme.pk), "a-task",
    )  # fmt: skip
    assert line["ms"] > 0 and logs.current.get() is None


@pytest.mark.django_db
def test_lines_outside_of_a_request_name_nobody(cast: Cast, lines: Lines) -> None:
    with context.as_job(cast.acme.pk, "test"):
        logging.getLogger("test").info("alone")
    (line,) = [line for line in lines() if line["logger"] == "test"]
    assert set(line) == {"time", "level", "logger", "message"}
