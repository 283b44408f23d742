"""Clients with short names are noticed too, where they are written as names."""

from django.db import migrations

from vciso.imports.migrations import _sql
from vciso.tenancy.migrations_support import DefinerBody


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_doors")]

    operations = [
        migrations.RunSQL(_sql.SHORT, migrations.RunSQL.noop),
        DefinerBody(
            "other_clients_named(p_client uuid, p_texts text[])",
            returns="SETOF integer",
            body=_sql.OTHER_CLIENTS_NAMED_SHORTLY_TOO,
        ),
    ]
