"""The kinds of report, their states, and the words a client's state is put in."""

from __future__ import annotations

from django.db import models

from vciso.tenancy.steps import Steps


class Kind(models.TextChoices):
    """What is made: the owner's monthly report, or the board's quarterly pack."""

    MONTHLY = "monthly", "Monthly report"
    QUARTERLY = "quarterly", "Board pack"


class State(models.TextChoices):
    """Where a revision of a report stands. Only one per period is ever published."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    SUPERSEDED = "superseded", "Superseded"


STEPS = Steps(
    begins=frozenset({State.DRAFT}),
    follow={
        State.DRAFT: frozenset({State.IN_REVIEW}),
        State.IN_REVIEW: frozenset({State.DRAFT, State.APPROVED}),
        State.APPROVED: frozenset({State.DRAFT, State.PUBLISHED}),
        State.PUBLISHED: frozenset({State.SUPERSEDED}),
    },
)


EDITABLE = (State.DRAFT, State.IN_REVIEW)
UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.APPROVED)
ISSUED = (State.PUBLISHED, State.SUPERSEDED)


class Word(models.TextChoices):
    """The one status word of a client, from best to worst, and the word for not knowing."""

    INSIDE = "inside", "Inside your limits"
    WATCH = "watch", "Watch"
    ACT_NOW = "act_now", "Act now"
    NOT_KNOWN = "not_known", "Not known yet"


SEVERITY = {Word.INSIDE: 0, Word.NOT_KNOWN: 1, Word.WATCH: 2, Word.ACT_NOW: 3}
