"""What one year may cost the business over the whole register."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0004_estimates"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LossTolerance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sum_minor", models.BigIntegerField()),
                ("words", models.TextField(blank=True)),
                ("from_on", models.DateField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
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
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "set_by",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.person",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["client", "-from_on"], name="risks_tolerance_latest")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sum_minor__gt", 0)), name="risks_losstolerance_sum")
                ],
            },
        ),
        TenantTable("risks_losstolerance", append_only=True),
        CompositeKey("risks_losstolerance", "set_by_id", "engagements_person"),
    ]
