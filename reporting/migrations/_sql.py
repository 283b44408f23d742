"""The SQL of reports: who reads which state, what never changes, what is due, what an answer moves."""

# Owners and directors know nothing of drafts; directors only of packs that were released.
READABLE = (
    "client_id = {write} "
    "OR (client_id = {read} AND state IN ('published', 'superseded')) "
    "OR (client_id = {board} AND kind = 'quarterly' AND state IN ('published', 'superseded') "
    "AND released_at IS NOT NULL)"
)

FROZEN = """
CREATE FUNCTION sec.report_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  moving text[] := ARRAY['state', 'ask_id', 'released_at', 'released_by_id'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' THEN
      RAISE EXCEPTION 'a report begins as a draft, not as %', NEW.state USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state NOT IN ('published', 'superseded') THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.state = 'published' AND OLD.state <> 'approved' THEN
      RAISE EXCEPTION 'a report is published from approved, not from %', OLD.state USING ERRCODE = '23514';
    END IF;
    IF NEW.state = 'superseded' THEN
      RAISE EXCEPTION 'only a published report is superseded' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'report % was published and is never deleted', OLD.id USING ERRCODE = '23514';
  END IF;
  IF OLD.state = 'superseded'
     OR NEW.state NOT IN ('published', 'superseded')
     OR (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
     OR (OLD.released_at IS NOT NULL
         AND (NEW.released_at, NEW.released_by_id) IS DISTINCT FROM (OLD.released_at, OLD.released_by_id))
  THEN
    RAISE EXCEPTION 'report % was published and never changes; make a correction', OLD.id
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
CREATE TRIGGER report_is_a_record BEFORE INSERT OR UPDATE OR DELETE ON reporting_report
  FOR EACH ROW EXECUTE FUNCTION sec.report_is_a_record();
CREATE TRIGGER report_no_truncate BEFORE TRUNCATE ON reporting_report
  FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change();
"""

# A consultant's context does not show who else works in the practice; this tells ids alone, and
# only to whoever may write the client.
PRACTICE_PEOPLE = """BEGIN
  IF NOT p_client = ANY (COALESCE(NULLIF(current_setting('vciso.write', true), '')::uuid[], '{}')) THEN
    RETURN;
  END IF;
  RETURN QUERY
    SELECT m.user_id, bool_or(m.role = 'practice_admin' OR m.client_id = p_client)
      FROM tenancy_membership m
      JOIN tenancy_user u ON u.id = m.user_id AND u.is_active
      JOIN tenancy_client c ON c.practice_id = m.practice_id AND c.id = p_client
     WHERE m.role IN ('practice_admin', 'consultant')
     GROUP BY m.user_id;
END"""

# Periods that are over, whose draft day has come where the client is, and that have no report yet
# (or only a preview from before the end). Three months and two quarters back, never before the
# client came to the portal. The arithmetic is that of reporting.periods; a test compares them.
DUE_REPORTS = """BEGIN
  RETURN QUERY
  WITH served AS (
    SELECT c.id, (p_at AT TIME ZONE c.time_zone)::date AS today,
           GREATEST((c.created_at AT TIME ZONE c.time_zone)::date, e.starts_on) AS since,
           e.ends_on, e.monthly_report_day::int AS report_day, e.pack_day_offset::int AS pack_days
      FROM tenancy_client c
      CROSS JOIN LATERAL (
        SELECT g.starts_on, g.ends_on, g.monthly_report_day, g.pack_day_offset
          FROM engagements_engagement g
         WHERE g.client_id = c.id AND g.starts_on <= (p_at AT TIME ZONE c.time_zone)::date
         ORDER BY g.starts_on DESC LIMIT 1) e
     WHERE c.status = 'active'),
  spans AS (
    SELECT s.*, 'monthly'::text AS k, to_char(f.day, 'YYYY-MM') AS p, f.day AS first_day,
           (f.day + interval '1 month')::date AS after_last
      FROM served s CROSS JOIN generate_series(1, 3) n CROSS JOIN LATERAL (
        SELECT (date_trunc('month', s.today::timestamp) - n * interval '1 month')::date AS day) f
    UNION ALL
    SELECT s.*, 'quarterly', to_char(f.day, 'YYYY-"Q"Q'), f.day, (f.day + interval '3 months')::date
      FROM served s CROSS JOIN generate_series(1, 2) n CROSS JOIN LATERAL (
        SELECT (date_trunc('quarter', s.today::timestamp) - n * interval '3 months')::date AS day) f),
  due AS (
    SELECT x.*, CASE x.k WHEN 'monthly' THEN x.after_last + x.report_day - 1
                         ELSE x.after_last - 1 + x.pack_days END AS due_on
      FROM spans x)
  SELECT d.id, d.k, d.p FROM due d
   WHERE d.today >= GREATEST(d.after_last, d.due_on - 5)
     AND d.after_last - 1 >= d.since
     AND (d.ends_on IS NULL OR d.ends_on >= d.first_day)
     AND NOT EXISTS (
       SELECT 1 FROM reporting_report r
        WHERE r.client_id = d.id AND r.kind = d.k AND r.period = d.p
          AND NOT (r.state = 'draft' AND COALESCE(r.data_as_of < d.after_last - 1, false)))
   ORDER BY d.id, d.k, d.p;
END"""

REPORTED_CLIENTS = """BEGIN
  RETURN QUERY SELECT DISTINCT r.client_id FROM reporting_report r ORDER BY r.client_id;
END"""

# Whose stored pages are looked after: those of reports, and those of assessments.
DRAWN_CLIENTS = """BEGIN
  RETURN QUERY SELECT r.client_id FROM reporting_report r
   UNION SELECT s.client_id FROM risks_riskassessment s ORDER BY 1;
END"""

ON_RELEASE = """
IF NEW.state = 'answered' AND NEW.choice = 'release' THEN
  UPDATE reporting_report
     SET released_at = COALESCE(NEW.answered_at, now()), released_by_id = NEW.answered_by_id
   WHERE client_id = NEW.client_id AND ask_id = NEW.id AND state = 'published' AND released_at IS NULL;
  IF FOUND THEN
    INSERT INTO jobs_job (id, client_id, kind, key, args, state, attempt, max_attempts, disturbances,
                          not_before, step, steps, message, error, created_at)
    SELECT gen_random_uuid(), r.client_id, 'reporting.announce', r.id::text,
           jsonb_build_object('report', r.id), 'queued', 0, 5, 0, now(), 0, 0, '', '', now()
      FROM reporting_report r WHERE r.client_id = NEW.client_id AND r.ask_id = NEW.id
    ON CONFLICT DO NOTHING;
  END IF;
END IF;
"""
