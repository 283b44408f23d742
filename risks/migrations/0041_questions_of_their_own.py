"""An answer stands for what was asked alone: each row has a question of its own, and no two share one."""

from django.db import migrations, models

from risks.migrations import _standing
from vciso.tenancy.migrations_support import OwnQuestion

ASKED = {
    "acceptance": ("acceptance", "risks_acceptance_one_ask"),
    "treatmentplan": ("plan_approval", "risks_plan_one_ask"),
    "appetitestatement": ("appetite", "risks_statement_one_ask"),
    "riskassessment": ("assessment", "risks_assessment_one_ask"),
}


class Migration(migrations.Migration):
    dependencies = [("risks", "0040_answered_plans_stay")]

    operations = [
        migrations.RunSQL(_standing.OWN_QUESTION, migrations.RunSQL.noop),
        *(
            migrations.AddConstraint(model, models.UniqueConstraint(fields=["client", "ask"], name=name))
            for model, (_, name) in ASKED.items()
        ),
        *(OwnQuestion(f"risks_{model}", kind) for model, (kind, _) in ASKED.items()),
    ]
