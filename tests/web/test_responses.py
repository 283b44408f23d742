"""Pages, fragments, redirects and refusals keep their promises to caches, to htmx and to strangers."""

import re

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe

from vciso.tenancy.models import Client, Membership
from vciso.web import errors, navigation, slots
from vciso.web.middleware import HEADERS, SecurityHeaders
from vciso.web.responses import answer_form, done, loads_anew
from vciso.web.responses import page as answer_page


@pytest.fixture
def ask(as_consultant):
    def build(path="/patterns/", **headers):
        request = as_consultant(path, **headers)
        request._messages = CookieStorage(request)
        return request

    return build


def test_htmx_gets_the_piece_and_a_browser_the_page(ask):
    whole = answer_page(ask(), "components/empty.html", {"title": "None", "icon": "inbox"}, partial="none")
    assert whole["Cache-Control"] == "private, no-store" and "HX-Request" in whole["Vary"]
    for headers in ({"HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}, {"HTTP_HX_BOOSTED": "true"}):
        request = ask(HTTP_HX_REQUEST="true", **headers)
        assert answer_page(request, "components/empty.html", {"icon": "inbox"}, partial="none").status_code == 200


def test_a_message_of_an_earlier_step_comes_with_the_piece():
    request = RequestFactory().get("/", HTTP_HX_REQUEST="true")
    request._messages = CookieStorage(request)
    request.user, request.actor, request.client = None, None, None
    messages.success(request, "Saved.")
    from django.template.loader import render_to_string

    html = render_to_string("components/toasts_oob.html", {}, request)
    assert "Saved." in html and 'hx-swap-oob="beforeend:#toasts"' in html


def test_going_on_is_a_303_with_an_undo_in_the_message(ask):
    request = ask()
    response = done(request, "/risks/", "Risk R-015 closed.", undo="/risks/R-015/reopen/")
    assert (response.status_code, response["Location"]) == (303, "/risks/")
    (message,) = messages.get_messages(request)
    assert (str(message), message.extra_tags) == ("Risk R-015 closed.", "undo:/risks/R-015/reopen/")
    assert done(ask(HTTP_HX_REQUEST="true"), "/risks/")["HX-Redirect"] == "/risks/"


class Shown:
    is_bound, conflicts, errors = False, False, {}

    def __init__(self, **state):
        self.__dict__.update(state)

    def differences(self):
        return []


def test_an_unsaved_form_answers_200_then_422_then_409(ask):
    context = {"title": "x", "icon": "inbox"}
    template = "components/empty.html"
    assert answer_form(ask(), template, context, form=Shown()).status_code == 200
    assert answer_form(ask(), template, context, form=Shown(is_bound=True)).status_code == 422
    conflict = answer_form(ask(), template, context, form=Shown(is_bound=True, conflicts=True))
    assert conflict.status_code == 409 and b"Nothing was overwritten" in conflict.content


def test_a_finished_job_tells_its_page_to_ask_no_more_and_to_load_itself_anew():
    told = loads_anew()
    assert (told.status_code, told["HX-Refresh"], told.content) == (286, "true", b"")


def test_every_answer_carries_the_headers_and_is_private():
    from django.http import HttpResponse

    response = SecurityHeaders(lambda request: HttpResponse("x"))(RequestFactory().get("/"))
    assert {name: response[name] for name in HEADERS} == HEADERS
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
def test_pages_of_failure_ask_the_database_nothing():
    request = RequestFactory().get("/c/acme/risks/R-001/")
    with CaptureQueriesContext(connection) as queries:
        pages = [
            errors.bad_request(request),
            errors.forbidden(request, PermissionDenied("Only the business owner can do this.")),
            errors.not_found(request, Http404("secret")),
            errors.broken(request),
            errors.unavailable(request),
            errors.csrf_failure(request),
        ]
    assert [page.status_code for page in pages] == [400, 403, 404, 500, 503, 403]
    assert len(queries) == 0
    assert b"Only the business owner can do this." in pages[1].content
    assert b"secret" not in pages[2].content


def test_a_foreign_and_an_unknown_record_look_exactly_alike():
    foreign = errors.not_found(RequestFactory().get("/c/globex/risks/R-001/"), Http404("No Risk matches"))
    unknown = errors.not_found(RequestFactory().get("/c/nowhere/"), None)
    assert foreign.content == unknown.content


def test_a_slot_keeps_order_and_refuses_unescaped_text():
    name = "tests.slot"

    def second(request, **given):
        return mark_safe("two")

    def first(request, **given):
        return mark_safe("one")

    slots.register(name, second, order=20)
    slots.register(name, first, order=10)
    slots.register(name, first, order=10)
    assert slots.fill(name, None) == "onetwo"
    slots.register(name, lambda request: "<b>raw</b>", order=30)
    with pytest.raises(TypeError, match="unescaped"):
        slots.fill(name, None)


def test_every_count_of_the_sidebar_comes_from_one_query(cast, as_owner):
    acme = cast.acme
    navigation.register_count("tests.all", lambda client_id: Membership.objects.filter(client_id=client_id))
    navigation.register_count("tests.none", lambda client_id: Membership.objects.none())
    with as_owner(), CaptureQueriesContext(connection) as queries:
        counts = navigation.count_all(acme, ["tests.all", "tests.none"])
    expected = re.compile("SELECT", re.I)
    assert len([one for one in queries if expected.match(one["sql"])]) == 1
    assert counts["tests.none"] == 0
    assert counts["tests.all"] >= 3
    assert isinstance(acme, Client)
