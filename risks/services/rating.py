"""Judging a risk anew."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from risks.enums import RatingKind, ReviewOutcome, Status
from risks.models import Risk, RiskRating, RiskReview
from risks.rules import scoring
from risks.selectors.frame import frame
from risks.services import lapsing, standing
from risks.services.errors import Refused, Unchanged
from risks.services.register import locked
from risks.services.review import next_review
from vciso.audit import services as audit
from vciso.tenancy.models import User


@transaction.atomic
def rate_risk(
    *,
    risk: Risk,
    kind: str,
    rating: scoring.Rating,
    reason: str,
    by: User,
    at: dt.datetime,
    version: int | None = None,
) -> Risk:
    """A new rating is added to the history, and the risk's place against the limits follows.

    Rating it *now* counts as a review of that day. A live acceptance lapses when the present
    band rises above the one that was signed, and both sides are told. Refuses a closed risk, a
    rating without a reason, one that says what the register says already, and a target above now.
    """
    current = locked(risk, version)
    reason = reason.replace("\x00", "").strip()
    if current.status == Status.CLOSED:
        raise Refused(f"{current.reference} is closed. Reopen it before rating it.")
    if not reason:
        raise Refused("Say what changed; the reason is printed in the history.", field="reason")
    for key, value in rating.impacts.items():
        scoring.level(value, f"The impact “{key}”")
    scoring.level(rating.likelihood, "The likelihood")
    known = standing.latest_ratings([current]).get(current.pk, {})
    was = known.get(kind)
    if was == rating:
        raise Unchanged(
            f"{current.reference} is rated so already. Use “reviewed, unchanged” to say you looked.",
        )
    if kind == RatingKind.TARGET and (why := scoring.above_now(rating, known.get(RatingKind.NOW))):
        raise Refused(why, field="target_likelihood")
    today = risk.client.today(at)
    RiskRating.objects.create(
        client_id=current.client_id,
        risk=current,
        kind=kind,
        likelihood=rating.likelihood,
        impacts=dict(rating.impacts),
        previous_score=was.score if was else None,
        reason=reason,
        happened_at=standing.after(at, current.ratings.filter(kind=kind).order_by("happened_at").last()),
        by=by,
    )
    standing.place(current, known | {kind: rating}, frame(risk.client, today))
    current.version += 1
    if kind == RatingKind.NOW:
        _reviewed(current, _outcome(was, rating), by=by, at=at, today=today, note=reason)
        lapsing.lapse_if_risen(risk=current, band=current.exposure, by=by, at=at)
    current.save()
    audit.record(
        verb="risk.rated",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before={kind: _plain(was)},
        after={kind: _plain(rating)},
        reason=reason,
    )
    return current


def _outcome(was: scoring.Rating | None, now: scoring.Rating) -> ReviewOutcome:
    if was is None or was.score == now.score:
        return ReviewOutcome.CHANGED
    return ReviewOutcome.UP if now.score > was.score else ReviewOutcome.DOWN


def _reviewed(risk: Risk, outcome: ReviewOutcome, *, by: User, at: dt.datetime, today: dt.date, note: str) -> None:
    RiskReview.objects.create(
        client_id=risk.client_id,
        risk=risk,
        on=today,
        outcome=outcome,
        note=note,
        happened_at=at,
        by=by,
    )
    risk.last_reviewed_on = today
    risk.next_review_on = next_review(risk, today)


def _plain(rating: scoring.Rating | None) -> dict[str, object] | None:
    if rating is None:
        return None
    return {
        "likelihood": rating.likelihood,
        "impacts": dict(rating.impacts),
        "score": rating.score,
    }
