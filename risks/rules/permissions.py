"""Who may do what in the register. The practice writes; owners read, and answer what is asked."""

from typing import Any

from risks.enums import Status
from risks.models import Risk, RiskAssessment
from vciso.tenancy.enums import ClientStatus
from vciso.tenancy.permissions import (
    Actor,
    Barred,
    Denied,
    PermissionTable,
    Verdict,
    is_practice_side,
    predicate,
    reads_client,
)


@predicate
def client_is_active(actor: Actor, obj: Any) -> Verdict:
    if actor.client is None or actor.client.status == ClientStatus.ACTIVE:
        return True
    return Denied(f"{actor.client.name} is archived, so its register can only be read.")


@predicate
def risk_is_not_closed(actor: Actor, obj: Any) -> Verdict:
    if not isinstance(obj, Risk) or obj.status != Status.CLOSED:
        return True
    return Barred(f"{obj.reference} is closed. Reopen it first.")


@predicate
def assessment_is_draft(actor: Actor, obj: Any) -> Verdict:
    if not isinstance(obj, RiskAssessment) or obj.is_draft:
        return True
    if obj.is_discarded:
        return Barred(f"{obj.reference} was discarded. Take it back first.")
    return Barred(f"{obj.reference} is frozen since approval was asked. Begin a new one.")


writes = is_practice_side & client_is_active

permissions = PermissionTable(
    {
        "risks.view": is_practice_side,
        "risks.read": reads_client,
        "risks.raise": writes,
        "risks.edit": writes & risk_is_not_closed,
        "risks.rate": writes & risk_is_not_closed,
        "risks.treat": writes & risk_is_not_closed,
        "risks.review": writes,
        "risks.close": writes,
        "risks.reopen": writes,
        "risks.merge": writes & risk_is_not_closed,
        "risks.split": writes & risk_is_not_closed,
        "risks.ask": writes & risk_is_not_closed,
        "risks.set_limits": writes,
        "risks.assess": writes & assessment_is_draft,
        "risks.keep_assessment": writes,
        "risks.import": writes,
        "risks.export": is_practice_side,
        "risks.library": is_practice_side,
    }
)
