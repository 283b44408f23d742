"""The access matrix as people agreed on it: who may do what. Change a row here only on purpose.

The rows are written by hand, never made from the code: the tests compare them with what every
address answers to every person. A permission, a role or a page of sign-in without a row fails.
"""

from __future__ import annotations

from vciso.tenancy.enums import Role
from vciso.tenancy.permissions import PUBLIC, SIGNED_IN

LETTERS = {
    "P": Role.PRACTICE_ADMIN, "C": Role.CONSULTANT, "O": Role.OWNER, "K": Role.CONTRIBUTOR, "B": Role.BOARD,
    "U": Role.AUDITOR,
}  # fmt: skip
EVERY_ROLE = "PCOKBU"

# Permission → the roles that have it, at their own client or in their own practice.
PERMISSIONS: dict[str, str] = {
    PUBLIC: EVERY_ROLE,
    SIGNED_IN: EVERY_ROLE,
    "home.today": "PC",
    "home.overview": "PC",
    "home.view_as": "PC",
    "home.owner": "O",
    "home.board": "B",
    "home.contributor": "K",
    "home.new_client": "P",
    "home.practice": "P",
    "home.audit": "P",
    "imports.view": "PC",
    "imports.bring": "PC",
    "imports.export": "PC",
    "engagements.view": "PC",
    "engagements.edit": "PC",
    "engagements.view_time": "PC",
    "engagements.log_time": "PC",
    "engagements.export": "PC",
    "engagements.manage_people": "PC",
    "engagements.write_decision": "PC",
    "engagements.record_answer": "PC",
    "engagements.withdraw_decision": "PC",
    "engagements.record_ask": "PC",
    "engagements.withdraw_ask": "PC",
    "engagements.remind": "PC",
    "engagements.read_asks": "PCO",
    "engagements.see_ask": "PCOB",
    "engagements.answer": "OB",
    "engagements.comment": "OB",
    "engagements.confirm_answer": "OB",
    "engagements.withdraw_answer": "OB",
    "engagements.my_tasks": "OKB",
    "engagements.see_my_task": "OKB",
    "engagements.reply_task": "OKB",
    "policies.view": "PC",
    "policies.read": "PCO",
    "policies.add": "PC",
    "policies.edit": "PC",
    "policies.send": "PC",
    "policies.review": "PC",
    "policies.retire": "PC",
    "policies.reinstate": "PC",
    "vendors.view": "PC",
    "vendors.read": "PCO",
    "vendors.add": "PC",
    "vendors.edit": "PC",
    "vendors.review": "PC",
    "vendors.end": "PC",
    "vendors.reinstate": "PC",
    "vendors.import": "PC",
    "policies.import": "PC",
    "vendors.export": "PC",
    "risks.view": "PC",
    "risks.read": "PCO",
    "risks.raise": "PC",
    "risks.edit": "PC",
    "risks.rate": "PC",
    "risks.treat": "PC",
    "risks.review": "PC",
    "risks.close": "PC",
    "risks.reopen": "PC",
    "risks.merge": "PC",
    "risks.split": "PC",
    "risks.ask": "PC",
    "risks.set_limits": "PC",
    "risks.assess": "PC",
    "risks.keep_assessment": "PC",
    "risks.import": "PC",
    "risks.export": "PC",
    "risks.library": "PC",
    "engagements.read_client": "PCO",
    "reports.read": "PCOB",
    "reports.view": "PC",
    "reports.request": "PC",
    "reports.edit": "PC",
    "reports.approve": "PC",
    "reports.publish": "PC",
    "reports.correct": "PC",
    "reports.read_own": "PCO",
    "reports.read_pack": "B",
}

