"""The front door: cookies, headers, methods, tokens of forms, limits; asked of every address there is."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.test import Client as Browser

from tests.access.addresses import every_path
from tests.factories.cast import Cast
from vciso.web.middleware import HEADERS

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
POLICY = {
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
    "frame-ancestors 'none'", "form-action 'self'", "report-uri /policy-report/",
}  # fmt: skip
SHOW = """
import json, django
django.setup()
from django.conf import settings
shown = ("SESSION_COOKIE", "CSRF_COOKIE", "SECURE_", "DEVICE_COOKIE", "DEBUG")
names = [name for name in dir(settings) if name.startswith(shown)]
print(json.dumps({n: getattr(settings, n) for n in names}))
"""


@pytest.fixture(scope="module")
def in_production() -> dict[str, Any]:
    """The browser settings as they are behind https."""
    environment = {
        **os.environ, "VCISO_BASE_URL": "https://portal.example", "DJANGO_SETTINGS_MODULE": "vciso.settings",
        "DEBUG": "1", "VCISO_DEBUG": "1",
    }  # fmt: skip
    shown = subprocess.run([sys.executable, "-c", SHOW], env=environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(shown.stdout.splitlines()[-1])
    return found


@pytest.fixture
def https(settings: Any, in_production: dict[str, Any]) -> Browser:
    """A browser behind a proxy that ends TLS, with the settings of production."""
    for name, value in in_production.items():
        setattr(settings, name, tuple(value) if isinstance(value, list) else value)
    return Browser(HTTP_X_FORWARDED_PROTO="https", REMOTE_ADDR="10.200.1.1")


def answers(browser: Browser, cast: Cast) -> list[tuple[str, Any]]:
    browser.raise_request_exception = False
    return [(path, browser.get(path)) for _, path in every_path(cast.acme.key)]


def test_cookies_cannot_be_read_sent_in_clear_or_set_by_a_neighbour(cast: Cast, https: Browser) -> None:
    """C1: __Host-, Secure, HttpOnly, SameSite=Lax, no domain; the same for session, form token and device."""
    EmailAddress.objects.create(user=cast.bob, email=cast.bob.email, verified=True, primary=True)
    https.get("/account/login/")
    https.post("/account/login/", {"login": cast.bob.email, "password": "a long test password"})
    assert set(https.cookies) == {"__Host-csrf", "__Host-session", "__Host-device"}
    for name, one in https.cookies.items():
        said = (one["secure"], one["httponly"], one["samesite"], one["domain"], one["path"])
        assert said == (True, True, "Lax", "", "/"), name


def test_plain_http_is_led_to_https_for_people_and_refused_for_programs(cast: Cast, https: Browser) -> None:
    """C2: HSTS for a year with subdomains; a page redirects, the interface answers 403."""
    secure = https.get("/account/login/")
    assert secure["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    plain = Browser()
    led = plain.get("/account/login/")
    assert (led.status_code, led["Location"][:8]) == (301, "https://")
    refused = plain.get("/api/v1/clients/", HTTP_AUTHORIZATION="Bearer x")
    assert (refused.status_code, refused.json()["code"]) == (403, "https_required")


@pytest.mark.parametrize("who", ["", "pam", "bob"])
def test_every_answer_carries_the_headers(cast: Cast, browse: Callable[[Any], Browser], who: str) -> None:
    """C3, C4, C10, C11: pages, errors, redirects, files; no CORS, no version of anything."""
    browser = browse(getattr(cast, who)) if who else Browser()
    wrong = []
    for path, answer in [*answers(browser, cast), ("/nowhere/", browser.get("/nowhere/"))]:
        missing = {name for name, value in HEADERS.items() if answer.get(name) != value}
        policy = set(answer.get("Content-Security-Policy", "").split("; "))
        is_file = "sandbox" in policy
        if missing or not (policy >= POLICY or is_file):
            wrong.append((path, answer.status_code, missing, policy and POLICY - policy))
        if "no-store" not in answer.get("Cache-Control", "") and "/brand/" not in path:
            wrong.append((path, answer.status_code, answer.get("Cache-Control")))
        if {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers):
            wrong.append((path, "says too much"))
    assert wrong == []


def test_no_template_runs_a_script_of_its_own() -> None:
    """C3: scripts come from files; no handler and no style stands in the markup."""
    loud = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=|javascript:", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if "pdf" not in path.parts and "sections" not in path.parts
        for match in loud.finditer(path.read_text())
    ]
    assert found == []


def test_refusals_of_the_policy_are_reported_and_logged(client: Browser, caplog: pytest.LogCaptureFixture) -> None:
    """C3: one line, without the query of any address and without line breaks of the sender's."""
    body = {"csp-report": {"effective-directive": "script-src", "blocked-uri": "https://evil.example/x?t=secret",
                           "document-uri": "http://testserver/today/?q=secret"}}  # fmt: skip
    answer = client.post("/policy-report/", json.dumps(body), content_type="application/csp-report")
    assert answer.status_code == 204
    assert "script-src https://evil.example/x on http://testserver/today/" in caplog.text
    assert "secret" not in caplog.text
    for bad, status in ((b"{", 400), (b"[]", 400), (b'{"csp-report": 3}', 400), (b"x" * 9000, 413)):
        assert client.post("/policy-report/", bad, content_type="application/csp-report").status_code == status


