"""Forms that were sent; each person meets their own rows alone."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from vciso.tenancy.migrations_support import protect

MINE = (
    "user_id::text = (SELECT COALESCE(NULLIF(current_setting('vciso.user', true), ''), sec.no_context('user')::text))"
)
POLICIES = f"""
{protect("web_submission")}
CREATE POLICY web_submission_r ON web_submission FOR SELECT TO vciso_app USING ({MINE});
CREATE POLICY web_submission_w ON web_submission FOR ALL TO vciso_app USING ({MINE}) WITH CHECK ({MINE});
GRANT SELECT, INSERT, UPDATE, DELETE ON web_submission TO vciso_app;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tenancy", "0002_row_level_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "key",
                    models.CharField(
                        help_text="Of the page, its form and the answers.",
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("location", models.TextField(blank=True, help_text="Where the first sending led.")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
            options={"indexes": [models.Index(fields=["user", "created_at"], name="submission_of_user")]},
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
