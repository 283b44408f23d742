"""Hash chains: numbering, hashing, append-only triggers, verification."""

from django.db import migrations

from vciso.audit.migrations import _sql as sql
from vciso.tenancy.migrations_support import AppendOnly, DefinerFunction


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("tenancy", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(sql.POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(sql.DIGESTS, migrations.RunSQL.noop),
        migrations.RunSQL(sql.LINK, migrations.RunSQL.noop),
        AppendOnly("audit_event"),
        DefinerFunction(
            "audit_verify()",
            returns="TABLE(chain text, events bigint, broken_at bigint, why text)",
            body=sql.VERIFY,
            grants=["audit_event", "audit_head"],
        ),
    ]
