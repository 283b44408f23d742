"""What the database does in the register when somebody answers. `NEW` is the ask."""

# A signature takes the place of one that still runs; one that has run out keeps its own end.
ACCEPTANCE = """
IF NEW.state = 'withdrawn' THEN
  UPDATE risks_acceptance a
     SET state = 'withdrawn', ended_at = NEW.withdrawn_at, ended_reason = NEW.withdrawn_reason
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'asked';
ELSIF NEW.choice = 'accept' THEN
  UPDATE risks_acceptance earlier
     SET state = 'ended', ended_at = NEW.answered_at, ended_reason = 'Replaced by a newer acceptance.'
    FROM risks_acceptance a
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id
     AND earlier.client_id = NEW.client_id AND earlier.risk_id = a.risk_id
     AND earlier.state = 'live' AND earlier.until >= NEW.answered_on;
  UPDATE risks_acceptance a
     SET state = 'live', signed_at = NEW.answered_at, signer_name = NEW.asked_of_name,
         reason = NEW.reason, recorded_by_id = w.recorded_by_id, witness = w.witness
    FROM engagements_answer w
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'asked'
     AND w.client_id = NEW.client_id AND w.ask_id = NEW.id;
  UPDATE risks_risk r
     SET accepted_until = a.until, acceptance_gap = false, version = r.version + 1
    FROM risks_acceptance a
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'live'
     AND r.client_id = NEW.client_id AND r.id = a.risk_id AND r.status = 'open';
ELSE
  UPDATE risks_acceptance a
     SET state = 'declined', ended_at = NEW.answered_at, reason = NEW.reason,
         signer_name = NEW.asked_of_name, recorded_by_id = w.recorded_by_id, witness = w.witness
    FROM engagements_answer w
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'asked'
     AND w.client_id = NEW.client_id AND w.ask_id = NEW.id;
END IF;
"""

# What an acceptance has to fulfil when it is asked for and when it is signed, whoever writes it.
ACCEPTABLE = """
DECLARE
  k engagements_ask%ROWTYPE;
  zone text;
  asked date;
  owner_up_to integer;
  any_director boolean;
BEGIN
  SELECT c.time_zone INTO zone FROM tenancy_client c WHERE c.id = NEW.client_id;
  asked := (NEW.requested_at AT TIME ZONE zone)::date;
  IF NEW.until IS NULL OR NEW.until <= asked OR NEW.until > asked + interval '12 months' THEN
    RAISE EXCEPTION 'an acceptance ends after the day it is asked for and within 12 months' USING ERRCODE = '23514';
  END IF;
  SELECT * INTO k FROM engagements_ask a WHERE a.client_id = NEW.client_id AND a.id = NEW.ask_id;
  IF NOT FOUND OR k.asked_of_id IS DISTINCT FROM NEW.asked_of_id THEN
    RAISE EXCEPTION 'an acceptance is asked of a named person' USING ERRCODE = '23514';
  END IF;
  IF NEW.requested_by_id IS NULL OR NEW.requested_by_id = k.asked_user_id
     OR NEW.requested_by_id = k.answered_by_id THEN
    RAISE EXCEPTION 'whoever asks for an acceptance never signs it' USING ERRCODE = '23514';
  END IF;
  SELECT s.owner_up_to INTO owner_up_to FROM risks_signingauthority s
   WHERE s.client_id = NEW.client_id ORDER BY s.happened_at DESC LIMIT 1;
  SELECT EXISTS (
    SELECT 1 FROM tenancy_membership m JOIN engagements_person p ON p.client_id = m.client_id AND p.user_id = m.user_id
     WHERE m.client_id = NEW.client_id AND m.role = 'board' AND p.active) INTO any_director;
  IF k.role <> (CASE WHEN any_director AND NEW.band_at_signing > COALESCE(owner_up_to, 3)
                     THEN 'board' ELSE 'owner' END) THEN
    RAISE EXCEPTION 'a risk of this band is accepted by somebody else' USING ERRCODE = '23514';
  END IF;
  IF NEW.state = 'live' AND (k.answered_on > NEW.until OR EXISTS (
       SELECT 1 FROM risks_risk r WHERE r.client_id = NEW.client_id AND r.id = NEW.risk_id
          AND GREATEST(r.now_band, CASE WHEN r.loss_over_limit > 0 THEN 3 ELSE 0 END) > NEW.band_at_signing)) THEN
    RAISE EXCEPTION 'what was asked no longer covers this risk' USING ERRCODE = '23514';
  END IF;
END;
"""

