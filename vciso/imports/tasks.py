"""Long imports run behind the page; the row of the import says how they ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from vciso.imports import registry, services
from vciso.imports.models import ImportBatch
from vciso.imports.reading import ImportRefused
from vciso.imports.services import arriving, undoing
from vciso.jobs import handlers
from vciso.tenancy.models import User

if TYPE_CHECKING:
    from vciso.jobs.run import RunningJob

IMPORT = "imports.import"
UNDO = undoing.UNDO
MINUTES = 40
"""What 20,000 rows may take on a busy machine."""
TOO_LONG = (
    f"It took longer than {MINUTES} minutes and was stopped. Divide the file into parts and bring them one after "
    "the other."
)
UNDO_TOO_LONG = f"It took longer than {MINUTES} minutes and was stopped. Try again when the machine has less to do."
PREVIEW = arriving.PREVIEW


def run_preview(job: RunningJob) -> Callable[[], None]:
    """Read a long file and keep what was seen; a file that can't be read says so on its page."""
    with job.tenant():
        if not ImportBatch.objects.filter(pk=job.args["batch"]).exists():
            raise handlers.Refused("This import is gone.")
    return services.read_behind(
        batch_id=job.args["batch"],
        at=timezone.now(),
        tenant=job.tenant,
        progress=lambda step, of, message: job.progress(step=step, of=of, message=message),
    )


def run_import(job: RunningJob) -> Callable[[], None]:
    """Write the rows of a previewed file in one transaction, under the job's fence."""
    job.progress(step=0, of=1, message="Reading the file again")
    batch = _batch_of(job)

    def tell(done: int, of: int) -> None:
        job.tell(step=done, of=of, message=f"{done:,} of {of:,} rows are written")

    def finish() -> None:
        by = User.objects.filter(pk=job.args["by"]).first()
        try:
            services.import_rows(batch=batch, taking=job.args["taking"], by=by, at=timezone.now(), tell=tell)
        except ImportRefused as refusal:
            services.set_aside(batch=batch, why=str(refusal))
        except SoftTimeLimitExceeded:
            raise handlers.Refused(TOO_LONG) from None

    return finish


def run_undo(job: RunningJob) -> Callable[[], None]:
    """Take an import back in one transaction, under the job's fence."""
    job.progress(step=0, of=1, message="Comparing with what the import wrote")
    batch = _batch_of(job)

    def tell(done: int, of: int) -> None:
        job.tell(step=done, of=of, message=f"{done:,} of {of:,} rows are taken back")

    def finish() -> None:
        by = User.objects.filter(pk=job.args["by"]).first()
        try:
            services.undo(batch=batch, by=by, at=timezone.now(), tell=tell)
        except ImportRefused as refusal:
            raise handlers.Refused(str(refusal)) from None
        except SoftTimeLimitExceeded:
            raise handlers.Refused(UNDO_TOO_LONG) from None

    return finish


def _batch_of(job: RunningJob) -> ImportBatch:
    with job.tenant():
        batch = ImportBatch.objects.filter(pk=job.args["batch"]).first()
    if batch is None:
        raise handlers.Refused("This import is gone.")
    registry.get(batch.kind)
    return batch
