"""Ratings stay on the scale, and a target is at most what the risk is rated when it is set."""

from django.db import migrations

from risks.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [("risks", "0012_plans_cost_and_steps")]

    operations = [migrations.RunSQL(_sql.RATED, migrations.RunSQL.noop)]