PLAN = """
UPDATE risks_treatmentplan p
   SET state = CASE WHEN NEW.state = 'withdrawn' THEN 'withdrawn'
                    WHEN NEW.choice = 'approve' THEN 'approved' ELSE 'declined' END,
       answered_at = COALESCE(NEW.answered_at, NEW.withdrawn_at), answer_reason = NEW.reason
 WHERE p.client_id = NEW.client_id AND p.ask_id = NEW.id AND p.state = 'asked';
IF NEW.state = 'answered' AND NEW.choice = 'approve' THEN
  UPDATE risks_risk r
     SET plan_approved_on = NEW.answered_on, version = r.version + 1
    FROM risks_treatmentplan p
   WHERE p.client_id = NEW.client_id AND p.ask_id = NEW.id AND p.state = 'approved'
     AND r.client_id = NEW.client_id AND r.id = p.risk_id;
END IF;
"""

# The signer says that what was recorded is not right; `NEW` is the confirmation. A newer plan stands as it is.
PLAN_DISPUTED = """
UPDATE risks_risk r SET plan_approved_on = NULL, version = r.version + 1
  FROM risks_treatmentplan p
 WHERE p.client_id = NEW.client_id AND p.ask_id = NEW.ask_id AND p.state = 'approved'
   AND r.client_id = NEW.client_id AND r.id = p.risk_id
   AND NOT EXISTS (SELECT FROM risks_treatmentplan newer
                    WHERE newer.client_id = p.client_id AND newer.risk_id = p.risk_id
                      AND (newer.happened_at, newer.recorded_at) > (p.happened_at, p.recorded_at));
UPDATE risks_treatmentplan p
   SET state = 'withdrawn', answer_reason = 'The signer says that what was recorded is not right.'
 WHERE p.client_id = NEW.client_id AND p.ask_id = NEW.ask_id AND p.state = 'approved';
"""

APPETITE = """
UPDATE risks_appetitestatement s
   SET state = CASE WHEN NEW.state = 'withdrawn' THEN 'withdrawn'
                    WHEN NEW.choice = 'approve' THEN 'approved' ELSE 'declined' END,
       answered_on = NEW.answered_on,
       signer_name = CASE WHEN NEW.state = 'answered' THEN NEW.asked_of_name ELSE '' END,
       reason = CASE WHEN NEW.state = 'answered' THEN NEW.reason ELSE NEW.withdrawn_reason END
 WHERE s.client_id = NEW.client_id AND s.ask_id = NEW.id AND s.state = 'asked';
"""

APPETITE_DISPUTED = """
UPDATE risks_appetitestatement s
   SET state = 'withdrawn', reason = 'The signer says that what was recorded is not right.'
 WHERE s.client_id = NEW.client_id AND s.ask_id = NEW.ask_id AND s.state = 'approved';
"""

# The client's people never see a draft.
ASSESSMENT_READABLE = "client_id = {write} OR (client_id = {read} AND state <> 'draft')"

