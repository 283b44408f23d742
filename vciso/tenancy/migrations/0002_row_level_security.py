"""Schema `sec`, the doors into a context, and the policies of the tenancy tables."""

from django.db import migrations

from vciso.tenancy.migrations import _sql as sql
from vciso.tenancy.migrations_support import DefinerFunction, Grant, TenantTable, listed, protect

READS = [
    "tenancy_user",
    "tenancy_practice",
    "tenancy_client",
    "tenancy_membership",
    "tenancy_share",
    "mfa_authenticator",
]

CLIENT_POLICIES = f"""
{protect("tenancy_client")}
CREATE POLICY tenancy_client_r ON tenancy_client FOR SELECT TO vciso_app USING (id = {listed("member")});
CREATE POLICY tenancy_client_i ON tenancy_client FOR INSERT TO vciso_app
  WITH CHECK (practice_id = {listed("admin")});
CREATE POLICY tenancy_client_u ON tenancy_client FOR UPDATE TO vciso_app
  USING (id = {listed("write")}) WITH CHECK (id = {listed("write")});
GRANT SELECT, INSERT ON tenancy_client TO vciso_app;
GRANT UPDATE (name, time_zone, currency, language, paper, hue, status, pack_release) ON tenancy_client TO vciso_app;
"""

PRACTICE_POLICIES = f"""
{protect("tenancy_practice")}
CREATE POLICY tenancy_practice_r ON tenancy_practice FOR SELECT TO vciso_app
  USING (id = {listed("practice")} OR id IN (SELECT c.practice_id FROM tenancy_client c));
CREATE POLICY tenancy_practice_u ON tenancy_practice FOR UPDATE TO vciso_app
  USING (id = {listed("admin")}) WITH CHECK (id = {listed("admin")});
GRANT SELECT ON tenancy_practice TO vciso_app;
GRANT UPDATE (name, accent, logo_key, second_approval, mfa_required) ON tenancy_practice TO vciso_app;
"""

# Consultants and admins see who is at their clients; only admins change roles of the practice side;
# whoever may write a client manages the roles of the client's own people there.
MEMBERSHIP_POLICIES = f"""
{protect("tenancy_membership")}
CREATE POLICY tenancy_membership_r ON tenancy_membership FOR SELECT TO vciso_app
  USING (user_id::text = (SELECT current_setting('vciso.user', true)) OR practice_id = {listed("admin")}
    OR client_id = {listed("write")});
CREATE POLICY tenancy_membership_i ON tenancy_membership FOR INSERT TO vciso_app
  WITH CHECK (practice_id = {listed("admin")});
CREATE POLICY tenancy_membership_d ON tenancy_membership FOR DELETE TO vciso_app
  USING (practice_id = {listed("admin")}
    OR (client_id = {listed("write")} AND role IN ('owner', 'contributor', 'board', 'auditor')));
GRANT SELECT, INSERT, DELETE ON tenancy_membership TO vciso_app;
ALTER TABLE tenancy_membership ADD CONSTRAINT tenancy_membership_same_practice
  FOREIGN KEY (practice_id, client_id) REFERENCES tenancy_client (practice_id, id) ON DELETE CASCADE;
"""

COUNTER_POLICIES = f"""
{protect("tenancy_counter")}
CREATE POLICY tenancy_counter_r ON tenancy_counter FOR SELECT TO vciso_app USING (client_id = {listed("write")});
CREATE POLICY tenancy_counter_i ON tenancy_counter FOR INSERT TO vciso_app
  WITH CHECK (client_id = {listed("write")});
CREATE POLICY tenancy_counter_u ON tenancy_counter FOR UPDATE TO vciso_app
  USING (client_id = {listed("write")}) WITH CHECK (client_id = {listed("write")});
GRANT SELECT, INSERT, UPDATE ON tenancy_counter TO vciso_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL(sql.SCHEMA, migrations.RunSQL.noop),
        DefinerFunction(
            "enter(p_user uuid, p_client uuid, p_key text)",
            returns="TABLE(client_id uuid, roles text[], factor_missing boolean)",
            body=sql.ENTER,
            grants=READS,
        ),
        DefinerFunction("enter_job(p_client uuid, p_job text)", returns="void", body=sql.ENTER_JOB),
        DefinerFunction("enter_practice_job(p_practice uuid, p_job text)", returns="void", body=sql.ENTER_PRACTICE_JOB),
        DefinerFunction("enter_installation(p_job text)", returns="void", body=sql.ENTER_INSTALLATION),
        DefinerFunction("client_id_of(p_key text)", returns="uuid", body=sql.CLIENT_ID_OF),
        DefinerFunction("has_role(p_user uuid, p_client uuid)", returns="boolean", body=sql.HAS_ROLE),
        migrations.RunSQL(CLIENT_POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(PRACTICE_POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(MEMBERSHIP_POLICIES, migrations.RunSQL.noop),
        migrations.RunSQL(COUNTER_POLICIES, migrations.RunSQL.noop),
        TenantTable("tenancy_share"),
        Grant(["tenancy_user"], "SELECT, INSERT, UPDATE"),
        Grant(["django_session"]),
        Grant(["django_content_type", "django_migrations", "auth_permission", "auth_group"], "SELECT"),
    ]
