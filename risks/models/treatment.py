"""What is to be done about a risk, by when, and whether the business agreed."""

import datetime as dt

from django.db import models
from django.db.models import Q

from risks.enums import PlanState, Treatment
from risks.rules.treating import LIFE_YEARS, Cost
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class TreatmentPlan(ClientOwned):
    """One version of the plan for a risk. The latest by `happened_at` is the one that counts.

    Approved by an answer of the owner or the board. Past its end date it counts as none. Its end lies
    ahead when it is written, unless it stood so already or `is_recorded` says that it was written down
    from elsewhere, as an imported register is; the database holds that by itself. Sums are in minor
    units of the client's currency; empty ones are not known, which differs from nothing. `came_with` is
    the duplicate that brought it.
    """

    risk = ClientForeignKey("risks.Risk", related_name="plans")
    treatment = models.CharField(max_length=10, choices=Treatment)
    words = models.TextField(blank=True)
    target_on = models.DateField(null=True, blank=True)
    once_minor = models.BigIntegerField(null=True, blank=True)
    life_years = models.PositiveSmallIntegerField(default=LIFE_YEARS)
    yearly_minor = models.BigIntegerField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    hour_minor = models.BigIntegerField(null=True, blank=True)
    is_recorded = models.BooleanField(default=False)
    came_with = ClientForeignKey("risks.Risk", null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFTED)
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    asked_of = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "ask"], name="risks_plan_one_ask"),
            models.CheckConstraint(
                condition=Q(life_years__gte=1)
                & (Q(once_minor__isnull=True) | Q(once_minor__gte=0))
                & (Q(yearly_minor__isnull=True) | Q(yearly_minor__gte=0)),
                name="risks_plan_cost",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True, hour_minor__isnull=True)
                | Q(hours__isnull=False, hour_minor__isnull=False, hours__gt=0, hour_minor__gte=0),
                name="risks_plan_hours",
            ),
            models.CheckConstraint(condition=Q(treatment__in=Treatment.values), name="risks_plan_treatment"),
        ]
        indexes = [
            models.Index(fields=["client", "risk", "-happened_at"], name="risks_plan_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.get_treatment_display()} by {self.target_on}"

    @property
    def cost(self) -> Cost:
        """What this version of the plan costs."""
        return Cost(self.once_minor, self.life_years, self.yearly_minor, self.hours, self.hour_minor)

    def is_live(self, *, on: dt.date) -> bool:
        """Approved, and its end has not passed."""
        in_time = self.target_on is not None and self.target_on >= on
        return self.state == PlanState.APPROVED and in_time


class PlanStep(ClientOwned):
    """One step of the plan for a risk: a task with its person and date, and what it takes of the money.

    The words, the person, the date and whether it is done are the task's own, so that a step waits
    for its person where every other task does. `cost_minor` is spent once.
    `came_with` is the duplicate whose step it is, while that is merged into this risk.
    """

    risk = ClientForeignKey("risks.Risk", related_name="steps")
    task = ClientForeignKey("engagements.Task", related_name="+")
    cost_minor = models.BigIntegerField(null=True, blank=True)
    came_with = ClientForeignKey("risks.Risk", null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "task"], name="risks_planstep_once"),
            models.CheckConstraint(
                condition=Q(cost_minor__isnull=True) | Q(cost_minor__gte=0), name="risks_planstep_cost"
            ),
        ]

    def __str__(self) -> str:
        return f"Step of {self.risk_id}"
