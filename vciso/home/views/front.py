"""The way in: each role's own home, and the address that says whether the portal lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from vciso.tenancy.permissions import PUBLIC, requires


@requires(PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """200 while the web process and its database answer; holds nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
