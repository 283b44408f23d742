from django.db import migrations


class Migration(migrations.Migration):
    """The category furthest above its limit, and that limit, are not called the worst: that is the worst impact."""

    dependencies = [
        ("risks", "0035_who_ended_it"),
    ]

    operations = [
        migrations.RenameField(model_name="risk", old_name="worst_category", new_name="limit_category"),
        migrations.RenameField(model_name="risk", old_name="worst_limit", new_name="limit_band"),
    ]
