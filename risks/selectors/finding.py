"""What a search finds of the register: risks, assessments, and the smaller records around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, DateField, DateTimeField, F, Func, Q, QuerySet, TextField, UUIDField, Value, When
from django.db.models.functions import Cast, Now
from django.urls import reverse
from django.utils.text import Truncator

from risks.enums import AcceptanceState, StatementState
from risks.models import (
    Acceptance,
    Appetite,
    AppetiteStatement,
    LibraryChange,
    LossTolerance,
    OwnScenario,
    Risk,
    RiskScale,
    SavedView,
    SigningAuthority,
)
from risks.models.appetite import NUMBERED
from risks.selectors import assessment
from vciso.web.finding import Found

SHORT = 48
"""So many letters of a text stand beside a name."""
NOTHING = Value("")
RAN_OUT = "ran_out"
FIRST = ("closed_on", "-now_score", "number", "pk")
"""Open risks before closed ones, the most serious before the others."""
WORDS = 8
"""So many words of a search count; the rest is left out."""


def find(*, text: str, limit: int = 8) -> list[Found]:
    """Risks with every word of the text, open ones first, then assessments, then limits and who signs, the
    measure, acceptances, the practice's library and one's own views; in three queries. May be empty."""
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    # The few that are shown are chosen by their ids: a word may stand in every risk of every client, and
    # sorting them all with their words and clients takes twice as long.
    first = Risk.objects.matching(text).order_by(*FIRST).values("pk")[:limit]
    rows = Risk.objects.filter(pk__in=first).select_related("client").order_by(*FIRST)
    found = [
        Found(
            client_id=row.client_id,
            client_name=row.client.name,
            kind="Risk",
            icon="triangle-alert",
            title=f"{row.reference} {row.title}",
            sub=f"{row.get_now_band_display()}, {row.get_status_display().lower()}",
            url=reverse("risks:detail", kwargs={"client_key": row.client.key, "ref": row.reference}),
        )
        for row in rows
    ]
    return found + assessment.find(text, limit=limit) + _smaller(text.split()[:WORDS], limit)


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of smaller record: its name and mark, its rows, the texts a search looks into and what is shown.

    `name` and `sub` are expressions, `where` what the address needs besides the client; `shown` puts the two
    into words.
    """

    noun: str
    icon: str
    rows: Callable[[], QuerySet[Any]]
    said: Any
    name: Any
    sub: Any
    page: Callable[[str, str], str]
    where: Any = NOTHING
    shown: Callable[[str, str], tuple[str, str]] = lambda name, sub: (name, sub)
    of_client: bool = True

    def matching(self, number: int, words: list[str], limit: int) -> QuerySet[Any, Any]:
        """The rows with every word, in the one shape that all kinds share."""
        rows = self.rows().annotate(said=self.said).order_by()
        for word in words:
            rows = rows.filter(said__icontains=word)
        whose: tuple[Any, ...] = (F("client_id"), _text("client__name"), _text("client__key"))
        if not self.of_client:
            whose = (Value(None, UUIDField()), _text(Value("")), _text(Value("")))
        shown = (Value(number), *map(_text, (self.name, self.sub, self.where)))
        named = {f"column_{place}": column for place, column in enumerate((*whose, *shown))}
        return rows.annotate(**named).values_list(*named)[:limit]


def _text(given: Any) -> Any:
    return Cast(given, TextField())


def _newest(model: Any, *by: str, of: str = "client_id", among: Q | None = None) -> QuerySet[Any]:
    """The rows that hold: the latest of each client, or of each of what `of` names."""
    latest = model.objects.filter(among or Q()).order_by(of, *(f"-{name}" for name in by)).distinct(of)
    return model.objects.filter(pk__in=latest.values("pk"))


def _together(*parts: Any) -> Any:
    """Texts and numbers as one text, without those that are missing."""
    return Func(*map(_text, (Value(" "), *parts)), function="concat_ws", output_field=TextField())


def _state() -> Any:
    """What became of an acceptance: its state, or that its last day has passed where the client is."""
    today = Cast(Func(F("client__time_zone"), Now(), function="timezone", output_field=DateTimeField()), DateField())
    return Case(When(state=AcceptanceState.LIVE, until__lt=today, then=Value(RAN_OUT)), default=F("state"))


def _limits(key: str, where: str) -> str:
    return reverse("risks:limits", kwargs={"client_key": key})


