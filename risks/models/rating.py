"""Ratings as history: a new one is added, none is ever changed."""

from django.db import models
from django.db.models import Q

from risks.enums import RatingKind
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class RiskRating(ClientOwned):
    """One judgement of a risk: how likely, and how bad in each category, and why.

    The latest of each kind by `happened_at` is the one that counts. `previous_score` is what it
    replaced, and empty for the first of its kind.
    """

    risk = ClientForeignKey("risks.Risk", related_name="ratings")
    kind = models.CharField(max_length=10, choices=RatingKind)
    likelihood = models.PositiveSmallIntegerField()
    impacts = models.JSONField()
    previous_score = models.PositiveSmallIntegerField(null=True)
    reason = models.TextField(blank=True)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=5),
                name="risks_riskrating_likelihood",
            ),
            models.CheckConstraint(condition=Q(kind__in=RatingKind.values), name="risks_riskrating_kind"),
        ]
        indexes = [
            models.Index(fields=["client", "risk", "kind", "-happened_at"], name="risks_rating_latest"),
            models.Index(fields=["client", "happened_at"], name="risks_rating_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.score}"

    @property
    def impact(self) -> int:
        return max(self.impacts.values(), default=0)

    @property
    def score(self) -> int:
        return self.likelihood * self.impact
