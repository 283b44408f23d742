"""The register and what can be done with one risk."""

from __future__ import annotations

import functools
from typing import Any

from rest_framework import serializers

from engagements.forms.base import stored_values
from engagements.selectors import people
from risks import services
from risks.enums import EstimateKind, RatingKind, Status
from risks.forms.estimate import EstimateForm
from risks.forms.filters import RiskFilter
from risks.forms.merging import STAYS, MergeForm, SplitForm, parts_of_split
from risks.forms.risk import STORED, RaiseForm, RateForm, ReasonForm, WordingForm, wording_of
from risks.forms.treat import PlanForm, stored_plan
from risks.models import Risk
from risks.selectors import estimates, links, listing
from risks.selectors.frame import frame
from risks.services.standing import latest_ratings
from risks.services.treatment import latest_plan
from vciso.web.api import Named, Nest, Record, Resource, creates, edits, refusing, routes, verb
from vciso.web.api.bodies import WrongType

LEVEL = {"type": ["integer", "null"], "minimum": 1, "maximum": 5}
RATING = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "likelihood": LEVEL,
        "impacts": {
            "type": "object",
            "description": "A level for each impact category of the client, by its key.",
            "additionalProperties": LEVEL,
        },
    },
}
KINDS = tuple(RatingKind.values)


def _flatten(given: Any) -> dict[str, Any]:
    """{"now": {"likelihood": 4, "impacts": {"legal": 3}}} → now_likelihood, now_impact_legal."""
    found: dict[str, Any] = {}
    if not isinstance(given, dict):
        raise WrongType("Send an object with “before”, “now” or “target”.")
    if set(given) - {*KINDS}:
        raise WrongType("Give “before”, “now” or “target”.")
    for kind, rating in given.items():
        found |= _flat_rating(kind, rating)
    return found


def _flatten_one(given: Any) -> dict[str, Any]:
    """As `_flatten`, of one rating."""
    found = _flatten(given)
    if len(given) > 1:
        raise WrongType("Send one rating a request: “before”, “now” or “target”.")
    return found


def _flat_rating(kind: str, rating: Any) -> dict[str, Any]:
    """{"likelihood": 4, "impacts": {"legal": 3}} → now_likelihood, now_impact_legal."""
    impacts = rating.get("impacts", {}) if isinstance(rating, dict) else None
    if not isinstance(impacts, dict) or set(rating) - {"likelihood", "impacts"}:
        raise WrongType("Give a rating as a likelihood and impacts by category.")
    found = {f"{kind}_likelihood": rating["likelihood"]} if "likelihood" in rating else {}
    return found | {f"{kind}_impact_{category}": level for category, level in impacts.items()}


def _pointer(name: str) -> str | None:
    kind, _, rest = name.partition("_")
    if kind not in KINDS or not rest.startswith(("likelihood", "impact_")):
        return None
    return f"/ratings/{kind}/" + rest.replace("impact_", "impacts/", 1)


def _one_rating(name: str, kind: str) -> Nest:
    """A member that is one rating: its likelihood, and its impacts by category."""

    def pointer(field: str) -> str | None:
        rest = field.removeprefix(f"{kind}_")
        known = rest != field and rest.startswith(("likelihood", "impact_"))
        return f"/{name}/" + rest.replace("impact_", "impacts/", 1) if known else None

    return Nest(name, RATING, lambda given: _flat_rating(kind, given), pointer)


PARTED = (_one_rating("stays_rating", STAYS), _one_rating("rating", RatingKind.NOW))
RATINGS = Nest(
    "ratings",
    {"type": "object", "additionalProperties": False, "properties": dict.fromkeys(KINDS, RATING)},
    _flatten,
    _pointer,
)


ONE_OF_RATINGS = Nest(RATINGS.name, {**RATINGS.schema, "maxProperties": 1}, _flatten_one, _pointer)


class RiskRecord(Record):
    owner = Named(allow_null=True)
    merged_into = serializers.SlugRelatedField(slug_field="reference", read_only=True, allow_null=True)
    split_from = serializers.SlugRelatedField(slug_field="reference", read_only=True, allow_null=True)

    class Meta:
        model = Risk
        fields = (
            "id", "reference", "source_reference", "title", "cause", "event", "consequence", "description",
            "category", "affects", "controls", "owner", "status", "raised_on", "closed_on", "origin",
            "treatment", "plan", "target_on", "plan_approved_on", "accepted_until", "acceptance_gap",
            "scenario", "review_months", "last_reviewed_on", "next_review_on", "before_likelihood", "before_impact",
            "merged_into", "split_from",
            "before_score", "now_likelihood", "now_impact", "now_score", "now_band", "now_impacts",
            "target_likelihood", "target_impact", "target_score", "position", "is_above", "bands_above",
            "limit_category", "one_in_ten_minor", "one_in_fifty_minor", "loss_over_limit", "private_notes",
        )  # fmt: skip
        internal = ("source_reference", "origin", "scenario", "private_notes")


