"""The way in: each role's own home, and the address that says whether the portal lives."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from vciso.home import selectors
from vciso.tenancy.permissions import PUBLIC, SIGNED_IN, requires
from vciso.web import responses


@requires(PUBLIC)
def health(request: HttpRequest) -> HttpResponse:
    """200 while the web process and its database answer; holds nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})


@requires(SIGNED_IN)
def root(request: HttpRequest) -> HttpResponse:
    """Leads to the person's own home; who has several chooses."""
    if request.actor.is_practice_side:
        return redirect("home:today")
    places = selectors.places(request.actor.user)
    if len(places) == 1:
        return redirect(places[0].url)
    return responses.page(request, "home/places.html", {"places": places})
