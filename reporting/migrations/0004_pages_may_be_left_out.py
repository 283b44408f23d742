"""The columns of stored pages may be left out by code that knows nothing of them."""

from django.db import migrations, models

TEXT = {"blank": True, "default": "", "db_default": ""}


class Migration(migrations.Migration):
    dependencies = [("reporting", "0003_states_go_forward")]

    operations = [
        migrations.AlterField("report", "file_key", models.CharField(max_length=200, **TEXT)),
        migrations.AlterField("report", "file_sha256", models.CharField(max_length=64, **TEXT)),
        migrations.AlterField(
            "report",
            "file_version",
            models.PositiveIntegerField(db_default=0, default=0, verbose_name="the version that was drawn"),
        ),
    ]
