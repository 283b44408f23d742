"""What people do with reports: ask for a draft, edit, hand in, approve, publish, correct, read."""

from reporting.services.drafting import (
    choose_status_word,
    clear_status_word,
    edit_section,
    refresh_facts,
    request_draft,
    restore_section,
)
from reporting.services.issuing import correct, publish
from reporting.services.reading import record_download
from reporting.services.releasing import ask_release
from reporting.services.review import approve, hand_back, submit, take_back_approval
from vciso.files.drawn import MissingFile, open_pdf

__all__ = [
    "MissingFile",
    "approve",
    "ask_release",
    "choose_status_word",
    "clear_status_word",
    "correct",
    "edit_section",
    "hand_back",
    "open_pdf",
    "publish",
    "record_download",
    "refresh_facts",
    "request_draft",
    "restore_section",
    "submit",
    "take_back_approval",
]