def _stated(name: str, state: str) -> tuple[str, str]:
    return f"Statement of limits, version {name}", StatementState(state).label


KINDS = (
    _Kind(
        "Limit", "ruler",
        rows=lambda: _newest(Appetite, "from_on", "recorded_at", of="category_id").filter(category__active=True),
        said=_together(Value("limit appetite"), "category__name", "words", "approved_by__name"),
        name="category__name", sub="words", page=_limits, shown=lambda name, words: (f"Limit: {name}", words),
    ),
    _Kind(
        "Statement of limits", "ruler", rows=lambda: _newest(AppetiteStatement, "number", among=NUMBERED),
        said=_together(Value("statement of limits appetite version"), "number", "signer_name"),
        name="number", sub="state", page=_limits, shown=_stated,
    ),
    _Kind(
        "Tolerance", "ruler", rows=lambda: _newest(LossTolerance, "from_on", "recorded_at"),
        said=_together(Value("tolerance of a year limit"), "words", "set_by__name"),
        name=Value("Tolerance for one year"), sub="words", page=_limits,
    ),
    _Kind(
        "Who signs", "signature", rows=lambda: _newest(SigningAuthority, "happened_at"),
        said=_together(Value("who signs signing authority"), "approved_by__name"),
        name=Value("Who signs for a risk"), sub="approved_by__name", page=_limits,
        shown=lambda name, by: (name, f"Agreed with {by}" if by else ""),
    ),
    _Kind(
        "Scale", "ruler", rows=lambda: _newest(RiskScale, "from_on", "recorded_at"),
        said=_together(
            Value("scale measure levels likelihood impact"), "likelihood_words", "impact_words", "likelihood_means"
        ),
        name=Value("Scale of likelihood and impact"), sub=NOTHING, page=_limits,
    ),
    _Kind(
        "Acceptance", "pen-line",
        rows=lambda: Acceptance.objects.filter(state__in=(AcceptanceState.ASKED, AcceptanceState.LIVE)),
        said=_together(
            Value("acceptance accepted"), "risk__reference", "signer_name", "asked_of__name", "reason", "conditions",
            "measure",
        ),
        name=_together("risk__reference", "risk__title"), sub=_state(), where="risk__reference",
        page=lambda key, ref: reverse("risks:detail", kwargs={"client_key": key, "ref": ref}),
        shown=lambda name, state: (
            f"Acceptance of {name}", "Ran out" if state == RAN_OUT else AcceptanceState(state).label
        ),
    ),
    _Kind(
        "Library change", "git-compare", rows=lambda: LibraryChange.objects.waiting(),
        said=_together(Value("library change"), "title", "why"), name="title", sub=Value("Waits to be compared"),
        page=lambda key, where: reverse("risks:library-changes", kwargs={"client_key": key}),
    ),
    _Kind(
        "Library", "library", rows=lambda: OwnScenario.objects.filter(retired=False),
        said=_together(Value("library scenario"), "title"), name="title", sub=Value("Risk library"), where="key",
        page=lambda key, scenario: reverse("risks:scenario", kwargs={"key": scenario}), of_client=False,
    ),
    _Kind(
        "View", "bookmark", rows=lambda: SavedView.objects.filter(client__isnull=False),
        said=_together(Value("view"), "name"), name="name", sub=Value("Your view of the register"), where="query",
        page=lambda key, query: reverse("risks:list", kwargs={"client_key": key}) + (f"?{query}" if query else ""),
    ),
)  # fmt: skip


def _smaller(words: list[str], limit: int) -> list[Found]:
    """What matches of every kind, in the order of the kinds, in one query."""
    first, *others = (kind.matching(number, words, limit) for number, kind in enumerate(KINDS))
    rows = first.union(*others, all=True)
    return [_found(row) for row in sorted(rows, key=lambda row: (row[3], row[1] or "", row[4]))]


def _found(row: tuple[Any, ...]) -> Found:
    client_id, client_name, client_key, number, name, sub, where = row
    kind = KINDS[number]
    title, below = kind.shown(name, sub or "")
    return Found(
        client_id=client_id,
        client_name=client_name,
        kind=kind.noun,
        icon=kind.icon,
        title=title,
        sub=Truncator(below).chars(SHORT),
        url=kind.page(client_key, where),
    )
