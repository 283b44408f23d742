"""The states of a job, and what one that waits is waiting for."""

from django.db.models import TextChoices


class JobState(TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


LIVE = (JobState.QUEUED, JobState.RUNNING)
GIVEN_UP = (JobState.FAILED, JobState.CANCELLED)


class WaitsFor(TextChoices):
    """Why a queued job has not begun: the label is the sentence a person reads."""

    WORKER = "worker", "Waiting for a free worker."
    QUEUE = "queue", "Waiting: the queue is away. The work begins by itself once the queue is back."
    DATABASE = "database", "Waiting: the database was away. The work is tried again by itself."
    SPACE = "space", "Waiting: the disk is full. The work goes on by itself once there is space."
    STORAGE = "storage", "Waiting: the storage of files cannot be used. The work is tried again by itself."
    RELEASE = "release", "Waiting for a worker of the release that asked for this."
    SERVICE = "service", "Waiting: a service it needs was away. It is tried again by itself."
