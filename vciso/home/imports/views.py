"""Bringing a spreadsheet in: choose it, see what it means, import it, take it back."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vciso.audit import services as audit
from vciso.files import quotas
from vciso.files.responses import download
from vciso.files.uploads import UploadRefused, taken
from vciso.home.imports import rules  # noqa: F401  makes the permissions of these pages known
from vciso.home.imports.forms import MappingForm, UploadForm
from vciso.imports import export as exports
from vciso.imports import registry, selectors, services
from vciso.imports.enums import BatchState, RowOutcome, Taking
from vciso.imports.models import ImportBatch, PracticeReading, Reading
from vciso.imports.reading import ImportRefused
from vciso.imports.registry import ImportKind
from vciso.imports.services.previewing import original as original_file
from vciso.jobs.enums import GIVEN_UP
from vciso.tenancy.permissions import may, refuse, requires
from vciso.web import formats, responses
from vciso.web.forms import Form
from vciso.web.here import form_page
from vciso.web.pagination import paginate
from vciso.web.throttling import POSTED, throttled

SHOWN = ("new", "update", "unchanged", "waiting", "warning", "refused")


SELDOM = ("waiting",)
FEW = 5
"""So many rows are taken back without a question; more are asked about first."""


@dataclass(frozen=True)
class Behind:
    """What the page of an import says while a worker has it, and once the worker gave it up."""

    badge: str
    heading: str
    failed: str
    left: str = ""
    retry: str = ""
    """The address that starts it anew."""


BEHIND = {
    BatchState.READING: Behind("Being read", "Reading the file", "Not read"),
    BatchState.WORKING: Behind(
        "Being imported", "Writing {count} rows", "Not imported", "Nothing of this file was written.", "take"
    ),
    BatchState.UNDOING: Behind(
        "Being undone", "Taking back {count} rows", "Not undone", "Nothing was taken back.", "undo"
    ),
}


def _kind(request: HttpRequest, name: str, *, writes: bool = True) -> ImportKind:
    """The list of that name; 404 when there is none, refusal when the person may not write it."""
    try:
        kind = registry.get(name)
    except KeyError:
        raise Http404 from None
    if writes and kind.permission:
        verdict = may(request.actor, kind.permission)
        if not verdict:
            refuse(verdict)
    return kind


def _batches() -> QuerySet[ImportBatch]:
    return ImportBatch.objects.select_related("client", "created_by", "imported_by", "undone_by")


def _of_kind(batch: ImportBatch, kind: str) -> None:
    if batch.kind != kind:
        raise Http404


def _list_url(request: HttpRequest, kind: ImportKind) -> str:
    try:
        return reverse(f"{kind.name}:list", kwargs={"client_key": request.client.key})
    except NoReverseMatch:
        return reverse("home:overview", kwargs={"client_key": request.client.key})


def _to_batch(request: HttpRequest, batch: ImportBatch, message: str = "", **options: Any) -> HttpResponse:
    return responses.done(
        request, "imports:batch", message, client_key=request.client.key, kind=batch.kind, pk=batch.pk, **options
    )


@require_http_methods(["GET", "POST"])
@requires("imports.bring")
@throttled("upload", methods=POSTED)
def upload(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose a file, and see the imports there were."""
    of = _kind(request, kind)
    form, status = UploadForm(kind=of), 0
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES, kind=of)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                content = taken(file, kind="spreadsheet")
                quotas.admit(client=request.client, size=len(content), at=timezone.now())
                batch = services.receive(
                    client=request.client,
                    kind=of,
                    name=file.name,
                    content=content,
                    by=request.user,
                    at=timezone.now(),
                )
            except (ImportRefused, UploadRefused) as refusal:
                form.add_error("file", str(refusal))
                status = getattr(refusal, "status", status)
            else:
                return _to_batch(request, batch)
    context = {
        "kind": of,
        "list_url": _list_url(request, of),
        "past": selectors.past(request.client, of.name)[:30],
        "readings": selectors.readings(request.client, of.name),
    }
    answer = responses.answer_form(request, "home/imports/upload.html", context, form=form)
    answer.status_code = status or answer.status_code
    return answer


