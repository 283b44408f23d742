"""Policies, and the sum over a practice: a number without content, for whoever is within that practice."""

from django.db import migrations

from vciso.tenancy.migrations_support import DefinerFunction, TenantTable, listed

WITHIN = f"""
    p_practice = {listed("practice")}
    OR EXISTS (SELECT 1 FROM tenancy_client m WHERE m.practice_id = p_practice AND m.id = {listed("member")})
"""
KEPT = f"""
BEGIN
  IF NOT ({WITHIN}) THEN
    RAISE EXCEPTION 'this practice is not of the context' USING ERRCODE = '42501';
  END IF;
  RETURN (SELECT COALESCE(sum(k.bytes), 0) FROM files_kept k JOIN tenancy_client c ON c.id = k.client_id
          WHERE c.practice_id = p_practice);
END
"""


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("tenancy", "0002_row_level_security")]

    operations = [
        TenantTable("files_kept"),
        DefinerFunction(
            "kept_by_practice(p_practice uuid)", returns="numeric", body=KEPT, grants=["files_kept", "tenancy_client"]
        ),
    ]
