"""The practice's own risk library, and its changes as each client is offered them."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey, KeepSteps, PracticeTable, TenantTable

CHANGE = "risks_librarychange"


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0014_links"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LibraryChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("scenario", models.CharField(max_length=60)),
                ("edition", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("cause", models.TextField(blank=True)),
                ("event", models.TextField(blank=True)),
                ("consequence", models.TextField(blank=True)),
                ("was", models.JSONField(default=dict)),
                ("why", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for a decision"),
                            ("accepted", "Taken over"),
                            ("declined", "Declined"),
                            ("replaced", "Replaced by a newer one"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("reason", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="OwnScenario",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=60)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("title", models.CharField(max_length=200)),
                ("cause", models.TextField(blank=True)),
                ("event", models.TextField(blank=True)),
                ("consequence", models.TextField(blank=True)),
                ("likelihood", models.CharField(default="medium", max_length=6)),
                ("categories", models.JSONField(default=list)),
                ("industries", models.JSONField(default=list)),
                ("data", models.JSONField(default=list)),
                ("hints", models.JSONField(default=dict)),
                ("was", models.JSONField(default=dict)),
                ("retired", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="risk",
            name="scenario",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddIndex(
            model_name="risk",
            index=models.Index(
                condition=models.Q(("scenario", ""), _negated=True),
                fields=["client", "scenario"],
                name="risks_risk_scenario",
            ),
        ),
        migrations.AddField(
            model_name="librarychange",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="librarychange",
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
            model_name="librarychange",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="librarychange",
            name="risk",
            field=vciso.tenancy.models.ClientForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="library_changes",
                to="risks.risk",
            ),
        ),
        migrations.AddField(
            model_name="ownscenario",
            name="changed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ownscenario",
            name="practice",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.practice"
            ),
        ),
        migrations.AddIndex(
            model_name="librarychange",
            index=models.Index(fields=["client", "state"], name="risks_librarychange_state"),
        ),
        migrations.AddConstraint(
            model_name="librarychange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("client", "scenario", "risk"),
                name="risks_librarychange_one_waiting",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="ownscenario",
            constraint=models.UniqueConstraint(fields=("practice", "key"), name="risks_ownscenario_key"),
        ),
        migrations.AddConstraint(
            model_name="ownscenario",
            constraint=models.CheckConstraint(
                condition=models.Q(("likelihood__in", ["low", "medium", "high"])), name="risks_ownscenario_likelihood"
            ),
        ),
        TenantTable(CHANGE),
        CompositeKey(CHANGE, "risk_id", "risks_risk"),
        KeepSteps(CHANGE, ">waiting", "waiting>accepted", "waiting>declined", "waiting>replaced"),
        PracticeTable("risks_ownscenario"),
    ]
