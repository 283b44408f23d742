"""The words the written programme uses for kinds and states."""

from django.db import models

from vciso.tenancy.steps import Steps


class Kind(models.TextChoices):
    """What sort of document a policy is."""

    POLICY = "policy", "Policy"
    WISP = "wisp", "Written information security programme (WISP)"
    SSP = "ssp", "System security plan (SSP)"
    PLAN = "plan", "Plan or procedure"


class VersionState(models.TextChoices):
    """Where one version stands on its way into force."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "Waiting for approval"
    APPROVED = "approved", "In force"
    SUPERSEDED = "superseded", "Replaced"


# What was in force before the portal knew of it is written down as that.
VERSION_STEPS = Steps(
    begins=frozenset({VersionState.DRAFT, VersionState.APPROVED, VersionState.SUPERSEDED}),
    follow={
        VersionState.DRAFT: frozenset({VersionState.IN_REVIEW}),
        VersionState.IN_REVIEW: frozenset({VersionState.DRAFT, VersionState.APPROVED}),
        VersionState.APPROVED: frozenset({VersionState.SUPERSEDED}),
    },
    by_answer={VersionState.APPROVED: "approve"},
)


class Status(models.TextChoices):
    """How a policy as a whole stands on a day; derived, never stored."""

    DRAFT = "draft", "Draft"
    AWAITING = "awaiting", "Waiting for approval"
    IN_FORCE = "in_force", "In force"
    DUE = "due", "Review due"
    OVERDUE = "overdue", "Review late"
    RETIRED = "retired", "Retired"


class Choice(models.TextChoices):
    """What the person asked may answer."""

    APPROVE = "approve", "Approve"
    SEND_BACK = "send_back", "Send back with a reason"
