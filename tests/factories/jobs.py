"""Work in the background, done here and now."""

from vciso.jobs import run
from vciso.jobs.enums import LIVE
from vciso.jobs.models import Job
from vciso.tenancy import context
from vciso.tenancy.models import Client


def run_jobs(client: Client) -> list[str]:
    """Does every live job of a client, here and now, as a worker would."""
    with context.as_job(client.pk, "test"):
        waiting = list(Job.objects.filter(client=client, state__in=LIVE).order_by("created_at"))
    return [run.run(job.pk, client_id=client.pk) for job in waiting]
