"""What a risk could cost: estimates as history, with the figures that came of each."""

from django.db import models
from django.db.models import F, Q

from risks.enums import EstimateKind, LossForm
from risks.rules.scoring import Years
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class RiskEstimate(ClientOwned):
    """How often a risk comes true in a year, and what the simulated years say; never changed.

    The latest of each kind by `happened_at` is the one that counts. Sums are in minor units of the
    client's currency. Seed, method and numpy's version make the same figures again.
    """

    risk = ClientForeignKey("risks.Risk", related_name="estimates")
    kind = models.CharField(max_length=5, choices=EstimateKind, default=EstimateKind.NOW)
    frequency_low = models.DecimalField(max_digits=9, decimal_places=4)
    frequency_likely = models.DecimalField(max_digits=9, decimal_places=4)
    frequency_high = models.DecimalField(max_digits=9, decimal_places=4)
    basis = models.TextField()
    seed = models.BigIntegerField()
    method = models.CharField(max_length=40)
    numpy_version = models.CharField(max_length=20)
    mean_minor = models.BigIntegerField()
    one_in_ten_minor = models.BigIntegerField()
    one_in_fifty_minor = models.BigIntegerField()
    per_event_minor = models.BigIntegerField()
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frequency_low__gt=0, frequency_likely__gte=F("frequency_low"))
                & Q(frequency_high__gte=F("frequency_likely")),
                name="risks_riskestimate_frequency_rises",
            ),
            models.CheckConstraint(
                condition=Q(mean_minor__gte=0, one_in_ten_minor__gte=0, per_event_minor__gte=0)
                & Q(one_in_fifty_minor__gte=F("one_in_ten_minor")),
                name="risks_riskestimate_figures",
            ),
        ]
        indexes = [models.Index(fields=["client", "risk", "-happened_at"], name="risks_estimate_latest")]

    def __str__(self) -> str:
        return f"{self.frequency_low} to {self.frequency_high} a year"

    @property
    def losses_of_rare_years(self) -> Years:
        """What one year in ten, and one in fifty, costs or more."""
        return Years(self.one_in_ten_minor, self.one_in_fifty_minor)


class EstimatedLoss(ClientOwned):
    """What one form of loss costs when an event brings it, and the chance that an event does."""

    estimate = ClientForeignKey("risks.RiskEstimate", related_name="losses")
    form = models.CharField(max_length=12, choices=LossForm)
    low_minor = models.BigIntegerField()
    likely_minor = models.BigIntegerField()
    high_minor = models.BigIntegerField()
    chance = models.DecimalField(max_digits=5, decimal_places=4, default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "estimate", "form"], name="risks_estimatedloss_once"),
            models.CheckConstraint(
                condition=Q(low_minor__gt=0, likely_minor__gte=F("low_minor"), high_minor__gte=F("likely_minor")),
                name="risks_estimatedloss_rises",
            ),
            models.CheckConstraint(condition=Q(chance__gte=0, chance__lte=1), name="risks_estimatedloss_chance"),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}: {self.low_minor} to {self.high_minor}"
