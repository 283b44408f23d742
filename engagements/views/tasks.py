"""Tasks as the practice sees them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from engagements.forms.agreement import ReasonForm
from engagements.forms.base import stored_values
from engagements.forms.filters import TaskFilter
from engagements.forms.work import DoneForm, TaskForm
from engagements.models import Task, TaskReply
from engagements.selectors import people as directory
from engagements.services import work as services
from engagements.views import files
from engagements.views.base import Here, form_page, refused
from vciso.tenancy.permissions import requires
from vciso.web import responses
from vciso.web.filters import FilterBar
from vciso.web.pagination import paginate, sorting

SORTS = {
    "due": ("status_order", "due_on", "reference"),
    "id": ("reference",),
    "title": ("title", "pk"),
    "who": ("assignee__name", "practice_user__name", "reference"),
}


def _tasks() -> Any:
    return Task.objects.select_related("assignee", "practice_user", "client", "raised_by", "assignee_user")


@requires("engagements.view")
def task_list(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    tasks = _tasks().filter(client=here.client).open_first()
    found = TaskFilter(request.GET, queryset=tasks, request=request)
    order = sorting(request, SORTS, default="due")
    rows = found.qs.order_by(*order.order_by)
    if request.GET.get("format"):
        return files.answer(request, "tasks", rows.filter(private=False))
    open_tasks = Task.objects.filter(client=here.client).open()
    context = {
        "filterset": found,
        "sorting": order,
        "page": paginate(request, rows),
        "filters": FilterBar(request, found),
        "late": open_tasks.overdue(on=here.today).count(),
        "open": open_tasks.count(),
        "today": here.today,
    }
    return responses.page(request, "engagements/tasks.html", context, partial="list")


def _form(request: HttpRequest, here: Here, **options: Any) -> TaskForm:
    return TaskForm(
        responses.posted(request),
        people=directory.choices(here.client),
        team=directory.team(here.client),
        **options,
    )


@requires("engagements.edit")
def task_new(request: HttpRequest) -> HttpResponse:
    here = Here(request)
    origin = request.GET.get("from", "")[:120].replace("\x00", "")
    form = _form(request, here, initial={"practice_user": here.user, "raised_from": origin})
    task = form.attempt(lambda values: services.add_task(client=here.client, by=here.user, at=here.at, **values))
    if task is not None:
        return responses.done(request, here.url("task", ref=task.reference), f"{task.reference} was added.")
    listing = here.url("tasks")
    return form_page(
        request, form, title="Add a task", verb="Add task", cancel=listing,
        crumbs=(("Tasks", listing),),
    )  # fmt: skip


@requires("engagements.view", _tasks)
def task_detail(request: HttpRequest, task: Task) -> HttpResponse:
    here = Here(request)
    context = {
        "task": task,
        "replies": TaskReply.objects.filter(client=here.client, task=task).select_related("by").order_by("-at"),
        "today": here.today,
        "done_form": DoneForm(initial={"on": here.today}),
        "reason_form": ReasonForm(),
    }
    return responses.page(request, "engagements/task.html", context)


@requires("engagements.edit", _tasks)
def task_edit(request: HttpRequest, task: Task) -> HttpResponse:
    here = Here(request)
    form = _form(request, here, stored=stored_values(task, services.FIELDS))
    back = here.url("task", ref=task.reference)
    saved = form.attempt(lambda values: services.edit_task(task=task, values=values, by=here.user, at=here.at))
    if saved is not None:
        return responses.done(request, back, f"{task.reference} was saved.")
    return form_page(
        request, form, title=f"Edit {task.reference}", verb="Save task", cancel=back,
        crumbs=(("Tasks", here.url("tasks")), (task.reference, back)),
    )  # fmt: skip


@requires("engagements.edit", _tasks)
def task_done(request: HttpRequest, task: Task) -> HttpResponse:
    """Done on a day; without a form (one click in the list) it is done today."""
    here = Here(request)
    back = here.url("task", ref=task.reference)
    if request.method == "POST" and "on" not in request.POST:
        data: Any = {"on": here.today.isoformat()}
    else:
        data = responses.posted(request)
    form = DoneForm(data, initial={"on": here.today})
    done = form.attempt(lambda values: services.finish_task(task=task, by=here.user, at=here.at, **values))
    if done is not None:
        undo = here.url("task-reopen", ref=task.reference)
        return responses.done(request, here.url("tasks"), f"{task.reference} is done.", undo=undo)
    return form_page(
        request, form, title=f"Finish {task.reference}", verb="Mark as done", cancel=back,
        crumbs=(("Tasks", here.url("tasks")), (task.reference, back)), text=task.title,
    )  # fmt: skip


@requires("engagements.edit", _tasks)
def task_cancel(request: HttpRequest, task: Task) -> HttpResponse:
    here = Here(request)
    back = here.url("task", ref=task.reference)
    form = ReasonForm(responses.posted(request))
    gone = form.attempt(
        lambda values: services.cancel_task(task=task, reason=values["reason"], by=here.user, at=here.at)
    )
    if gone is not None:
        undo = here.url("task-reopen", ref=task.reference)
        return responses.done(request, here.url("tasks"), f"{task.reference} is cancelled.", undo=undo)
    return form_page(
        request, form, title=f"Cancel {task.reference}?", verb="Cancel task", cancel=back,
        crumbs=(("Tasks", here.url("tasks")), (task.reference, back)), text=task.title,
    )  # fmt: skip


@require_POST
@requires("engagements.edit", _tasks)
def task_reopen(request: HttpRequest, task: Task) -> HttpResponse:
    here = Here(request)
    back = here.url("task", ref=task.reference)
    try:
        services.reopen_task(task=task, by=here.user, at=here.at)
    except ValidationError as refusal:
        return refused(request, refusal, title=task.reference, back=back)
    return responses.done(request, back, f"{task.reference} is open again.")
