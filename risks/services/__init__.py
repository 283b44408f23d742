"""Writes of the register: one function per verb. `standing` is the gate of the repeated columns."""

from risks.services.acceptance import (
    ask_acceptance,
    check_acceptable,
    confirm_acceptance,
    end_acceptance,
    import_unsigned_acceptance,
    longest_until,
    record_acceptance,
    withdraw_acceptance,
)
from risks.services.appetite import ask_statement
from risks.services.assessment import (
    Assessed,
    ask_assessment,
    discard_assessment,
    draft_assessment,
    edit_assessment,
    reread_assessment,
    restore_assessment,
)
from risks.services.authority import set_authority
from risks.services.bulk import NewRisk, move_reviews, raise_many, reassign, redate
from risks.services.categories import add_category, ensure_categories, rename_category, retire_category
from risks.services.closing import close_risk, merge_risk, reopen_risk
from risks.services.errors import Doubted, EditConflict, Refused
from risks.services.estimate import Given, estimate_risk
from risks.services.library import (
    RATED_THERE,
    accept_change,
    add_scenario,
    adopt_scenario,
    change_scenario,
    decline_change,
    offer_scenario,
    retire_scenario,
)
from risks.services.limits import set_appetite, set_scale
from risks.services.links import link_risk, unlink_risk
from risks.services.rating import rate_risk
from risks.services.register import (
    Wording,
    confirm_risk,
    edit_risk,
    raise_risk,
)
from risks.services.review import review_unchanged
from risks.services.saved_views import remove_view, rename_view, save_view
from risks.services.splitting import split_risk
from risks.services.steps import add_step, change_step
from risks.services.tolerance import set_tolerance
from risks.services.treatment import ask_plan_approval, latest_plan, plan_treatment, withdraw_plan_request

__all__ = [
    "RATED_THERE",
    "Assessed",
    "Doubted",
    "EditConflict",
    "Given",
    "NewRisk",
    "Refused",
    "Wording",
    "accept_change",
    "add_category",
    "add_scenario",
    "add_step",
    "adopt_scenario",
    "ask_acceptance",
    "ask_assessment",
    "ask_plan_approval",
    "ask_statement",
    "change_scenario",
    "change_step",
    "check_acceptable",
    "close_risk",
    "confirm_acceptance",
    "confirm_risk",
    "decline_change",
    "discard_assessment",
    "draft_assessment",
    "edit_assessment",
    "edit_risk",
    "end_acceptance",
    "ensure_categories",
    "estimate_risk",
    "import_unsigned_acceptance",
    "latest_plan",
    "link_risk",
    "longest_until",
    "merge_risk",
    "move_reviews",
    "offer_scenario",
    "plan_treatment",
    "raise_many",
    "raise_risk",
    "rate_risk",
    "reassign",
    "record_acceptance",
    "redate",
    "remove_view",
    "rename_category",
    "rename_view",
    "reopen_risk",
    "reread_assessment",
    "restore_assessment",
    "retire_category",
    "retire_scenario",
    "review_unchanged",
    "save_view",
    "set_appetite",
    "set_authority",
    "set_scale",
    "set_tolerance",
    "split_risk",
    "unlink_risk",
    "withdraw_acceptance",
    "withdraw_plan_request",
]