@require_GET
@requires("imports.bring")
def template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty list to fill in, with what each column takes beside it."""
    of = _kind(request, kind)
    out = io.BytesIO()
    exports.template(of, out)
    return download(out.getvalue(), name=f"{of.label} template.xlsx")


@require_GET
@requires("imports.view", _batches)
def batch(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """One import: before it, what would happen; after it, what happened."""
    _of_kind(batch, kind)
    of = _kind(request, kind)
    return responses.page(request, "home/imports/batch.html", _batch_context(request, batch, of), partial="rows")


def _batch_context(
    request: HttpRequest, batch: ImportBatch, kind: ImportKind, form: MappingForm | None = None
) -> dict[str, Any]:
    show = request.GET.get("show", "")
    show = show if show in SHOWN else ""
    previewed = batch.state == BatchState.PREVIEWED
    behind = BEHIND.get(BatchState(batch.state))
    counts = {name: batch.counts.get(name, 0) for name in (*SHOWN, "skipped")}
    job = selectors.job_of(batch)
    here = {"client_key": batch.client.key, "kind": batch.kind, "pk": batch.pk}
    return {
        "batch": batch,
        "counts": counts,
        "kind": kind,
        "list_url": _list_url(request, kind),
        "page": paginate(request, selectors.rows(batch, show)),
        "show": show,
        "segments": _segments(counts, show),
        "form": form or (MappingForm(batch=batch, kind=kind) if previewed else None),
        "previewed": previewed,
        "behind": behind,
        "given_up": job is not None and job.state in GIVEN_UP,
        "heading": behind.heading.format(count=f"{_rows_at_work(batch, counts):,}") if behind else "",
        "is_read": batch.state not in (BatchState.READING, BatchState.UNREADABLE),
        "job": job,
        "writes": counts["new"] + counts["update"],
        "may_undo": batch.may_undo(timezone.now()),
        "undo_asks": counts["new"] + counts["update"] > FEW,
        # Also for the piece that is asked for alone, which sees nothing that the page around it sets.
        **{f"{name}_url": reverse(f"imports:{name}", kwargs=here) for name in ("take", "undo", "progress")},
        "taken_back": batch.rows.filter(undone=True).count() if batch.undone_at else 0,
        "kept": batch.rows.exclude(undo_refused="")[:200] if batch.undone_at else [],
    }


def _rows_at_work(batch: ImportBatch, counts: dict[str, int]) -> int:
    """How many rows the worker writes or takes back."""
    return batch.rows.written().count() if batch.state == BatchState.UNDOING else counts["new"] + counts["update"]


def _segments(counts: dict[str, int], show: str) -> list[tuple[str, str, int, bool]]:
    """The outcomes to choose from: name, label, how many, and whether it is shown."""
    whole = sum(counts[name] for name in SHOWN if name != "warning")
    named = [(name, name.capitalize(), counts[name]) for name in SHOWN if counts[name] or name not in SELDOM]
    return [(name, label, count, name == show) for name, label, count in [("", "All", whole), *named]]


@require_POST
@requires("imports.bring", _batches)
def mapping(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """Read the file anew, the way the form says."""
    _of_kind(batch, kind)
    of = _kind(request, kind)
    form = MappingForm(request.POST, batch=batch, kind=of)
    if form.is_valid():
        try:
            services.read_again(batch=batch, mapping=form.mapping(), by=request.user, at=timezone.now())
        except ImportRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _to_batch(request, batch, "The file is read again.")
    return responses.invalid(request, "home/imports/batch.html", _batch_context(request, batch, of, form))


@require_POST
@requires("imports.bring", _batches)
def take(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """Import the good rows, or all of them or none."""
    _of_kind(batch, kind)
    of = _kind(request, kind)
    taking = Taking.ALL if request.POST.get("taking") == Taking.ALL else Taking.GOOD
    try:
        done, job = services.start_import(batch=batch, taking=taking, by=request.user, at=timezone.now())
    except ImportRefused as refusal:
        context = _batch_context(request, batch, of) | {"refused": "Not imported", "refusal": str(refusal)}
        return responses.invalid(request, "home/imports/batch.html", context)
    if job is not None or done.state == BatchState.PREVIEWED:
        return _to_batch(request, done)
    counts = done.counts
    return _to_batch(request, done, f"Imported: {counts['new']} new, {counts['update']} changed.")


@require_GET
@requires("imports.view", _batches)
def progress(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """The running import, asked for every second; when it ended or was given up, the page is loaded anew."""
    _of_kind(batch, kind)
    of = _kind(request, kind)
    context = _batch_context(request, batch, of)
    if not context["behind"] or context["given_up"]:
        return responses.loads_anew()
    return responses.page(request, "home/imports/batch.html", context, partial="progress")


@require_POST
@requires("imports.bring", _batches)
def again(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """The same file once more: rows that waited for a choice are there to be decided."""
    _of_kind(batch, kind)
    _kind(request, kind)
    try:
        fresh = services.bring_again(batch=batch, by=request.user, at=timezone.now())
    except (ImportRefused, FileNotFoundError) as refusal:
        raise Http404 from refusal
    return _to_batch(request, fresh)


@require_POST
@requires("imports.bring", _batches)
def share(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """Every client of the practice has files of this form read like this one."""
    _of_kind(batch, kind)
    _kind(request, kind)
    services.share_reading(batch=batch, by=request.user, at=timezone.now())
    return _to_batch(request, batch, "Files with these headings are read so for every client of the practice.")


@require_POST
@requires("imports.bring", Reading)
def forget(request: HttpRequest, reading: Reading, kind: str) -> HttpResponse:
    """Forget how this client's files of one form are read."""
    return _forgotten(request, reading, kind)