class Risks(Resource):
    """Risks of the register. Without a status the list shows open ones; owners see no proposals."""

    queryset = Risk.objects.all()
    serializer_class = RiskRecord
    filterset_class = RiskFilter
    reads = "risks.read"
    ordering = ("number",)
    session_verbs = {
        "plan/ask": "risks.ask", "plan/withdraw": "risks.ask", "accept": "risks.ask", "accept/record": "risks.ask",
        "accept/withdraw": "risks.ask", "accept/end": "risks.ask",
    }  # fmt: skip

    def rows(self) -> Any:
        rows = super().rows().select_related("owner", "client", "merged_into", "split_from")
        return rows if self.actor.is_practice_side else rows.exclude(status=Status.PROPOSED)

    def filter_options(self) -> dict[str, Any]:
        chosen = listing.choices(self.client)
        return {"today": self.today, "owners": chosen.owners, "categories": chosen.categories}

    @creates("risks.raise", RaiseForm, [RATINGS])
    def create(self, bind: Any) -> Risk:
        """A risk enters the register under the next reference, linked for good with what it is raised from."""
        bound = bind(
            people=people.choices(self.client), measure=frame(self.client, self.today),
            find=functools.partial(links.find, self.client),
        )  # fmt: skip
        return bound.attempt(
            lambda data: services.raise_risk(
                client=self.client, by=self.user, at=self.at, wording=wording_of(data), owner=data["owner"],
                ratings=data["ratings"], treatment=data["treatment"], plan=data["plan"], target_on=data["target_on"],
                raised_from=data["raised_from"],
            )
        )  # fmt: skip

    @edits("risks.edit", WordingForm)
    def partial_update(self, risk: Risk, bind: Any) -> Risk:
        """The words, the owner or the rhythm of review change."""
        bound = bind(people=people.choices(self.client), stored=stored_values(risk, STORED))
        return bound.attempt(
            lambda data: services.edit_risk(
                risk=risk, by=self.user, at=self.at, wording=wording_of(data), owner=data["owner"]
            )
        )

    @verb("risks.rate", RateForm, [ONE_OF_RATINGS])
    def rate(self, risk: Risk, bind: Any) -> Risk:
        """One of the ratings is judged anew; impacts that are left out keep their level."""
        asked = self.request.data.get("ratings")
        kind = next((one for one in KINDS if isinstance(asked, dict) and one in asked), RatingKind.NOW)
        known = latest_ratings([risk]).get(risk.pk, {}).get(kind)
        bound = bind(measure=frame(self.client, self.today), kind=kind, rating=known)
        return bound.attempt(
            lambda data: services.rate_risk(
                risk=risk, kind=kind, rating=data["rating"], reason=data["reason"], by=self.user, at=self.at
            )
        )

    @verb("risks.rate", EstimateForm, keeps=True)
    def estimate(self, risk: Risk, bind: Any) -> Risk:
        """What it could cost in a year is estimated anew; numbers left out stay. The first says how often and why."""
        return self._estimate(risk, bind, EstimateKind.NOW)

    @verb("risks.rate", EstimateForm, keeps=True)
    def estimate_after(self, risk: Risk, bind: Any) -> Risk:
        """What it could cost once the plan is done; numbers that are left out are those of today."""
        return self._estimate(risk, bind, EstimateKind.AFTER)

    def _estimate(self, risk: Risk, bind: Any, kind: str) -> Risk:
        known = estimates.latest(risk, kind)
        begin = None if known or kind == EstimateKind.NOW else estimates.latest(risk)
        bound = bind(estimate=known, begin=begin, currency=self.client.currency, kind=kind)
        bound.attempt(lambda data: services.estimate_risk(risk=risk, by=self.user, at=self.at, **data["estimate"]))
        return risk

    @verb("risks.treat", PlanForm, keeps=True)
    def plan(self, risk: Risk, bind: Any) -> Risk:
        """What is done about it, and what that costs, changes; a changed plan needs a new approval."""
        stored = stored_plan(risk, latest_plan(risk))
        bound = bind(stored=stored, currency=self.client.currency)
        bound.attempt(lambda data: services.plan_treatment(risk=risk, by=self.user, at=self.at, **data))
        return risk

    @verb("risks.close", ReasonForm)
    def close(self, risk: Risk, bind: Any) -> Risk:
        """The risk leaves the open list; its reference and history stay."""
        return bind().attempt(lambda data: services.close_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.merge", MergeForm)
    def merge(self, risk: Risk, bind: Any) -> Risk:
        """A duplicate is closed; the risk that stays takes over links, open steps and, having none, its plan."""
        bound = bind(client=self.client)
        return bound.attempt(lambda data: services.merge_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.split", SplitForm, PARTED)
    def split(self, risk: Risk, bind: Any) -> Risk:
        """A part becomes a risk of its own, which is the answer; words and ratings left out are those of now."""
        known = latest_ratings([risk]).get(risk.pk, {}).get(RatingKind.NOW)
        bound = bind(
            risk=risk, rating=known, people=people.choices(self.client), measure=frame(self.client, self.today)
        )
        return bound.attempt(
            lambda data: services.split_risk(risk=risk, **parts_of_split(risk, data), by=self.user, at=self.at)
        )

    @verb("risks.reopen", ReasonForm)
    def reopen(self, risk: Risk, bind: Any) -> Risk:
        """The risk comes back under its reference, due for review at once."""
        return bind().attempt(lambda data: services.reopen_risk(risk=risk, by=self.user, at=self.at, **data))

    @verb("risks.edit")
    def reviewed(self, risk: Risk, bind: Any) -> Risk:
        """Somebody looked, and nothing changed."""
        refusing(lambda: services.review_unchanged(risks=[risk], by=self.user, at=self.at))
        return risk

    @verb("risks.edit")
    def confirm(self, risk: Risk, bind: Any) -> Risk:
        """A proposal becomes part of the register."""
        return refusing(lambda: services.confirm_risk(risk=risk, by=self.user, at=self.at))


class RiskHistory(Resource):
    """What was recorded of one risk, the newest first: a list below it, for the practice."""

    reads = "risks.view"
    lookup = "pk"
    ordering: tuple[str, ...] = ("-happened_at", "pk")
    parent, parent_field, has_detail = Risks, "risk", False


urlpatterns = [
    *routes("risks/", Risks),
]
