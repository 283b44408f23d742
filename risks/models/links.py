"""What a risk has to do with: vendors, policies, tasks, decisions, systems, people and the like."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from vciso.tenancy.models import ClientForeignKey, ClientOwned, User

LINKED = (
    "system", "process", "vendor", "policy", "task", "decision", "ask", "assessment", "person", "vendor_review",
)  # fmt: skip
"""The columns that name a record. A new kind of record is a column here, its composite key in the
migration, and a line in `selectors.links.KINDS`."""


def _exactly_one() -> Q:
    """One of the columns is filled, and no other."""
    found = Q()
    for name in LINKED:
        found |= Q(**{f"{other}__isnull": other != name for other in LINKED})
    return found


class RiskLink(ClientOwned):
    """One record that a risk has to do with, named by exactly one of the columns of `LINKED`.

    `is_origin` marks the record that the risk was raised from; a risk has one at most, and that
    link stays for good. `came_with` is the duplicate that has this link, while that is merged into
    this risk.
    """

    risk = ClientForeignKey("risks.Risk", related_name="links")
    system = ClientForeignKey("engagements.System", null=True, blank=True, related_name="+")
    process = ClientForeignKey("engagements.Process", null=True, blank=True, related_name="+")
    vendor = ClientForeignKey("vendors.Vendor", null=True, blank=True, related_name="+")
    policy = ClientForeignKey("policies.Policy", null=True, blank=True, related_name="+")
    task = ClientForeignKey("engagements.Task", null=True, blank=True, related_name="+")
    decision = ClientForeignKey("engagements.Decision", null=True, blank=True, related_name="+")
    ask = ClientForeignKey("engagements.Ask", null=True, blank=True, related_name="+")
    assessment = ClientForeignKey("risks.RiskAssessment", null=True, blank=True, related_name="+")
    person = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    vendor_review = ClientForeignKey("vendors.VendorReview", null=True, blank=True, related_name="+")
    is_origin = models.BooleanField(default=False)
    came_with = ClientForeignKey("risks.Risk", null=True, blank=True, related_name="+")
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one(), name="risks_risklink_one_record"),
            models.UniqueConstraint(
                fields=["client", "risk"], condition=Q(is_origin=True), name="risks_risklink_one_origin"
            ),
            *(
                models.UniqueConstraint(fields=["client", "risk", name], name=f"risks_risklink_{name}")
                for name in LINKED
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} {getattr(self, f'{self.field}_id')}"

    @property
    def field(self) -> str:
        """The column that names the record."""
        return next(name for name in LINKED if getattr(self, f"{name}_id") is not None)

    @property
    def names(self) -> tuple[str, Any]:
        """Which record it names: the column and the id."""
        return self.field, getattr(self, f"{self.field}_id")

    @property
    def record(self) -> Any:
        """The record itself."""
        return getattr(self, self.field)
