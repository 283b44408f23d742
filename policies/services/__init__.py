"""What people do with the written programme, one function per verb."""

from policies.services.approving import send_for_approval, withdraw_approval
from policies.services.keeping import (
    change_details,
    create_policy,
    record_existing,
    record_review,
    reinstate_policy,
    retire_policy,
)
from policies.services.listing import note_listing, remove_listed, replace_listed_version
from policies.services.writing import discard_draft, save_draft, start_draft

__all__ = [
    "change_details",
    "create_policy",
    "discard_draft",
    "note_listing",
    "record_existing",
    "record_review",
    "reinstate_policy",
    "remove_listed",
    "replace_listed_version",
    "retire_policy",
    "save_draft",
    "send_for_approval",
    "start_draft",
    "withdraw_approval",
]
