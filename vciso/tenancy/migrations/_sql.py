"""The SQL of tenancy: schema `sec`, the doors into a context, the policies of the tenancy tables."""

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS sec;
REVOKE ALL ON SCHEMA sec FROM PUBLIC;
GRANT USAGE ON SCHEMA sec TO vciso_app, vciso_definer;

CREATE FUNCTION sec.no_context(which text) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $f$
BEGIN
  RAISE EXCEPTION 'no tenant context (%)', which USING ERRCODE = '42501',
    HINT = 'Enter one: context.as_user, context.as_job or the request middleware.';
END $f$;

CREATE FUNCTION sec.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  RAISE EXCEPTION '% on % is refused: its rows are a record and never change', TG_OP, TG_TABLE_NAME
    USING ERRCODE = '23514';
END $f$;

-- Settings of a context, written in one place so that no door forgets one.
CREATE FUNCTION sec.set_context(p_user text, p_read uuid[], p_write uuid[], p_answer uuid[], p_board uuid[],
  p_member uuid[], p_shared uuid[], p_admin uuid[], p_practice uuid[]) RETURNS void LANGUAGE plpgsql AS $f$
BEGIN
  PERFORM set_config('vciso.user', p_user, true), set_config('vciso.read', p_read::text, true),
    set_config('vciso.write', p_write::text, true), set_config('vciso.answer', p_answer::text, true),
    set_config('vciso.board', p_board::text, true), set_config('vciso.member', p_member::text, true),
    set_config('vciso.shared', p_shared::text, true), set_config('vciso.admin', p_admin::text, true),
    set_config('vciso.practice', p_practice::text, true);
END $f$;
REVOKE ALL ON FUNCTION sec.set_context(text, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[])
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sec.set_context(text, uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[], uuid[])
  TO vciso_definer;
"""

# The only place where a membership becomes a permission.
ENTER = """DECLARE
  v_client uuid := p_client; v_read uuid[]; v_write uuid[]; v_answer uuid[]; v_board uuid[];
  v_member uuid[]; v_shared uuid[]; v_admin uuid[]; v_practice uuid[]; v_roles text[]; v_narrow boolean;
BEGIN
  v_narrow := p_client IS NOT NULL OR p_key IS NOT NULL;
  IF p_key IS NOT NULL THEN
    SELECT c.id INTO v_client FROM tenancy_client c WHERE c.key = p_key;
  END IF;
  SELECT COALESCE(array_agg(DISTINCT c.id) FILTER (WHERE m.role IN ('practice_admin','consultant','owner')), '{}'),
         COALESCE(array_agg(DISTINCT c.id) FILTER (WHERE m.role IN ('practice_admin','consultant')), '{}'),
         COALESCE(array_agg(DISTINCT c.id) FILTER (WHERE m.role IN ('owner','board','contributor')), '{}'),
         COALESCE(array_agg(DISTINCT c.id) FILTER (WHERE m.role = 'board'), '{}'),
         COALESCE(array_agg(DISTINCT c.id), '{}'),
         COALESCE(array_agg(DISTINCT m.role::text), '{}')
    INTO v_read, v_write, v_answer, v_board, v_member, v_roles
    FROM tenancy_membership m
    JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
    JOIN tenancy_client c ON c.practice_id = m.practice_id
     AND (c.id = m.client_id OR (m.client_id IS NULL AND m.role = 'practice_admin'))
   WHERE m.user_id = p_user AND (NOT v_narrow OR c.id = v_client);
  SELECT COALESCE(array_agg(DISTINCT m.practice_id) FILTER (WHERE m.role = 'practice_admin'), '{}'),
         COALESCE(array_agg(DISTINCT m.practice_id), '{}'),
         CASE WHEN v_narrow THEN v_roles
              ELSE v_roles || COALESCE(array_agg(DISTINCT m.role::text), '{}') END
    INTO v_admin, v_practice, v_roles
    FROM tenancy_membership m
    JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
   WHERE m.user_id = p_user AND m.role IN ('practice_admin', 'consultant')
     AND (NOT v_narrow OR m.practice_id = (SELECT c.practice_id FROM tenancy_client c
                                            WHERE c.id = v_client AND c.id = ANY (v_write)));
  SELECT COALESCE(array_agg(s.object_id), '{}') INTO v_shared
    FROM tenancy_share s
   WHERE s.user_id = p_user AND s.client_id = ANY (v_member) AND (s.until IS NULL OR s.until >= current_date);
  PERFORM sec.set_context(p_user::text, v_read, v_write, v_answer, v_board, v_member, v_shared, v_admin, v_practice);
  factor_missing := EXISTS (
      SELECT 1 FROM tenancy_membership m JOIN tenancy_practice p ON p.id = m.practice_id
       WHERE m.user_id = p_user AND m.role = ANY (p.factor_roles))
    AND NOT EXISTS (
      SELECT 1 FROM mfa_authenticator a WHERE a.user_id = p_user AND a.type IN ('totp', 'webauthn'));
  client_id := CASE WHEN v_narrow AND cardinality(v_roles) > 0 THEN v_client END;
  roles := v_roles;
  RETURN NEXT;
