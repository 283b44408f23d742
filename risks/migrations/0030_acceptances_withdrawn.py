"""The question behind an acceptance says until when it holds; its signer withdraws it until then."""

from django.db import migrations

from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTrigger, OnWithdrawal


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0029_steps_are_told"),
        ("engagements", "0005_answers_withdrawn"),
    ]

    operations = [
        migrations.RunSQL(_sql.HOLDS_NOW, migrations.RunSQL.noop),
        DefinerTrigger(
            "acceptance_holds",
            on="risks_acceptance",
            event="UPDATE OF state, until",
            when="NEW.ask_id IS NOT NULL",
            sql=_sql.HOLDS,
            grants=["engagements_ask"],
        ),
        OnWithdrawal(
            "acceptance",
            sql=_sql.ACCEPTANCE_WITHDRAWN,
            grants=["risks_acceptance", "risks_risk", "engagements_answerwithdrawal"],
        ),
    ]
