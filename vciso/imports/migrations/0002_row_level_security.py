from django.db import migrations

from vciso.tenancy.migrations_support import CompositeKey, TenantTable


class Migration(migrations.Migration):
    dependencies = [("imports", "0001_initial"), ("tenancy", "0002_row_level_security")]

    operations = [
        TenantTable("imports_importbatch"),
        TenantTable("imports_importrow"),
        CompositeKey("imports_importrow", "batch_id", "imports_importbatch"),
    ]
