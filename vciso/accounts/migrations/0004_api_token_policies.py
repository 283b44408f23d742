"""Policies of API tokens and of kept replies, and the two doors a token opens."""

from django.db import migrations

from vciso.tenancy.migrations_support import DefinerFunction, TenantTable, listed, protect

ME = "user_id::text = (SELECT current_setting('vciso.user', true))"
IN_PERSON = "NULLIF(current_setting('vciso.token', true), '') IS NULL"

# People make tokens for themselves, at clients they have a role at, all of one practice; a
# practice's admins see and revoke every token of theirs. A token never sees or makes tokens.
POLICIES = f"""
{protect("accounts_apitoken")}
CREATE POLICY accounts_apitoken_r ON accounts_apitoken FOR SELECT TO vciso_app
  USING ({IN_PERSON} AND ({ME} OR practice_id = {listed("admin")}));
CREATE POLICY accounts_apitoken_i ON accounts_apitoken FOR INSERT TO vciso_app
  WITH CHECK ({IN_PERSON} AND {ME} AND clients <@ {listed("member").removeprefix("ANY ")}
    AND cardinality(clients) BETWEEN 1 AND 500
    AND NOT EXISTS (SELECT 1 FROM tenancy_client c
                     WHERE c.id = ANY (clients) AND c.practice_id <> accounts_apitoken.practice_id));
CREATE POLICY accounts_apitoken_u ON accounts_apitoken FOR UPDATE TO vciso_app
  USING ({IN_PERSON} AND ({ME} OR practice_id = {listed("admin")}))
  WITH CHECK ({IN_PERSON} AND ({ME} OR practice_id = {listed("admin")}));
GRANT SELECT, INSERT ON accounts_apitoken TO vciso_app;
GRANT UPDATE (revoked_at, revoked_by_id) ON accounts_apitoken TO vciso_app;
ALTER TABLE accounts_apitoken ADD CONSTRAINT accounts_apitoken_a_year
  CHECK (expires_at > created_at AND expires_at <= created_at + interval '366 days');
"""

# The person behind a secret, while the token lives. Where it was used is noted once a minute, so
# that a busy program does not write with each request.
OPEN = """BEGIN
  UPDATE accounts_apitoken a SET last_used_at = clock_timestamp()
   WHERE a.token_hash = p_hash AND a.revoked_at IS NULL AND a.expires_at > clock_timestamp()
     AND (a.last_used_at IS NULL OR a.last_used_at < clock_timestamp() - interval '1 minute');
  RETURN QUERY SELECT a.id, a.user_id, a.name::text, a.may_write FROM accounts_apitoken a
    JOIN tenancy_user u ON u.id = a.user_id AND u.is_active
   WHERE a.token_hash = p_hash AND a.revoked_at IS NULL AND a.expires_at > clock_timestamp();
END"""

# The person's own context, with every list cut to the token's clients and without the practice's
# own records. Roles are those held at these clients.
ENTER = """DECLARE
  v accounts_apitoken; v_setting text; v_roles text[];
BEGIN
  SELECT * INTO v FROM accounts_apitoken a
   WHERE a.id = p_token AND a.revoked_at IS NULL AND a.expires_at > clock_timestamp();
  SELECT e.client_id, e.roles, e.factor_missing INTO client_id, v_roles, factor_missing
    FROM sec.enter(v.user_id, p_client, p_key) e;
  FOREACH v_setting IN ARRAY ARRAY['vciso.read', 'vciso.write', 'vciso.answer', 'vciso.board', 'vciso.member'] LOOP
    PERFORM set_config(v_setting, COALESCE((SELECT array_agg(i) FROM unnest(current_setting(v_setting)::uuid[]) i
                                             WHERE i = ANY (v.clients)), '{}')::text, true);
  END LOOP;
  PERFORM set_config('vciso.admin', '{}', true), set_config('vciso.practice', '{}', true),
    set_config('vciso.token', p_token::text, true);
  IF client_id IS NULL THEN
    SELECT COALESCE(array_agg(DISTINCT m.role::text), '{}') INTO roles FROM tenancy_membership m
      JOIN tenancy_client c ON c.practice_id = m.practice_id AND c.id = ANY (v.clients)
       AND (c.id = m.client_id OR (m.client_id IS NULL AND m.role = 'practice_admin'))
     WHERE m.user_id = v.user_id AND p_client IS NULL AND p_key IS NULL;
  ELSIF client_id = ANY (v.clients) THEN
    roles := v_roles;
  ELSE
    client_id := NULL;
    roles := '{}';
  END IF;
  factor_missing := COALESCE(factor_missing, false);
  RETURN NEXT;
END"""

FORGET = """DECLARE v_gone integer;
BEGIN
  DELETE FROM accounts_apireply r WHERE r.created_at < clock_timestamp() - interval '24 hours';
  GET DIAGNOSTICS v_gone = ROW_COUNT;
  RETURN v_gone;
END"""

REPLIES = f"""
DROP POLICY accounts_apireply_u ON accounts_apireply;
DROP POLICY accounts_apireply_d ON accounts_apireply;
CREATE POLICY accounts_apireply_u ON accounts_apireply FOR UPDATE TO vciso_app
  USING ({ME} AND client_id = {listed("member")}) WITH CHECK ({ME} AND client_id = {listed("member")});
REVOKE UPDATE, DELETE ON accounts_apireply FROM vciso_app;
GRANT UPDATE (status, headers, body) ON accounts_apireply TO vciso_app;
GRANT DELETE ON accounts_apireply TO vciso_definer;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_api_tokens"),
        ("tenancy", "0002_row_level_security"),
    ]

    operations = [
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        TenantTable("accounts_apireply", select=f"client_id = {{member}} AND {ME}"),
        migrations.RunSQL(REPLIES, migrations.RunSQL.noop),
        DefinerFunction(
            "open_token(p_hash text)",
            returns="TABLE(id uuid, user_id uuid, name text, may_write boolean)",
            body=OPEN,
            writes=["accounts_apitoken"],
        ),
        DefinerFunction(
            "enter_token(p_token uuid, p_client uuid, p_key text)",
            returns="TABLE(client_id uuid, roles text[], factor_missing boolean)",
            body=ENTER,
        ),
        DefinerFunction("forget_replies()", returns="integer", body=FORGET, grants=["accounts_apireply"]),
    ]
