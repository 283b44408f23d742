"""The limits of a client as a workbook to hand on: what holds, who signs, the measure, and every version of it.

Nothing here is read back: a limit is set by a person and approved by the business, never by a file.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from engagements.enums import Confirmation
from risks.enums import Band
from risks.models import Appetite, AppetiteStatement, SigningAuthority
from risks.rules.scoring import Scale
from risks.selectors.appetite import standing
from risks.selectors.authority import authority
from risks.selectors.frame import Frame, frame, past_scales
from risks.selectors.losses import tolerance, tolerances
from vciso.imports import export, workbook
from vciso.imports.keeping import exponent_of
from vciso.imports.registry import Field
from vciso.tenancy.models import Client

LABEL = "Limits"
TOGETHER = "Everything together, in one year"
Row = tuple[Any, ...]
_IN_FORCE = ("Category", "Most carried", "In money, one year in ten", "In money, one year in fifty", "In any one year",
             "In the client's words", "Set by", "Agreed on", "Holds from", "Approved")  # fmt: skip
_WIDTHS = {"In the client's words": 60, "Words": 60, "Reason": 40, "Means": 34}


def write(client: Client, on: dt.date, fmt: str, out: IO[bytes]) -> int:
    """Write the limits of a day; answers how many categories have one. CSV holds what is in force alone."""
    measure = frame(client, on)
    rows = list(_in_force(client, measure, on))
    if fmt == "csv":
        export.write_rows([Field(key=name, label=name) for name in _IN_FORCE], rows, fmt, out)
    else:
        workbook.write_book(out, list(_sheets(client, measure, on, rows)))
    return sum(row.is_set for row in measure.active)


def _sheets(client: Client, measure: Frame, on: dt.date, rows: list[Row]) -> Iterator[workbook.Sheet]:
    yield _sheet(LABEL, _IN_FORCE, rows)
    yield _sheet("Who signs", ("Level of the risk", "Who signs"), _signing(client, on))
    yield _sheet(
        "Measure",
        ("Holds from", "Level", "Likelihood", "Means", "Impact", "Costs from", "Costs up to"),
        _measures(client, measure),
    )
    yield _sheet(
        "Bands",
        ("Holds from", "Low up to", "Medium up to", "High up to", "Set by", "Ratings that stood"),
        _bands(client),
    )
    yield _sheet(
        "Versions",
        ("Version", "State", "Asked of", "Asked on", "Answered on", "Signed by", "Reason", "Category", "Most carried",
         "In money", "In fifty years", "Words"),
        _versions(client),
    )  # fmt: skip
    yield _sheet(
        "History",
        (
            "Holds from",
            "What",
            "Most carried",
            "In money",
            "In fifty years",
            "Words",
            "Set by",
            "Agreed on",
            "Recorded by",
        ),
        _history(client),
    )


def _sheet(name: str, headings: tuple[str, ...], rows: Any) -> workbook.Sheet:
    return workbook.Sheet(name, [(label, _WIDTHS.get(label, 22)) for label in headings], rows)


def _money(client: Client, minor: int | None) -> float | int | None:
    """In whole units of the client's currency, as a number that can be added up."""
    if minor is None:
        return None
    exponent = exponent_of(client.currency)
    return round(minor / 10**exponent, exponent) if exponent else minor


def _band(band: int | None) -> str:
    return Band(band).label if band else ""


