"""Raising and editing a risk."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from engagements.models import Person
from risks.enums import EventKind, RatingKind, Status, Treatment
from risks.models import Risk, RiskEvent, RiskRating, RiskWording, TreatmentPlan
from risks.models.wording import SAID
from risks.rules import scoring
from risks.rules.treating import Cost
from risks.selectors.frame import Frame, frame
from risks.selectors.links import Found
from risks.selectors.wording import full_day
from risks.services import categories, costs, links, standing
from risks.services.errors import EditConflict, Refused
from risks.services.review import next_review
from risks.services.wording import BATCH, keep_words, worded
from vciso.audit import services as audit
from vciso.tenancy import references
from vciso.tenancy.models import Client, User

LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What people write about a risk. A part left None keeps what the record holds."""

    title: str | None = None
    cause: str | None = None
    event: str | None = None
    consequence: str | None = None
    description: str | None = None
    category: str | None = None
    affects: str | None = None
    controls: str | None = None
    private_notes: str | None = None
    review_months: int | None = None

    def given(self) -> dict[str, Any]:
        """The parts that were given, cleaned; refuses what cannot be stored."""
        parts = {key: value for key, value in asdict(self).items() if value is not None}
        for key, value in parts.items():
            if not isinstance(value, str):
                continue
            text = value.replace("\x00", "").strip()
            if len(text) > LONGEST:
                raise Refused(f"The text has {len(text):,} characters. Keep it under {LONGEST:,}.", field=key)
            # A title and a category are one line, wherever they are pasted from.
            parts[key] = " ".join(text.split()) if key in ("title", "category") else text
        if "title" in parts and not parts["title"]:
            raise Refused("A risk needs a title: what could go wrong, in one line.", field="title")
        if len(parts.get("title", "")) > 200:
            raise Refused("The title is longer than 200 characters. Shorten it.", field="title")
        if len(parts.get("category", "")) > 120:
            raise Refused("The category is longer than 120 characters. Shorten it.", field="category")
        if not 0 <= parts.get("review_months", 0) <= 60:
            raise Refused("A review is due every 1 to 60 months, or by its level.", field="review_months")
        return parts


Ratings = Mapping[str, scoring.Rating | None]


@transaction.atomic
def raise_risk(
    *,
    client: Client,
    by: User,
    at: dt.datetime,
    wording: Wording,
    owner: Person | None = None,
    ratings: Ratings | None = None,
    rating_reason: str = "",
    raised_on: dt.date | None = None,
    status: str = Status.OPEN,
    treatment: str = Treatment.UNDECIDED,
    plan: str = "",
    target_on: dt.date | None = None,
    cost: Cost | None = None,
    origin: str = "",
    raised_from: Found | None = None,
    scenario: str = "",
    reference: str = "",
    recorded: bool = False,
) -> Risk:
    """A risk enters the register under the next reference, with its first ratings.

    A `reference` it already bears elsewhere is kept when it is one of ours (R-007) and free;
    otherwise it is remembered beside ours. Proposed risks wait for somebody to confirm them and
    count nowhere. `raised_from` is the record it was raised from: its origin, and a link for good;
    `scenario` the key of the entry of the library that it comes of. Refuses a risk without a title,
    one raised in the future, a target above the rating now, and a plan whose end has passed, unless it
    is `recorded` from elsewhere, where both may be so.
    """
    today = client.today(at)
    raised_on, ratings = raised_on or today, ratings or {}
    parts = {"title": ""} | wording.given()
    check_entry(parts["title"], raised_on, today)
    if not recorded:
        check_aims(ratings, target_on, client, today)
    standing.hold(client)
    categories.ensure_categories(client=client)
    (given,) = references_of(client, [reference])
    if raised_from is not None:
        origin = raised_from.words
    risk = build(
        client=client,
        reference=given,
        measure=frame(client, today),
        parts=parts,
        ratings=ratings,
        owner=owner,
        raised_on=raised_on,
        raised_by=by,
        status=status,
        treatment=treatment,
        plan=plan.strip(),
        target_on=target_on,
        origin=origin[:200],
        scenario=scenario,
        source_reference="" if given == reference else reference[:60],
    )
    risk.save(force_insert=True)
    cost = costs.checked(cost or Cost())
    rows: list[Any] = [*first_rows(risk, ratings, by=by, at=at, reason=rating_reason, cost=cost, recorded=recorded)]
    if raised_from is not None:
        rows.append(links.make(risk, raised_from, by=by, at=at, is_origin=True))
    write(rows)
    audit.record(
        verb="risk.raised",
        client=client,
        obj=risk,
        by=by,
        at=at,
        after=snapshot(risk)
        | (links.told(raised_from) if raised_from else {})
        | ({"scenario": scenario} if scenario else {}),
        reason=rating_reason,
    )
    return risk


