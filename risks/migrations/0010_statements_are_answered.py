"""The limits are approved by an answer alone."""

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

TABLE = "risks_appetitestatement"


class Migration(migrations.Migration):
    dependencies = [("risks", "0009_appetite_statement")]

    operations = [
        TenantTable(TABLE),
        CompositeKey(TABLE, "ask_id", "engagements_ask"),
        CompositeKey(TABLE, "asked_of_id", "engagements_person"),
        KeepSteps(TABLE, ">asked", "asked>approved", "asked>declined", "asked>withdrawn", "approved>withdrawn"),
        OnlyByAnswer(TABLE, "approved:approve", "declined:decline"),
        OnAnswer("appetite", sql=_sql.APPETITE, grants=[TABLE]),
        DefinerTrigger(
            "appetite_disputed",
            on="engagements_answerconfirmation",
            event="INSERT",
            when="NOT NEW.agrees",
            sql=_sql.APPETITE_DISPUTED,
            grants=[TABLE],
        ),
    ]
