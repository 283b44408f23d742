"""Long imports run behind the page; the row of the import says how they ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils import timezone

from vciso.imports import registry, services
from vciso.imports.models import ImportBatch
from vciso.imports.reading import ImportRefused
from vciso.imports.services import arriving
from vciso.jobs import handlers
from vciso.tenancy.models import User

if TYPE_CHECKING:
    from vciso.jobs.run import RunningJob

IMPORT = "imports.import"
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
    job.progress(step=1, of=2, message="Reading the file again")
    with job.tenant():
        batch = ImportBatch.objects.filter(pk=job.args["batch"]).first()
        if batch is None:
            raise handlers.Refused("This import is gone.")
        registry.get(batch.kind)
    job.progress(step=2, of=2, message="Writing the rows")

    def finish() -> None:
        by = User.objects.filter(pk=job.args["by"]).first()
        try:
            services.import_rows(batch=batch, taking=job.args["taking"], by=by, at=timezone.now())
        except ImportRefused as refusal:
            services.set_aside(batch=batch, why=str(refusal))

    return finish
