"""Policies of jobs and mail, and the definer functions that name due work without its content."""

from django.db import migrations

from vciso.tenancy.migrations_support import DefinerFunction, listed, protect

INSTALLATION = (
    "(client_id IS NULL AND practice_id IS NULL AND (SELECT current_setting('vciso.user', true)) LIKE 'installation:%')"
)
UNSCOPED = "(client_id IS NULL AND practice_id IS NULL)"
OWN = f"client_id = {listed('write')} OR practice_id = {listed('practice')}"

POLICIES = f"""
{protect("jobs_job")}
CREATE POLICY jobs_job_r ON jobs_job FOR SELECT TO vciso_app USING ({OWN});
CREATE POLICY jobs_job_i ON jobs_job FOR INSERT TO vciso_app WITH CHECK ({OWN});
CREATE POLICY jobs_job_u ON jobs_job FOR UPDATE TO vciso_app USING ({OWN}) WITH CHECK ({OWN});
GRANT SELECT, INSERT, UPDATE ON jobs_job TO vciso_app;
{protect("jobs_outboxmail")}
CREATE POLICY jobs_outboxmail_r ON jobs_outboxmail FOR SELECT TO vciso_app USING ({INSTALLATION} OR {OWN});
CREATE POLICY jobs_outboxmail_i ON jobs_outboxmail FOR INSERT TO vciso_app WITH CHECK ({UNSCOPED} OR {OWN});
CREATE POLICY jobs_outboxmail_u ON jobs_outboxmail FOR UPDATE TO vciso_app
  USING ({INSTALLATION} OR {OWN}) WITH CHECK ({INSTALLATION} OR {OWN});
GRANT SELECT, INSERT, UPDATE ON jobs_outboxmail TO vciso_app;
"""

# `dispatched_at` is stamped with the naming: stamping after sending made several reconcilers
# send everything several times.
RECONCILE = """BEGIN
  IF NOT pg_try_advisory_xact_lock(4711001) THEN RETURN; END IF;
  UPDATE jobs_job j SET state = CASE WHEN j.attempt >= j.max_attempts THEN 'failed' ELSE 'queued' END,
         lease_token = NULL, lease_until = NULL, dispatched_at = NULL,
         finished_at = CASE WHEN j.attempt >= j.max_attempts THEN clock_timestamp() END,
         error = CASE WHEN j.error = '' THEN 'The worker stopped in the middle.' ELSE j.error END
   WHERE j.id IN (SELECT x.id FROM jobs_job x WHERE x.state = 'running' AND x.lease_until < clock_timestamp()
                     FOR UPDATE SKIP LOCKED);
  RETURN QUERY UPDATE jobs_job j SET dispatched_at = clock_timestamp()
   WHERE j.id IN (SELECT x.id FROM jobs_job x WHERE x.state = 'queued' AND x.not_before <= clock_timestamp()
                     AND (x.dispatched_at IS NULL
                          OR x.dispatched_at < clock_timestamp() - make_interval(secs => p_redispatch))
                   ORDER BY x.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  RETURNING j.id, j.client_id, j.practice_id;
END"""

DUE_MAIL = """BEGIN
  RETURN QUERY SELECT m.id, m.client_id, m.practice_id FROM jobs_outboxmail m
   WHERE m.sent_at IS NULL AND m.dropped = '' AND m.not_before <= clock_timestamp()
   ORDER BY m.not_before LIMIT p_limit;
END"""


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("tenancy", "0002_row_level_security")]

    operations = [
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
        DefinerFunction(
            "reconcile_jobs(p_redispatch double precision, p_limit integer)",
            returns="TABLE(job_id uuid, client_id uuid, practice_id uuid)",
            body=RECONCILE,
            writes=["jobs_job"],
        ),
        DefinerFunction(
            "due_mail(p_limit integer)",
            returns="TABLE(mail_id uuid, client_id uuid, practice_id uuid)",
            body=DUE_MAIL,
            grants=["jobs_outboxmail"],
        ),
        # Triggers of the apps announce on behalf of people who may not write these tables.
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON jobs_job, jobs_outboxmail TO vciso_definer;",
            migrations.RunSQL.noop,
        ),
    ]
