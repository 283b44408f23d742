"""The ways in which a risk can hurt a client: added, renamed, switched off."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from risks.enums import DEFAULT_CATEGORIES, STRATEGIC, UNCONFIRMED
from risks.models import ImpactCategory, Risk
from risks.selectors.frame import limits_as_of
from risks.services.errors import Refused
from vciso.audit import services as audit
from vciso.tenancy.models import Client, User
from vciso.web import formats

RESERVED = frozenset({UNCONFIRMED, "category-to-confirm", "category", "tolerance", "scale", "export", "ask", "signing"})
"""What imports call an impact that nobody has placed, and what stands in the addresses of the limits."""
NAMED = 3


def ensure_categories(*, client: Client) -> list[ImpactCategory]:
    """The client's impact categories; the five defaults are made when there is none yet."""
    found = list(ImpactCategory.objects.filter(client=client).order_by("rank", "key"))
    if found:
        return found
    made = [
        ImpactCategory(client=client, key=key, name=name, hint=hint, rank=rank)
        for rank, (key, name, hint) in enumerate(DEFAULT_CATEGORIES)
    ]
    key, name, hint = STRATEGIC
    made.append(ImpactCategory(client=client, key=key, name=name, hint=hint, rank=len(made), active=False))
    # Somebody else may have made them at the same moment.
    ImpactCategory.objects.bulk_create(made, ignore_conflicts=True)
    return list(ImpactCategory.objects.filter(client=client).order_by("rank", "key"))


@transaction.atomic
def add_category(*, client: Client, name: str, by: User, at: dt.datetime) -> ImpactCategory:
    """One more way to be hurt is rated from now on, or a switched-off one comes back."""
    known = ensure_categories(client=client)
    name = _checked(name)
    category = next((row for row in known if _plain(row.name) == _plain(name)), None)
    if category is not None and category.active:
        raise Refused(f"There is a category “{category.name}” already.", field="name")
    if category is None:
        category = ImpactCategory(client=client, key=_free_key(name, known), name=name, rank=len(known))
    category.active = True
    category.save()
    audit.record(
        verb="risk.category_added",
        client=client,
        obj=category,
        by=by,
        at=at,
        after={"key": category.key, "name": category.name},
    )
    return category


@transaction.atomic
def rename_category(
    *, client: Client, category: ImpactCategory, name: str, by: User, at: dt.datetime
) -> ImpactCategory:
    """Another name for the same way to be hurt. Ratings and limits stay; what was approved had the old name."""
    name = _checked(name)
    others = ImpactCategory.objects.filter(client=client).exclude(pk=category.pk)
    if other := next((row for row in others if _plain(row.name) == _plain(name)), None):
        raise Refused(f"There is a category “{other.name}” already.", field="name")
    before, category.name = category.name, name
    category.save(update_fields=["name"])
    audit.record(
        verb="risk.category_renamed",
        client=client,
        obj=category,
        by=by,
        at=at,
        before={"name": before},
        after={"name": name},
    )
    return category


@transaction.atomic
def retire_category(*, client: Client, category: ImpactCategory, by: User, at: dt.datetime) -> ImpactCategory:
    """Nothing is rated by it from now on; old ratings keep it, and adding its name brings it back.

    Refuses while a limit is set for it, while a risk that stands is rated by it, and the last one.
    """
    known = limits_as_of(client, client.today(at))
    row = next(one for one in known if one.key == category.key)
    if row.is_set:
        raise Refused(f"A limit is set for {category.name}. Take the limit away first.")
    rated = Risk.objects.filter(client=client, now_impacts__has_key=category.key).standing().order_by("number")
    if used := list(rated.values_list("reference", flat=True)):
        more = f" and {formats.count_of(len(used) - NAMED, 'more', 'more')}" if len(used) > NAMED else ""
        raise Refused(
            f"{formats.count_of(len(used), 'risk')} {'is' if len(used) == 1 else 'are'} rated by {category.name}: "
            f"{', '.join(used[:NAMED])}{more}. Rate by another category first."
        )
    if not any(one.active for one in known if one.key != category.key):
        raise Refused(f"{category.name} is the last category. Add another one first.")
    category.active = False
    category.save(update_fields=["active"])
    audit.record(
        verb="risk.category_switched_off", client=client, obj=category, by=by, at=at, before={"name": category.name}
    )
    return category


def _checked(name: str) -> str:
    """The name as kept, in whatever script; refuses one without a letter or digit and the portal's own words."""
    name = " ".join(name.replace("\x00", "").split())[:60]
    if not _plain(name):
        raise Refused("Give the category a name, such as “Patient safety”.", field="name")
    if _plain(name) in RESERVED:
        raise Refused(f"“{name}” is a word that the portal uses itself. Choose another name.", field="name")
    return name


def _plain(name: str) -> str:
    """What makes two names one: their letters and digits, with the marks on them, in any script."""
    kept = (one if unicodedata.category(one)[0] in "LMN" else " " for one in name.casefold())
    return "-".join(unicodedata.normalize("NFKC", "".join(kept)).split())


def _free_key(name: str, known: Iterable[ImpactCategory]) -> str:
    """What addresses and forms call it, in a–z and 0–9: its name, or “category” where that has none of them.

    Numbered where another category has the key, one that was renamed since perhaps.
    """
    taken = {row.key for row in known} | RESERVED
    key = slugify(name.replace("_", " "))[:40].strip("-") or "category"
    numbered = (f"{key[:37]}-{number}" for number in range(2, 100))
    return key if key not in taken else next(one for one in numbered if one not in taken)
