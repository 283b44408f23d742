from django.db import migrations

from vciso.imports.migrations import _sql
from vciso.tenancy.migrations_support import DefinerFunction, PracticeTable, TenantTable


class Migration(migrations.Migration):
    dependencies = [("imports", "0003_readings_and_choices")]

    operations = [
        TenantTable("imports_reading"),
        PracticeTable("imports_practicereading"),
        migrations.RunSQL(_sql.WORDS, migrations.RunSQL.noop),
        DefinerFunction(
            "practice_reading(p_client uuid, p_kind text, p_signature text)",
            returns="text",
            body=_sql.PRACTICE_READING,
            grants=["imports_practicereading"],
        ),
        DefinerFunction(
            "other_clients_named(p_client uuid, p_texts text[])",
            returns="SETOF integer",
            body=_sql.OTHER_CLIENTS_NAMED,
        ),
    ]
