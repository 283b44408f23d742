"""How a vendor is judged, and who may do what; pure functions and the permission table.

Tier from two answers: how much the business depends on the vendor, and how sensitive the data is
that it holds. Tier 1: work stops without it, or work slows and it holds sensitive data. Tier 2: it
holds personal or sensitive data, or work slows without it. Tier 3: everything else. While an
answer is missing that could still change the outcome, there is no tier.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from vciso.tenancy.permissions import Actor, Barred, PermissionTable, Verdict, is_practice_side, predicate, reads_client
from vendors.enums import Criticality, DataLevel, Tier, VendorStatus
from vendors.models import Vendor

REVIEW_MONTHS = {Tier.ONE: 12, Tier.TWO: 24, Tier.THREE: 36}
"""Months between reviews by tier, unless a vendor has its own."""

_PERSONAL = (DataLevel.PERSONAL, DataLevel.SENSITIVE)


@dataclass(frozen=True, slots=True)
class Tiering:
    """A tier, or none yet, and the sentence that says why."""

    tier: Tier | None
    reason: str


def tier_of(criticality: int | None, data_level: str) -> Tiering:
    """The tier that follows from the two answers, with its reason.

    Example: work slows within days (3), sensitive data → tier 1.
    """
    stops = criticality == Criticality.STOPS
    slows = criticality == Criticality.HIGH
    if stops:
        return Tiering(Tier.ONE, "Work stops without it.")
    if slows and data_level == DataLevel.SENSITIVE:
        return Tiering(Tier.ONE, "Work slows within days without it, and it holds sensitive data.")
    if criticality is None and not data_level:
        return Tiering(None, "Say how much depends on it and what data it holds.")
    if criticality is None:
        return Tiering(None, "Say how much the business depends on it.")
    if not data_level and slows:
        return Tiering(None, "Say what data it holds: with sensitive data it is tier 1.")
    if not data_level:
        return Tiering(None, "Say what data it holds.")
    if data_level in _PERSONAL:
        return Tiering(Tier.TWO, f"It holds {data_level} data.")
    if slows:
        return Tiering(Tier.TWO, "Work slows within days without it.")
    return Tiering(Tier.THREE, "Little depends on it, and it holds no personal data.")


def review_months(tier: int | None, own: int | None) -> int | None:
    """Months between reviews: the vendor's own rhythm, else its tier's; none without a tier."""
    if own:
        return own
    return REVIEW_MONTHS[Tier(tier)] if tier else None


def next_review(*, last: dt.date | None, added: dt.date, tier: int | None, own: int | None) -> dt.date | None:
    """The day of the next review. A vendor never reviewed is due on the day it was added."""
    if last is None:
        return added if tier or own else None
    months = review_months(tier, own)
    return last + relativedelta(months=months) if months else None


def notice_day(*, ends_on: dt.date | None, days: int | None, given: dt.date | None) -> dt.date | None:
    """The last day for giving notice: contract end less the notice days, else the day given.

    Example: ends 31 December, 30 days → 1 December. Raises ValueError where there is no such day.
    """
    if ends_on is not None and days is not None:
        if days >= ends_on.toordinal():
            raise ValueError(f"{ends_on} is too early for {days} days of notice.")
        return ends_on - dt.timedelta(days=days)
    return given


_LEGAL = re.compile(
    r"\b(inc|incorporated|llc|llp|ltd|limited|plc|gmbh|ag|sa|s a|sarl|s a r l|bv|b v|nv|oy|ab|as|aps|"
    r"corp|corporation|co|company|pty|pte|srl|spa|kg|the)\b"
)


def name_key(name: str) -> str:
    """A name without what people write differently: case, accents, marks and legal form.

    Example: “The CloudDocs, Inc.” → “clouddocs”.
    """
    plain = unicodedata.normalize("NFKD", name)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = re.sub(r"[^\w]+", " ", plain.replace("&", " and ")).strip()
    short = re.sub(r"\s+", " ", _LEGAL.sub(" ", plain)).strip()
    return (short or plain or name.casefold().strip())[:200]


def domain_of(website: str) -> str:
    """The bare domain of a website, for matching: “https://www.Books.example/x” → books.example."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", website.strip().casefold())
    host = re.split(r"[/?#:\s]", host, maxsplit=1)[0].rpartition("@")[2]
    host = host.removeprefix("www.").strip(".")
    return host[:120] if "." in host else ""


@predicate
def is_not_ended(actor: Actor, obj: Vendor | None) -> Verdict:
    """Ended vendors keep their record as it was."""
    if obj is None or obj.status != VendorStatus.ENDED:
        return True
    return Barred(f"{obj.name} ended on {obj.ended_on}. Take it back into use before changing it.")


permissions = PermissionTable(
    {
        "vendors.view": is_practice_side,
        "vendors.read": reads_client,
        "vendors.add": is_practice_side,
        "vendors.edit": is_practice_side & is_not_ended,
        "vendors.review": is_practice_side & is_not_ended,
        "vendors.end": is_practice_side & is_not_ended,
        "vendors.reinstate": is_practice_side,
        "vendors.import": is_practice_side,
        "vendors.export": is_practice_side,
    }
)
