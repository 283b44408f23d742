"""A record of a plan's approval that its signer disputes is none, as it is of limits and assessments."""

from django.db import migrations

from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTrigger, KeepSteps, KeepWritten

TABLE = "risks_treatmentplan"
ASKED_ANEW = "state,ask_id,asked_of_id,answered_at,answer_reason"


class Migration(migrations.Migration):
    dependencies = [("risks", "0036_limit_furthest_passed")]

    operations = [
        migrations.RunSQL(
            f"DROP TRIGGER {TABLE}_steps ON {TABLE}; DROP TRIGGER {TABLE}_written ON {TABLE};",
            migrations.RunSQL.noop,
        ),
        KeepSteps(
            TABLE,
            ">drafted",
            "drafted>asked",
            "asked>approved",
            "asked>declined",
            "asked>withdrawn",
            "approved>withdrawn",
            "declined>asked",
            "withdrawn>asked",
        ),
        KeepWritten(
            TABLE,
            "asked:state,answered_at,answer_reason",
            f"declined:{ASKED_ANEW}",
            f"withdrawn:{ASKED_ANEW}",
            "approved:state,answer_reason",
        ),
        DefinerTrigger(
            "plan_disputed",
            on="engagements_answerconfirmation",
            event="INSERT",
            when="NOT NEW.agrees",
            sql=_sql.PLAN_DISPUTED,
            grants=[TABLE, "risks_risk"],
        ),
    ]
