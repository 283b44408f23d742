"""What happened to a risk, with its day and its reason."""

from django.db import models

from risks.enums import EventKind, ReviewOutcome
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class RiskEvent(ClientOwned):
    """One turn of a risk: added, closed, reopened; merged or split; a step of its plan added or changed."""

    risk = ClientForeignKey("risks.Risk", related_name="events")
    kind = models.CharField(max_length=10, choices=EventKind)
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "risk", "-happened_at"], name="risks_event_latest"),
            models.Index(fields=["client", "happened_at"], name="risks_event_when"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class RiskReview(ClientOwned):
    """Somebody looked at a risk on a day. *Unchanged* is worth as much as a change."""

    risk = ClientForeignKey("risks.Risk", related_name="reviews")
    on = models.DateField()
    outcome = models.CharField(max_length=10, choices=ReviewOutcome)
    note = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "risk", "-on"], name="risks_review_latest"),
            models.Index(fields=["client", "on"], name="risks_review_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} on {self.on}"