@require_POST
@requires("imports.bring", PracticeReading)
def forget_shared(request: HttpRequest, reading: PracticeReading, kind: str) -> HttpResponse:
    """Forget how the practice reads one form."""
    return _forgotten(request, reading, kind)


def _forgotten(request: HttpRequest, reading: Reading | PracticeReading, kind: str) -> HttpResponse:
    if reading.kind != kind:
        raise Http404
    _kind(request, kind)
    services.forget(reading=reading, client=request.client, by=request.user, at=timezone.now())
    return responses.done(
        request, "imports:upload", "The next file of this form is read anew.", client_key=request.client.key, kind=kind
    )


@require_http_methods(["GET", "POST"])
@requires("imports.bring", _batches)
def undo(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """Take the whole import back; records changed since stay and are named. A GET asks whether that is meant."""
    _of_kind(batch, kind)
    of = _kind(request, kind)
    if request.method == "GET":
        return _ask_before_undo(request, batch, of)
    try:
        result = services.start_undo(batch=batch, by=request.user, at=timezone.now())
    except ImportRefused as refusal:
        context = _batch_context(request, batch, of) | {"refused": "Not undone", "refusal": str(refusal)}
        return responses.invalid(request, "home/imports/batch.html", context)
    if result.job is not None:
        return _to_batch(request, batch)
    if result.kept:
        return _to_batch(request, batch, f"{result.undone} taken back; {len(result.kept)} stay, see below.")
    return _to_batch(request, batch, f"The import was undone: {result.undone} taken back.")


def _ask_before_undo(request: HttpRequest, batch: ImportBatch, kind: ImportKind) -> HttpResponse:
    if not batch.may_undo(timezone.now()):
        return _to_batch(request, batch)
    rows = batch.rows.written()
    new = rows.filter(outcome=RowOutcome.NEW).count()
    changed = rows.count() - new
    said = [
        f"{formats.count_of(new, 'record')} that it made {'is' if new == 1 else 'are'} removed" if new else "",
        f"{formats.count_of(changed, 'record')} that it changed {'is' if changed == 1 else 'are'} as before it"
        if changed
        else "",
    ]
    page = reverse("imports:batch", kwargs={"client_key": batch.client.key, "kind": batch.kind, "pk": batch.pk})
    return form_page(
        request,
        Form(),
        title=f"Undo the import of {batch.file_name}?",
        text=f"{', and '.join(filter(None, said))}. What was changed since stays as it is and is named.",
        verb="Undo this import",
        cancel=page,
        crumbs=((kind.label, _list_url(request, kind)), (batch.file_name, page)),
        danger=True,
    )


@require_GET
@requires("imports.view", _batches)
def original(request: HttpRequest, batch: ImportBatch, kind: str) -> HttpResponse:
    """The file as it came; noted in the trail."""
    _of_kind(batch, kind)
    _kind(request, kind)
    try:
        content, name = original_file(batch)
    except FileNotFoundError:
        raise Http404 from None
    audit.record(
        verb="import.file_downloaded",
        client=request.client,
        obj=batch,
        by=request.user,
        after={"sha256": batch.file_sha256},
    )
    return download(content, name=name, key=batch.file_key)


@require_GET
@requires("imports.export")
@throttled("export")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The whole list as CSV or XLSX; noted in the trail."""
    of = _kind(request, kind, writes=False)
    fmt = request.GET.get("format", "xlsx")
    if fmt not in exports.FORMATS:
        raise Http404
    out = io.BytesIO()
    count = exports.write(of, request.client, fmt, out)
    audit.record(
        verb="export.downloaded",
        client=request.client,
        by=request.user,
        after={"kind": of.name, "format": fmt, "rows": count},
    )
    day = request.client.today(timezone.now()).isoformat()
    return download(out.getvalue(), name=f"{request.client.name} {of.label} {day}.{fmt}")
