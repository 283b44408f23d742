"""The history of a risk tells that an import was taken back."""

from django.db import migrations, models

KINDS = [
    ("proposed", "Proposed"),
    ("raised", "Added"),
    ("closed", "Closed"),
    ("reopened", "Reopened"),
    ("absorbed", "Took in a duplicate"),
    ("released", "A duplicate is open again"),
    ("split", "Split in two"),
    ("undone", "An import was taken back"),
]


class Migration(migrations.Migration):
    dependencies = [("risks", "0027_scale_is_signed")]

    operations = [migrations.AlterField("riskevent", "kind", models.CharField(max_length=10, choices=KINDS))]
