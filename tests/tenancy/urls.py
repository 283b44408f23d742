"""The portal's addresses and four views that misbehave, for the tests of the middleware."""

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
    path("c/<slug:client_key>/probe/interface/", Interface.as_view()),
]
