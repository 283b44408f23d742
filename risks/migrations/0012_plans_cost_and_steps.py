"""What a plan costs, its steps, and estimates of what it leaves."""

import uuid

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0011_what_levels_mean"),
        ("tenancy", "0004_states_go_forward"),
    ]

    operations = [
        migrations.AddField(
            model_name="riskestimate",
            name="kind",
            field=models.CharField(
                choices=[("now", "As it is now"), ("after", "After the plan")], default="now", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="treatmentplan", name="once_minor", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="treatmentplan", name="life_years", field=models.PositiveSmallIntegerField(default=3)
        ),
        migrations.AddField(
            model_name="treatmentplan", name="yearly_minor", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddField(
            model_name="treatmentplan",
            name="hours",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="treatmentplan", name="hour_minor", field=models.BigIntegerField(blank=True, null=True)
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=models.CheckConstraint(
                condition=Q(
                    ("life_years__gte", 1),
                    Q(("once_minor__isnull", True), ("once_minor__gte", 0), _connector="OR"),
                    Q(("yearly_minor__isnull", True), ("yearly_minor__gte", 0), _connector="OR"),
                ),
                name="risks_plan_cost",
            ),
        ),
        migrations.AddConstraint(
            model_name="treatmentplan",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(("hour_minor__isnull", True), ("hours__isnull", True)),
                    Q(
                        ("hour_minor__gte", 0),
                        ("hour_minor__isnull", False),
                        ("hours__gt", 0),
                        ("hours__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="risks_plan_hours",
            ),
        ),
        migrations.CreateModel(
            name="PlanStep",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("cost_minor", models.BigIntegerField(blank=True, null=True)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.client",
                    ),
                ),
                (
                    "risk",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="risks.risk",
                    ),
                ),
                (
                    "task",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.task",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("client", "task"), name="risks_planstep_once"),
                    models.CheckConstraint(
                        condition=Q(("cost_minor__isnull", True), ("cost_minor__gte", 0), _connector="OR"),
                        name="risks_planstep_cost",
                    ),
                ],
            },
        ),
        TenantTable("risks_planstep"),
        CompositeKey("risks_planstep", "risk_id", "risks_risk"),
        CompositeKey("risks_planstep", "task_id", "engagements_task"),
    ]
