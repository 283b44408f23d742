"""Acceptances and plans go forward alone, and are signed by an answer alone."""

from django.db import migrations

from vciso.tenancy.migrations_support import KeepSteps, OnlyByAnswer


class Migration(migrations.Migration):
    dependencies = [
        ("risks", "0002_row_level_security"),
        ("engagements", "0003_states_go_forward"),
    ]

    operations = [
        KeepSteps(
            "risks_acceptance",
            ">asked",
            ">unsigned",
            "asked>live",
            "asked>declined",
            "asked>withdrawn",
            "live>ended",
            "live>lapsed",
        ),
        OnlyByAnswer("risks_acceptance", "live:accept", "declined:decline"),
        KeepSteps(
            "risks_treatmentplan",
            ">drafted",
            "drafted>asked",
            "asked>approved",
            "asked>declined",
            "asked>withdrawn",
            "declined>asked",
            "withdrawn>asked",
        ),
        OnlyByAnswer("risks_treatmentplan", "approved:approve", "declined:decline"),
    ]
