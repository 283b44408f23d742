"""A signer withdraws an answer that still holds; nobody else does, and none says that it holds."""

from django.db import migrations

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import AppendOnly, CompositeKey, DefinerTrigger, TenantTable

TABLE = "engagements_answerwithdrawal"


class Migration(migrations.Migration):
    dependencies = [("engagements", "0004_answer_withdrawal")]

    operations = [
        TenantTable(
            TABLE,
            answer_insert=True,
            append_only=True,
            select="client_id = {read} OR (client_id = {member} AND ask_id = {shared})",
        ),
        CompositeKey(TABLE, "ask_id", "engagements_ask"),
        AppendOnly(TABLE),
        migrations.RunSQL(_sql.HOLDS_BY_RECORD, migrations.RunSQL.noop),
        DefinerTrigger(
            "answer_withdrawn",
            on=TABLE,
            event="INSERT",
            sql=_sql.WITHDRAWN,
            grants=["engagements_ask", "jobs_outboxmail"],
        ),
    ]
