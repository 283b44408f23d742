"""The interface over all clients: which there are, and what the interface can do."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.http import HttpResponse
from django.urls import path
from rest_framework.request import Request
from rest_framework.views import APIView

from engagements.api.agreement import ClientRecord
from vciso.tenancy.enums import ClientStatus
from vciso.tenancy.models import Client
from vciso.tenancy.permissions import SIGNED_IN
from vciso.web.api import Resource, routes
from vciso.web.api.access import Endpoint
from vciso.web.api.schema import written


class ClientFilter(filters.FilterSet):
    """Clients by a part of their name, or by status."""

    q = filters.CharFilter(field_name="name", lookup_expr="icontains", label="Part of the name")
    status = filters.ChoiceFilter(choices=ClientStatus.choices, label="Status")

    class Meta:
        model = Client
        fields: list[str] = []


class Clients(Resource):
    """The clients that the person, and the token, may reach. Their key stands in addresses."""

    queryset = Client.objects.all()
    serializer_class = ClientRecord
    filterset_class = ClientFilter
    reads = SIGNED_IN
    ordering = ("created_at", "pk")
    has_detail = False

    def rows(self) -> Any:
        return Client.objects.all()


class SchemaFile(Endpoint, APIView):
    """The OpenAPI file, as JSON or YAML."""

    schema = None
    http_method_names = ["get", "head"]
    kind = "json"

    def get(self, request: Request) -> HttpResponse:
        types = {"json": "application/vnd.oai.openapi+json", "yaml": "application/vnd.oai.openapi"}
        return HttpResponse(written(self.kind), content_type=types[self.kind])


def schema_file(kind: str) -> Any:
    view = SchemaFile.as_view(kind=kind)
    vars(view).update(permission=SIGNED_IN)
    return view


app_name = "api"
urlpatterns = [
    *routes("clients/", Clients),
    path("schema/", schema_file("json"), name="schema"),
    path("schema.yaml", schema_file("yaml"), name="schema-yaml"),
]
