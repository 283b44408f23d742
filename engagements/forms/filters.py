"""What the lists can be narrowed by."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone

from engagements.enums import Activity, Criticality, DecisionState, Side, TaskSide, TaskStatus
from engagements.forms.agreement import WHOSE
from engagements.models import Decision, Person, Process, System, Task, TimeEntry

DUE = [("late", "Late"), ("month", "Within 30 days"), ("none", "No date")]


class Searched(filters.FilterSet):
    """A list with a search box over the fields `searched` names."""

    q = filters.CharFilter(label="Search", method="search")
    searched: tuple[str, ...] = ()

    def search(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        wanted = Q()
        for field in self.searched:
            wanted |= Q(**{f"{field}__icontains": value[:100]})
        return queryset.filter(wanted)


class PersonFilter(Searched):
    searched = ("name", "email", "job_title", "organisation")
    side = filters.ChoiceFilter(label="Works for", choices=Side.choices)
    active = filters.BooleanFilter(label="Active")
    account = filters.BooleanFilter(label="Has an account", field_name="user", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Person
        fields: list[str] = []


class TaskFilter(Searched):
    searched = ("title", "reference", "assignee__name", "raised_from")
    status = filters.ChoiceFilter(choices=TaskStatus.choices)
    side = filters.ChoiceFilter(label="Who", choices=TaskSide.choices)
    due = filters.ChoiceFilter(label="Due", choices=DUE, method="by_due")

    class Meta:
        model = Task
        fields: list[str] = []

    def by_due(self, queryset: Any, name: str, value: str) -> Any:
        today = self.request.client.today(timezone.now())
        if value == "late":
            return queryset.overdue(on=today)
        if value == "month":
            return queryset.due_within(30, on=today)
        return queryset.filter(due_on__isnull=True)


class DecisionFilter(Searched):
    searched = ("title", "reference", "asked_of__name")
    state = filters.ChoiceFilter(choices=DecisionState.choices)
    board = filters.BooleanFilter(label="Asked of the board")

    class Meta:
        model = Decision
        fields: list[str] = []


class SystemFilter(Searched):
    searched = ("name", "reference", "detail", "run_by_name")
    criticality = filters.ChoiceFilter(choices=Criticality.choices)
    active = filters.BooleanFilter(label="In use")

    class Meta:
        model = System
        fields: list[str] = []


class ProcessFilter(SystemFilter):
    class Meta:
        model = Process
        fields: list[str] = []


class TimeFilter(Searched):
    searched = ("note", "by__name", "person__name")
    activity = filters.ChoiceFilter(choices=Activity.choices)
    whose = filters.ChoiceFilter(label="Whose", choices=WHOSE, method="by_whose")
    on = filters.DateFromToRangeFilter(label="Days")

    class Meta:
        model = TimeEntry
        fields: list[str] = []

    def by_whose(self, queryset: Any, name: str, value: str) -> Any:
        if value == "client":
            return queryset.filter(kind="client")
        return queryset.filter(kind="practice", in_retainer=value == "practice")
