"""An assessment is frozen from the request on, and approved by an answer alone."""

from django.db import migrations

from risks.migrations import _sql
from vciso.tenancy.migrations_support import (
    CompositeKey,
    DefinerTrigger,
    KeepSteps,
    OnAnswer,
    OnlyByAnswer,
    TenantTable,
)

TABLE = "risks_riskassessment"


class Migration(migrations.Migration):
    dependencies = [("risks", "0017_assessments")]

    operations = [
        TenantTable(TABLE, select=_sql.ASSESSMENT_READABLE),
        CompositeKey(TABLE, "ask_id", "engagements_ask"),
        CompositeKey(TABLE, "asked_of_id", "engagements_person"),
        KeepSteps(
            TABLE, ">draft", "draft>asked", "asked>approved", "asked>declined", "asked>withdrawn", "approved>withdrawn"
        ),
        OnlyByAnswer(TABLE, "approved:approve", "declined:decline"),
        migrations.RunSQL(_sql.ASSESSMENT_FROZEN, migrations.RunSQL.noop),
        OnAnswer("assessment", sql=_sql.ASSESSMENT, grants=[TABLE]),
        DefinerTrigger(
            "assessment_disputed",
            on="engagements_answerconfirmation",
            event="INSERT",
            when="NOT NEW.agrees",
            sql=_sql.ASSESSMENT_DISPUTED,
            grants=[TABLE],
        ),
    ]
