"""Who signs for how much is the client's to say; the database holds acceptances to it."""

from django.db import migrations

from risks.migrations import _sql
from vciso.tenancy.migrations_support import DEFINER_ROLE, CompositeKey, DefinerTrigger, TenantTable


class Migration(migrations.Migration):
    dependencies = [("risks", "0006_signing_authority")]

    operations = [
        TenantTable("risks_signingauthority", append_only=True),
        CompositeKey("risks_signingauthority", "approved_by_id", "engagements_person"),
        migrations.RunSQL(
            "GRANT SELECT ON risks_signingauthority, engagements_ask, engagements_person, tenancy_membership, "
            f"tenancy_client TO {DEFINER_ROLE};",
            migrations.RunSQL.noop,
        ),
        DefinerTrigger(
            "acceptance_is_fit",
            on="risks_acceptance",
            event="INSERT OR UPDATE OF state, until, band_at_signing, requested_by_id, requested_at, ask_id",
            when="NEW.state IN ('asked', 'live')",
            sql=_sql.ACCEPTABLE,
            grants=[],
        ),
    ]
