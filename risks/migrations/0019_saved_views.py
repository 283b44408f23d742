"""Views of the register that people save for themselves; each meets their own alone, at clients they may read."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from vciso.tenancy.migrations_support import listed, protect

MINE = (
    "user_id::text = (SELECT COALESCE(NULLIF(current_setting('vciso.user', true), ''), sec.no_context('user')::text)) "
    f"AND (client_id IS NULL OR client_id = {listed('read')})"
)
POLICIES = f"""
{protect("risks_savedview")}
CREATE POLICY risks_savedview_r ON risks_savedview FOR SELECT TO vciso_app USING ({MINE});
CREATE POLICY risks_savedview_w ON risks_savedview FOR ALL TO vciso_app USING ({MINE}) WITH CHECK ({MINE});
GRANT SELECT, INSERT, UPDATE, DELETE ON risks_savedview TO vciso_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0018_assessments_are_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(blank=True, max_length=1000)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "client",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.client",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "client", "name"), name="risks_savedview_name", nulls_distinct=False
                    )
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
