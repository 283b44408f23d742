"""The portal's addresses and some views that misbehave, for the tests of the middleware."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Person
from tests.tenancy.conftest import AT
from vciso.tenancy.permissions import requires
from vciso.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500"]


def write(request: HttpRequest) -> None:
    Person.objects.create(client=request.client, name="Half written", created_at=AT)


@requires("engagements.view")
def raises(request: HttpRequest) -> HttpResponse:
    write(request)
    raise RuntimeError("after the first half")


@requires("engagements.view")
def invalid(request: HttpRequest) -> HttpResponse:
    write(request)
    return HttpResponse("no", status=422)


@requires("engagements.view")
def streams(request: HttpRequest) -> StreamingHttpResponse:
    write(request)
    return StreamingHttpResponse(iter([b"rows"]))


@requires("engagements.view")
def broken_sql(request: HttpRequest) -> HttpResponse:
    write(request)
    list(Person.objects.extra(where=["1/0 = 1"]))
    return HttpResponse("never")


FAILS = {
    "statement": "SET LOCAL statement_timeout = 20; SELECT pg_sleep(5)",
    "lock": "SET LOCAL lock_timeout = 20; SELECT pg_advisory_xact_lock(4711)",
    **{
        name: f"DO $$ BEGIN RAISE EXCEPTION 'it happens' USING ERRCODE = '{code}'; END $$"
        for name, code in (("deadlock", "40P01"), ("serialization", "40001"), ("disk", "53100"), ("shutdown", "57P01"))
    },
}


@requires("engagements.view")
def fails(request: HttpRequest, why: str) -> HttpResponse:
    write(request)
    with connection.cursor() as cursor:
        for statement in FAILS[why].split("; SELECT"):
            cursor.execute(statement if statement.startswith(("SET", "DO")) else f"SELECT{statement}")
    return HttpResponse("never")


class Interface(APIView):
    def get(self, request: Request, client_key: str) -> Response:
        write(request._request)
        raise ValidationError({"name": ["Too short."]})


urlpatterns = [
    *urlpatterns,
    path("c/<slug:client_key>/probe/raises/", raises),
    path("c/<slug:client_key>/probe/invalid/", invalid),
    path("c/<slug:client_key>/probe/streams/", streams),
    path("c/<slug:client_key>/probe/sql/", broken_sql),
    path("c/<slug:client_key>/probe/fails/<slug:why>/", fails),
    path("c/<slug:client_key>/probe/interface/", Interface.as_view()),
]
