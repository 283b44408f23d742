"""How the database holds a risk to its own records: how it is rated, who signed, what is planned, what it costs.

Each fragment runs once the transaction is done, from whichever side something was written; `{client}` and
`{risk}` are the ids of the risk, and one that is gone fits. Bands and places against limits are worked out by
the rules alone and are not repeated here.
"""

# Ratings: the columns repeat the newest of each kind.
RATED_AS_WRITTEN = """
IF EXISTS (
  SELECT 1
    FROM risks_risk r
    CROSS JOIN LATERAL (VALUES
      ('before', r.before_likelihood, r.before_impact, r.before_score, NULL),
      ('now', r.now_likelihood, r.now_impact, r.now_score, r.now_impacts),
      ('target', r.target_likelihood, r.target_impact, r.target_score, NULL)
    ) shown(kind, likelihood, impact, score, impacts)
    LEFT JOIN LATERAL (
      SELECT g.likelihood, g.impacts, (SELECT max(i.value::integer) FROM jsonb_each_text(g.impacts) i) AS impact
        FROM risks_riskrating g
       WHERE g.client_id = r.client_id AND g.risk_id = r.id AND g.kind = shown.kind
       ORDER BY g.happened_at DESC, g.recorded_at DESC LIMIT 1) w ON true
   WHERE r.client_id = {client} AND r.id = {risk}
     AND ((shown.likelihood, shown.impact, shown.score)
            IS DISTINCT FROM (w.likelihood, w.impact, COALESCE(w.likelihood * w.impact, 0))
          OR (shown.kind = 'now' AND shown.impacts IS DISTINCT FROM COALESCE(w.impacts, '{{}}')))
) THEN
  RAISE EXCEPTION 'risk % is not rated as its ratings say', {risk} USING ERRCODE = '23514';
END IF;
"""

# Nobody has accepted a risk but who signed, until the day they signed for.
ACCEPTED_BY_SIGNATURE = """
IF EXISTS (
  SELECT 1 FROM risks_risk r
   WHERE r.client_id = {client} AND r.id = {risk} AND r.accepted_until IS NOT NULL
     AND NOT EXISTS (
       SELECT 1 FROM risks_acceptance a
        WHERE a.client_id = r.client_id AND a.risk_id = r.id AND a.state = 'live' AND a.until = r.accepted_until)
) THEN
  RAISE EXCEPTION 'risk % is accepted by nobody who signed', {risk} USING ERRCODE = '23514';
END IF;
"""

# The columns repeat the newest version of the plan, and only that one can be approved.
PLANNED_AS_WRITTEN = """
IF EXISTS (
  SELECT 1
    FROM risks_risk r LEFT JOIN LATERAL (
      SELECT * FROM risks_treatmentplan p WHERE p.client_id = r.client_id AND p.risk_id = r.id
       ORDER BY p.happened_at DESC, p.recorded_at DESC LIMIT 1) w ON true
   WHERE r.client_id = {client} AND r.id = {risk}
     AND ((r.treatment, r.plan, r.target_on)
            IS DISTINCT FROM (COALESCE(w.treatment, 'undecided'), COALESCE(w.words, ''), w.target_on)
          OR (r.plan_approved_on IS NOT NULL AND w.state IS DISTINCT FROM 'approved'))
) THEN
  RAISE EXCEPTION 'the plan of risk % is not what was written or approved', {risk} USING ERRCODE = '23514';
END IF;
"""

ESTIMATED_AS_WRITTEN = """
IF EXISTS (
  SELECT 1
    FROM risks_risk r LEFT JOIN LATERAL (
      SELECT * FROM risks_riskestimate e WHERE e.client_id = r.client_id AND e.risk_id = r.id AND e.kind = 'now'
       ORDER BY e.happened_at DESC, e.recorded_at DESC LIMIT 1) w ON true
   WHERE r.client_id = {client} AND r.id = {risk}
     AND (r.one_in_ten_minor, r.one_in_fifty_minor) IS DISTINCT FROM (w.one_in_ten_minor, w.one_in_fifty_minor)
) THEN
  RAISE EXCEPTION 'risk % does not cost what its estimate says', {risk} USING ERRCODE = '23514';
END IF;
"""

