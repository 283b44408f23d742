"""A deputy answers in their own name, nothing is withdrawn before it is confirmed, and the record is locked first."""

from django.db import migrations

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody, LockBeforeAnswer


class Migration(migrations.Migration):
    dependencies = [("engagements", "0006_ask_ended")]

    operations = [
        migrations.RunSQL(_sql.ENDS_BY_RECORD, migrations.RunSQL.noop),
        DefinerTriggerBody("ask_answered", sql=_sql.ANSWERED_BY_NAME),
        DefinerTriggerBody("answer_withdrawn", sql=_sql.WITHDRAWN_BY_NAME),
        LockBeforeAnswer(
            "decision",
            "1 FROM engagements_decision d WHERE d.client_id = NEW.client_id AND d.ask_id = NEW.ask_id FOR UPDATE",
        ),
    ]
