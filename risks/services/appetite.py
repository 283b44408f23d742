"""The limits are put to the business as one statement, and approved by its answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max

from engagements.models import Person
from engagements.services import asks
from risks.enums import Band, StatementState
from risks.models import AppetiteStatement, LossTolerance
from risks.models.appetite import NUMBERED
from risks.rules.scoring import Scale
from risks.selectors.appetite import Terms, is_set, lines_before, lines_of, terms_changed, terms_of
from risks.selectors.authority import Authority, authority
from risks.selectors.frame import frame
from risks.selectors.losses import tolerance
from risks.selectors.wording import full_day, levels_of
from risks.services import standing
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats

KIND = "appetite"
APPROVE, DECLINE = "approve", "decline"


@transaction.atomic
def ask_statement(
    *, client: Client, asked_of: Person, by: User, at: dt.datetime, advice: str = "", due_on: dt.date | None = None
) -> AppetiteStatement:
    """The limits as they stand are put to the owner or a director, in the client's own words.

    With them the scale that gives “up to medium” its meaning, who signs above them, and the tolerance for one year.
    The answer makes the next version; a question that is withdrawn before it leaves its number to the next.
    Refuses while no limit is set, while a version waits, a person without the role, and the person who asks.
    """
    standing.hold(client)
    now = _put(client, at)
    if not any(is_set(line) for line in now.lines):
        raise Refused("No limit is set yet. Set at least one before you ask.")
    versions = AppetiteStatement.objects.filter(client=client)
    if versions.filter(state=StatementState.ASKED).exists():
        raise Refused("A version waits for an answer already. Withdraw that question first.")
    number = (versions.filter(NUMBERED).aggregate(last=Max("number"))["last"] or 0) + 1
    asked = asks.ask(
        client=client,
        kind=KIND,
        title=f"Are these the limits of {client.name}? (version {number})"[:300],
        text=_text(now, client, advice),
        facts=_facts(now.scale),
        options=_options(),
        asked_of=asked_of,
        by=by,
        due_on=due_on,
        minutes=4,
        at=at,
    )
    made = AppetiteStatement.objects.create(
        client=client,
        number=number,
        lines=now.lines,
        terms=now.terms,
        ask=asked,
        asked_of=asked_of,
        requested_by=by,
        requested_at=at,
    )
    audit.record(
        verb="risk.limits_asked",
        client=client,
        obj=made,
        by=by,
        at=at,
        after={"version": number, "of": asked_of.name, "ask": asked.reference},
    )
    return made


def waiting(client: Client) -> AppetiteStatement | None:
    """The version that waits for an answer, if one does."""
    rows = AppetiteStatement.objects.filter(client=client, state=StatementState.ASKED)
    return rows.select_related("ask").first()


def withdraw_outdated(*, client: Client, what: str, by: User, at: dt.datetime) -> None:
    """The version that waits, if one does, is withdrawn where it no longer says what would be approved."""
    if (statement := waiting(client)) is None:
        return
    now = _put(client, at)
    if (statement.lines, statement.terms) != (now.lines, now.terms):
        asks.withdraw(ask=statement.ask, reason=f"{what} has changed since this was asked.", by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Put:
    """What a statement would put to the business now."""

    lines: list[dict[str, Any]]
    scale: Scale
    signing: Authority
    most: LossTolerance | None

    @property
    def terms(self) -> Terms:
        return terms_of(self.scale, self.signing.owner_up_to, self.most)


def _put(client: Client, at: dt.datetime) -> _Put:
    today = client.today(at)
    measure = frame(client, today)
    return _Put(lines_of(measure), measure.scale, authority(client), tolerance(client, today))


def _text(now: _Put, client: Client, advice: str) -> str:
    parts = ["So much is the business willing to carry, for each way in which a risk can hurt it:"]
    if since := _since(now, client):
        parts.insert(0, since)
    for line in now.lines:
        parts.append(f"**{line['name']}:** {_limit(line, client)}." + (f" {line['words']}" if line["words"] else ""))
    if now.most is not None:
        sum_ = formats.money(now.most.sum_minor, client.currency)
        parts.append(f"**Everything together, in one year:** no more than {sum_}. {now.most.words}".strip())
    parts += _measure(now.scale, client.currency)
    parts.append(f"**Who signs:** {now.signing.in_words()}")
    if advice.strip():
        parts.append(f"**Our advice:** {advice.strip()}")
    parts.append("A risk above one of them comes back to you: to be reduced, or to be accepted by name until a day.")
    return "\n\n".join(parts)


def _since(now: _Put, client: Client) -> str:
    """What differs from the version that was approved last, each limit with what it was; empty before the first."""
    rows = AppetiteStatement.objects.filter(client=client, state=StatementState.APPROVED)
    if (approved := rows.order_by("-number").first()) is None:
        return ""
    version = f"version {approved.number} of {full_day(approved.answered_on, client)}"
    limits = [
        f"{name} ({'before: ' + _limit(line, client, words=True) if line else 'new'})"
        for name, line in lines_before(approved.lines, now.lines)
    ]
    changed = "; ".join([*limits, *terms_changed(approved.terms, now.terms)])
    return f"**Changed since {version}:** {changed}." if changed else f"**Since {version}** nothing has changed."


def _measure(scale: Scale, currency: str) -> list[str]:
    """What the levels mean: where each begins and ends, and the words and sums behind the numbers."""
    bands = ", ".join(f"{band.label.lower()} {low} to {high}" for band, low, high in scale.ranges())
    levels = levels_of(scale, currency)
    likelihoods = (_level(level.number, level.likelihood, level.means) for level, _ in levels)
    impacts = (_level(level.number, level.impact, costs) for level, costs in levels)
    return [
        f"**How a risk gets its level:** likelihood times impact, from 1 to 25: {bands}.",
        f"**Likelihood:** {'; '.join(likelihoods)}.",
        f"**Impact:** {'; '.join(impacts)}.",
    ]


def _level(number: int, word: str, means: str) -> str:
    return f"{number} {word}" + (f" ({means})" if means else "")


def _facts(scale: Scale) -> list[dict[str, str]]:
    return [{"label": band.label, "value": f"{low} to {high}", "note": "of 25"} for band, low, high in scale.ranges()]


def _limit(line: dict[str, Any], client: Client, *, words: bool = False) -> str:
    """What a line allows; with `words` in the client's own besides."""
    said = []
    if line["band"]:
        said.append(f"up to {Band(line['band']).label.lower()}")
    if line["money_minor"]:
        said.append(f"no more than {formats.money(line['money_minor'], client.currency)} once in ten years")
    if line.get("fifty_minor"):
        said.append(f"no more than {formats.money(line['fifty_minor'], client.currency)} once in fifty years")
    limit = ", and ".join(said) or "no limit is set"
    return f"{limit} (“{line['words']}”)" if words and line["words"] else limit


def _options() -> list[dict[str, Any]]:
    return [
        asks.option(
            key=APPROVE,
            label="These are our limits",
            result="Every risk is compared with them, and we look at them again in a year.",
            sign="Sign and approve the limits",
        ),
        asks.option(
            key=DECLINE,
            label="They are not right",
            result="We talk about what you would change, and ask again.",
            refuses=True,
            needs_reason=True,
            sign="Sign: not right",
        ),
    ]
