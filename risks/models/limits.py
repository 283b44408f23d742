"""What the business set: categories of harm, a limit for each, and its own scale."""

from django.db import models
from django.db.models import F, Q

from risks.enums import IMPACT_WORDS, LIKELIHOOD_WORDS, Band, RatingsKept
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class ImpactCategory(ClientOwned):
    """One way in which a risk can hurt: money, operations, law, reputation, people."""

    key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    hint = models.CharField(max_length=200, blank=True)
    rank = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["rank", "key"]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="risks_impactcategory_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Appetite(ClientOwned):
    """The limit for one category from one day on, as somebody of the business set it.

    A later row for the same category replaces it from its own day; nothing is overwritten. Neither the
    day it was set nor the one it holds from comes after it was written down; the database holds that by
    itself. The sums are the most that one year in ten, and one in fifty, may cost, in minor units.
    """

    category = ClientForeignKey("risks.ImpactCategory", related_name="limits")
    band_limit = models.PositiveSmallIntegerField(choices=Band, null=True, blank=True)
    money_limit_minor = models.BigIntegerField(null=True, blank=True)
    fifty_limit_minor = models.BigIntegerField(null=True, blank=True)
    words = models.TextField(blank=True)
    approved_by = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    approved_on = models.DateField(null=True, blank=True)
    from_on = models.DateField()
    happened_at = models.DateTimeField("when somebody wrote it down")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(band_limit__isnull=True) | Q(band_limit__gte=1, band_limit__lte=4),
                name="risks_appetite_band",
            ),
            models.CheckConstraint(
                condition=(Q(money_limit_minor__isnull=True) | Q(money_limit_minor__gt=0))
                & (Q(fifty_limit_minor__isnull=True) | Q(fifty_limit_minor__gt=0))
                & (
                    Q(money_limit_minor__isnull=True)
                    | Q(fifty_limit_minor__isnull=True)
                    | Q(fifty_limit_minor__gte=F("money_limit_minor"))
                ),
                name="risks_appetite_money",
            ),
        ]
        indexes = [models.Index(fields=["client", "category", "-from_on"], name="risks_appetite_latest")]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.band_limit}"


class SigningAuthority(ClientOwned):
    """Who signs for how much, from one day on: the owner up to a band, above it a director.

    The latest row holds, and none is ever changed. Without a row the owner signs up to high. With
    nobody on the board the owner signs everything.
    """

    owner_up_to = models.PositiveSmallIntegerField(choices=Band, default=Band.HIGH)
    approved_by = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner_up_to__gte=1, owner_up_to__lte=4), name="risks_signingauthority_band"
            ),
        ]
        indexes = [models.Index(fields=["client", "-happened_at"], name="risks_authority_latest")]

    def __str__(self) -> str:
        return f"owner up to {self.get_owner_up_to_display().lower()}"


def likelihood_words() -> list[str]:
    return list(LIKELIHOOD_WORDS)


def impact_words() -> list[str]:
    return list(IMPACT_WORDS)


class RiskScale(ClientOwned):
    """The client's bands and words from one day on. Without a row the defaults hold.

    `likelihood_means` says what each level means in the client's words (“once in ten years”),
    `impact_money` the most that each of the first four impact levels costs, in minor units. `ratings`
    is what was answered about the ratings that stood; empty where nobody was asked yet.
    """

    low_to = models.PositiveSmallIntegerField(default=5)
    medium_to = models.PositiveSmallIntegerField(default=10)
    high_to = models.PositiveSmallIntegerField(default=16)
    likelihood_words = models.JSONField(default=likelihood_words)
    impact_words = models.JSONField(default=impact_words)
    likelihood_means = models.JSONField(default=list, blank=True)
    impact_money = models.JSONField(default=list, blank=True)
    ratings = models.CharField(max_length=10, choices=RatingsKept, blank=True)
    from_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(low_to__gte=1, low_to__lt=F("medium_to"), medium_to__lt=F("high_to"), high_to__lte=24),
                name="risks_riskscale_rises",
            ),
        ]
        indexes = [models.Index(fields=["client", "-from_on"], name="risks_riskscale_latest")]

    def __str__(self) -> str:
        return f"to {self.low_to}, {self.medium_to}, {self.high_to}"
