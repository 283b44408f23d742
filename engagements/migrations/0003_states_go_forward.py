"""Asks and decisions go forward alone; what was asked is frozen, and an answer is the person's own."""

from django.db import migrations

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import KeepSteps, OnlyByAnswer


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0002_row_level_security"),
        ("tenancy", "0004_states_go_forward"),
    ]

    operations = [
        KeepSteps("engagements_ask", ">open", "open>answered", "open>withdrawn"),
        migrations.RunSQL(_sql.ASK_FROZEN, migrations.RunSQL.noop),
        migrations.RunSQL(_sql.ONLY_BY_ANSWER, migrations.RunSQL.noop),
        KeepSteps("engagements_decision", ">draft", "draft>open", "draft>withdrawn", "open>decided", "open>withdrawn"),
        OnlyByAnswer("engagements_decision", "decided:*"),
    ]