END"""

ENTER_JOB = """BEGIN
  IF p_client IS NULL OR NOT EXISTS (SELECT 1 FROM tenancy_client c WHERE c.id = p_client) THEN
    RAISE EXCEPTION 'a job without a client' USING ERRCODE = '42501';
  END IF;
  PERFORM sec.set_context('job:' || p_job, ARRAY[p_client], ARRAY[p_client], '{}', '{}', ARRAY[p_client],
    '{}', '{}', '{}');
END"""

ENTER_PRACTICE_JOB = """BEGIN
  IF p_practice IS NULL OR NOT EXISTS (SELECT 1 FROM tenancy_practice p WHERE p.id = p_practice) THEN
    RAISE EXCEPTION 'a job without a practice' USING ERRCODE = '42501';
  END IF;
  PERFORM sec.set_context('job:' || p_job, '{}', '{}', '{}', '{}', '{}', '{}', '{}', ARRAY[p_practice]);
END"""

ENTER_INSTALLATION = """BEGIN
  PERFORM sec.set_context('installation:' || p_job, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}');
END"""

CLIENT_ID_OF = """BEGIN
  RETURN (SELECT c.id FROM tenancy_client c WHERE c.key = p_key);
END"""

HAS_ROLE = """BEGIN
  RETURN EXISTS (
    SELECT 1 FROM tenancy_membership m JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
      JOIN tenancy_client c ON c.practice_id = m.practice_id
       AND (c.id = m.client_id OR (m.client_id IS NULL AND m.role = 'practice_admin'))
     WHERE m.user_id = p_user AND c.id = p_client);
END"""

# Whether a practice admin answers for another person's way in: every role of that person lies in
# practices that the admin administers. Somebody who also works elsewhere is nobody's alone.
MANAGES_SIGN_IN = """BEGIN
  RETURN p_admin <> p_user
    AND EXISTS (SELECT 1 FROM tenancy_membership m WHERE m.user_id = p_user)
    AND NOT EXISTS (
      SELECT 1 FROM tenancy_membership m
       WHERE m.user_id = p_user AND NOT EXISTS (
         SELECT 1 FROM tenancy_membership a JOIN tenancy_user u ON u.id = a.user_id AND u.is_active
          WHERE a.user_id = p_admin AND a.role = 'practice_admin' AND a.client_id IS NULL
            AND a.practice_id = m.practice_id));
END"""

# A trigger's arguments are the steps that it lets through: `from>to`, and `>state` for a beginning.
KEEP_STEPS = """
CREATE FUNCTION sec.keep_steps() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  before text := '';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    before := OLD.state;
  END IF;
  IF before <> NEW.state AND NOT before || '>' || NEW.state = ANY (TG_ARGV) THEN
    RAISE EXCEPTION 'a row of % does not go from % to %', TG_TABLE_NAME, COALESCE(NULLIF(before, ''), 'nothing'),
      NEW.state USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
"""

# A trigger's arguments are the columns that a state leaves open: `state:column,column`. One that is not
# named leaves all of them open.
KEEP_WRITTEN = """
CREATE FUNCTION sec.keep_written() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  named text;
  open text[];
BEGIN
  FOREACH named IN ARRAY TG_ARGV LOOP
    open := string_to_array(split_part(named, ':', 2), ',');
    IF split_part(named, ':', 1) = OLD.state AND (to_jsonb(NEW) - open) IS DISTINCT FROM (to_jsonb(OLD) - open) THEN
      RAISE EXCEPTION 'a row of % that is % keeps what was written', TG_TABLE_NAME, OLD.state USING ERRCODE = '23514';
    END IF;
  END LOOP;
  RETURN NEW;
END $f$;
"""
