"""The history of a risk tells that a step of its plan was added or changed."""

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
    ("step_added", "Step added"),
    ("step_moved", "Step changed"),
]


class Migration(migrations.Migration):
    dependencies = [("risks", "0028_imports_taken_back")]

    operations = [migrations.AlterField("riskevent", "kind", models.CharField(max_length=10, choices=KINDS))]
