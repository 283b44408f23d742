"""A plan ends on a day to come; what a duplicate brings to the risk that stays is known by it."""

import django.db.models.deletion
from django.db import migrations, models

import vciso.tenancy.models
from risks.migrations import _sql
from vciso.tenancy.migrations_support import CompositeKey, DefinerTrigger

CARRIED = ("risklink", "planstep", "treatmentplan")


def to_risk() -> vciso.tenancy.models.ClientForeignKey:
    return vciso.tenancy.models.ClientForeignKey(
        blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name="+", to="risks.risk",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("risks", "0020_reviews_follow_levels")]

    operations = [
        migrations.AddField("treatmentplan", "is_recorded", models.BooleanField(default=False)),
        DefinerTrigger(
            "plan_ends_ahead",
            on="risks_treatmentplan",
            event="INSERT OR UPDATE OF target_on, happened_at, is_recorded",
            when="NEW.target_on IS NOT NULL AND NOT NEW.is_recorded",
            sql=_sql.PLANNABLE,
            grants=[],
        ),
        *(migrations.AddField(model, "came_with", to_risk()) for model in CARRIED),
        *(CompositeKey(f"risks_{model}", "came_with_id", "risks_risk") for model in CARRIED),
    ]
