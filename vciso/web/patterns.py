"""The page of all components, in every state they have: the place to look before building."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from vciso.tenancy.permissions import SIGNED_IN, requires
from vciso.web import formats
from vciso.web.attention import Item, grouped
from vciso.web.forms import Form, MarkdownInput
from vciso.web.heatmap import HeatMap, RatingPath
from vciso.web.pagination import paginate, sorting
from vciso.web.responses import page


class SampleForm(Form):
    """One field of each kind; bound with mistakes, it shows every error."""

    widths = {"owner": "l", "score": "s"}

    title = forms.CharField(label="Risk, in one line", help_text="Say what could happen, not what is missing.")
    owner = forms.ChoiceField(choices=[("", "Choose a person"), ("1", "Dana Whitlock")])
    review_on = forms.DateField(label="Next review")
    score = forms.IntegerField(label="Minutes needed", min_value=1)
    treatment = forms.ChoiceField(choices=[("reduce", "Reduce"), ("accept", "Accept")], widget=forms.RadioSelect)
    notes = forms.CharField(label="Notes for the consultants", required=False, widget=forms.Textarea)
    text = forms.CharField(label="Section 3", required=False, widget=MarkdownInput())
    in_pack = forms.BooleanField(label="Show in the board pack", required=False)


class SampleFilters(forms.Form):
    """What a list's FilterSet hands to the filter bar: a search, and one field per chip."""

    q = forms.CharField(required=False)
    severity = forms.ChoiceField(required=False, choices=[("", "Any"), ("4", "Critical"), ("3", "High")])
    status = forms.ChoiceField(required=False, choices=[("", "Any"), ("open", "Open only"), ("closed", "Closed only")])


@dataclass(frozen=True)
class SampleRow:
    reference: str
    title: str
    sub: str
    level: int
    treatment: str
    due_days: int


ROWS = (
    SampleRow("R-014", "Ransomware reaches patient records", "Access · Sam Okafor", 4, "Reduce", 8),
    SampleRow("R-021", "Note-taking tool used without an agreement", "Third party · Ines Duarte", 3, "Decide", -8),
    SampleRow("R-009", "Supplier bank details changed by e-mail fraud", "Fraud · Grace Lindqvist", 2, "Transfer", 45),
    SampleRow("R-019", "Restore of the phones has never been tested", "Resilience · Sam Okafor", 1, "Accepted", 400),
)
CLIENT = SimpleNamespace(name="Meadowlark Dental", initials="MD", hue=1)
OTHER = SimpleNamespace(name="Kestrel Precision", initials="KP", hue=2)


def _items() -> list[Item]:
    day = formats.today()
    one, two = UUID(int=1), UUID(int=2)
    late, soon = day - timedelta(days=8), day + timedelta(days=5)
    return [
        Item(one, "review", "triangle-alert", "R-021 passed its date", "No agreement yet", late, "Review", "#queue"),
        Item(two, "report", "file-chart-column", "The report is drafted", "2 warnings", day, "Check", "#queue"),
        Item(one, "policy", "file-text", "Three policies reach their review", "Backup", soon, "Review", "#queue"),
    ]


def _job(state: str, **more: Any) -> SimpleNamespace:
    return SimpleNamespace(state=state, **{"step": 0, "of": 0, "message": "", **more})


@requires(SIGNED_IN)
def view(request: HttpRequest) -> HttpResponse:
    """Only where demonstration data is, or for a practice admin: it is a tool, not a page."""
    if not (settings.DEMO or request.actor.is_practice_admin):  # type: ignore[attr-defined]  # set by the middleware
        raise Http404
    if "toast" in request.GET:
        messages.success(request, "Risk R-015 closed.", extra_tags="undo:/patterns/")
    return page(request, "web/patterns.html", context(request))


def context(request: HttpRequest) -> dict[str, Any]:
    day = formats.today()
    counts = {(4, 5): 1, (4, 2): 1, (4, 3): 1, (4, 4): 1, (3, 3): 1, (3, 4): 1, (2, 2): 1, (2, 3): 3, (1, 3): 1}
    wrong = SampleForm({"title": "Ransomware reaches patient records", "review_on": "yesterday", "score": "-1"})
    wrong.is_valid()
    return {
        "today": day,
        "moment": timezone.now(),
        "rows": [(row, day + timedelta(days=row.due_days)) for row in ROWS],
        "page": paginate(request, range(214)),
        "sorting": sorting(request, {"ref": ["ref"], "score": ["score"]}, default="-score"),
        "filterset": SimpleNamespace(form=SampleFilters(request.GET or None)),
        "groups": grouped(_items(), on=day, clients={UUID(int=1): CLIENT, UUID(int=2): OTHER}),
        "client": CLIENT,
        "map": HeatMap(counts, url=lambda y, x: f"?likelihood={y}&impact={x}", chosen=(4, 5)),
        "path": RatingPath(before=(5, 5), now=(4, 5), target=(2, 4)),
        "form": wrong,
        "plain_form": SampleForm(prefix="plain"),
        "steps": ["Collect", "Draft", "Review", "Publish"],
        "running": _job("running", step=2, of=4, message="Drawing the pages"),
        "failed": _job("failed", message="The chart on page 3 has no figures for October. Nothing was published."),
        "ready": _job("done"),
        "sample_text": "## Remote access\n\nRemote desktop is **never** opened to the internet.\n\n- One\n- Two\n\n[The rule](https://example.org)",
    }
