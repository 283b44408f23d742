"""The trail of a practice and its clients, for its admins."""

import csv
import re
from datetime import UTC, datetime, time
from functools import reduce
from operator import and_
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.views.decorators.http import require_safe

from vciso.audit import selectors
from vciso.audit import services as audit
from vciso.audit.models import SAID, Event
from vciso.tenancy.models import Client, User
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.confirming import confirmed
from vciso.web.filters import FilterBar
from vciso.web.pagination import paginate
from vciso.web.throttling import throttled

EXPORT_ROWS = 50_000
CHANGES_SHOWN, CHARACTERS_SHOWN = 6, 90
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def _people(request: HttpRequest) -> QuerySet[User]:
    return User.objects.filter(pk__in=Event.objects.values("actor_id")).order_by("name")


def _clients(request: HttpRequest) -> QuerySet[Client]:
    return Client.objects.by_name()


class TrailFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="search", label="What was done, or a reference")
    client = django_filters.ModelChoiceFilter(queryset=_clients, label="client")
    actor = django_filters.ModelChoiceFilter(queryset=_people, label="person")
    since = django_filters.DateFilter(method="from_day", label="from")
    until = django_filters.DateFilter(method="to_day", label="until")

    class Meta:
        model = Event
        fields: list[str] = []

    def search(self, events: QuerySet[Event], name: str, value: str) -> QuerySet[Event]:
        """What was done, by the words of its verb in any order, or the record's reference."""
        said = [verb for verb, words in SAID.items() if value.strip().lower() in words]
        done = Q(verb__in=said) | Q(object_label__iexact=value.strip())
        words = re.split(r"[\s._]+", value.strip())
        return events.filter(done | reduce(and_, (Q(verb__icontains=word) for word in words)))

    def from_day(self, events: QuerySet[Event], name: str, value: datetime) -> QuerySet[Event]:
        return events.filter(happened_at__gte=datetime.combine(value, time.min, UTC))

    def to_day(self, events: QuerySet[Event], name: str, value: datetime) -> QuerySet[Event]:
        return events.filter(happened_at__lte=datetime.combine(value, time.max, UTC))


def _changes(event: Event) -> list[tuple[str, str, str]]:
    """What changed, as rows of name, before and after; the rest stands in the export."""
    before, after = event.before or {}, event.after or {}
    names = list(dict.fromkeys([*before, *after]))[:CHANGES_SHOWN]
    return [(name.replace("_", " "), _shown(before.get(name)), _shown(after.get(name))) for name in names]


def _shown(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return _short("; ".join(f"{name} {_shown(part)}" for name, part in value.items()))
    if isinstance(value, list):
        return _short(", ".join(_shown(part) for part in value))
    text = str(value)
    # A hash is told apart by its beginning.
    return f"{text[:12]}…" if FINGERPRINT.fullmatch(text) else _short(text)


def _short(text: str) -> str:
    return Truncator(text).chars(CHARACTERS_SHOWN)


@requires("home.audit")
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    found = TrailFilter(request.GET, queryset=selectors.search(), request=request)
    page = paginate(request, found.qs)
    context = {
        "rows": [(event, _changes(event)) for event in page],
        "filterset": found,
        "filters": FilterBar(request, found),
        "page": page,
        "query": request.GET.urlencode(),
    }
    return responses.page(request, "home/audit.html", context, partial="list")


@requires("home.audit")
@require_safe
@confirmed(on_get=True, back="home:audit")
@throttled("export")
def export(request: HttpRequest) -> HttpResponse:
    """The filtered trail as CSV; taking it is an event of its own."""
    found = TrailFilter(request.GET, queryset=selectors.search(), request=request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="trail-{timezone.now():%Y-%m-%d}.csv"'
    writer = csv.writer(response)
    writer.writerow(["happened", "recorded", "client", "number", "verb", "record", "by", "reason", "hash"])
    for event in found.qs[:EXPORT_ROWS]:
        writer.writerow(
            [
                event.happened_at.isoformat(),
                event.recorded_at.isoformat(),
                event.client and event.client.name,
                event.seq,
                event.verb,
                event.object_label,
                event.actor or event.acting_as,
                event.reason,
                event.hash,
            ]
        )
    home = request.actor.user.memberships.filter(role="practice_admin").first()
    audit.record(verb="trail.exported", practice=home.practice_id, by=request.actor.user)
    return response