# From the request on an assessment is a record: only what the answer says is written into it.
ASSESSMENT_FROZEN = """
CREATE FUNCTION sec.assessment_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  moving text[] := ARRAY['state', 'reason'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'risk assessment % was asked for and is never deleted', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state = 'draft' THEN
    IF NEW.state <> 'draft' AND (length(NEW.sha256) <> 64 OR NEW.frozen_at IS NULL OR NEW.ask_id IS NULL) THEN
      RAISE EXCEPTION 'risk assessment % is asked for with its fingerprint', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'asked' THEN
    moving := moving || ARRAY['answered_on', 'signer_name'];
  END IF;
  IF (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving) THEN
    RAISE EXCEPTION 'risk assessment % is frozen; begin a new one', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
CREATE TRIGGER assessment_is_a_record BEFORE UPDATE OR DELETE ON risks_riskassessment
  FOR EACH ROW EXECUTE FUNCTION sec.assessment_is_a_record();
CREATE TRIGGER assessment_no_truncate BEFORE TRUNCATE ON risks_riskassessment
  FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change();
"""

ASSESSMENT = """
UPDATE risks_riskassessment s
   SET state = CASE WHEN NEW.state = 'withdrawn' THEN 'withdrawn'
                    WHEN NEW.choice = 'approve' THEN 'approved' ELSE 'declined' END,
       answered_on = NEW.answered_on,
       signer_name = CASE WHEN NEW.state = 'answered' THEN NEW.asked_of_name ELSE '' END,
       reason = CASE WHEN NEW.state = 'answered' THEN NEW.reason ELSE NEW.withdrawn_reason END
 WHERE s.client_id = NEW.client_id AND s.ask_id = NEW.id AND s.state = 'asked';
"""

ASSESSMENT_DISPUTED = """
UPDATE risks_riskassessment s
   SET state = 'withdrawn', reason = 'The signer says that what was recorded is not right.'
 WHERE s.client_id = NEW.client_id AND s.ask_id = NEW.ask_id AND s.state = 'approved';
"""

# The signer's word on what somebody recorded; `NEW` is the confirmation. A "no" ends it.
CONFIRMED = """
IF NEW.agrees THEN
  UPDATE risks_acceptance a SET confirmed_at = NEW.at
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.ask_id;
ELSE
  UPDATE risks_risk r SET accepted_until = NULL, version = r.version + 1
    FROM risks_acceptance a
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.ask_id AND a.state = 'live'
     AND r.client_id = NEW.client_id AND r.id = a.risk_id;
  UPDATE risks_acceptance a
     SET state = 'ended', ended_at = NEW.at,
         ended_reason = 'The signer says that what was recorded is not right.'
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.ask_id AND a.state = 'live';
END IF;
"""

# `NEW` is the acceptance: while it is in force, the question behind it says until when.
HOLDS = """
UPDATE engagements_ask k
   SET holds_until = CASE WHEN NEW.state = 'live' THEN NEW.until END
 WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id
   AND k.holds_until IS DISTINCT FROM CASE WHEN NEW.state = 'live' THEN NEW.until END;
"""

HOLDS_OR_ENDED = """
UPDATE engagements_ask k
   SET holds_until = CASE WHEN NEW.state = 'live' THEN NEW.until END,
       ended_on = CASE WHEN NEW.state IN ('ended', 'lapsed') THEN (NEW.ended_at AT TIME ZONE c.time_zone)::date END,
       ended_reason = CASE WHEN NEW.state IN ('ended', 'lapsed') THEN NEW.ended_reason ELSE '' END
  FROM tenancy_client c
 WHERE c.id = NEW.client_id AND k.client_id = NEW.client_id AND k.id = NEW.ask_id AND k.state = 'answered';
"""

ENDED_SO_FAR = """
UPDATE engagements_ask k
   SET ended_on = (a.ended_at AT TIME ZONE c.time_zone)::date, ended_reason = a.ended_reason
  FROM risks_acceptance a JOIN tenancy_client c ON c.id = a.client_id
 WHERE a.client_id = k.client_id AND a.ask_id = k.id AND a.state IN ('ended', 'lapsed') AND k.state = 'answered';
"""

HOLDS_NOW = """
UPDATE engagements_ask k SET holds_until = a.until
  FROM risks_acceptance a
 WHERE a.client_id = k.client_id AND a.ask_id = k.id AND a.state = 'live';
"""