def test_nul_in_an_address_is_400(client: Browser) -> None:
    """C8: before anything is asked of the database."""
    for path in ("/find/?q=%00", "/c/a%00b/", "/account/login/?next=%00"):
        assert client.get(path).status_code == 400


def test_nothing_but_collected_files_is_served(client: Browser) -> None:
    """C7: neither the repository, nor a listing, nor a way up out of the folder."""
    for path in (
        "/.git/config", "/.env", "/static/", "/static/css/", "/static/../vciso/settings/__init__.py",
        "/static/%2e%2e/manage.py", "/files/", "/protected/", "/media/", "/manage.py", "/requirements.txt",
    ):  # fmt: skip
        assert client.get(path).status_code in {403, 404}, path


def test_production_shows_no_insides(in_production: dict[str, Any], cast: Cast, browse: Callable[[Any], Browser],
                                     monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """C11: no switch turns DEBUG on, and a page that breaks shows neither trace nor name of anything."""
    assert in_production["DEBUG"] is False and configured.DEBUG is False
    browser = browse(cast.alice)
    browser.raise_request_exception = False

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret of the insides")

    monkeypatch.setattr("vciso.home.selectors.portfolio.attention", broken)
    answer = browser.get("/today/")
    assert answer.status_code == 500
    assert not re.search(rb"secret|Traceback|RuntimeError|django|vciso/", answer.content, re.IGNORECASE)


@pytest.mark.parametrize(
    ("what", "who", "method", "path"),
    [
        ("export", "pam", "get", "/practice/audit/export/"),
        ("export", "alice", "get", "/c/{key}/export/risks/"),
        ("export", "alice", "get", "/c/{key}/people/?format=csv"),
        ("report", "alice", "post", "/c/{key}/reports/new/"),
        ("upload", "alice", "post", "/c/{key}/import/risks/"),
        ("search", "alice", "get", "/find/?q=x"),
        ("invitation", "pam", "post", "/practice/people/"),
    ],
)
def test_what_costs_much_is_limited_per_person(
    cast: Cast, browse: Callable[[Any], Browser], settings: Any, what: str, who: str, method: str, path: str
) -> None:
    """C9: 429 with the time to wait; somebody else is not affected."""
    settings.THROTTLES = {**settings.THROTTLES, what: (3, 3600)}
    where = path.format(key=cast.acme.key)

    def used(user: Any) -> list[int]:
        browser = browse(user)
        return [getattr(browser, method)(where).status_code for _ in range(4)]

    statuses = used(getattr(cast, who))
    assert 404 not in statuses and 405 not in statuses
    assert statuses[-1] == 429 and 429 not in statuses[:3]
    if who == "alice":
        assert 429 not in used(cast.amir)[:3]


def test_a_page_holds_a_hundred_rows_at_most(cast: Cast) -> None:
    """C9."""
    from vciso.web.pagination import ROWS, paginate

    class Asked:
        GET = {"page": "1"}

    assert ROWS == 100
    assert len(paginate(Asked(), list(range(500)), per_page=10_000)) == 100  # type: ignore[arg-type]  # a request's GET
