"""Jobs say what they wait for; those of archived clients end; a database restart costs no try."""

from django.db import migrations, models

from vciso.tenancy.migrations_support import DefinerFunction

# A lease that was last extended before the server started ran out for want of a database.
RECONCILE = """DECLARE
  down constant timestamptz := pg_postmaster_start_time();
BEGIN
  IF NOT pg_try_advisory_xact_lock(4711001) THEN RETURN; END IF;
  UPDATE jobs_job j SET state = 'cancelled', lease_token = NULL, lease_until = NULL, message = '',
         finished_at = clock_timestamp()
   WHERE j.id IN (SELECT x.id FROM jobs_job x JOIN tenancy_client c ON c.id = x.client_id AND c.status <> 'active'
                   WHERE x.state = 'queued' OR (x.state = 'running' AND x.lease_until < clock_timestamp())
                     FOR UPDATE OF x SKIP LOCKED);
  WITH stopped AS (
    SELECT x.id, x.lease_until - make_interval(secs => p_lease) < down AS disturbed,
           x.attempt >= x.max_attempts AS exhausted
      FROM jobs_job x WHERE x.state = 'running' AND x.lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED)
  UPDATE jobs_job j SET lease_token = NULL, lease_until = NULL, dispatched_at = NULL,
         state = CASE WHEN s.exhausted AND NOT s.disturbed THEN 'failed' ELSE 'queued' END,
         finished_at = CASE WHEN s.exhausted AND NOT s.disturbed THEN clock_timestamp() END,
         attempt = j.attempt - s.disturbed::int, disturbances = j.disturbances + s.disturbed::int,
         waiting_for = CASE WHEN s.disturbed THEN 'database' ELSE 'worker' END,
         message = CASE WHEN s.disturbed THEN '' ELSE 'The worker that did it stopped in the middle.' END,
         error = CASE WHEN j.error = '' THEN 'The worker stopped in the middle.' ELSE j.error END
    FROM stopped s WHERE j.id = s.id;
  RETURN QUERY UPDATE jobs_job j SET dispatched_at = clock_timestamp(),
         waiting_for = CASE WHEN j.waiting_for = 'queue' THEN 'worker' ELSE j.waiting_for END
   WHERE j.id IN (SELECT x.id FROM jobs_job x WHERE x.state = 'queued' AND x.not_before <= clock_timestamp()
                     AND (x.dispatched_at IS NULL
                          OR x.dispatched_at < clock_timestamp() - make_interval(secs => p_redispatch))
                   ORDER BY x.created_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
  RETURNING j.id, j.client_id, j.practice_id;
END"""

WORDS = [
    ("worker", "Waiting for a free worker."),
    ("queue", "Waiting: the queue is away. The work begins by itself once the queue is back."),
    ("database", "Waiting: the database was away. The work is tried again by itself."),
    ("space", "Waiting: the disk is full. The work goes on by itself once there is space."),
    ("storage", "Waiting: the storage of files cannot be used. The work is tried again by itself."),
    ("release", "Waiting for a worker of the release that asked for this."),
    ("service", "Waiting: a service it needs was away. It is tried again by itself."),
]


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_row_level_security")]

    operations = [
        migrations.AddField(
            "job",
            "waiting_for",
            models.CharField(max_length=8, choices=WORDS, default="worker", db_default="worker"),
        ),
        migrations.AlterField(
            "job",
            "message",
            models.CharField(max_length=200, blank=True, help_text="For people: what it does, or why it failed."),
        ),
        migrations.AlterField(
            "job",
            "error",
            models.TextField(blank=True, help_text="For the log: the last error in its own words."),
        ),
        # One function of the name: workers of the release before call it with two arguments.
        migrations.RunSQL("DROP FUNCTION sec.reconcile_jobs(double precision, integer);", migrations.RunSQL.noop),
        DefinerFunction(
            "reconcile_jobs(p_redispatch double precision, p_limit integer, p_lease double precision DEFAULT 60)",
            returns="TABLE(job_id uuid, client_id uuid, practice_id uuid)",
            body=RECONCILE,
            grants=["tenancy_client"],
            writes=["jobs_job"],
        ),
    ]
