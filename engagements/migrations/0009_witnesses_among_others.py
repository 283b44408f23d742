"""Whoever asked, recorded or gave an answer is no witness of it among others either; no answer is of a day to come."""

from django.db import migrations

from engagements.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody


class Migration(migrations.Migration):
    dependencies = [("engagements", "0008_who_withdrew")]

    operations = [
        migrations.RunSQL(_sql.NAMES, migrations.RunSQL.noop),
        DefinerTriggerBody("ask_answered", sql=_sql.ANSWERED_AND_HEARD_BY_OTHERS),
    ]
