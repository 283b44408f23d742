"""The one gate of the columns that repeat a risk's ratings and its place against the limits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from risks.enums import RatingKind
from risks.models import Risk, RiskEstimate, RiskRating, TreatmentPlan
from risks.rules import scoring
from risks.selectors.frame import Frame, frame
from risks.services import review
from vciso.tenancy.models import Client

Ratings = Mapping[str, scoring.Rating | None]

COLUMNS = (
    "before_likelihood",
    "before_impact",
    "before_score",
    "now_likelihood",
    "now_impact",
    "now_score",
    "now_impacts",
    "now_band",
    "target_likelihood",
    "target_impact",
    "target_score",
    "position",
    "is_above",
    "bands_above",
    "limit_category",
    "limit_band",
    "loss_over_limit",
)


def hold(client: Client) -> None:
    """Whoever sets what risks are compared with, or adds a risk to compare, does so one after the other.

    At the same moment neither would know of the other's, and what was written last would stand without
    it. It comes before any risk is locked, and lasts until the transaction ends. Whoever may not write at
    the client holds nothing; the policies refuse what they would write.
    """
    Client.objects.select_for_update(of=("self",), no_key=True).filter(pk=client.pk).first()


def after(at: dt.datetime, last: RiskRating | RiskEstimate | TreatmentPlan | None) -> dt.datetime:
    """The moment of a change that follows `last`, which may have been the other of two at once.

    The one that waited comes after it, whatever its clock says.
    """
    return max(at, last.happened_at) if last else at


def locked(client: Client) -> list[Risk]:
    """The whole register by number, held so that a rating given meanwhile waits and is not overwritten."""
    rows = Risk.objects.select_for_update(of=("self",), no_key=True).filter(client=client).order_by("number")
    return list(rows.defer("private_notes", "extras"))


def latest_ratings(risks: Iterable[Risk]) -> dict[object, dict[str, scoring.Rating]]:
    """The rating of each kind that counts, by risk, in one query."""
    found: dict[object, dict[str, scoring.Rating]] = {}
    rows = (
        RiskRating.objects.filter(risk__in=[risk.pk for risk in risks])
        .order_by("risk_id", "kind", "-happened_at", "-recorded_at")
        .distinct("risk_id", "kind")
    )
    for row in rows:
        found.setdefault(row.risk_id, {})[row.kind] = scoring.Rating(row.likelihood, row.impacts)
    return found


def place(risk: Risk, ratings: Ratings, measure: Frame) -> None:
    """Write the repeated columns of a risk in memory; saving is the caller's."""
    for kind in RatingKind:
        rating = ratings.get(kind)
        setattr(risk, f"{kind}_likelihood", rating.likelihood if rating else None)
        setattr(risk, f"{kind}_impact", rating.impact if rating else None)
        setattr(risk, f"{kind}_score", rating.score if rating else 0)
    now = ratings.get(RatingKind.NOW)
    found = measure.position(now, risk.losses)
    risk.now_impacts = dict(now.impacts) if now else {}
    risk.now_band = measure.scale.band(risk.now_score)
    risk.position = found.standing
    risk.is_above = found.is_above
    risk.bands_above = found.bands_above
    risk.limit_category = found.category
    risk.limit_band = found.limit
    risk.loss_over_limit = found.over


def estimated(risk: Risk, losses: scoring.Years, measure: Frame) -> None:
    """Place a risk in memory by a new estimate of what rare years cost; saving is the caller's."""
    risk.one_in_ten_minor, risk.one_in_fifty_minor = losses.ten, losses.fifty
    place(risk, latest_ratings([risk]).get(risk.pk, {}), measure)


def refresh(client: Client, on: dt.date, risks: list[Risk]) -> int:
    """Compare held risks with the limits of a day again and save what moved; answers how many did.

    A risk in another band is reviewed in that band's rhythm.
    """
    measure = frame(client, on)
    known = latest_ratings(risks)
    moved = []
    for risk in risks:
        before = [getattr(risk, column) for column in COLUMNS]
        band = risk.now_band
        place(risk, known.get(risk.pk, {}), measure)
        review.follow_band(risk, band)
        if before != [getattr(risk, column) for column in COLUMNS]:
            moved.append(risk)
    if moved:
        Risk.objects.bulk_update(moved, (*COLUMNS, "next_review_on"), batch_size=250)
    return len(moved)