def check_entry(title: str, raised_on: dt.date, today: dt.date) -> None:
    """Refuses a risk without a title, and one raised on a day to come."""
    if not title:
        raise Refused("A risk needs a title: what could go wrong, in one line.", field="title")
    if raised_on > today:
        raise Refused("A risk cannot be raised on a day to come.", field="raised_on")


def check_aims(ratings: Ratings, target_on: dt.date | None, client: Client, today: dt.date) -> None:
    """Refuses a target above the rating now and an end of a plan that has passed, as somebody judges them."""
    if why := _met(ratings):
        raise Refused(why, field="target_likelihood")
    check_end(target_on, client, today)


def _met(ratings: Ratings) -> str:
    """Why the target would be met already; empty where it is not."""
    return scoring.above_now(ratings.get(RatingKind.TARGET), ratings.get(RatingKind.NOW))


def check_end(
    end: dt.date | None, client: Client, today: dt.date, *, stands: dt.date | None = None, field: str = "target_on"
) -> None:
    """Refuses an end of a plan, or of a step, that has passed, unless it stands so already."""
    if end is not None and end < today and end != stands:
        raise Refused(f"{full_day(end, client)} has passed. Give a day to come.", field=field)


OURS = re.compile(r"R-\d{1,6}")


def references_of(client: Client, wanted: Sequence[str]) -> list[str]:
    """For each wanted reference itself where it is one of ours and free, else the next number."""
    ours = {text for text in wanted if OURS.fullmatch(text) and int(text[2:])}
    if ours:
        ours -= set(Risk.objects.filter(client=client, reference__in=ours).values_list("reference", flat=True))
    if ours:
        references.reserve_reference(client.pk, "R", max(ours, key=lambda text: int(text[2:])))
    given: list[str] = []
    for text in wanted:
        given.append(text if text in ours else "")
        ours.discard(text)
    missing = given.count("")
    fresh = iter(references.next_references(client.pk, "R", missing) if missing else ())
    return [text or next(fresh) for text in given]


def moment_of(client: Client, day: dt.date, at: dt.datetime) -> dt.datetime:
    """When something happened that is only known by its day: noon there, or `at` if that is today."""
    if day >= client.today(at):
        return at
    return dt.datetime.combine(day, dt.time(12), tzinfo=client.zone)


def build(*, client: Client, reference: str, measure: Frame, parts: dict[str, Any], ratings: Ratings, **rest) -> Risk:
    """A new risk in memory, with its standing worked out."""
    number = int(reference.rpartition("-")[2])
    risk = Risk(client=client, reference=reference, number=number, **parts, **rest)
    standing.place(risk, ratings, measure)
    risk.next_review_on = risk.next_review_on or next_review(risk)
    return risk


def first_rows(
    risk: Risk,
    ratings: Ratings,
    *,
    by: User | None,
    at: dt.datetime,
    reason: str,
    cost: Cost | None = None,
    recorded: bool = False,
) -> list[RiskRating | RiskEvent | RiskWording | TreatmentPlan]:
    """The history a new risk begins with."""
    kind = EventKind.PROPOSED if risk.status == Status.PROPOSED else EventKind.RAISED
    shared: dict[str, Any] = {"client_id": risk.client_id, "risk": risk, "by": by, "happened_at": at}
    entered = shared | {"happened_at": moment_of(risk.client, risk.raised_on, at)}
    rows: list[RiskRating | RiskEvent | RiskWording | TreatmentPlan] = [
        RiskEvent(**entered, kind=kind, reason=risk.origin),
        worded(risk, by=by, at=entered["happened_at"]),
    ]
    # A target that is met already was set before the rating now; the database knows it by that.
    met = bool(_met(ratings))
    for which in sorted(RatingKind, key=lambda kind: met and kind == RatingKind.NOW):
        rating = ratings.get(which)
        if rating is not None:
            rows.append(
                RiskRating(
                    **shared,
                    kind=which,
                    likelihood=rating.likelihood,
                    impacts=dict(rating.impacts),
                    reason=reason,
                )
            )
    cost = cost or Cost()
    if risk.treatment != Treatment.UNDECIDED or risk.plan or risk.target_on or cost.is_known:
        plan = {"treatment": risk.treatment, "words": risk.plan, "target_on": risk.target_on}
        rows.append(TreatmentPlan(**shared, **plan, **costs.columns(cost), is_recorded=recorded))
    return rows


