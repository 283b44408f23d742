"""What is to be done about a risk, by when, and whether the business agreed."""

import datetime as dt

from django.db import models

from risks.enums import PlanState, Treatment
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class TreatmentPlan(ClientOwned):
    """One version of the plan for a risk. The latest by `happened_at` is the one that counts.

    Approved by an answer of the owner or the board. Past its end date it counts as none.
    """

    risk = ClientForeignKey("risks.Risk", related_name="plans")
    treatment = models.CharField(max_length=10, choices=Treatment)
    words = models.TextField(blank=True)
    target_on = models.DateField(null=True, blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFTED)
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    asked_of = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["client", "risk", "-happened_at"], name="risks_plan_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_treatment_display()} by {self.target_on}"

    def is_live(self, *, on: dt.date) -> bool:
        """Approved, and its end has not passed."""
        in_time = self.target_on is not None and self.target_on >= on
        return self.state == PlanState.APPROVED and in_time
