"""Records that risks have to do with."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey, TenantTable

KEYS = {
    "risk_id": "risks_risk",
    "system_id": "engagements_system",
    "process_id": "engagements_process",
    "vendor_id": "vendors_vendor",
    "policy_id": "policies_policy",
    "task_id": "engagements_task",
    "decision_id": "engagements_decision",
}


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("policies", "0003_what_a_list_says"),
        ("risks", "0013_ratings_are_fit"),
        ("tenancy", "0004_states_go_forward"),
        ("vendors", "0002_row_level_security"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RiskLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("is_origin", models.BooleanField(default=False)),
                ("happened_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "decision",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.decision",
                    ),
                ),
                (
                    "policy",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="policies.policy",
                    ),
                ),
                (
                    "process",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.process",
                    ),
                ),
                (
                    "risk",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="risks.risk",
                    ),
                ),
                (
                    "system",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.system",
                    ),
                ),
                (
                    "task",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.task",
                    ),
                ),
                (
                    "vendor",
                    vciso.tenancy.models.ClientForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vendors.vendor",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decision__isnull", True),
                                ("policy__isnull", True),
                                ("process__isnull", True),
                                ("system__isnull", False),
                                ("task__isnull", True),
                                ("vendor__isnull", True),
                            ),
                            models.Q(
                                ("decision__isnull", True),
                                ("policy__isnull", True),
                                ("process__isnull", False),
                                ("system__isnull", True),
                                ("task__isnull", True),
                                ("vendor__isnull", True),
                            ),
                            models.Q(
                                ("decision__isnull", True),
                                ("policy__isnull", True),
                                ("process__isnull", True),
                                ("system__isnull", True),
                                ("task__isnull", True),
                                ("vendor__isnull", False),
                            ),
                            models.Q(
                                ("decision__isnull", True),
                                ("policy__isnull", False),
                                ("process__isnull", True),
                                ("system__isnull", True),
                                ("task__isnull", True),
                                ("vendor__isnull", True),
                            ),
                            models.Q(
                                ("decision__isnull", True),
                                ("policy__isnull", True),
                                ("process__isnull", True),
                                ("system__isnull", True),
                                ("task__isnull", False),
                                ("vendor__isnull", True),
                            ),
                            models.Q(
                                ("decision__isnull", False),
                                ("policy__isnull", True),
                                ("process__isnull", True),
                                ("system__isnull", True),
                                ("task__isnull", True),
                                ("vendor__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="risks_risklink_one_record",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_origin", True)),
                        fields=("client", "risk"),
                        name="risks_risklink_one_origin",
                    ),
                    models.UniqueConstraint(fields=("client", "risk", "system"), name="risks_risklink_system"),
                    models.UniqueConstraint(fields=("client", "risk", "process"), name="risks_risklink_process"),
                    models.UniqueConstraint(fields=("client", "risk", "vendor"), name="risks_risklink_vendor"),
                    models.UniqueConstraint(fields=("client", "risk", "policy"), name="risks_risklink_policy"),
                    models.UniqueConstraint(fields=("client", "risk", "task"), name="risks_risklink_task"),
                    models.UniqueConstraint(fields=("client", "risk", "decision"), name="risks_risklink_decision"),
                ],
            },
        ),
        TenantTable("risks_risklink"),
        *(CompositeKey("risks_risklink", column, target) for column, target in KEYS.items()),
    ]
