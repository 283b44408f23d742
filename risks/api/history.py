"""What was recorded of a risk over time: ratings, estimates, reviews and wordings."""

from __future__ import annotations

from risks.api.register import RiskHistory
from risks.models import EstimatedLoss, RiskEstimate, RiskRating, RiskReview, RiskWording
from risks.models.wording import SAID
from vciso.web.api import Record, routes


class RatingRecord(Record):
    class Meta:
        model = RiskRating
        fields = ("id", "kind", "likelihood", "impacts", "previous_score", "reason", "happened_at")


class RiskRatings(RiskHistory):
    """Every rating a risk was given; the latest of each kind counts."""

    queryset = RiskRating.objects.all()
    serializer_class = RatingRecord


class LossRecord(Record):
    class Meta:
        model = EstimatedLoss
        fields = ("form", "low_minor", "likely_minor", "high_minor", "chance")


class EstimateRecord(Record):
    losses = LossRecord(many=True)

    class Meta:
        model = RiskEstimate
        fields = (
            "id", "kind", "frequency_low", "frequency_likely", "frequency_high", "losses", "basis", "mean_minor",
            "one_in_ten_minor", "one_in_fifty_minor", "per_event_minor", "seed", "method", "numpy_version",
            "happened_at",
        )  # fmt: skip


class RiskEstimates(RiskHistory):
    """Every estimate of a risk in money, as it is and after its plan; the latest of each kind counts."""

    queryset = RiskEstimate.objects.prefetch_related("losses")
    serializer_class = EstimateRecord


class ReviewRecord(Record):
    class Meta:
        model = RiskReview
        fields = ("id", "on", "outcome", "note", "happened_at")


class RiskReviews(RiskHistory):
    """Every time somebody looked at a risk."""

    queryset = RiskReview.objects.all()
    serializer_class = ReviewRecord


class WordingRecord(Record):
    class Meta:
        model = RiskWording
        fields = ("id", *SAID, "owner", "reason", "happened_at")


class RiskWordings(RiskHistory):
    """What a risk said and whose it was, each from its moment on; the latest is what it says."""

    queryset = RiskWording.objects.all()
    serializer_class = WordingRecord
    ordering = ("-happened_at", "-recorded_at", "pk")


urlpatterns = [
    *routes("risks/<str:ref>/ratings/", RiskRatings, name="risk-ratings"),
    *routes("risks/<str:ref>/estimates/", RiskEstimates, name="risk-estimates"),
    *routes("risks/<str:ref>/reviews/", RiskReviews, name="risk-reviews"),
    *routes("risks/<str:ref>/wordings/", RiskWordings, name="risk-wordings"),
]
