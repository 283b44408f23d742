"""What lowers an accepted risk meanwhile, and who signs for how much."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0005_tolerance"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="acceptance",
            name="measure",
            field=models.TextField(blank=True),
        ),
        migrations.CreateModel(
            name="SigningAuthority",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "owner_up_to",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Not rated"), (1, "Low"), (2, "Medium"), (3, "High"), (4, "Critical")], default=3
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                (
                    "approved_by",
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
            ],
            options={
                "indexes": [models.Index(fields=["client", "-happened_at"], name="risks_authority_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("owner_up_to__gte", 1), ("owner_up_to__lte", 4)),
                        name="risks_signingauthority_band",
                    )
                ],
            },
        ),
    ]