# The signer took it back; `NEW` is the ask. One that ended in another way is live no longer.
ACCEPTANCE_WITHDRAWN = """
UPDATE risks_risk r SET accepted_until = NULL, version = r.version + 1
  FROM risks_acceptance a, engagements_answerwithdrawal w
 WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'live'
   AND w.client_id = NEW.client_id AND w.ask_id = NEW.id
   AND r.client_id = NEW.client_id AND r.id = a.risk_id;
UPDATE risks_acceptance a
   SET state = 'ended', ended_at = w.at, ended_by_id = w.by_id, ended_reason = w.reason
  FROM engagements_answerwithdrawal w
 WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id AND a.state = 'live'
   AND w.client_id = NEW.client_id AND w.ask_id = NEW.id;
"""

# Ids of clients alone: what the acceptances are is read inside each client's own context.
ENDING = """
BEGIN
  RETURN QUERY
  SELECT DISTINCT a.client_id
    FROM risks_acceptance a JOIN tenancy_client c ON c.id = a.client_id
   WHERE a.state = 'live' AND c.status = 'active'
     AND a.until BETWEEN (p_at AT TIME ZONE 'UTC')::date - 8 AND (p_at AT TIME ZONE 'UTC')::date + 61;
END
"""

# The end of a plan lies ahead on the day it is written, unless the version before ended so too or the row
# says that it was written down from elsewhere. `NEW` is the version.
PLANNABLE = """
IF NEW.target_on < (
     SELECT (NEW.happened_at AT TIME ZONE c.time_zone)::date FROM tenancy_client c WHERE c.id = NEW.client_id
   ) AND NEW.target_on IS DISTINCT FROM (
     SELECT p.target_on FROM risks_treatmentplan p
      WHERE p.client_id = NEW.client_id AND p.risk_id = NEW.risk_id AND p.id <> NEW.id
        AND p.happened_at <= NEW.happened_at
      ORDER BY p.happened_at DESC, p.recorded_at DESC LIMIT 1
   ) THEN
  RAISE EXCEPTION 'a plan ends on the day it is written or later' USING ERRCODE = '23514';
END IF;
"""

# What a rating has to fulfil, whoever writes it: on the scale, and a target at most what stands as now
# when it is set. A rating now that comes later may fall below the target.
RATED = """
CREATE FUNCTION sec.rating_is_fit() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  worst integer;
  present integer;
BEGIN
  IF row_security_active('risks_riskrating') AND COALESCE(current_setting('vciso.write', true), '') = '' THEN
    RETURN NEW;  -- outside of every context; the policy refuses the row, and says so
  END IF;
  SELECT max(i.value::integer) INTO worst FROM jsonb_each_text(NEW.impacts) i;
  IF worst IS NULL OR EXISTS (
    SELECT 1 FROM jsonb_each_text(NEW.impacts) i WHERE i.value::integer NOT BETWEEN 1 AND 5
  ) THEN
    RAISE EXCEPTION 'an impact is a level from 1 to 5' USING ERRCODE = '23514';
  END IF;
  IF NEW.kind = 'target' THEN
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
CREATE TRIGGER risks_riskrating_is_fit BEFORE INSERT ON risks_riskrating
  FOR EACH ROW EXECUTE FUNCTION sec.rating_is_fit();
"""

