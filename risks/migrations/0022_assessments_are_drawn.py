"""The pages of assessments are drawn by a worker and kept; a draft can be discarded."""

from django.db import migrations, models

from risks.migrations import _sql
from vciso.tenancy.migrations_support import DefinerTrigger

MODEL = "riskassessment"
TEXT = {"blank": True, "default": "", "db_default": ""}


class Migration(migrations.Migration):
    dependencies = [("risks", "0021_plans_end_ahead"), ("jobs", "0003_waiting_for")]

    operations = [
        migrations.AddField(
            MODEL,
            "version",
            models.PositiveIntegerField(db_default=1, default=1, verbose_name="counts every change of what is printed"),
        ),
        migrations.AddField(
            MODEL,
            "read_at",
            models.DateTimeField(blank=True, null=True, verbose_name="when the register was read"),
        ),
        migrations.AddField(MODEL, "discarded_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(MODEL, "file_key", models.CharField(max_length=200, **TEXT)),
        migrations.AddField(MODEL, "file_sha256", models.CharField(max_length=64, **TEXT)),
        migrations.AddField(MODEL, "file_size", models.PositiveIntegerField(null=True)),
        migrations.AddField(MODEL, "file_pages", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(
            MODEL,
            "file_version",
            models.PositiveIntegerField(db_default=0, default=0, verbose_name="the version that was drawn"),
        ),
        migrations.AddConstraint(
            MODEL,
            models.CheckConstraint(
                condition=models.Q(("discarded_at", None), ("state", "draft"), _connector="OR"),
                name="risks_assessment_discarded_is_draft",
            ),
        ),
        migrations.RunSQL(_sql.ASSESSMENT_PAGES, migrations.RunSQL.noop),
        DefinerTrigger(
            "assessment_moved",
            on="risks_riskassessment",
            event="UPDATE OF state",
            when="OLD.state <> 'draft' AND NEW.state <> OLD.state",
            sql=_sql.DRAW_ASSESSMENT.format(which="s.client_id = NEW.client_id AND s.id = NEW.id"),
            grants=[],
        ),
        migrations.RunSQL(_sql.DRAW_ASSESSMENT.format(which="s.state <> 'draft'"), migrations.RunSQL.noop),
    ]
