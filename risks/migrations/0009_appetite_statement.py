"""The limits as one statement with versions."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0008_reviews_by_level"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AppetiteStatement",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Waiting for approval"),
                            ("approved", "Approved"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("lines", models.JSONField()),
                ("requested_at", models.DateTimeField()),
                ("answered_on", models.DateField(blank=True, null=True)),
                ("signer_name", models.CharField(blank=True, max_length=200)),
                ("reason", models.TextField(blank=True)),
                (
                    "ask",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.ask",
                    ),
                ),
                (
                    "asked_of",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
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
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("client", "number"), name="risks_statement_number"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "asked")), fields=("client",), name="risks_statement_one_request"
                    ),
                ],
            },
        ),
    ]