# As before, and: an impact is a number, whatever it reads like, and a rating that follows another says why.
RATED = """
CREATE OR REPLACE FUNCTION sec.rating_is_fit() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  worst integer;
  present integer;
BEGIN
  IF row_security_active('risks_riskrating') AND COALESCE(current_setting('vciso.write', true), '') = '' THEN
    RETURN NEW;  -- outside of every context; the policy refuses the row, and says so
  END IF;
  IF jsonb_typeof(NEW.impacts) <> 'object' OR NEW.impacts = '{}' OR EXISTS (
    SELECT 1 FROM jsonb_each(NEW.impacts) i
     WHERE CASE jsonb_typeof(i.value) WHEN 'number' THEN i.value NOT IN ('1', '2', '3', '4', '5') ELSE true END
  ) THEN
    RAISE EXCEPTION 'an impact is a level from 1 to 5' USING ERRCODE = '23514';
  END IF;
  IF btrim(NEW.reason) = '' AND EXISTS (
    SELECT 1 FROM risks_riskrating r
     WHERE r.client_id = NEW.client_id AND r.risk_id = NEW.risk_id AND r.kind = NEW.kind
  ) THEN
    RAISE EXCEPTION 'a rating that follows another says why' USING ERRCODE = '23514';
  END IF;
  IF NEW.kind = 'target' THEN
    SELECT max(i.value::integer) INTO worst FROM jsonb_each_text(NEW.impacts) i;
    SELECT r.likelihood * (SELECT max(i.value::integer) FROM jsonb_each_text(r.impacts) i) INTO present
      FROM risks_riskrating r
     WHERE r.client_id = NEW.client_id AND r.risk_id = NEW.risk_id AND r.kind = 'now'
       AND r.happened_at <= NEW.happened_at
     ORDER BY r.happened_at DESC, r.recorded_at DESC LIMIT 1;
    IF NEW.likelihood * worst > present THEN
      RAISE EXCEPTION 'a target is at most what the risk is rated now' USING ERRCODE = '23514';
    END IF;
  END IF;
  RETURN NEW;
END $$;
"""

# The argument is the kind of the question. One that was answered, or is about something else, is not its own.
OWN_QUESTION = """
CREATE FUNCTION sec.own_question() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.ask_id IS NOT DISTINCT FROM OLD.ask_id THEN
      RETURN NEW;
    END IF;
  END IF;
  IF NOT EXISTS (
    SELECT 1 FROM engagements_ask k
     WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id AND k.kind = TG_ARGV[0] AND k.state = 'open') THEN
    RAISE EXCEPTION 'a row of % is asked about in an open question of its own', TG_TABLE_NAME USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
"""

# Whoever was asked confirms what somebody else wrote down for them; `NEW` is the acceptance.
CONFIRMED_BY_SIGNER = """
IF NOT EXISTS (
  SELECT 1 FROM engagements_answerconfirmation c
   WHERE c.client_id = NEW.client_id AND c.ask_id = NEW.ask_id AND c.agrees) THEN
  RAISE EXCEPTION 'an acceptance is confirmed by its signer alone' USING ERRCODE = '23514';
END IF;
"""

# A limit holds from the day it is written down or an earlier one, and so it was set; days are the client's.
LIMIT_IS_OF_ITS_DAY = """
IF GREATEST(NEW.from_on, NEW.approved_on) > (
     SELECT (NEW.happened_at AT TIME ZONE c.time_zone)::date FROM tenancy_client c WHERE c.id = NEW.client_id) THEN
  RAISE EXCEPTION 'a limit is set today or on an earlier day' USING ERRCODE = '23514';
END IF;
"""
