"""What people do with the vendor inventory, one function per verb."""

from vendors.services.keeping import (
    add_vendor,
    edit_vendor,
    end_vendor,
    reinstate_vendor,
    remove_vendor,
)
from vendors.services.reviewing import record_review, take_back_review

__all__ = [
    "add_vendor",
    "edit_vendor",
    "end_vendor",
    "record_review",
    "reinstate_vendor",
    "remove_vendor",
    "take_back_review",
]
