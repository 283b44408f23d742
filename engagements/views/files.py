"""A list as a file: CSV or XLSX, as filtered and sorted on the page."""

from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from engagements import columns
from vciso.audit import services as audit
from vciso.files import documents, quotas, responses, storage, uploads
from vciso.files.scanning import MalwareFound
from vciso.imports import export
from vciso.imports.registry import Field
from vciso.web import throttling

MOST_ROWS = 50_000
TOO_LARGE = "too_large"


def answer(request: HttpRequest, kind: str, rows: Any) -> HttpResponse:
    """The rows as a download; each one is in the trail."""
    throttling.spend(request, "export")
    fmt = request.GET.get("format", "")
    if fmt not in export.FORMATS:
        raise Http404
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    header, *body = columns.table(kind, rows[:MOST_ROWS])
    out = io.BytesIO()
    fields = [Field(key=f"column_{number}", label=title) for number, title in enumerate(header)]
    export.write_rows(fields, body, fmt, out, name=kind.capitalize())
    at = timezone.now()
    audit.record(
        verb=f"{kind}.exported", client=client, by=request.user, at=at,  # type: ignore[arg-type]  # signed in
        after={"rows": len(body), "format": fmt},
    )  # fmt: skip
    name = f"{client.key}-{kind}-{client.today(at).isoformat()}.{fmt}"
    return responses.download(out.getvalue(), name=name)


def keep(request: HttpRequest, upload: Any) -> dict[str, str]:
    """Stores what was attached to a recorded answer; refuses a file that is no file (ValidationError)."""
    if upload is None:
        return {"file_key": "", "file_name": ""}
    throttling.spend(request, "upload")
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    try:
        content = uploads.taken(upload, kind="evidence")
        quotas.admit(client=client, size=len(content), at=timezone.now())
        name = uploads.safe_name(upload.name or "")
        content, suffix = documents.agreed(name, content)
        kept = storage.store(client.pk, content, suffix=suffix)
    except (uploads.UploadRefused, MalwareFound) as refusal:
        code = TOO_LARGE if isinstance(refusal, uploads.TooLarge) else "refused"
        raise ValidationError({"file": ValidationError(str(refusal), code=code)}) from refusal
    return {"file_key": kept.key, "file_name": name}


def attached(request: HttpRequest, ask: Any) -> HttpResponse:
    """The file that shows a recorded answer, to whoever may read the ask; each reading is in the trail."""
    answer = ask.answers.first()
    if answer is None or not answer.file_key:
        raise Http404
    try:
        content = storage.read(answer.file_key)
    except FileNotFoundError:
        raise Http404 from None
    client = request.client  # type: ignore[attr-defined]  # set by the middleware
    audit.record(
        verb="ask.file_downloaded", client=client, obj=ask, by=request.user,  # type: ignore[arg-type]  # signed in
        at=timezone.now(),
    )  # fmt: skip
    return responses.download(content, name=answer.file_name, key=answer.file_key)
