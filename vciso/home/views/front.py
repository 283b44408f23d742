"""The way in: each role's own home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from vciso.home import selectors
from vciso.tenancy.permissions import SIGNED_IN, requires
from vciso.web import responses


@requires(SIGNED_IN)
def root(request: HttpRequest) -> HttpResponse:
    """Leads to the person's own home; who has several chooses."""
    if request.actor.is_practice_side:
        return redirect("home:today")
    places = selectors.places(request.actor.user)
    if len(places) == 1:
        return redirect(places[0].url)
    elsewhere = [] if places else selectors.without_a_home(request.actor.user)
    return responses.page(request, "home/places.html", {"places": places, "elsewhere": elsewhere})