def write(rows: Iterable[Any]) -> None:
    """Insert rows of history, all of one model at once, in the order the models come in."""
    by_model: dict[Any, list[Any]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for model, some in by_model.items():
        model.objects.bulk_create(some, batch_size=BATCH)


AUDITED = (
    "title",
    "cause",
    "event",
    "consequence",
    "description",
    "category",
    "affects",
    "controls",
    "status",
    "review_months",
    "treatment",
    "plan",
    "now_score",
    "before_score",
    "target_score",
)


def snapshot(risk: Risk) -> dict[str, Any]:
    """What the trail keeps of a risk; private notes stay out of it."""
    values: dict[str, Any] = {name: getattr(risk, name) for name in AUDITED}
    values["owner"] = str(risk.owner_id or "")
    for day in ("raised_on", "target_on", "next_review_on", "closed_on"):
        value = getattr(risk, day)
        values[day] = value.isoformat() if value else None
    return values


def locked(risk: Risk, version: int | None = None) -> Risk:
    """The risk as it stands, held until the transaction ends; refuses an outdated version."""
    current = Risk.objects.select_for_update(of=("self",)).get(pk=risk.pk)
    if version is not None and current.version != version:
        raise EditConflict(current)
    return current


def changed(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only what differs, as was and is."""
    keys = [key for key in after if before.get(key) != after[key]]
    return {key: before.get(key) for key in keys}, {key: after[key] for key in keys}


@transaction.atomic
def edit_risk(
    *,
    risk: Risk,
    by: User,
    at: dt.datetime,
    wording: Wording,
    version: int | None = None,
    reason: str = "",
    **values: Any,
) -> Risk:
    """Words, owner (`owner=`) and next review (`next_review_on=`) change; ratings have their own verb.

    `reason` stands beside the words in the history, where somebody gave one. Raises EditConflict when
    `version` is not the one that stands.
    """
    unknown = set(values) - {"owner", "next_review_on", "raised_on", "extras"}
    if unknown:
        raise TypeError(f"edit_risk does not set {sorted(unknown)}")
    current = locked(risk, version)
    before = snapshot(current)
    notes = current.private_notes
    parts = wording.given()
    for name, value in {**parts, **values}.items():
        setattr(current, name, value)
    if "review_months" in parts and "next_review_on" not in values:
        current.next_review_on = next_review(current)
    was, now = changed(before, snapshot(current))
    if not was and notes == current.private_notes:
        return current
    current.version += 1
    current.save()
    if not now.keys().isdisjoint((*SAID, "owner")):
        keep_words([current], by=by, at=at, reason=reason)
    if notes != current.private_notes:
        now["private_notes"] = "changed"
    audit.record(
        verb="risk.edited", client=risk.client, obj=current, by=by, at=at, before=was, after=now, reason=reason
    )
    return current


def turn(risk: Risk, kind: str, *, by: User, at: dt.datetime, reason: str) -> None:
    """One line of a risk's history."""
    RiskEvent.objects.create(client_id=risk.client_id, risk=risk, kind=kind, by=by, happened_at=at, reason=reason)


@transaction.atomic
def confirm_risk(*, risk: Risk, by: User, at: dt.datetime, reason: str = "") -> Risk:
    """A proposed risk becomes part of the register."""
    current = locked(risk)
    if current.status != Status.PROPOSED:
        raise Refused(f"{current.reference} is not a proposal; it is {current.status} already.")
    current.status = Status.OPEN
    current.version += 1
    current.save(update_fields=["status", "version"])
    turn(current, EventKind.RAISED, by=by, at=at, reason=reason)
    audit.record(
        verb="risk.confirmed",
        client=risk.client,
        obj=current,
        by=by,
        at=at,
        before={"status": Status.PROPOSED},
        after={"status": Status.OPEN},
        reason=reason,
    )
    return current
