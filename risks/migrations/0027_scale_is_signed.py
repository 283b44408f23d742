"""A statement of limits holds the scale and who signs; a scale says what became of the ratings that stood."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0026_words_of_before"),
    ]

    operations = [
        migrations.AddField(
            model_name="appetitestatement",
            name="terms",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="riskscale",
            name="ratings",
            field=models.CharField(
                blank=True,
                choices=[
                    ("keep", "Kept, and read by the new bands"),
                    ("review", "Each open risk to be judged again"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="acceptance",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Waiting for an answer"),
                    ("live", "Accepted"),
                    ("declined", "Declined"),
                    ("withdrawn", "Request withdrawn"),
                    ("ended", "Ended early"),
                    ("lapsed", "Lapsed"),
                    ("unsigned", "No sign-off on record"),
                ],
                default="asked",
                max_length=10,
            ),
        ),
    ]
