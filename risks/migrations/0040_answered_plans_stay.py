"""A plan that was put to somebody stays on record, and an acceptance lasts twelve months from the day it was said."""

from django.db import migrations, models

from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTriggerBody


class Migration(migrations.Migration):
    dependencies = [("engagements", "0009_witnesses_among_others"), ("risks", "0039_words_are_folded")]

    operations = [
        migrations.AddConstraint(
            "risk",
            models.CheckConstraint(
                condition=models.Q(now_band__lte=4, limit_band__lte=4, bands_above__lt=4), name="risks_risk_bands"
            ),
        ),
        migrations.AddConstraint(
            "treatmentplan",
            models.CheckConstraint(
                condition=models.Q(treatment__in=["undecided", "reduce", "accept", "transfer", "avoid"]),
                name="risks_plan_treatment",
            ),
        ),
        DefinerTriggerBody("acceptance_is_fit", sql=_sql.ACCEPTABLE_AS_SAID),
        migrations.RunSQL(
            "CREATE TRIGGER risks_treatmentplan_stays BEFORE DELETE ON risks_treatmentplan FOR EACH ROW "
            "WHEN (OLD.ask_id IS NOT NULL) EXECUTE FUNCTION sec.refuse_change();",
            migrations.RunSQL.noop,
        ),
    ]