def _in_force(client: Client, measure: Frame, on: dt.date) -> Iterator[Row]:
    """Each category with its limit, the tolerance last and in a column of its own; nothing set since is approved."""
    stands = standing(client, measure, as_of=on)
    approved = stands.approved
    said = f"Version {approved.number}, {approved.signer_name}, {approved.answered_on}" if approved else ""
    if approved and approved.ask.confirmation == Confirmation.AWAITED:
        said += ", as written down and not confirmed yet"
    for row in measure.active:
        carried = _band(row.band) or ("" if row.is_set else "No limit set")
        holds = said if approved and stands.covers_scale and row.name not in stands.changed else "Not approved"
        yield (
            row.name, carried, _money(client, row.money_minor), _money(client, row.fifty_minor), None,
            row.words, row.approved_by, row.approved_on, row.from_on, holds if row.is_set else "",
        )  # fmt: skip
    most = tolerance(client, on)
    if most is not None:
        yield (
            TOGETHER, "", None, None, _money(client, most.sum_minor), most.words,
            _name(most.set_by), None, most.from_on,
            said if approved and stands.covers_tolerance else "Not approved",
        )  # fmt: skip


def _signing(client: Client, on: dt.date) -> Iterator[Row]:
    """Who signs now, and below it every agreement about that."""
    for band, who in authority(client, as_of=on).table():
        yield band.label, who
    rows = SigningAuthority.objects.filter(client=client).select_related("approved_by").order_by("-happened_at")
    for row in rows:
        yield (
            f"Agreed {client.today(row.happened_at).isoformat()} with {_name(row.approved_by) or 'nobody named'}",
            f"The owner up to {row.get_owner_up_to_display().lower()}",
        )


def _measures(client: Client, measure: Frame) -> Iterator[Row]:
    """Every measure the client had, the newest first; the usual one where none was agreed."""
    for since, scale in _scales(measure):
        for level in scale.levels:
            low, high = (_money(client, sum_) for sum_ in level.cost)
            yield since, level.number, level.likelihood, level.means, level.impact, low, high


def _bands(client: Client) -> Iterator[Row]:
    """Where the bands ended, by whom and what became of the ratings then; the usual ones last, which nobody set."""
    for row, scale in past_scales(client):
        told = (_name(row.recorded_by), row.get_ratings_display()) if row else ("", "")
        yield row.from_on if row else None, scale.low_to, scale.medium_to, scale.high_to, *told


def _scales(measure: Frame) -> list[tuple[dt.date | None, Scale]]:
    return [(row.since, row.scale) for row in reversed(measure.scales.rows)] or [(None, measure.scale)]


def _versions(client: Client) -> Iterator[Row]:
    """Every version with what it said, category by category, and of the tolerance."""
    rows = AppetiteStatement.objects.filter(client=client).select_related("asked_of")
    for row in rows:
        lines = row.lines
        if most := row.terms.get("tolerance"):
            lines = [*lines, {"name": TOGETHER, "band": None, "money_minor": most["sum_minor"], "words": most["words"]}]
        for line in lines:
            yield (
                row.number if row.is_version else None, row.get_state_display(), row.asked_of.name,
                client.today(row.requested_at), row.answered_on, row.signer_name, row.reason, line["name"],
                _band(line["band"]), _money(client, line["money_minor"]), _money(client, line.get("fifty_minor")),
                line["words"],
            )  # fmt: skip


def _history(client: Client) -> Iterator[Row]:
    """Every limit and every tolerance that was ever set, by the day from which it held."""
    limits = Appetite.objects.filter(client=client).select_related("category", "approved_by", "recorded_by")
    found: list[tuple[tuple[Any, ...], Row]] = [
        (
            (row.from_on, row.recorded_at),
            (row.from_on, row.category.name, _band(row.band_limit), _money(client, row.money_limit_minor),
             _money(client, row.fifty_limit_minor), row.words, _name(row.approved_by), row.approved_on,
             _name(row.recorded_by)),
        )
        for row in limits
    ]  # fmt: skip
    found += [
        (
            (row.from_on, row.recorded_at),
            (row.from_on, "Tolerance for one year", "", _money(client, row.sum_minor), None, row.words,
             _name(row.set_by), None, _name(row.recorded_by)),
        )
        for row in tolerances(client)
    ]  # fmt: skip
    for _, row in sorted(found, key=lambda one: one[0], reverse=True):
        yield row


def _name(who: Any) -> str:
    return str(who.name) if who is not None else ""
