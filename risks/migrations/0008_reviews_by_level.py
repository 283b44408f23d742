"""A review is due by the level of a risk, unless it has a rhythm of its own; reviews say up, down, closed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0007_who_may_accept"),
    ]

    operations = [
        migrations.AlterField(
            model_name="risk",
            name="review_months",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="riskreview",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("unchanged", "Reviewed, unchanged"),
                    ("changed", "Reviewed and changed"),
                    ("up", "Worse than before"),
                    ("down", "Better than before"),
                    ("closed", "Closed"),
                ],
                max_length=10,
            ),
        ),
    ]
