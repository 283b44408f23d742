"""A report is approved from review alone, and published from approval."""

from django.db import migrations

from vciso.tenancy.migrations_support import KeepSteps


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0002_row_level_security"),
        ("tenancy", "0004_states_go_forward"),
    ]

    operations = [
        KeepSteps(
            "reporting_report",
            ">draft",
            "draft>in_review",
            "in_review>draft",
            "in_review>approved",
            "approved>draft",
            "approved>published",
            "published>superseded",
        ),
    ]
