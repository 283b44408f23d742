"""The risk itself, with the present standing that lists sort and filter by."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Cast

from engagements.models import Person
from risks.enums import Band, LimitPosition, Status, Treatment
from risks.rules.scoring import Years
from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

RANK_ORDER = ("-is_above", "-bands_above", "-loss_over_limit", "-now_score", "raised_on", "number")
"""The ranking key of the register in SQL; obligations join it when they are recorded."""


UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
"""A run of a script that puts no blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""


class Says(models.Func):
    """Whether the words of a risk say what was asked for.

    The column `words` is kept by the database (migration 0039) and read by nothing else, so no query
    carries it. Every lexeme of the question takes what begins with it, so that typing finds; accents and
    the shape of quotation marks do not matter.
    """

    output_field = models.BooleanField()
    QUERY = "regexp_replace(websearch_to_tsquery('simple', sec.folded(%s))::text, '''(?=$|[ )])', %s, 'g')::tsquery"
    ANYWHERE, SHARED = "':*", "':*ABC"

    def __init__(self, *expressions: Any, asked: str, private: bool) -> None:
        super().__init__(*expressions)
        # What is written without blanks is a phrase of its signs; within marks of quotation it is one already.
        self.asked = asked if '"' in asked else UNSPACED.sub(r'"\g<0>"', asked)
        self.private = private

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> Any:
        table = compiler.quote_name_unless_alias(self.get_source_expressions()[0].alias)
        return f"{table}.words @@ {self.QUERY}", (self.asked, self.ANYWHERE if self.private else self.SHARED)


class RiskQuerySet(models.QuerySet["Risk"]):
    """The register's vocabulary. Days are arguments."""

    def open(self) -> Self:
        return self.filter(status=Status.OPEN)

    def standing(self) -> Self:
        """Open or proposed: everything that is not closed."""
        return self.exclude(status=Status.CLOSED)

    def closed(self) -> Self:
        return self.filter(status=Status.CLOSED)

    def above_limit(self) -> Self:
        """Strictly above a limit. An accepted risk stays in this count."""
        return self.open().filter(is_above=True)

    def near_limit(self) -> Self:
        return self.open().filter(position=LimitPosition.NEAR)

    def not_rated(self) -> Self:
        return self.open().filter(now_band=Band.NOT_RATED)

    def accepted(self, *, on: dt.date) -> Self:
        """Taken by a signature that still runs on that day."""
        return self.open().filter(accepted_until__gte=on)

    def planned(self, *, on: dt.date) -> Self:
        """With an approved plan whose end has not passed."""
        return self.open().filter(plan_approved_on__isnull=False, target_on__gte=on)

    def calling_for_action(self, *, on: dt.date) -> Self:
        """Above a limit without a live acceptance or an approved plan in time."""
        return self.above_limit().exclude(answered(on))

    def overdue(self, *, on: dt.date) -> Self:
        """With a target date that has passed."""
        return self.open().filter(target_on__lt=on)

    def due_for_review(self, *, on: dt.date) -> Self:
        return self.open().filter(next_review_on__lte=on)

    def owned_by(self, person: Person) -> Self:
        """Open risks that are somebody's, most pressing first."""
        return self.open().filter(client_id=person.client_id, owner=person).ranked()

    def ranked(self) -> Self:
        """Most pressing first; `scoring.Ranked.key` is the same order in Python."""
        return self.order_by(*RANK_ORDER)

    def matching(self, text: str, *, private: bool = False) -> Self:
        """Where the text is found: every word or the beginning of one, “a phrase”, one or other, -without.

        `private` looks into the practice's own notes too. A text of blanks finds everything.
        """
        asked = text.replace("\x00", "").strip()[:200]
        return self.filter(Says(F("pk"), asked=asked, private=private)) if asked else self


Day = dt.date | Cast
"""One day for every client, or in the database the day where each of them is."""


def answered(on: Day) -> Q:
    """What holds of a risk that the business answered: a live acceptance, or an approved plan in time.

    Written so that its negation keeps the rows with empty dates.
    """
    planned = Q(plan_approved_on__isnull=False, target_on__isnull=False, target_on__gte=on)
    return Q(accepted_until__isnull=False, accepted_until__gte=on) | planned


def next_on(on: dt.date) -> Case:
    """The date that a list shows of a risk, as `Risk.next_on` reads it: the end of its acceptance, else of its plan."""
    accepted = Q(status=Status.OPEN, accepted_until__isnull=False, accepted_until__gte=on)
    return Case(
        When(status=Status.CLOSED, then=Value(None)),
        When(accepted, then=F("accepted_until")),
        default=F("target_on"),
        output_field=models.DateField(),
    )