# Addresses whose example is one person's own: the permission is wider than this one record.
ONE_PERSONS: dict[str, str] = {
    "engagements:my-ask": "PCO",  # asked of the owner
    "engagements:my-ask-file": "PCO",
    "engagements:my-ask-signed": "PCO",
    "engagements:my-ask-comment": "O",
    "engagements:my-ask-confirm": "O",
    "engagements:my-ask-withdraw": "O",
    "engagements:board-ask-comment": "B",  # asked of the director
    "engagements:board-ask-confirm": "B",
    "engagements:board-ask-withdraw": "B",
    "engagements:my-task": "K",  # the contributor's task
    "risks-api:risk-assessments": "PC",  # a draft, which the client's people never see
    "reporting-api:reports": "PCO",  # a monthly report, which is not the board's
    "reporting-api:report-pdf": "PCO",
}
# Pages that more people read than answer: who may send their form.
ANSWERED_BY: dict[str, str] = {
    "engagements:my-ask": "O",
    "engagements:board-ask": "B",
}

# What only the practice's people ever read; a field by its name, at whichever model.
CLIENT_SIDE = "OKBU"
PRIVATE_NAMES = {"private_notes", "extras", "override_reason", "contract_note", "retired_reason"}
PRIVATE_MODELS = {"engagements.TimeEntry", "audit.Event", "accounts.Invitation", "jobs.Job", "risks.SavedView"}


def is_private(label: str) -> bool:
    """Whether this field, “engagements.Task.private_notes”, is the practice's own."""
    model, _, name = label.rpartition(".")
    return name in PRIVATE_NAMES or model in PRIVATE_MODELS or model.startswith("imports.")


# What the interface refuses to everybody: these verbs are for people on the pages.
IN_PERSON = {
    *(f"engagements-api:{word}" for word in (
        "people-invite", "people-remove-access", "decisions-answer", "decisions-put", "people-deputy",
        "people-deputy/end",
    )),
    *(f"policies-api:policies-{word}" for word in ("send", "withdraw", "remind")),
    *(f"risks-api:risks-{word}" for word in (
        "plan/ask", "plan/withdraw", "accept", "accept/record", "accept/withdraw", "accept/end",
    )),
    *(f"reporting-api:reports-{word}" for word in (
        "submit", "hand-back", "take-back", "approve", "publish", "correct", "release",
    )),
}  # fmt: skip

# What of reading the trail tells, by address: files that leave the portal. No other GET leaves a trace.
TOLD_READING: dict[str, str] = {
    "risks:assessment-pdf": "risk.assessment_downloaded",
    "risks:assessment-xlsx": "risk.assessment_downloaded",
    "risks:my-assessment-pdf": "risk.assessment_downloaded",
    "reporting:pdf": "report.downloaded",
    "reporting:owner-pdf": "report.downloaded",
    "reporting:owner-revision-pdf": "report.downloaded",
    "reporting:board-pdf": "report.downloaded",
    "reporting-api:report-pdf": "report.downloaded",
    "home:audit-export": "trail.exported",
    "imports:export": "export.downloaded",
    "risks:export": "export.downloaded",
    "risks:one-page": "export.downloaded",
    "risks:limits-export": "export.downloaded",
    "risks:review-log-export": "export.downloaded",
    "imports:original": "import.file_downloaded",
    "engagements:ask-file": "ask.file_downloaded",
    "engagements:ask-signed": "ask.record_downloaded",
    "engagements:my-ask-file": "ask.file_downloaded",
    "engagements:my-ask-signed": "ask.record_downloaded",
    "engagements:board-ask-file": "ask.file_downloaded",
    "engagements:board-ask-signed": "ask.record_downloaded",
}

# Whoever holds such a link may read whose it is.
LINKS = {"accounts:invitation"}

# Reached only between the password and the second step; everybody else is sent on.
BETWEEN = "between"

# Pages of sign-in: open to strangers, or each person's own; a factor, session or token of others is unknown.
SIGN_IN: dict[str, str] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_signup": PUBLIC,
    "account_inactive": PUBLIC,
    "account_confirm_email": PUBLIC,
    "account_email_verification_sent": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "mfa_authenticate": BETWEEN,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "account_email": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_login_webauthn": PUBLIC,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    "end-session": SIGNED_IN,
    "end-other-sessions": SIGNED_IN,
    "accounts:token-revoke": SIGNED_IN,
}
