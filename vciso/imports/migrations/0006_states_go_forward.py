"""Imports go by the agreed steps alone, and a long one is taken back by the worker."""

from django.db import migrations, models

from vciso.tenancy.migrations_support import KeepSteps

STATES = [
    ("reading", "Being read"),
    ("unreadable", "Could not be read"),
    ("previewed", "Previewed"),
    ("working", "Being imported"),
    ("imported", "Imported"),
    ("undoing", "Being undone"),
    ("undone", "Undone"),
]


class Migration(migrations.Migration):
    dependencies = [("imports", "0005_short_names"), ("tenancy", "0004_states_go_forward")]

    operations = [
        migrations.AlterField(
            "importbatch", "state", models.CharField(max_length=10, choices=STATES, default="previewed")
        ),
        KeepSteps(
            "imports_importbatch",
            ">reading",
            ">previewed",
            "reading>previewed",
            "reading>unreadable",
            "previewed>reading",
            "previewed>working",
            "previewed>imported",
            "working>previewed",
            "working>imported",
            "imported>undoing",
            "imported>undone",
            "undoing>imported",
            "undoing>undone",
        ),
    ]