class Risk(ClientOwned):
    """One uncertain event that could hurt this client.

    Its reference is given once and never again, also after closing. `review_months` of 0 means that
    its level says when it is looked at again. `scenario` is the key of the entry of the library it was
    added from. The columns from `before_likelihood` on repeat the
    latest ratings, the latest estimate and their comparison with the limits, so that 20,000 rows
    sort and filter in SQL; only `services.standing` writes them. `limit_category` is the one that
    decides where it stands, furthest above its limit or nearest to it, and `limit_band` that limit, or 0.
    """

    reference = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    source_reference = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200)
    cause = models.TextField(blank=True)
    event = models.TextField(blank=True)
    consequence = models.TextField(blank=True)
    category = models.CharField(max_length=120, blank=True)
    affects = models.TextField(blank=True)
    controls = models.TextField(blank=True)
    owner = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    raised_on = models.DateField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    origin = models.CharField(max_length=200, blank=True)
    scenario = models.CharField(max_length=60, blank=True)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    closed_on = models.DateField(null=True, blank=True)
    treatment = models.CharField(max_length=10, choices=Treatment, default=Treatment.UNDECIDED)
    plan = models.TextField(blank=True)
    target_on = models.DateField(null=True, blank=True)
    plan_approved_on = models.DateField(null=True, blank=True)
    review_months = models.PositiveSmallIntegerField(default=0)
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)
    private_notes = models.TextField(blank=True)
    extras = models.JSONField(default=dict, blank=True)
    merged_into = ClientForeignKey("self", null=True, blank=True, related_name="duplicates")
    split_from = ClientForeignKey("self", null=True, blank=True, related_name="parts")
    version = models.PositiveIntegerField(default=1)

    before_likelihood = models.PositiveSmallIntegerField(null=True)
    before_impact = models.PositiveSmallIntegerField(null=True)
    before_score = models.PositiveSmallIntegerField(default=0)
    now_likelihood = models.PositiveSmallIntegerField(null=True)
    now_impact = models.PositiveSmallIntegerField(null=True)
    now_score = models.PositiveSmallIntegerField(default=0)
    now_impacts = models.JSONField(default=dict)
    now_band = models.PositiveSmallIntegerField(choices=Band, default=Band.NOT_RATED)
    target_likelihood = models.PositiveSmallIntegerField(null=True)
    target_impact = models.PositiveSmallIntegerField(null=True)
    target_score = models.PositiveSmallIntegerField(default=0)
    position = models.CharField(max_length=10, choices=LimitPosition, default=LimitPosition.NOT_RATED)
    is_above = models.BooleanField(default=False)
    bands_above = models.PositiveSmallIntegerField(default=0)
    limit_category = models.CharField(max_length=40, blank=True)
    limit_band = models.PositiveSmallIntegerField(default=0)
    one_in_ten_minor = models.BigIntegerField(null=True)
    one_in_fifty_minor = models.BigIntegerField(null=True)
    loss_over_limit = models.BigIntegerField(default=0)
    accepted_until = models.DateField(null=True)
    acceptance_gap = models.BooleanField(default=False)

    objects = RiskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "reference"], name="risks_risk_reference"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values, treatment__in=Treatment.values), name="risks_risk_words"
            ),
            models.CheckConstraint(
                condition=Q(now_band__lte=Band.CRITICAL, limit_band__lte=Band.CRITICAL, bands_above__lt=Band.CRITICAL),
                name="risks_risk_bands",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.CLOSED, closed_on__isnull=False)
                | (~Q(status=Status.CLOSED) & Q(closed_on__isnull=True)),
                name="risks_risk_closed_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(status=Status.CLOSED) & ~Q(merged_into=F("id"))),
                name="risks_risk_duplicate_is_closed",
            ),
        ]
        indexes = [
            models.Index(
                F("client"),
                F("is_above").desc(),
                F("bands_above").desc(),
                F("loss_over_limit").desc(),
                F("now_score").desc(),
                F("raised_on"),
                F("number"),
                name="risks_risk_rank",
                condition=Q(status="open"),
            ),
            models.Index(fields=["client", "scenario"], name="risks_risk_scenario", condition=~Q(scenario="")),
            models.Index(fields=["client", "status", "target_on"], name="risks_risk_target"),
            models.Index(fields=["client", "status", "next_review_on"], name="risks_risk_review"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def is_open(self) -> bool:
        return self.status == Status.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == Status.CLOSED

    @property
    def losses(self) -> Years | None:
        """What a rare year costs by the latest estimate; None without one."""
        return None if self.one_in_ten_minor is None else Years(self.one_in_ten_minor, self.one_in_fifty_minor)

    @property
    def exposure(self) -> Band:
        """What the business is exposed to: the present band, and at least high above a limit in money."""
        return Band(max(self.now_band, Band.HIGH if self.loss_over_limit else Band.NOT_RATED))

    def is_accepted(self, *, on: dt.date) -> bool:
        """Whether a signature covers that day, its last day included."""
        return self.is_open and self.accepted_until is not None and self.accepted_until >= on

    def next_on(self, *, on: dt.date) -> dt.date | None:
        """The next date of a risk that is not closed: when its acceptance ends, else when its plan does."""
        if self.is_closed:
            return None
        return self.accepted_until if self.is_accepted(on=on) else self.target_on
