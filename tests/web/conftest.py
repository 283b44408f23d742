"""A browser that loads the page of components without a server behind it."""

import mimetypes
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.one_playwright import launched
from vciso.tenancy.models import Practice, User
from vciso.tenancy.permissions import Actor
from vciso.web import patterns
from vciso.web.context_processors import Shell

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
POLICY = "default-src 'self'; img-src 'self'; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'"


@pytest.fixture(scope="session")
def chromium():
    browser = launched()
    yield browser
    browser.close()


@pytest.fixture
def as_consultant(monkeypatch):
    """A request of a consultant who looks at no client; needs no database."""

    def build(path="/patterns/", theme="light", **extra):
        practice = Practice(name="Harbourline Security", slug="harbourline")
        monkeypatch.setattr(Shell, "practice", property(lambda shell: practice))
        request = RequestFactory().get(path, **extra)
        request.user = User(name="Priya Raman", email="priya@harbourline.example", theme=theme)
        request.actor = Actor(user=request.user, roles=frozenset({"consultant"}), practice=practice)
        request.client = None
        request.session = {}
        request._messages = []
        return request

    return build


@pytest.fixture
def patterns_html(as_consultant):
    def build(theme="light"):
        request = as_consultant(theme=theme)
        return render_to_string("web/patterns.html", patterns.context(request), request)

    return build


def _answer(route, html):
    path = urlsplit(route.request.url).path
    if path == "/patterns/":
        route.fulfill(body=html, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        return
    found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
    if found:
        kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
    else:
        route.fulfill(status=404, body="")


@pytest.fixture
def open_patterns(chromium, patterns_html):
    """Opens the page at a width and in a theme; says what the console complained about."""
    contexts = []

    def build(theme="light", width=1440, scheme="light"):
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        html = patterns_html(theme)
        page.route("**/*", lambda route: _answer(route, html))
        page.goto("http://portal.test/patterns/", wait_until="load")
        return SimpleNamespace(page=page, complaints=complaints)

    yield build
    for context in contexts:
        context.close()
