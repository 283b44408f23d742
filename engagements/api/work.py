"""Tasks and decisions as the practice sees them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from engagements.forms.agreement import ReasonForm
from engagements.forms.base import stored_values
from engagements.forms.filters import DecisionFilter, TaskFilter
from engagements.forms.work import OPTION, DecisionForm, DoneForm, TaskForm
from engagements.models import Decision, Task
from engagements.models.decisions import DecisionOption
from engagements.selectors import people as directory
from engagements.services import decisions
from engagements.services import work as services
from vciso.web.api import Named, Nest, Record, Resource, creates, edits, refusing, routes, verb
from vciso.web.api.bodies import WrongType


class TaskRecord(Record):
    assignee = Named(allow_null=True)
    practice_user = Named(allow_null=True)

    class Meta:
        model = Task
        fields = (
            "id", "reference", "title", "detail", "side", "assignee", "practice_user", "due_on", "status",
            "raised_on", "raised_from", "closed_on", "closed_note", "private", "private_notes",
        )  # fmt: skip
        internal = ("private", "private_notes")


class Tasks(Resource):
    """Who does what by when, on either side."""

    queryset = Task.objects.select_related("assignee", "practice_user", "client", "raised_by", "assignee_user")
    serializer_class = TaskRecord
    filterset_class = TaskFilter
    reads = "engagements.view"
    ordering = ("created_at", "reference")

    def _options(self) -> dict[str, Any]:
        return {"people": directory.choices(self.client), "team": directory.team(self.client)}

    @creates("engagements.edit", TaskForm)
    def create(self, bind: Any) -> Task:
        """A piece of work gets a person and a date."""
        return bind(**self._options()).attempt(
            lambda data: services.add_task(client=self.client, by=self.user, at=self.at, **data)
        )

    @edits("engagements.edit", TaskForm)
    def partial_update(self, task: Task, bind: Any) -> Task:
        """The task changes."""
        return bind(**self._options(), stored=stored_values(task, services.FIELDS)).attempt(
            lambda data: services.edit_task(task=task, values=data, by=self.user, at=self.at)
        )

    @verb("engagements.edit", DoneForm)
    def done(self, task: Task, bind: Any) -> Task:
        """The work is done, today unless a day is given."""
        bind(initial={"on": self.today}).attempt(
            lambda data: services.finish_task(task=task, by=self.user, at=self.at, **data)
        )
        return task

    @verb("engagements.edit", ReasonForm)
    def cancel(self, task: Task, bind: Any) -> Task:
        """The work is no longer wanted."""
        bind().attempt(lambda data: services.cancel_task(task=task, by=self.user, at=self.at, **data))
        return task

    @verb("engagements.edit")
    def reopen(self, task: Task, bind: Any) -> Task:
        """A closed task is open again."""
        refusing(lambda: services.reopen_task(task=task, by=self.user, at=self.at))
        return task


class OptionRecord(Record):
    class Meta:
        model = DecisionOption
        fields = OPTION


class DecisionRecord(Record):
    asked_of = Named(allow_null=True)
    chosen = serializers.CharField(source="chosen.label", default=None, allow_null=True)
    options = OptionRecord(many=True)

    class Meta:
        model = Decision
        fields = (
            "id", "reference", "title", "question", "background", "recommendation", "cost_of_delay", "asked_of",
            "board", "decide_by", "minutes", "state", "raised_on", "asked_on", "withdrawn_on", "decided_at",
            "chosen", "outcome_reason", "options", "private_notes",
        )  # fmt: skip
        internal = ("private_notes",)


TEXT = {"type": ["string", "null"], "maxLength": 2000}
SUM = {"type": ["integer", "null"], "minimum": 0}
MEMBERS = {
    "label": {"type": "string", "minLength": 1, "maxLength": 200}, "result": TEXT, "cost_minor": SUM,
    "yearly_cost_minor": SUM, "is_recommended": {"type": "boolean"}, "is_do_nothing": {"type": "boolean"},
}  # fmt: skip


def _flatten(given: Any) -> dict[str, Any]:
    """[{"label": "Replace it"}, …] → label_1 and so on, with the rows that are left empty."""
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise WrongType("Send a list of options, each an object with a label.")
    if any(set(one) - set(MEMBERS) for one in given) or len(given) > decisions.MOST_OPTIONS:
        raise WrongType(f"Send up to {decisions.MOST_OPTIONS} options; each takes {', '.join(MEMBERS)}.")
    empty = {"label": "", "result": "", "cost_minor": None, "yearly_cost_minor": None}
    rows = [{**empty, "is_recommended": False, "is_do_nothing": False, **one} for one in given]
    return {f"{name}_{number}": value for number, row in enumerate(rows, 1) for name, value in row.items()}


def _pointer(name: str) -> str | None:
    word, _, number = name.rpartition("_")
    return f"/options/{int(number) - 1}/{word}" if number.isdecimal() and word in MEMBERS else None


OPTIONS = Nest(
    "options",
    {
        "type": "array",
        "maxItems": decisions.MOST_OPTIONS,
        "items": {"type": "object", "additionalProperties": False, "properties": MEMBERS, "required": ["label"]},
    },
    _flatten,
    _pointer,
)


class Decisions(Resource):
    """Questions put to a named person or the board. Asking and answering is for people."""

    queryset = Decision.objects.select_related("asked_of", "ask", "chosen", "client", "raised_by")
    serializer_class = DecisionRecord
    filterset_class = DecisionFilter
    reads = "engagements.view"
    ordering = ("created_at", "reference")
    session_verbs = {"put": "engagements.write_decision", "answer": "engagements.answer"}

    def rows(self) -> Any:
        return super().rows().prefetch_related("options")

    def _bound(self, bind: Any, count: int, **options: Any) -> Any:
        more = {"people": directory.choices(self.client), "currency": self.client.currency, "rows": count}
        return bind(**more, **options)

    def _asked(self) -> int:
        given = self.request.data.get("options")
        return len(given) if isinstance(given, list) else 0

    @creates("engagements.edit", DecisionForm, [OPTIONS])
    def create(self, bind: Any) -> Decision:
        """A decision is drafted; a person puts it, on the pages."""
        bound = self._bound(bind, self._asked())
        return bound.attempt(
            lambda data: decisions.draft_decision(
                client=self.client, options=bound.form.typed_options(), by=self.user, at=self.at,
                **{name: data[name] for name in decisions.FIELDS},
            )
        )  # fmt: skip

    @edits("engagements.write_decision", DecisionForm, [OPTIONS])
    def partial_update(self, decision: Decision, bind: Any) -> Decision:
        """A draft changes. Options that are given replace all there were."""
        kept = [] if "options" in self.request.data else list(decision.options.order_by("position").values(*OPTION))
        stored = stored_values(decision, decisions.FIELDS)
        bound = self._bound(bind, self._asked(), stored=stored, options=kept)
        return bound.attempt(
            lambda data: decisions.edit_decision(
                decision=decision, values={name: data[name] for name in decisions.FIELDS},
                options=bound.form.typed_options(), by=self.user, at=self.at,
            )
        )  # fmt: skip

    @verb("engagements.withdraw_decision", ReasonForm)
    def withdraw(self, decision: Decision, bind: Any) -> Decision:
        """The question is taken back; it stays on record."""
        bind().attempt(lambda data: decisions.withdraw_decision(decision=decision, by=self.user, at=self.at, **data))
        return decision


urlpatterns = [*routes("tasks/", Tasks), *routes("decisions/", Decisions)]