# Before levels said when, every risk came back after three months unless somebody chose otherwise. What
# was recorded before that and never got a rhythm by hand follows its level; days set by hand stay.
FOLLOW_LEVELS = """
UPDATE risks_risk r
   SET review_months = 0,
       next_review_on = CASE
         WHEN r.next_review_on <> (COALESCE(r.last_reviewed_on, r.raised_on) + interval '3 months')::date
           THEN r.next_review_on
         ELSE (COALESCE(r.last_reviewed_on, r.raised_on)
               + make_interval(months => (ARRAY[1, 12, 6, 3, 1])[r.now_band + 1]))::date END
  FROM django_migrations m
 WHERE m.app = 'risks' AND m.name = '0008_reviews_by_level' AND r.review_months = 3
   AND EXISTS (SELECT FROM risks_riskevent e
                WHERE e.client_id = r.client_id AND e.risk_id = r.id AND e.recorded_at < m.applied)
   AND NOT EXISTS (SELECT FROM audit_event a
                    WHERE a.client_id = r.client_id AND a.object_id = r.id AND a.after ? 'review_months'
                      AND a.verb = 'risk.edited');
"""

# As before, and the pages: they may be drawn once for each version, and a version begins when the
# answer moves the state, which the pages print.
ASSESSMENT_PAGES = """
CREATE OR REPLACE FUNCTION sec.assessment_is_a_record() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  moving text[] := ARRAY[
    'state', 'reason', 'version', 'file_key', 'file_sha256', 'file_size', 'file_pages', 'file_version'];
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' OR OLD.discarded_at IS NOT NULL THEN
      RAISE EXCEPTION 'risk assessment % is a record and is never deleted', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state = 'draft' THEN
    IF NEW.state <> 'draft' AND (length(NEW.sha256) <> 64 OR NEW.frozen_at IS NULL OR NEW.ask_id IS NULL) THEN
      RAISE EXCEPTION 'risk assessment % is asked for with its fingerprint', OLD.id USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'asked' THEN
    moving := moving || ARRAY['answered_on', 'signer_name'];
  END IF;
  NEW.version := OLD.version + (NEW.state <> OLD.state)::integer;
  IF (to_jsonb(NEW) - moving) IS DISTINCT FROM (to_jsonb(OLD) - moving)
     OR NEW.file_version < OLD.file_version OR NEW.file_version > NEW.version
     OR (NEW.file_version = OLD.file_version
         AND (NEW.file_key, NEW.file_sha256, NEW.file_size, NEW.file_pages)
             IS DISTINCT FROM (OLD.file_key, OLD.file_sha256, OLD.file_size, OLD.file_pages))
  THEN
    RAISE EXCEPTION 'risk assessment % is frozen; begin a new one', OLD.id USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
"""

# The pages of what was moved by an answer are drawn by a worker, as `services.drawing` asks for them.
DRAW_ASSESSMENT = """
INSERT INTO jobs_job (id, client_id, kind, key, args, state, attempt, max_attempts, disturbances,
                      not_before, step, steps, message, error, created_at)
SELECT gen_random_uuid(), s.client_id, 'risks.draw_assessment', s.id::text || ':' || s.version::text,
       jsonb_build_object('assessment', s.id, 'version', s.version), 'queued', 0, 5, 0, now(), 0, 0, '', '', now()
  FROM risks_riskassessment s WHERE {which}
ON CONFLICT DO NOTHING;
"""

# As before, and by whom: who withdrew the question, or whose word ended what was recorded.
ACCEPTANCE_BY_WHOM = ACCEPTANCE.replace(
    "ended_reason = NEW.withdrawn_reason", "ended_reason = NEW.withdrawn_reason, ended_by_id = NEW.withdrawn_by_id"
)
CONFIRMED_BY_WHOM = CONFIRMED.replace("ended_at = NEW.at,", "ended_at = NEW.at, ended_by_id = NEW.by_id,")
PLAN_AND_WHY = PLAN.replace(
    "answer_reason = NEW.reason",
    "answer_reason = CASE WHEN NEW.state = 'withdrawn' THEN NEW.withdrawn_reason ELSE NEW.reason END",
)

# As before, and the twelve months run from the day it was said, where that is told of an earlier one.
ACCEPTABLE_AS_SAID = ACCEPTABLE.replace(
    "k.answered_on > NEW.until OR EXISTS",
    "k.answered_on > NEW.until OR NEW.until > k.answered_on + interval '12 months' OR EXISTS",
)
