"""How the database keeps the words of risks, and finds those of before in the trail."""

# What a risk says and what its newest wording says are the same once a transaction is done.
# `{risk}` is the id of the risk.
WORDS_ARE_KEPT = """
IF EXISTS (
  SELECT 1
    FROM risks_risk r LEFT JOIN LATERAL (
      SELECT * FROM risks_riskwording k WHERE k.client_id = r.client_id AND k.risk_id = r.id
       ORDER BY k.happened_at DESC, k.recorded_at DESC LIMIT 1) w ON true
   WHERE r.client_id = NEW.client_id AND r.id = {risk}
     AND (w.id IS NULL
       OR (r.title, r.cause, r.event, r.consequence, r.description, r.category, r.affects, r.controls,
           r.review_months, r.owner_id)
          IS DISTINCT FROM (w.title, w.cause, w.event, w.consequence, w.description, w.category, w.affects, w.controls,
           w.review_months, w.owner_id))
) THEN
  RAISE EXCEPTION 'the words or the owner of risk % changed without their wording', {risk} USING ERRCODE = '23514';
END IF;
"""

WORDING_GOES_WITH_ITS_RISK = """
IF EXISTS (SELECT 1 FROM risks_risk r WHERE r.client_id = OLD.client_id AND r.id = OLD.risk_id) THEN
  RAISE EXCEPTION 'a wording is a record and goes with its risk alone' USING ERRCODE = '23514';
END IF;
"""

# What risks said before wordings were kept, out of the trail: from what stands today back to the day each
# was raised, undoing one change after the other. A change of owners of many names the new one alone, so
# the one before is whom the trail named last; where it named nobody, or two people of one name, the owner
# stays the same. `{into}` is a table with the columns of the wordings.
TOLD_BEFORE = """
CREATE TEMP TABLE handed AS
  SELECT e.client_id, e.seq, one.reference, e.after->>'owner' AS name
    FROM audit_event e, jsonb_array_elements_text(e.after->'references') AS one(reference)
   WHERE e.verb = 'risk.reassigned';
CREATE INDEX ON handed (client_id, reference);
DO $fill$
DECLARE
  words text[] := ARRAY['title', 'cause', 'event', 'consequence', 'description', 'category', 'affects', 'controls',
                        'review_months'];
  r record;
  e record;
  said jsonb;
  earlier jsonb;
  owner jsonb;
  by_now timestamptz;
  written timestamptz;
BEGIN
  FOR r IN
    SELECT k.*, c.time_zone FROM risks_risk k JOIN tenancy_client c ON c.id = k.client_id
  LOOP
    said := jsonb_build_object(
      'title', r.title, 'cause', r.cause, 'event', r.event, 'consequence', r.consequence,
      'description', r.description, 'category', r.category, 'affects', r.affects, 'controls', r.controls,
      'review_months', r.review_months, 'owner_id', r.owner_id, 'client_id', r.client_id, 'risk_id', r.id);
    by_now := 'infinity';
    written := 'infinity';
    FOR e IN
      SELECT v.seq, v.verb, v.before, v.reason, v.happened_at, v.recorded_at, v.actor_id
        FROM audit_event v
       WHERE v.client_id = r.client_id AND v.object_id = r.id
         AND v.verb IN ('risk.edited', 'risk.library_change_accepted') AND v.before ?| (words || 'owner'::text)
      UNION ALL
      SELECT v.seq, v.verb, NULL, v.reason, v.happened_at, v.recorded_at, v.actor_id
        FROM handed h JOIN audit_event v ON v.client_id = h.client_id AND v.seq = h.seq
       WHERE h.client_id = r.client_id AND h.reference = r.reference
       ORDER BY seq DESC
    LOOP
      earlier := said;
      IF e.verb = 'risk.reassigned' THEN
        SELECT named.owner_id INTO owner FROM (
          SELECT v.seq, to_jsonb(NULLIF(v.after->>'owner', '')) AS owner_id
            FROM audit_event v
           WHERE v.client_id = r.client_id AND v.object_id = r.id AND v.seq < e.seq
             AND v.verb IN ('risk.raised', 'risk.edited') AND v.after ? 'owner'
          UNION ALL
          SELECT h.seq, CASE h.name WHEN '' THEN NULL ELSE (
                   SELECT CASE count(*) WHEN 1 THEN to_jsonb(min(p.id::text)) ELSE said->'owner_id' END
                     FROM engagements_person p WHERE p.client_id = r.client_id AND p.name = h.name) END
            FROM handed h WHERE h.client_id = r.client_id AND h.reference = r.reference AND h.seq < e.seq
        ) named ORDER BY named.seq DESC LIMIT 1;
        IF FOUND THEN
          earlier := earlier || jsonb_build_object('owner_id', owner);
        END IF;
      ELSE
        earlier := earlier || (SELECT COALESCE(jsonb_object_agg(k.key, k.value), '{{}}')
                           FROM jsonb_each(e.before) k WHERE k.key = ANY (words));
        IF e.before ? 'owner' THEN
          earlier := earlier || jsonb_build_object('owner_id', NULLIF(e.before->>'owner', ''));
        END IF;
      END IF;
      IF earlier IS DISTINCT FROM said THEN
        by_now := LEAST(by_now, e.happened_at);
        written := LEAST(written - interval '1 microsecond', e.recorded_at);
        INSERT INTO {into} SELECT * FROM jsonb_populate_record(NULL::{into}, said || jsonb_build_object(
          'id', gen_random_uuid(), 'happened_at', by_now, 'recorded_at', written, 'by_id', e.actor_id,
          'reason', CASE e.verb WHEN 'risk.library_change_accepted' THEN e.reason ELSE '' END));
      END IF;
      said := earlier;
    END LOOP;
    by_now := LEAST(by_now, COALESCE(
      (SELECT min(t.happened_at) FROM risks_riskevent t WHERE t.client_id = r.client_id AND t.risk_id = r.id),
      (r.raised_on + time '12:00') AT TIME ZONE r.time_zone));
    written := LEAST(written - interval '1 microsecond', COALESCE(
      (SELECT min(v.recorded_at) FROM audit_event v
        WHERE v.client_id = r.client_id AND v.object_id = r.id AND v.verb = 'risk.raised'), now()));
    INSERT INTO {into} SELECT * FROM jsonb_populate_record(NULL::{into}, said || jsonb_build_object(
      'id', gen_random_uuid(), 'happened_at', by_now, 'recorded_at', written, 'by_id', r.raised_by_id, 'reason', ''));
  END LOOP;
END $fill$;
DROP TABLE handed;
"""
