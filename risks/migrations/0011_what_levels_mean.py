"""What each level of the scale means in words and in money."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0010_statements_are_answered"),
    ]

    operations = [
        migrations.AddField(
            model_name="riskscale",
            name="impact_money",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="riskscale",
            name="likelihood_means",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
