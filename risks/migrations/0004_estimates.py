"""Estimates in money: kept for good, and part of every risk's place against the limits."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0003_states_go_forward"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EstimatedLoss",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "form",
                    models.CharField(
                        choices=[
                            ("downtime", "Downtime"),
                            ("response", "Response and repair"),
                            ("fines", "Fines and claims"),
                            ("lost_sales", "Lost sales"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("low_minor", models.BigIntegerField()),
                ("likely_minor", models.BigIntegerField()),
                ("high_minor", models.BigIntegerField()),
                ("chance", models.DecimalField(decimal_places=4, default=1, max_digits=5)),
            ],
        ),
        migrations.CreateModel(
            name="RiskEstimate",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("frequency_low", models.DecimalField(decimal_places=4, max_digits=9)),
                ("frequency_likely", models.DecimalField(decimal_places=4, max_digits=9)),
                ("frequency_high", models.DecimalField(decimal_places=4, max_digits=9)),
                ("basis", models.TextField()),
                ("seed", models.BigIntegerField()),
                ("method", models.CharField(max_length=40)),
                ("numpy_version", models.CharField(max_length=20)),
                ("mean_minor", models.BigIntegerField()),
                ("one_in_ten_minor", models.BigIntegerField()),
                ("one_in_fifty_minor", models.BigIntegerField()),
                ("per_event_minor", models.BigIntegerField()),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name="risk",
            name="risks_risk_rank",
        ),
        migrations.AddField(
            model_name="risk",
            name="loss_over_limit",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="risk",
            name="one_in_ten_minor",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                models.F("client"),
                models.OrderBy(models.F("is_above"), descending=True),
                models.OrderBy(models.F("bands_above"), descending=True),
                models.OrderBy(models.F("loss_over_limit"), descending=True),
                models.OrderBy(models.F("now_score"), descending=True),
                models.F("raised_on"),
                models.F("number"),
                condition=models.Q(("status", "open")),
                name="risks_risk_rank",
            ),
        ),
        migrations.AddField(
            model_name="estimatedloss",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.client",
            ),
        ),
        migrations.AddField(
            model_name="riskestimate",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="riskestimate",
            name="client",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenancy.client",
            ),
        ),
        migrations.AddField(
            model_name="riskestimate",
            name="risk",
            field=vciso.tenancy.models.ClientForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="estimates",
                to="risks.risk",
            ),
        ),
        migrations.AddField(
            model_name="estimatedloss",
            name="estimate",
            field=vciso.tenancy.models.ClientForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="losses",
                to="risks.riskestimate",
            ),
        ),
        migrations.AddIndex(
            model_name="riskestimate",
            index=models.Index(fields=["client", "risk", "-happened_at"], name="risks_estimate_latest"),
        ),
        migrations.AddConstraint(
            model_name="riskestimate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("frequency_likely__gte", models.F("frequency_low")),
                    ("frequency_low__gt", 0),
                    ("frequency_high__gte", models.F("frequency_likely")),
                ),
                name="risks_riskestimate_frequency_rises",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskestimate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("mean_minor__gte", 0),
                    ("one_in_ten_minor__gte", 0),
                    ("per_event_minor__gte", 0),
                    ("one_in_fifty_minor__gte", models.F("one_in_ten_minor")),
                ),
                name="risks_riskestimate_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="estimatedloss",
            constraint=models.UniqueConstraint(fields=("client", "estimate", "form"), name="risks_estimatedloss_once"),
        ),
        migrations.AddConstraint(
            model_name="estimatedloss",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("high_minor__gte", models.F("likely_minor")),
                    ("likely_minor__gte", models.F("low_minor")),
                    ("low_minor__gt", 0),
                ),
                name="risks_estimatedloss_rises",
            ),
        ),
        migrations.AddConstraint(
            model_name="estimatedloss",
            constraint=models.CheckConstraint(
                condition=models.Q(("chance__gte", 0), ("chance__lte", 1)), name="risks_estimatedloss_chance"
            ),
        ),
        TenantTable("risks_riskestimate", append_only=True),
        TenantTable("risks_estimatedloss", append_only=True),
        CompositeKey("risks_riskestimate", "risk_id", "risks_risk"),
        CompositeKey("risks_estimatedloss", "estimate_id", "risks_riskestimate"),
    ]
