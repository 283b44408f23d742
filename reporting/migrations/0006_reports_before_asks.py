"""An answer locks the report before the ask, as whoever corrects it does."""

from django.db import migrations

from vciso.tenancy.migrations_support import LockBeforeAnswer


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_pages_of_assessments"),
        ("engagements", "0005_answers_withdrawn"),
    ]

    operations = [
        LockBeforeAnswer(
            "report",
            "1 FROM reporting_report r WHERE r.client_id = NEW.client_id AND r.ask_id = NEW.ask_id FOR UPDATE",
        ),
    ]
