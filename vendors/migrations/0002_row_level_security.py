"""Row-level security and composite keys of the vendor inventory."""

from django.db import migrations

from vciso.tenancy.migrations_support import CompositeKey, TenantTable

TABLES = ("vendor", "vendoralias", "vendorsystem", "vendorprocess", "vendorreview", "vendortier")
PARTS = ("vendoralias", "vendorsystem", "vendorprocess", "vendorreview", "vendortier")


class Migration(migrations.Migration):
    dependencies = [
        ("vendors", "0001_initial"),
        ("engagements", "0002_row_level_security"),
    ]

    operations = [
        *(TenantTable(f"vendors_{table}") for table in TABLES),
        *(CompositeKey(f"vendors_{part}", "vendor_id", "vendors_vendor") for part in PARTS),
        CompositeKey("vendors_vendor", "owner_id", "engagements_person"),
        CompositeKey("vendors_vendorsystem", "system_id", "engagements_system"),
        CompositeKey("vendors_vendorprocess", "process_id", "engagements_process"),
    ]
