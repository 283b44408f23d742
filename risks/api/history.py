"""What was recorded of a risk over time: ratings, estimates, reviews, wordings and acceptances."""

from __future__ import annotations

from rest_framework import serializers

from risks.api.register import RiskHistory
from risks.models import Acceptance, EstimatedLoss, RiskEstimate, RiskRating, RiskReview, RiskWording
from risks.models.wording import SAID
from vciso.web.api import Named, Record, routes


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


class AcceptanceRecord(Record):
    asked_of = Named(allow_null=True)
    requested_by = Named(allow_null=True)
    recorded_by = Named(allow_null=True)
    question = serializers.CharField(source="ask.reference", allow_null=True, default=None)

    class Meta:
        model = Acceptance
        fields = (
            "id", "state", "question", "asked_of", "requested_by", "requested_at", "until", "advice", "conditions",
            "measure", "band_at_signing", "score_at_signing", "signer_name", "signed_at", "reason", "recorded_by",
            "witness", "confirmed_at", "ended_at", "ended_reason",
        )  # fmt: skip


class RiskAcceptances(RiskHistory):
    """Every request to accept a risk and what became of it; “unsigned” is what a list said without a signature.

    One that is “live” holds until the end of its day where the client is.
    """

    queryset = Acceptance.objects.select_related("asked_of", "requested_by", "recorded_by", "ask")
    serializer_class = AcceptanceRecord
    ordering = ("-requested_at", "pk")


urlpatterns = [
    *routes("risks/<str:ref>/ratings/", RiskRatings, name="risk-ratings"),
    *routes("risks/<str:ref>/estimates/", RiskEstimates, name="risk-estimates"),
    *routes("risks/<str:ref>/reviews/", RiskReviews, name="risk-reviews"),
    *routes("risks/<str:ref>/acceptances/", RiskAcceptances, name="risk-acceptances"),
    *routes("risks/<str:ref>/wordings/", RiskWordings, name="risk-wordings"),
]
