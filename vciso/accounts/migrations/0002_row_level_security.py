"""Policies of invitations, the door they open, and grants on the tables of sign-in."""

from django.db import migrations

from vciso.tenancy.migrations_support import DefinerFunction, Grant, listed, protect

MANAGED = (
    f"practice_id = {listed('admin')} OR (client_id = {listed('write')} "
    "AND role IN ('owner', 'contributor', 'board', 'auditor'))"
)

POLICIES = f"""
{protect("accounts_invitation")}
CREATE POLICY accounts_invitation_r ON accounts_invitation FOR SELECT TO vciso_app
  USING (practice_id = {listed("admin")} OR client_id = {listed("write")});
CREATE POLICY accounts_invitation_i ON accounts_invitation FOR INSERT TO vciso_app WITH CHECK ({MANAGED});
CREATE POLICY accounts_invitation_u ON accounts_invitation FOR UPDATE TO vciso_app
  USING ({MANAGED}) WITH CHECK ({MANAGED});
GRANT SELECT, INSERT ON accounts_invitation TO vciso_app;
GRANT UPDATE (withdrawn_at) ON accounts_invitation TO vciso_app;
ALTER TABLE accounts_invitation ADD CONSTRAINT accounts_invitation_same_practice
  FOREIGN KEY (practice_id, client_id) REFERENCES tenancy_client (practice_id, id) ON DELETE CASCADE;
"""

OPEN = """BEGIN
  RETURN QUERY SELECT i.id, i.email::text, i.name::text, i.role::text, p.name::text, COALESCE(c.name, '')::text
    FROM accounts_invitation i JOIN tenancy_practice p ON p.id = i.practice_id
    LEFT JOIN tenancy_client c ON c.id = i.client_id
   WHERE i.token_hash = p_hash AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
     AND i.expires_at > clock_timestamp();
END"""

# The update takes the row lock, so a link used twice at once gives the role once. A practice
# admin who is a consultant too gets both rows: the practice's pages and work at its clients.
ACCEPT = """DECLARE v accounts_invitation;
BEGIN
  UPDATE accounts_invitation i SET accepted_at = clock_timestamp()
   WHERE i.token_hash = p_hash AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL
     AND i.expires_at > clock_timestamp()
     AND EXISTS (SELECT 1 FROM tenancy_user u WHERE u.id = p_user AND u.email = i.email AND u.is_active)
  RETURNING * INTO v;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO tenancy_membership (id, user_id, practice_id, client_id, role, created_at)
  VALUES (gen_random_uuid(), p_user, v.practice_id, v.client_id, v.role, clock_timestamp())
  ON CONFLICT DO NOTHING;
  IF v.role = 'consultant' AND v.client_id IS NOT NULL OR v.role = 'practice_admin' THEN
    INSERT INTO tenancy_membership (id, user_id, practice_id, client_id, role, created_at)
    VALUES (gen_random_uuid(), p_user, v.practice_id, NULL, 'consultant', clock_timestamp())
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN true;
END"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("tenancy", "0002_row_level_security"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        DefinerFunction(
            "open_invitation(p_hash text)",
            returns="TABLE(id uuid, email text, name text, role text, practice_name text, client_name text)",
            body=OPEN,
            grants=["accounts_invitation"],
        ),
        DefinerFunction(
            "accept_invitation(p_hash text, p_user uuid)",
            returns="boolean",
            body=ACCEPT,
            writes=["accounts_invitation", "tenancy_membership"],
        ),
        Grant(["account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "usersessions_usersession"]),
    ]
