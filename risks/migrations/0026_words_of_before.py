"""What risks said before their wordings were kept, out of the trail."""

from django.db import migrations

from risks.migrations import _words


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_chain"),
        ("risks", "0025_wordings"),
    ]

    operations = [
        migrations.RunSQL(_words.TOLD_BEFORE.format(into="risks_riskwording"), migrations.RunSQL.noop),
    ]
