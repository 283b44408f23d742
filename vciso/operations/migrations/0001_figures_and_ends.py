"""Definer functions for whoever runs the portal: how much work there is, and where each chain ends."""

from django.db import migrations

from vciso.tenancy.migrations_support import DefinerFunction

# How many and how old; no id, no address, no word of what is in them.
FIGURES = """DECLARE v_now timestamptz := clock_timestamp();
BEGIN
  RETURN QUERY
  SELECT f.figure, j.kind::text, f.value::double precision FROM (
    SELECT x.kind,
           count(*) FILTER (WHERE x.state = 'queued' AND x.not_before <= v_now) AS waiting,
           COALESCE(EXTRACT(epoch FROM v_now - min(x.not_before)
             FILTER (WHERE x.state = 'queued' AND x.not_before <= v_now)), 0) AS oldest,
           count(*) FILTER (WHERE x.state = 'running') AS running,
           count(*) FILTER (WHERE x.state IN ('queued', 'running') AND x.disturbances > 0) AS disturbed,
           count(*) FILTER (WHERE x.state = 'done') AS done,
           count(*) FILTER (WHERE x.state = 'failed') AS failed,
           COALESCE(sum(EXTRACT(epoch FROM x.finished_at - x.created_at)) FILTER (WHERE x.state = 'done'), 0) AS seconds,
           COALESCE(max(EXTRACT(epoch FROM x.finished_at - x.created_at))
             FILTER (WHERE x.state = 'done' AND x.finished_at > v_now - interval '1 hour'), 0) AS slowest
      FROM jobs_job x GROUP BY x.kind) j
  CROSS JOIN LATERAL (VALUES ('waiting', j.waiting::numeric), ('oldest', j.oldest), ('running', j.running),
    ('disturbed', j.disturbed), ('done', j.done), ('failed', j.failed), ('seconds', j.seconds),
    ('slowest', j.slowest)) AS f (figure, value)
  ORDER BY 2, 1;
  RETURN QUERY
  SELECT f.figure, ''::text, f.value::double precision FROM (
    SELECT count(*) AS waiting, COALESCE(EXTRACT(epoch FROM v_now - min(m.not_before)), 0) AS oldest,
           count(*) FILTER (WHERE m.tries > 0) AS repeated
      FROM jobs_outboxmail m WHERE m.sent_at IS NULL AND m.dropped = '' AND m.not_before <= v_now) o
  CROSS JOIN LATERAL (VALUES ('mail_waiting', o.waiting::numeric), ('mail_oldest', o.oldest),
    ('mail_repeated', o.repeated)) AS f (figure, value);
  RETURN QUERY
  SELECT 'trail_age'::text, ''::text, EXTRACT(epoch FROM v_now - sec.audit_anchored())::double precision
   WHERE sec.audit_anchored() IS NOT NULL;
END"""

ANCHORED = """BEGIN
  RETURN (SELECT e.happened_at FROM audit_event e
    WHERE e.practice_id IS NULL AND e.client_id IS NULL AND e.verb = 'trail.anchored' ORDER BY e.seq DESC LIMIT 1);
END"""

ENDS = """BEGIN
  RETURN QUERY SELECT h.chain::text, h.seq::bigint, h.hash::text FROM audit_head h ORDER BY 1;
END"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_row_level_security"), ("audit", "0002_chain")]

    operations = [
        DefinerFunction("audit_anchored()", returns="timestamptz", body=ANCHORED, grants=["audit_event"]),
        DefinerFunction(
            "work_figures()",
            returns="TABLE(figure text, kind text, value double precision)",
            body=FIGURES,
            grants=["jobs_job", "jobs_outboxmail"],
        ),
        DefinerFunction(
            "audit_ends()",
            returns="TABLE(chain text, seq bigint, hash text)",
            body=ENDS,
            grants=["audit_head"],
        ),
    ]
