"""The chapters about risks: limits, the register, its ratings, plans, acceptances and reviews."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from engagements.services import asks, work
from risks.enums import PLAN_APPROVE, EstimateKind, RatingKind
from risks.models import Risk
from risks.rules.proposing import EVERYBODY
from risks.rules.scoring import Rating, Scale
from risks.rules.treating import Cost
from risks.selectors import library
from risks.selectors.links import OFFERED, Found
from risks.services import (
    acceptance,
    appetite,
    authority,
    bulk,
    closing,
    estimate,
    limits,
    links,
    rating,
    register,
    review,
    steps,
    tolerance,
    treatment,
)
from risks.services import library as library_services
from vciso.seed.chapters import person, the_task
from vciso.seed.story import Teller


def agreed_limits(teller: Teller) -> None:
    """The limits the owner set, per category, the tolerance, and who signs."""
    found = teller.story.get("limits")
    if not found:
        return

    def agree(at: datetime) -> None:
        counterpart = person(teller, teller.story["engagement"].get("counterpart"))
        for category, (band, words, money, *fifty) in found.items():
            limits.set_appetite(
                client=teller.client, category=category, band_limit=band, words=words, money_limit_minor=money,
                fifty_limit_minor=next(iter(fifty), None), approved_by=counterpart,
                approved_on=teller.client.today(at), by=teller.lead, at=at,
            )  # fmt: skip

        if given := teller.story.get("tolerance"):
            sum_minor, words = given
            tolerance.set_tolerance(
                client=teller.client, sum_minor=sum_minor, words=words, set_by=counterpart, by=teller.lead, at=at
            )

        if given := teller.story.get("signing"):
            owner_up_to, agreed_with = given
            authority.set_authority(
                client=teller.client, owner_up_to=owner_up_to, approved_by=person(teller, agreed_with),
                by=teller.lead, at=at,
            )  # fmt: skip

    teller.on(teller.story["limits_on"], teller.lead, agree)
    if scale := teller.story.get("scale"):
        teller.on(teller.story["limits_on"], teller.lead, lambda at: _agreed_scale(teller, scale, at), hour=9)
    for when, words in teller.story.get("limits_approved", []):
        _approved_limits(teller, when, words)


def _agreed_scale(teller: Teller, scale: dict[str, Any], at: datetime) -> None:
    """What each level means at this client: how often, and how much."""
    usual = Scale()
    limits.set_scale(
        client=teller.client, low_to=usual.low_to, medium_to=usual.medium_to, high_to=usual.high_to,
        likelihood_words=list(usual.likelihood_words), impact_words=list(usual.impact_words),
        likelihood_means=scale["means"], impact_money=scale["money"], by=teller.lead, at=at,
    )  # fmt: skip


def _approved_limits(teller: Teller, when: str, words: str) -> None:
    """The limits were put to the counterpart as a statement, and signed the same day."""
    signer = teller.story["engagement"]["counterpart"]
    user = teller.account(signer)

    def put(at: datetime) -> None:
        teller.made[f"statement:{when}"] = appetite.ask_statement(
            client=teller.client, asked_of=person(teller, signer), by=teller.lead, at=at
        )

    def sign(at: datetime) -> None:
        asks.answer(ask=teller.made[f"statement:{when}"].ask, choice=appetite.APPROVE, reason=words, by=user, at=at)

    teller.on(when, teller.lead, put, hour=11)
    teller.on(when, user, sign, hour=16)


def the_register(teller: Teller) -> None:
    """Every risk of the story with what happened to it."""
    for row in teller.story.get("risks", []):
        _risk(teller, row)
    if bulk_rows := teller.story.get("more_risks"):
        _many(teller, bulk_rows)
    for when in teller.story.get("register_reviews", []):
        teller.on(when, teller.lead, lambda at: _review_all(teller, at), hour=15)


def _review_all(teller: Teller, at: datetime) -> None:
    """The quarterly walk through the register: what did not change is said to be unchanged."""
    found = Risk.objects.filter(client=teller.client).open().exclude(now_band=0).select_related("client")
    review.review_unchanged(risks=list(found), by=teller.lead, at=at)


def rated(pair: Any) -> Rating | None:
    return Rating(pair[0], dict(pair[1])) if pair else None


def wording_of(row: dict[str, Any]) -> register.Wording:
    base = library.shipped().get(row.get("lib", ""))
    words = {name: row.get(name) or getattr(base, name, "") for name in library.WORDS}
    return register.Wording(
        **words, category=row.get("category", ""), controls=row.get("controls", ""),
        private_notes=row.get("private", ""),
    )  # fmt: skip


def _risk(teller: Teller, row: dict[str, Any]) -> None:
    key = f"risk:{row.get('key') or row.get('lib')}"

    def current() -> Risk:
        return Risk.objects.select_related("client").get(pk=teller.made[key].pk)

    def raise_it(at: datetime) -> None:
        ratings = {
            kind: found
            for kind, found in (
                (RatingKind.BEFORE, rated(row.get("before"))),
                (RatingKind.NOW, rated(row.get("now"))),
                (RatingKind.TARGET, rated(row.get("target"))),
            )
            if found
        }
        teller.made[key] = register.raise_risk(
            client=teller.client, wording=wording_of(row), owner=person(teller, row.get("owner")), ratings=ratings,
            rating_reason="First assessment.", treatment=row.get("treatment", "undecided"), by=teller.lead, at=at,
            raised_from=_called(row["from"]) if "from" in row else None,
            scenario=row["lib"] if row.get("lib") in library.shipped() else "",
        )  # fmt: skip

    teller.on(row["on"], teller.lead, raise_it)
    for when, likelihood, impacts, reason in row.get("changes", []):
        teller.on(
            when, teller.lead,
            lambda at, likelihood=likelihood, impacts=impacts, reason=reason: rating.rate_risk(
                risk=current(), kind=RatingKind.NOW, rating=Rating(likelihood, dict(impacts)), reason=reason,
                by=teller.lead, at=at,
            ),
        )  # fmt: skip
    for when in row.get("reviewed", []):
        teller.on(
            when, teller.lead,
            lambda at: review.review_unchanged(risks=[current()], by=teller.lead, at=at), hour=11,
        )  # fmt: skip
    _estimate(teller, row, current)
    _plan(teller, row, current)
    _acceptance(teller, row, current)
    if closed := row.get("closed"):
        when, reason = closed
        teller.on(
            when, teller.lead,
            lambda at, reason=reason: closing.close_risk(risk=current(), by=teller.lead, at=at, reason=reason),
        )  # fmt: skip


def the_library(teller: Teller) -> None:
    """What the practice made of the risk library, and offered to this client."""

    def change(at: datetime, row: dict[str, Any]) -> None:
        practice = teller.client.practice
        scenario = library.library(practice.pk)[row["scenario"]]
        words = {name: row[name] for name in library.WORDS if name in row}
        # The practice's story is told once, whichever of its clients comes first.
        if any(getattr(scenario, name) != said for name, said in words.items()):
            values = {name: getattr(scenario, name) for name in library_services.FIELDS} | words
            changed = library_services.change_scenario(
                practice=practice, scenario=scenario, by=teller.lead, at=at,
                values={name: list(value) if isinstance(value, tuple) else value for name, value in values.items()},
            )  # fmt: skip
            scenario = library.own(changed)
        library_services.offer_scenario(
            scenario=scenario, clients=[teller.client], why=row["why"], by=teller.lead, at=at
        )

    for row in teller.story.get("library", []):
        teller.on(row["on"], teller.lead, lambda at, row=row: change(at, row), hour=17)


def _called(title: str) -> Found:
    """The one record of the client that people call so."""
    rows = ((kind, kind.model.objects.filter(**{kind.title: title}).first()) for kind in OFFERED)
    return next(Found(kind, record) for kind, record in rows if record is not None)


def linked(teller: Teller) -> None:
    """What the risks of the story have to do with: the key of a risk, then what people call each record."""

    def link(at: datetime, key: str, titles: list[str]) -> None:
        risk = Risk.objects.select_related("client").get(pk=teller.made[f"risk:{key}"].pk)
        for title in titles:
            links.link_risk(risk=risk, found=_called(title), by=teller.lead, at=at)

    for key, *titles in teller.story.get("links", []):
        teller.on(
            teller.today - timedelta(days=14), teller.lead,
            lambda at, key=key, titles=titles: link(at, key, titles), hour=16,
        )  # fmt: skip


def _given(numbers: list[float]) -> estimate.Given:
    """Low, likely and high, and the chance where one is given."""
    return estimate.Given(*(Decimal(str(number)) for number in numbers))


def _estimate(teller: Teller, row: dict[str, Any], current: Any) -> None:
    """The risk as it is, and as its plan is expected to leave it."""
    for kind, name in ((EstimateKind.NOW, "estimate"), (EstimateKind.AFTER, "after")):
        if given := row.get(name):
            teller.on(
                given["on"], teller.lead,
                lambda at, kind=kind, given=given: estimate.estimate_risk(
                    risk=current(), kind=kind, frequency=_given(given["often"]), basis=given["basis"],
                    by=teller.lead, at=at, losses={form: _given(numbers) for form, numbers in given["losses"].items()},
                ), hour=12,
            )  # fmt: skip


def _plan(teller: Teller, row: dict[str, Any], current: Any) -> None:
    plan = row.get("plan")
    if not plan:
        return
    target = teller.day(plan["by"])
    written = teller.day(plan.get("asked", row["on"]))

    def write(at: datetime) -> None:
        treatment.plan_treatment(
            risk=current(), treatment=plan["kind"], words=plan["words"], target_on=target,
            cost=Cost(**plan.get("cost", {})), by=teller.lead, at=at,
        )  # fmt: skip

    teller.on(written, teller.lead, write, hour=12)
    for step in plan.get("steps", []):
        _step(teller, step, current)
    if "asked" not in plan:
        return
    user = teller.account(plan["who"])

    def put(at: datetime) -> None:
        treatment.ask_plan_approval(
            risk=current(), asked_of=person(teller, plan["who"]), by=teller.lead, at=at,
            due_on=teller.client.today(at) + timedelta(days=10),
        )  # fmt: skip

    teller.on(written, teller.lead, put, hour=13)
    if "approved" in plan:

        def approve(at: datetime) -> None:
            ask = treatment.latest_plan(current()).ask
            asks.answer(ask=ask, choice=PLAN_APPROVE, reason="", by=user, at=at)

        teller.on(plan["approved"], user, approve, hour=16)


def _step(teller: Teller, row: dict[str, Any], current: Any) -> None:
    key = f"step:{row['title']}"

    def add(at: datetime) -> None:
        teller.made[key] = steps.add_step(
            risk=current(), task=the_task(teller, row), cost_minor=row.get("cost"), by=teller.lead, at=at
        )

    teller.on(row["on"], teller.lead, add, hour=13)
    if "done" in row:
        teller.on(
            row["done"], teller.lead,
            lambda at: work.finish_task(task=teller.made[key].task, by=teller.lead, at=at), hour=15,
        )  # fmt: skip


def _acceptance(teller: Teller, row: dict[str, Any], current: Any) -> None:
    given = row.get("accept")
    if not given:
        return
    user = teller.account(given["who"])

    def put(at: datetime) -> None:
        teller.made[f"acceptance:{current().pk}"] = acceptance.ask_acceptance(
            risk=current(), asked_of=person(teller, given["who"]), until=teller.day(given["until"]),
            conditions=given.get("conditions", ""), measure=given.get("measure", ""), by=teller.lead, at=at,
            due_on=teller.client.today(at) + timedelta(days=10),
        )  # fmt: skip

    teller.on(given["asked"], teller.lead, put, hour=14)
    if "answered" in given:

        def sign(at: datetime) -> None:
            ask = teller.made[f"acceptance:{current().pk}"].ask
            asks.answer(ask=ask, choice=acceptance.ACCEPT, reason=given["reason"], by=user, at=at)

        teller.on(given["answered"], user, sign, hour=16)
    if "withdrawn" in given:
        day, reason = given["withdrawn"]

        def withdraw(at: datetime) -> None:
            ask = teller.made[f"acceptance:{current().pk}"].ask
            ask.refresh_from_db()
            asks.withdraw_answer(ask=ask, reason=reason, by=user, at=at)

        teller.on(day, user, withdraw, hour=16)


def spread_risks(
    count: int, places: list[str], owners: list[Any], *, from_index: int = 0, sectors: Iterable[str] = ()
) -> list[bulk.NewRisk]:
    """`count` risks from the library over the places, with ratings that differ and repeat nothing.

    With `sectors`, only of scenarios for these or for everybody.
    """
    fitting = {EVERYBODY, *sectors}
    rows = [row for row in library.shipped().values() if not sectors or fitting & set(row.industries)]
    found = []
    for number in range(from_index, from_index + count):
        row = rows[number % len(rows)]
        place = places[number // len(rows) % len(places)]
        likelihood = 1 + (number * 7 + number // len(rows)) % 5
        impacts = {key: 1 + (number * 3 + index * 2) % 5 for index, key in enumerate(row.categories)}
        before = Rating(min(5, likelihood + 1), {key: min(5, value + 1) for key, value in impacts.items()})
        found.append(
            bulk.NewRisk(
                wording=register.Wording(
                    title=f"{row.title} ({place})"[:200], cause=row.cause, event=row.event,
                    consequence=row.consequence, category=row.categories[0].capitalize(),
                ),
                owner=owners[number % len(owners)] if owners else None,
                ratings={RatingKind.BEFORE: before, RatingKind.NOW: Rating(likelihood, impacts)}
                if number % 17 else {},
            )
        )  # fmt: skip
    return found


def _many(teller: Teller, given: dict[str, Any]) -> None:
    def raise_all(at: datetime) -> None:
        owners = [person(teller, key) for key in given["owners"]]
        bulk.raise_many(
            client=teller.client, by=teller.lead, at=at,
            risks=spread_risks(given["count"], given["places"], owners, sectors=given["sectors"]),
            reason="Taken over from the register the client kept.",
        )  # fmt: skip

    teller.on(given["on"], teller.lead, raise_all)
