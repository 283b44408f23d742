"""Policies, composite keys, and the triggers through which answers move what they are about."""

from django.db import migrations

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import (
    AppendOnly,
    CompositeKey,
    DefinerTrigger,
    OnAnswer,
    TenantTable,
)

PLAIN = (
    "person", "profile", "system", "process", "engagement", "timeentry", "objective",
    "decision", "decisionoption",
)  # fmt: skip
KEYS = {
    "person": {"deputy_id": "person"},
    "system": {"owner_id": "person"},
    "process": {"owner_id": "person"},
    "engagement": {"counterpart_id": "person"},
    "timeentry": {"person_id": "person"},
    "task": {"assignee_id": "person"},
    "taskreply": {"task_id": "task"},
    "decision": {"asked_of_id": "person", "ask_id": "ask", "chosen_id": "decisionoption"},
    "decisionoption": {"decision_id": "decision"},
    "ask": {"asked_of_id": "person"},
    "answer": {"ask_id": "ask", "person_id": "person"},
    "answerconfirmation": {"ask_id": "ask"},
    "askcomment": {"ask_id": "ask"},
}
# What hangs on a shared ask or task is readable with it.
OF_SHARED = "client_id = {{read}} OR (client_id = {{member}} AND {column} = {{shared}})"
SAID = {
    "answer": "ask_id",
    "answerconfirmation": "ask_id",
    "askcomment": "ask_id",
    "taskreply": "task_id",
}


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_initial"),
        ("tenancy", "0002_row_level_security"),
        ("jobs", "0002_row_level_security"),
    ]

    operations = [
        *(TenantTable(f"engagements_{name}") for name in PLAIN),
        TenantTable("engagements_ask", shared=True),
        TenantTable("engagements_task", shared=True),
        *(
            TenantTable(
                f"engagements_{name}",
                answer_insert=True,
                append_only=True,
                select=OF_SHARED.format(column=column),
            )
            for name, column in SAID.items()
        ),
        *(
            CompositeKey(f"engagements_{name}", column, f"engagements_{target}")
            for name, keys in KEYS.items()
            for column, target in keys.items()
        ),
        *(AppendOnly(f"engagements_{name}") for name in SAID),
        DefinerTrigger(
            "ask_answered",
            on="engagements_answer",
            event="INSERT",
            sql=_sql.ANSWERED,
            grants=["engagements_ask", "jobs_outboxmail"],
        ),
        DefinerTrigger(
            "answer_confirmed",
            on="engagements_answerconfirmation",
            event="INSERT",
            sql=_sql.CONFIRMED,
            grants=["engagements_ask", "jobs_outboxmail"],
        ),
        DefinerTrigger(
            "ask_commented",
            on="engagements_askcomment",
            event="INSERT",
            sql=_sql.COMMENTED,
            grants=["engagements_ask", "jobs_outboxmail"],
        ),
        DefinerTrigger(
            "task_replied",
            on="engagements_taskreply",
            event="INSERT",
            sql=_sql.TASK_REPLIED,
            grants=["engagements_task", "jobs_outboxmail"],
        ),
        DefinerTrigger(
            "account_given",
            on="tenancy_membership",
            event="INSERT",
            when="NEW.client_id IS NOT NULL AND NEW.role IN ('owner', 'board', 'contributor', 'auditor')",
            sql=_sql.ACCOUNT_GIVEN,
            grants=["engagements_person", "engagements_ask", "engagements_task", "tenancy_share"],
        ),
        OnAnswer(
            "decision",
            sql=_sql.DECISION,
            grants=["engagements_decision", "engagements_decisionoption"],
        ),
    ]
