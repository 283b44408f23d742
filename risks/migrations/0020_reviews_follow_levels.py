"""Risks recorded while every review came after three months follow their level from now on."""

from django.db import migrations

from risks.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("risks", "0019_saved_views"), ("audit", "0002_chain")]

    operations = [migrations.RunSQL(_sql.FOLLOW_LEVELS, migrations.RunSQL.noop)]
