"""What risks say and whose they are, kept as history that the database compares with the risks."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import vciso.tenancy.models
from risks.migrations import _words
from vciso.tenancy.migrations_support import CompositeKey, DefinerTrigger, TenantTable

TABLE = "risks_riskwording"
WORDS = "title, cause, event, consequence, description, category, affects, controls, review_months, owner_id"


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0003_states_go_forward"),
        ("risks", "0024_once_in_fifty_years"),
        ("tenancy", "0004_states_go_forward"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RiskWording",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200)),
                ("cause", models.TextField(blank=True)),
                ("event", models.TextField(blank=True)),
                ("consequence", models.TextField(blank=True)),
                ("description", models.TextField(blank=True)),
                ("category", models.CharField(blank=True, max_length=120)),
                ("affects", models.TextField(blank=True)),
                ("controls", models.TextField(blank=True)),
                ("review_months", models.PositiveSmallIntegerField(default=0)),
                ("reason", models.TextField(blank=True)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(auto_now_add=True)),
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
                    "owner",
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
                    "risk",
                    vciso.tenancy.models.ClientForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="wordings",
                        to="risks.risk",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["client", "risk", "-happened_at", "-recorded_at"], name="risks_wording_latest")
                ],
            },
        ),
        TenantTable(TABLE, append_only=True),
        CompositeKey(TABLE, "risk_id", "risks_risk", cascade=True),
        CompositeKey(TABLE, "owner_id", "engagements_person"),
        migrations.RunSQL(
            f"CREATE TRIGGER {TABLE}_never_changes BEFORE UPDATE ON {TABLE} "
            f"FOR EACH ROW EXECUTE FUNCTION sec.refuse_change();\n"
            f"CREATE TRIGGER {TABLE}_no_truncate BEFORE TRUNCATE ON {TABLE} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change();",
            migrations.RunSQL.noop,
        ),
        DefinerTrigger(
            "wording_goes_with_its_risk",
            on=TABLE,
            event="DELETE",
            sql=_words.WORDING_GOES_WITH_ITS_RISK,
            grants=[],
        ),
        DefinerTrigger(
            "words_are_kept",
            on="risks_risk",
            event=f"INSERT OR UPDATE OF {WORDS}",
            sql=_words.WORDS_ARE_KEPT.format(risk="NEW.id"),
            grants=[TABLE],
            at_commit=True,
        ),
        DefinerTrigger(
            "wording_is_what_stands",
            on=TABLE,
            event="INSERT",
            sql=_words.WORDS_ARE_KEPT.format(risk="NEW.risk_id"),
            grants=[],
            at_commit=True,
        ),
    ]
