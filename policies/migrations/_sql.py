"""The SQL of policies: who reads drafts, what never changes, what an owner's answer moves."""

# The client's people never see a draft.
READABLE = "client_id = {write} OR (client_id = {read} AND state <> 'draft')"

FROZEN = """
CREATE OR REPLACE FUNCTION sec.policy_words_are_frozen() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- A version without words is a line of a list; undoing the import may take it back.
    IF OLD.state <> 'draft' AND NOT (OLD.state = 'approved' AND OLD.body = '' AND NOT OLD.approval_recorded
         AND NOT EXISTS (SELECT 1 FROM policies_approval a
                          WHERE a.client_id = OLD.client_id AND a.version_id = OLD.id)) THEN
      RAISE EXCEPTION 'policy version % was sent for approval and is never deleted', OLD.id
        USING ERRCODE = '23514';
    END IF;
    RETURN OLD;
  END IF;
  IF NEW.state <> 'draft' AND NEW.sha256 <> encode(sha256(convert_to(NEW.body, 'UTF8')), 'hex') THEN
    RAISE EXCEPTION 'the fingerprint of policy version % is not that of its words', NEW.id
      USING ERRCODE = '23514';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state = 'in_review' OR (NEW.state <> 'draft' AND NEW.approval_recorded) THEN
      RAISE EXCEPTION 'a policy version begins as a draft, not as %', NEW.state USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF NOT (NEW.state = OLD.state
          OR (OLD.state = 'draft' AND NEW.state = 'in_review')
          OR (OLD.state = 'in_review' AND NEW.state IN ('draft', 'approved'))
          OR (OLD.state = 'approved' AND NEW.state = 'superseded')) THEN
    RAISE EXCEPTION 'a policy version does not go from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514';
  END IF;
  IF OLD.state <> 'draft' AND ROW(NEW.body, NEW.change_summary, NEW.author_id, NEW.major, NEW.minor,
       NEW.policy_id, NEW.approval_recorded) IS DISTINCT FROM ROW(OLD.body, OLD.change_summary,
       OLD.author_id, OLD.major, OLD.minor, OLD.policy_id, OLD.approval_recorded) THEN
    RAISE EXCEPTION 'the words of policy version % are frozen; open a new draft', OLD.id
      USING ERRCODE = '23514';
  END IF;
  IF OLD.state IN ('approved', 'superseded') AND ROW(NEW.effective_on, NEW.approved_at,
       NEW.approved_by_id, NEW.sha256) IS DISTINCT FROM ROW(OLD.effective_on, OLD.approved_at,
       OLD.approved_by_id, OLD.sha256) THEN
    RAISE EXCEPTION 'the approval of policy version % is a record and never changes', OLD.id
      USING ERRCODE = '23514';
  END IF;
  IF OLD.state = 'in_review' AND NEW.state = 'approved' AND NOT EXISTS (
       SELECT 1 FROM policies_approval a
         JOIN engagements_ask k ON k.client_id = a.client_id AND k.id = a.ask_id
        WHERE a.client_id = NEW.client_id AND a.version_id = NEW.id
          AND k.state = 'answered' AND k.choice = 'approve') THEN
    RAISE EXCEPTION 'policy version % is approved by its owner''s answer alone', NEW.id
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
"""
FROZEN_TRIGGERS = """
CREATE TRIGGER policy_words_are_frozen BEFORE INSERT OR UPDATE OR DELETE ON policies_policyversion
  FOR EACH ROW EXECUTE FUNCTION sec.policy_words_are_frozen();
CREATE TRIGGER policy_versions_no_truncate BEFORE TRUNCATE ON policies_policyversion
  FOR EACH STATEMENT EXECUTE FUNCTION sec.refuse_change();
"""

# An approval puts the version in force on the day of the answer, in the client's own calendar,
# replaces the one before and sets the next review; anything else makes it a draft again.
ANSWERED = """
IF NEW.state = 'answered' AND NEW.choice = 'approve' THEN
  UPDATE policies_policyversion past SET state = 'superseded', superseded_on = NEW.answered_on
    FROM policies_approval a
    JOIN policies_policyversion v ON v.client_id = a.client_id AND v.id = a.version_id
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id
     AND past.client_id = v.client_id AND past.policy_id = v.policy_id AND past.state = 'approved';
  UPDATE policies_policyversion v
     SET state = 'approved', effective_on = NEW.answered_on, approved_at = NEW.answered_at,
         approved_by_id = NEW.asked_of_id, edition = v.edition + 1
    FROM policies_approval a
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id
     AND v.client_id = a.client_id AND v.id = a.version_id AND v.state = 'in_review';
  UPDATE policies_policy p
     SET next_review_on = (NEW.answered_on + make_interval(months => p.review_months))::date,
         edition = p.edition + 1
    FROM policies_approval a
    JOIN policies_policyversion v ON v.client_id = a.client_id AND v.id = a.version_id
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id
     AND p.client_id = v.client_id AND p.id = v.policy_id;
ELSE
  UPDATE policies_policyversion v SET state = 'draft', sha256 = '', edition = v.edition + 1
    FROM policies_approval a
   WHERE a.client_id = NEW.client_id AND a.ask_id = NEW.id
     AND v.client_id = a.client_id AND v.id = a.version_id AND v.state = 'in_review';
END IF;
"""
