"""“As of” against replay: what the register said at the end of each day, asked again of its history.

A year of random steps through the services, with a clock that moves on by hours. After each step
the register's own columns, which the services write as they go, are kept for that day; at the end
history is asked for every day, those without a step included.
"""

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress
from decimal import Decimal

import pytest
from django.db import connection

from engagements.services import asks
from risks import services
from risks.enums import RatingKind
from risks.migrations import _words
from risks.models import Acceptance, Risk
from risks.models.wording import SAID
from risks.rules import scoring
from risks.selectors.change import changes_between
from risks.selectors.facts import register_as_of
from risks.selectors.flow import Flow, flow
from risks.selectors.trend import trend
from risks.selectors.wording import statement
from tests.conftest import owning
from tests.risks.conftest import raised
from vciso.tenancy import context

pytestmark = pytest.mark.django_db

START = dt.datetime(2026, 1, 12, 15, 0, tzinfo=dt.UTC)
STEPS = 80
CATEGORIES = ("operational", "legal", "financial")


class Story:
    """One register and a clock; each step is one thing that somebody does."""

    def __init__(self, cast, people, seed):
        self.cast, self.people, self.dice = cast, people, random.Random(seed)
        self.at = START
        self.kept, self.done = {}, 0

    def go(self):
        for number in range(STEPS):
            self.at += dt.timedelta(hours=self.dice.choice((1, 3, 9, 26, 70, 200)))
            with context.as_user(self.cast.alice, client_id=self.cast.acme.pk):
                # A step that is refused changes nothing, and history must say so as well.
                with suppress(services.Refused):
                    self.step(number)
                    self.done += 1
                self.kept[self.cast.acme.today(self.at)] = self.now()
        return self

    def step(self, number):
        open_risks = self.open()
        if number < 4 or not open_risks:
            return self.raise_one(number)
        verb = self.dice.choice(
            (self.raise_one, self.rate, self.rate, self.rate, self.aim, self.close, self.reopen, self.limit, self.scale,
             self.estimate, self.plan, self.review, self.accept, self.end, self.reword, self.reword, self.hand)
        )  # fmt: skip
        return verb(self.dice.choice(open_risks) if verb != self.raise_one else number)

    def open(self):
        return list(Risk.objects.filter(client=self.cast.acme).open().select_related("client").order_by("number"))

    def rating(self):
        some = self.dice.sample(CATEGORIES, self.dice.randint(1, 3))
        return scoring.Rating(self.dice.randint(1, 5), {key: self.dice.randint(1, 5) for key in some})

    def raise_one(self, number):
        raised(self.cast, f"Risk {number}", now=self.rating() if self.dice.random() < 0.8 else None, at=self.at)

    def rate(self, risk):
        services.rate_risk(
            risk=risk, kind=RatingKind.NOW, rating=self.rating(), reason="Judged anew.", by=self.cast.alice, at=self.at
        )

    def aim(self, risk):
        if risk.now_score:
            services.rate_risk(
                risk=risk, kind=RatingKind.TARGET, rating=scoring.Rating(1, {"operational": 1}), reason="After it.",
                by=self.cast.alice, at=self.at,
            )  # fmt: skip

    def reword(self, risk):
        """Some of its words, and at times its owner, to others or back to what they were."""
        parts = self.dice.sample(("title", "cause", "event", "consequence", "category", "review_months"), 2)
        said = {part: self.dice.randint(1, 4) if part == "review_months" else f"{part} {self.dice.randint(1, 3)}"
                for part in parts}  # fmt: skip
        owner = {"owner": self.whose()} if self.dice.random() < 0.5 else {}
        wording = services.Wording(**said)
        services.edit_risk(risk=risk, wording=wording, by=self.cast.alice, at=self.at, **owner)

    def hand(self, risk):
        """One of them and some others to somebody, or to nobody."""
        some = {one.pk: one for one in (risk, *self.dice.choices(self.open(), k=3))}
        services.reassign(risks=list(some.values()), owner=self.whose(), by=self.cast.alice, at=self.at)

    def whose(self):
        return self.dice.choice((None, self.people["bob"], self.people["dora"]))

    def close(self, risk):
        services.close_risk(risk=risk, reason="It is gone.", by=self.cast.alice, at=self.at)

    def reopen(self, _):
        gone = (
            Risk.objects.filter(client=self.cast.acme, status="closed")
            .select_related("client")
            .order_by("number")
            .first()
        )
        if gone:
            services.reopen_risk(risk=gone, reason="It is back.", by=self.cast.alice, at=self.at)

    def limit(self, _):
        services.set_appetite(
            client=self.cast.acme, category=self.dice.choice(CATEGORIES), band_limit=self.dice.choice((None, 1, 2, 3)),
            money_limit_minor=self.dice.choice((None, 5_000_000)),
            fifty_limit_minor=self.dice.choice((None, 5_000_000, 20_000_000)), by=self.cast.alice, at=self.at,
            stand_by=True,
        )  # fmt: skip

    def scale(self, _):
        usual = scoring.Scale()
        low = self.dice.randint(3, 6)
        services.set_scale(
            client=self.cast.acme, low_to=low, medium_to=low + 5, high_to=low + 11,
            likelihood_words=list(usual.likelihood_words), impact_words=list(usual.impact_words),
            by=self.cast.alice, at=self.at, stand_by=True,
        )  # fmt: skip

    def estimate(self, risk):
        given = services.Given(Decimal("0.1"), Decimal("0.4"), Decimal("2"))
        most = self.dice.choice((2_000_000, 90_000_000))
        losses = {"downtime": services.Given(Decimal(most // 10), Decimal(most // 2), Decimal(most))}
        services.estimate_risk(
            risk=risk, frequency=given, losses=losses, basis="Their own books.", by=self.cast.alice, at=self.at
        )

    def plan(self, risk):
        services.plan_treatment(
            risk=risk, treatment="reduce", words="Mend it.", target_on=self.cast.acme.today(self.at),
            by=self.cast.alice, at=self.at,
        )  # fmt: skip

    def review(self, risk):
        services.review_unchanged(risks=[risk], by=self.cast.alice, at=self.at)

    def accept(self, risk):
        waits = Acceptance.objects.filter(client=self.cast.acme, risk=risk, state="asked").exists()
        if waits or not risk.now_score or risk.is_accepted(on=self.cast.acme.today(self.at)):
            return
        who = "dora" if risk.exposure > 3 else "bob"
        until = self.cast.acme.today(self.at) + dt.timedelta(days=self.dice.choice((5, 30, 300)))
        asked = services.ask_acceptance(
            risk=risk, asked_of=self.people[who], until=until, by=self.cast.alice, at=self.at
        )
        user = getattr(self.cast, who)
        with context.as_user(user, client_id=self.cast.acme.pk):
            asks.answer(ask=asked.ask, choice="accept", reason="We carry it.", by=user, at=self.at)

    def end(self, risk):
        live = Acceptance.objects.filter(client=self.cast.acme, risk=risk, state="live").first()
        if live and live.until >= self.cast.acme.today(self.at):
            services.end_acceptance(acceptance=live, reason="Not any more.", by=self.cast.alice, at=self.at)

    def now(self):
        """The register as its own columns say it at this moment."""
        return {
            risk.reference: (
                risk.status, risk.now_likelihood or 0, risk.now_score or 0, risk.now_band, risk.target_score or 0,
                risk.is_above, risk.position == "near", risk.treatment, risk.target_on, risk.last_reviewed_on,
                risk.title, statement(risk), risk.category, risk.owner.name if risk.owner else "", risk.owner_id,
                risk.accepted_until,
            )
            for risk in Risk.objects.filter(client=self.cast.acme).select_related("owner")
        }  # fmt: skip


def told(view):
    """The same out of history, in the same order; of acceptances only whether one is in force is asked."""
    return {
        row.reference: (
            row.status, row.now.likelihood if row.now else 0, row.score, row.band,
            row.target.score if row.target else 0, row.position.is_above, row.position.standing == "near",
            row.treatment, row.target_on, row.last_reviewed_on,
            row.title, row.statement, row.category, row.owner, row.owner_id, row.is_accepted,
        )
        for row in view.rows
    }  # fmt: skip


def expected(kept, on):
    def accepted(status, until):
        return status == "open" and until is not None and until >= on

    return {ref: (*values[:-1], accepted(values[0], values[-1])) for ref, values in kept.items()}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_register_of_any_day_is_what_it_was_on_that_day(cast, people, seed):
    story = Story(cast, people, seed).go()
    first, last = min(story.kept), max(story.kept)
    days = [first + dt.timedelta(days=n) for n in range(-1, (last - first).days + 2)]
    with context.as_user(cast.alice, client_id=cast.acme.pk):
        points = {point.day: point for point in trend(cast.acme, days)}
        known, wrong = {}, []
        for day in days:
            known = story.kept.get(day, known)
            view = register_as_of(cast.acme, day)
            then, was = told(view), expected(known, day)
            wrong += [f"{day} {ref}: {was.get(ref)} was told as {then.get(ref)}" for ref in was.keys() | then.keys()
                      if was.get(ref) != then.get(ref)]  # fmt: skip
            counted = (len(view.open), len(view.above), len(view.near), len(view.not_rated))
            point = points[day]
            if counted != (point.open, point.above, point.near, point.not_rated):
                wrong.append(f"{day}: {counted} counted as {point}")
        changes = changes_between(cast.acme, first, last)
        wrong += [text for _ in range(12) for text in unbalanced(story, points, *sorted(story.dice.sample(days, 2)))]
    assert not wrong, "\n".join(wrong[:10])
    assert story.done > STEPS * 3 // 4 and len(story.kept) > 30 and any(point.above for point in points.values())
    assert {"raised", "closed"} <= {change.kind for change in changes}
    titles = {row.reference: row.title for row in view.rows}
    assert [change.reference for change in changes if change.title != titles[change.reference]] == []
    with owning():
        kept, told_since = wordings("risks_riskwording"), wordings(out_of_the_trail())
    assert told_since == kept and len(kept) > len(known) + 10


def unbalanced(story, points, before, last):
    """What does not add up in the days after one and until another."""
    acme = story.cast.acme
    moved = flow(acme, before + dt.timedelta(days=1), last)
    changes = changes_between(acme, before + dt.timedelta(days=1), last)
    ids = {name: {one.risk_id for one in getattr(moved, name)} for name in Flow.__slots__}
    then, now = ({row.id: row for row in register_as_of(acme, day).open} for day in (before, last))
    turned = {kind: {c.risk_id for c in changes if c.kind == kind} for kind in ("raised", "reopened", "closed")}
    moves = [change for change in changes if change.to_score]
    steps = {
        key: now[key].score - then[key].score
        for key in then.keys() & now.keys() if then[key].now and now[key].score != then[key].score
    }  # fmt: skip
    back = {key for key in ids["reopened"] if key in {move.risk_id for move in moves}}
    held = {
        "counts": len(ids["at_start"]) + len(ids["new"]) + len(ids["reopened"]) - len(ids["closed"]) == len(now),
        "start": ids["at_start"] == then.keys() and len(then) == points[before].open,
        "end": ids["at_end"] == now.keys() and len(now) == points[last].open,
        "closed": ids["closed"] <= (then.keys() | ids["new"]) - now.keys(),
        "apart": not ids["new"] & (ids["reopened"] | then.keys()) and not ids["reopened"] & then.keys(),
        "told": turned == {"raised": ids["new"], "reopened": ids["reopened"], "closed": ids["closed"]},
        "moved": {m.risk_id: m.to_score - m.from_score for m in moves if m.risk_id not in back} == steps,
        "once": len({(c.kind, c.risk_id) for c in changes}) == len(changes),
        "carried": all((c.kind == "accepted") == now[c.risk_id].is_accepted for c in changes if "accept" in c.kind),
    }
    return [f"{before} to {last}: {name}" for name, holds in held.items() if not holds]


def wordings(table):
    """Every wording of a table, oldest first."""
    columns = ", ".join(("risk_id", "happened_at", "by_id", "owner_id", *SAID))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {table} ORDER BY risk_id, happened_at, recorded_at")
        return cursor.fetchall()


def out_of_the_trail():
    """A table of the wordings as the migration finds them for registers from before, out of the trail alone."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE told (LIKE risks_riskwording)")
        cursor.execute(_words.TOLD_BEFORE.format(into="told"))
    return "told"
