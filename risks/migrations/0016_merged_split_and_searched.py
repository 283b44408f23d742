"""Duplicates and parts point to the risk they came from; the words of a risk are searched as a whole."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import vciso.tenancy.models
from vciso.tenancy.migrations_support import CompositeKey

KINDS = [
    ("proposed", "Proposed"),
    ("raised", "Added"),
    ("closed", "Closed"),
    ("reopened", "Reopened"),
    ("absorbed", "Took in a duplicate"),
    ("released", "A duplicate is open again"),
    ("split", "Split in two"),
]
# D is the practice's own: whoever may not read the notes asks for A to C. Other languages than one are
# written here, so no word is brought to its stem; the beginning of a word finds it. No index: a policy stands
# before every condition, so it would never be used.
WORDS = """
ALTER TABLE risks_risk ADD COLUMN words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', reference || ' ' || source_reference || ' ' || title), 'A') ||
  setweight(to_tsvector('simple', category || ' ' || cause || ' ' || event || ' ' || consequence), 'B') ||
  setweight(to_tsvector('simple', description || ' ' || affects || ' ' || controls || ' ' || plan), 'C') ||
  setweight(to_tsvector('simple', private_notes), 'D')
) STORED;
"""


def to_risk(related_name: str) -> vciso.tenancy.models.ClientForeignKey:
    return vciso.tenancy.models.ClientForeignKey(
        blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name, to="risks.risk",
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("risks", "0015_library")]

    operations = [
        migrations.AlterField("riskevent", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AddField("risk", "merged_into", to_risk("duplicates")),
        migrations.AddField("risk", "split_from", to_risk("parts")),
        migrations.AddConstraint(
            "risk",
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | (Q(status="closed") & ~Q(merged_into=F("id"))),
                name="risks_risk_duplicate_is_closed",
            ),
        ),
        CompositeKey("risks_risk", "merged_into_id", "risks_risk"),
        CompositeKey("risks_risk", "split_from_id", "risks_risk"),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
