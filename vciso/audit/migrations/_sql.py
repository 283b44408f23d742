"""The chain: numbering and hashing on insert, refusal of every change, verification."""

from vciso.tenancy.migrations_support import listed, protect

POLICIES = f"""
{protect("audit_event")}
{protect("audit_head")}
CREATE POLICY audit_event_r ON audit_event FOR SELECT TO vciso_app
  USING (client_id = {listed("write")} OR practice_id = {listed("admin")});
CREATE POLICY audit_event_i ON audit_event FOR INSERT TO vciso_app
  WITH CHECK ((client_id IS NULL AND practice_id IS NULL) OR client_id = {listed("member")}
    OR practice_id = {listed("practice")});
CREATE POLICY audit_head_r ON audit_head FOR SELECT TO vciso_app USING (false);
GRANT SELECT, INSERT ON audit_event TO vciso_app;
GRANT SELECT, INSERT ON audit_event TO vciso_definer;
GRANT SELECT, INSERT, UPDATE ON audit_head TO vciso_definer;
"""

# The text that is hashed: its order and its marks are part of the format and never change.
DIGESTS = r"""
CREATE FUNCTION sec.audit_content(e audit_event) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $f$
  SELECT encode(sha256(convert_to(
    COALESCE(e.before::text, '') || E'\x1f' || COALESCE(e.after::text, '') || E'\x1f' || e.reason, 'UTF8')), 'hex')
$f$;
CREATE FUNCTION sec.audit_chain(e audit_event) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $f$
  SELECT COALESCE('client:' || e.client_id, 'practice:' || e.practice_id, 'installation')
$f$;
CREATE FUNCTION sec.audit_digest(e audit_event, previous text) RETURNS text LANGUAGE sql STABLE
SET search_path = pg_catalog, public, pg_temp AS $f$
  SELECT encode(sha256(convert_to(concat_ws(E'\x1f', previous, sec.audit_chain(e), e.seq, e.id, e.verb,
    COALESCE(e.actor_id::text, '-'), e.acting_as, e.object_type, COALESCE(e.object_id::text, '-'), e.object_label,
    to_char(e.happened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
    to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), e.content_hash), 'UTF8')), 'hex')
$f$;
"""

# The row lock on the head makes the numbers of one chain consecutive; it is held until commit,
# so services write their event last.
LINK = r"""
GRANT CREATE ON SCHEMA sec TO vciso_definer;
CREATE FUNCTION sec.audit_link() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $f$
DECLARE v_chain text := sec.audit_chain(NEW); v_seq bigint; v_hash text;
BEGIN
  INSERT INTO audit_head (chain, seq, hash) VALUES (v_chain, 0, '') ON CONFLICT (chain) DO NOTHING;
  SELECT h.seq, h.hash INTO v_seq, v_hash FROM audit_head h WHERE h.chain = v_chain FOR UPDATE;
  NEW.seq := v_seq + 1;
  NEW.recorded_at := clock_timestamp();
  NEW.content_hash := sec.audit_content(NEW);
  NEW.hash := sec.audit_digest(NEW, v_hash);
  UPDATE audit_head h SET seq = NEW.seq, hash = NEW.hash WHERE h.chain = v_chain;
  RETURN NEW;
END $f$;
CREATE TRIGGER audit_link BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION sec.audit_link();
REVOKE ALL ON FUNCTION sec.audit_link() FROM PUBLIC;
ALTER FUNCTION sec.audit_link() OWNER TO vciso_definer;
REVOKE CREATE ON SCHEMA sec FROM vciso_definer;
"""

VERIFY = """BEGIN
  RETURN QUERY
  WITH linked AS (
    SELECT sec.audit_chain(e) AS c, e.seq AS s, e.hash AS h, e.content_hash = sec.audit_content(e) AS content_ok,
           e.hash = sec.audit_digest(e, COALESCE(lag(e.hash) OVER w, '')) AS link_ok,
           e.seq = COALESCE(lag(e.seq) OVER w, 0) + 1 AS number_ok
      FROM audit_event e WINDOW w AS (PARTITION BY sec.audit_chain(e) ORDER BY e.seq)
  ), summed AS (
    SELECT l.c, count(*) AS n, max(l.s) AS last,
           min(l.s) FILTER (WHERE NOT (l.content_ok AND l.link_ok AND l.number_ok)) AS bad
      FROM linked l GROUP BY l.c
  )
  SELECT hd.chain::text, COALESCE(su.n, 0)::bigint,
         CASE WHEN su.bad IS NOT NULL THEN su.bad
              WHEN COALESCE(su.last, 0) <> hd.seq THEN COALESCE(su.last, 0) + 1 END,
         CASE WHEN su.bad IS NOT NULL THEN 'an event was changed, forged or removed'
              WHEN COALESCE(su.last, 0) <> hd.seq THEN 'the end of the chain was cut off' ELSE '' END
    FROM audit_head hd LEFT JOIN summed su ON su.c = hd.chain
  UNION ALL
  SELECT su.c::text, su.n::bigint, 1::bigint, 'events without a head'
    FROM summed su WHERE NOT EXISTS (SELECT 1 FROM audit_head hd WHERE hd.chain = su.c)
  ORDER BY 1;
END"""
