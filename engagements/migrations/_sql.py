"""What the database does by itself when somebody answers, comments, confirms or reports."""

# One mail to one user, once per key; needs the portal's address in the transaction.
MAIL = """
  INSERT INTO jobs_outboxmail (id, client_id, key, user_id, "to", subject, body, needs_role,
                               not_before, tries, error, created_at, dropped)
  SELECT gen_random_uuid(), NEW.client_id, {key}, u.id, u.email, {subject},
         {body} || E'\\n\\n' || current_setting('vciso.base_url', true) || '/c/' || c.key || {path},
         true, clock_timestamp(), 0, '', clock_timestamp(), ''
    FROM tenancy_user u, tenancy_client c
   WHERE u.id = {user} AND c.id = NEW.client_id AND u.is_active
     AND COALESCE(current_setting('vciso.base_url', true), '') <> ''
  ON CONFLICT (key) DO NOTHING;
"""

# Who answers: the person asked or the deputy within the dates, never the asker, and in the role
# asked in. An answer recorded from a call is written by whoever may write the client.
ANSWERED = """
DECLARE
  a engagements_ask%ROWTYPE;
BEGIN
  SELECT * INTO a FROM engagements_ask k WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id FOR UPDATE;
  IF a.state <> 'open' THEN
    RAISE EXCEPTION 'the ask is closed' USING ERRCODE = '23514';
  END IF;
  IF NEW.person_id <> a.asked_of_id OR NEW.by_id = a.asked_by_id THEN
    RAISE EXCEPTION 'somebody else was asked' USING ERRCODE = '23514';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM jsonb_array_elements(a.options) o WHERE o->>'key' = NEW.choice) THEN
    RAISE EXCEPTION 'this choice was not offered' USING ERRCODE = '23514';
  END IF;
  IF NEW.recorded_by_id IS NOT NULL THEN
    IF NOT (NEW.client_id = ANY (COALESCE(NULLIF(current_setting('vciso.write', true), ''), '{}')::uuid[])) THEN
      RAISE EXCEPTION 'only the practice records answers' USING ERRCODE = '23514';
    END IF;
  ELSE
    IF NEW.by_id::text IS DISTINCT FROM current_setting('vciso.user', true) THEN
      RAISE EXCEPTION 'an answer is signed by the person who gives it' USING ERRCODE = '23514';
    END IF;
    IF NEW.by_id IS DISTINCT FROM a.asked_user_id AND NOT COALESCE(
         NEW.by_id = a.deputy_user_id AND NEW."on" BETWEEN a.deputy_from AND a.deputy_until, false) THEN
      RAISE EXCEPTION 'somebody else was asked' USING ERRCODE = '23514';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM tenancy_membership m WHERE m.user_id = NEW.by_id
                    AND m.client_id = NEW.client_id AND m.role = a.role) THEN
      RAISE EXCEPTION 'the person no longer holds the role asked in' USING ERRCODE = '23514';
    END IF;
  END IF;
  UPDATE engagements_ask k
     SET state = 'answered', choice = NEW.choice, reason = NEW.reason, answered_at = NEW.at,
         answered_on = NEW."on", answered_by_id = NEW.by_id,
         confirmation = CASE WHEN NEW.recorded_by_id IS NULL THEN 'not_needed' ELSE 'awaited' END
   WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id;
  IF NEW.recorded_by_id IS NULL THEN@MAIL@
  END IF;
END;
""".replace(
    "@MAIL@",
    MAIL.format(
        key="'ask:' || a.id || ':answered'",
        subject="'Your question was answered'",
        body="a.asked_of_name || ' answered what you asked about ' || c.name || '.'",
        path="'/asks/' || a.reference || '/'",
        user="a.asked_by_id",
    ),
)

CONFIRMED = """
DECLARE
  a engagements_ask%ROWTYPE;
BEGIN
  SELECT * INTO a FROM engagements_ask k WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id FOR UPDATE;
  IF a.confirmation <> 'awaited' OR NEW.by_id IS DISTINCT FROM a.asked_user_id
     OR NEW.by_id::text IS DISTINCT FROM current_setting('vciso.user', true) THEN
    RAISE EXCEPTION 'nothing to confirm, or not by this person' USING ERRCODE = '23514';
  END IF;
  UPDATE engagements_ask k
     SET confirmation = CASE WHEN NEW.agrees THEN 'confirmed' ELSE 'disputed' END
   WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id;
@MAIL@
END;
""".replace(
    "@MAIL@",
    MAIL.format(
        key="'ask:' || a.id || ':confirmation'",
        subject="CASE WHEN NEW.agrees THEN 'An answer you recorded was confirmed' "
        "ELSE 'An answer you recorded is disputed' END",
        body="a.asked_of_name || ' looked at the answer you recorded for ' || c.name || '.'",
        path="'/asks/' || a.reference || '/'",
        user="a.asked_by_id",
    ),
)

# Whoever was asked takes back what still holds; `holds_until` going tells the app whose record it is
# (`OnWithdrawal`).
WITHDRAWN = """
DECLARE
  a engagements_ask%ROWTYPE;
  today date;
BEGIN
  SELECT * INTO a FROM engagements_ask k WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id FOR UPDATE;
  SELECT (NEW.at AT TIME ZONE c.time_zone)::date INTO today FROM tenancy_client c WHERE c.id = NEW.client_id;
  IF NEW.by_id::text IS DISTINCT FROM current_setting('vciso.user', true)
     OR NOT (NEW.by_id IS NOT DISTINCT FROM a.asked_user_id OR COALESCE(
          NEW.by_id = a.deputy_user_id AND today BETWEEN a.deputy_from AND a.deputy_until, false))
     OR NOT EXISTS (SELECT 1 FROM tenancy_membership m WHERE m.user_id = NEW.by_id
                     AND m.client_id = NEW.client_id AND m.role = a.role) THEN
    RAISE EXCEPTION 'an answer is withdrawn by the person asked alone' USING ERRCODE = '23514';
  END IF;
  IF a.holds_until IS NULL OR a.holds_until < today THEN
    RAISE EXCEPTION 'what was answered holds no longer' USING ERRCODE = '23514';
  END IF;
  UPDATE engagements_ask k SET holds_until = NULL WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id;
@MAIL@
END;
""".replace(
    "@MAIL@",
    MAIL.format(
        key="'ask:' || a.id || ':withdrawal'",
        subject="'An answer to you was withdrawn'",
        body="a.asked_of_name || ' withdrew an answer to what you asked about ' || c.name || '. It holds no longer.'",
        path="'/asks/' || a.reference || '/'",
        user="a.asked_by_id",
    ),
)

COMMENTED = """
DECLARE
  a engagements_ask%ROWTYPE;
BEGIN
  IF NEW.client_id = ANY (COALESCE(NULLIF(current_setting('vciso.write', true), ''), '{}')::uuid[]) THEN
    RETURN NULL;
  END IF;
  SELECT * INTO a FROM engagements_ask k WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id;
  IF NEW.by_id::text IS DISTINCT FROM current_setting('vciso.user', true)
     OR NOT (NEW.by_id IS NOT DISTINCT FROM a.asked_user_id OR NEW.by_id IS NOT DISTINCT FROM a.deputy_user_id) THEN
    RAISE EXCEPTION 'somebody else was asked' USING ERRCODE = '23514';
  END IF;
@MAIL@
END;
""".replace(
    "@MAIL@",
    MAIL.format(
        key="'ask:' || a.id || ':comment:' || NEW.id",
        subject="'A question back'",
        body="a.asked_of_name || ' asks something before answering, about ' || c.name || '.'",
        path="'/asks/' || a.reference || '/'",
        user="a.asked_by_id",
    ),
)

TASK_REPLIED = """
DECLARE
  t engagements_task%ROWTYPE;
BEGIN
  IF NEW.client_id = ANY (COALESCE(NULLIF(current_setting('vciso.write', true), ''), '{}')::uuid[]) THEN
    RETURN NULL;
  END IF;
  SELECT * INTO t FROM engagements_task k WHERE k.client_id = NEW.client_id AND k.id = NEW.task_id FOR UPDATE;
  IF NEW.by_id::text IS DISTINCT FROM current_setting('vciso.user', true)
     OR NEW.by_id IS DISTINCT FROM t.assignee_user_id OR t.status <> 'open' THEN
    RAISE EXCEPTION 'the task is closed, or somebody else has it' USING ERRCODE = '23514';
  END IF;
  IF NEW.finishes THEN
    UPDATE engagements_task k SET status = 'done', closed_on = NEW."on", closed_note = NEW.text
     WHERE k.client_id = NEW.client_id AND k.id = NEW.task_id;
  END IF;
@MAIL@
END;
""".replace(
    "@MAIL@",
    MAIL.format(
        key="'task:' || t.id || ':reply:' || NEW.id",
        subject="CASE WHEN NEW.finishes THEN 'A task was done' ELSE 'A reply to a task' END",
        body="'There is news on ' || t.reference || ' of ' || c.name || '.'",
        path="'/tasks/' || t.reference || '/'",
        user="t.raised_by_id",
    ),
)

# Whoever gets a role at a client is the person of the directory with that address, and may from
# then on see what was asked of them or given to them before they had an account.
ACCOUNT_GIVEN = """
  UPDATE engagements_person p SET user_id = NEW.user_id
    FROM tenancy_user u
   WHERE u.id = NEW.user_id AND p.client_id = NEW.client_id AND p.user_id IS NULL AND p.active
     AND lower(p.email) = u.email
     AND NOT EXISTS (SELECT 1 FROM engagements_person o WHERE o.client_id = NEW.client_id AND o.user_id = NEW.user_id);
  UPDATE engagements_ask a SET asked_user_id = NEW.user_id
    FROM engagements_person p
   WHERE p.client_id = NEW.client_id AND p.user_id = NEW.user_id
     AND a.client_id = NEW.client_id AND a.asked_of_id = p.id AND a.asked_user_id IS NULL;
  UPDATE engagements_task t SET assignee_user_id = NEW.user_id
    FROM engagements_person p
   WHERE p.client_id = NEW.client_id AND p.user_id = NEW.user_id
     AND t.client_id = NEW.client_id AND t.assignee_id = p.id AND t.assignee_user_id IS NULL;
  INSERT INTO tenancy_share (id, client_id, user_id, kind, object_id, created_at)
  SELECT gen_random_uuid(), NEW.client_id, NEW.user_id, 'ask', a.id, now()
    FROM engagements_ask a WHERE a.client_id = NEW.client_id AND a.asked_user_id = NEW.user_id
  UNION ALL
  SELECT gen_random_uuid(), NEW.client_id, NEW.user_id, 'task', t.id, now()
    FROM engagements_task t
   WHERE t.client_id = NEW.client_id AND t.assignee_user_id = NEW.user_id
  ON CONFLICT (client_id, user_id, kind, object_id) DO NOTHING;
"""

DECISION = """
  UPDATE engagements_decision d
     SET state = CASE NEW.state WHEN 'answered' THEN 'decided' ELSE 'withdrawn' END,
         decided_at = NEW.answered_at, decided_on = NEW.answered_on, outcome_reason = NEW.reason,
         withdrawn_on = NEW.withdrawn_on,
         chosen_id = (SELECT o.id FROM engagements_decisionoption o
                       WHERE o.client_id = NEW.client_id AND o.decision_id = d.id
                         AND o.position::text = NEW.choice)
   WHERE d.client_id = NEW.client_id AND d.ask_id = NEW.id;
"""

# What was asked stays as it was put, and what was answered as it was said: by whom it may be
# answered can change while nobody has. Only a row of the person's own (or one recorded for them)
# answers, and only their word confirms.
ASK_FROZEN = """
CREATE FUNCTION sec.ask_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $f$
DECLARE
  answerers text[] := ARRAY['asked_user_id', 'deputy_user_id', 'deputy_from', 'deputy_until'];
  withdrawal text[] := ARRAY['withdrawn_at', 'withdrawn_on', 'withdrawn_reason'];
  outcome text[] := ARRAY['choice', 'reason', 'answered_at', 'answered_on', 'answered_by_id'];
  before jsonb := to_jsonb(OLD) - answerers - 'confirmation';
  after jsonb := to_jsonb(NEW) - answerers - 'confirmation';
BEGIN
  IF NEW.state <> OLD.state THEN
    before := before - 'state' - CASE NEW.state WHEN 'answered' THEN outcome ELSE withdrawal END;
    after := after - 'state' - CASE NEW.state WHEN 'answered' THEN outcome ELSE withdrawal END;
  END IF;
  IF before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'what ask % says is frozen', OLD.reference USING ERRCODE = '23514';
  END IF;
  IF NEW.state = 'answered' AND OLD.state <> 'answered' AND NOT EXISTS (
       SELECT 1 FROM engagements_answer w
        WHERE w.client_id = NEW.client_id AND w.ask_id = NEW.id AND w.choice = NEW.choice AND w.reason = NEW.reason
          AND NEW.confirmation = CASE WHEN w.recorded_by_id IS NULL THEN 'not_needed' ELSE 'awaited' END) THEN
    RAISE EXCEPTION 'ask % is answered by the person asked alone', OLD.reference USING ERRCODE = '23514';
  END IF;
  IF NEW.confirmation <> OLD.confirmation AND NEW.state = OLD.state AND NOT EXISTS (
       SELECT 1 FROM engagements_answerconfirmation c
        WHERE c.client_id = NEW.client_id AND c.ask_id = NEW.id
          AND NEW.confirmation = CASE WHEN c.agrees THEN 'confirmed' ELSE 'disputed' END) THEN
    RAISE EXCEPTION 'the answer to ask % is confirmed by the person asked alone', OLD.reference USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
GRANT SELECT ON engagements_answer, engagements_answerconfirmation TO vciso_definer;
CREATE TRIGGER ask_is_frozen BEFORE UPDATE ON engagements_ask
  FOR EACH ROW EXECUTE FUNCTION sec.ask_is_frozen();
"""

# The arguments are the states that an answer alone gives, each with the choice that it takes.
ONLY_BY_ANSWER = """
CREATE FUNCTION sec.only_by_answer() RETURNS trigger LANGUAGE plpgsql AS $f$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.state = OLD.state THEN
      RETURN NEW;
    END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM unnest(TG_ARGV) given WHERE split_part(given, ':', 1) = NEW.state)
     AND NOT EXISTS (
       SELECT 1 FROM engagements_ask k
        WHERE k.client_id = NEW.client_id AND k.id = NEW.ask_id AND k.state = 'answered'
          AND (NEW.state || ':' || k.choice = ANY (TG_ARGV) OR NEW.state || ':*' = ANY (TG_ARGV))) THEN
    RAISE EXCEPTION 'a row of % becomes % by the answer of the person asked alone', TG_TABLE_NAME, NEW.state
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;
"""


def _but_by_record(*holding: str) -> str:
    """The same rule; how long an answer holds is written by what follows from it, never by a person."""
    rule = ASK_FROZEN[: ASK_FROZEN.index("GRANT SELECT")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    listed = ", ".join(f"'{column}'" for column in holding)
    differs = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in holding)
    refusal = f"""
  IF ({differs}) AND current_user = 'vciso_app' THEN
    RAISE EXCEPTION 'how long the answer to ask % holds is told by its record alone', OLD.reference
      USING ERRCODE = '23514';
  END IF;
  RETURN NEW;
END $f$;"""
    rule = rule.replace("- 'confirmation'", f"- 'confirmation' - ARRAY[{listed}]")
    return rule.replace("\n  RETURN NEW;\nEND $f$;", refusal)


HOLDS_BY_RECORD = _but_by_record("holds_until")
ENDS_BY_RECORD = _but_by_record("holds_until", "ended_on", "ended_reason")

# Who signed; `NEW` is the ask. A deputy is named before the person they stand in for.
SIGNER = """left(CASE WHEN NEW.answered_by_id <> NEW.asked_user_id THEN
           (SELECT u.name FROM tenancy_user u WHERE u.id = NEW.answered_by_id) || ' for ' ELSE '' END
         || NEW.asked_of_name, 200)"""

# `NEW` is the answer or the withdrawal, `a` the ask.
_GIVER = """(CASE WHEN NEW.by_id <> a.asked_user_id THEN
  (SELECT g.name FROM tenancy_user g WHERE g.id = NEW.by_id) || ' for ' ELSE '' END || a.asked_of_name)"""
_BODY = "a.asked_of_name || '"
ANSWERED_BY_NAME = ANSWERED.replace(_BODY, f"{_GIVER} || '")
WITHDRAWN_BY_NAME = WITHDRAWN.replace(_BODY, f"{_GIVER} || '").replace(
    "a.holds_until IS NULL OR", "a.confirmation = 'awaited' OR a.holds_until IS NULL OR"
)

WITHDRAWN_BY_SOMEBODY = ENDS_BY_RECORD.replace("'withdrawn_reason'", "'withdrawn_by_id', 'withdrawn_reason'")

# A name for comparing: without case, marks on letters and extra blanks, as the service compares them.
_PLAIN_NAME = (
    r"lower(btrim(regexp_replace(regexp_replace(normalize({}, NFKD), '[\u0300-\u036f]', '', 'g'), "
    r"'\s+', ' ', 'g')))"
)

# What was said on a call is vouched for by a file, or by somebody besides whoever asked, wrote it down or said it.
_HEARD = f"""
    IF NEW.file_key = '' AND btrim(NEW.witness) = '' THEN
      RAISE EXCEPTION 'a recorded answer says who else heard it, or has a file' USING ERRCODE = '23514';
    END IF;
    IF EXISTS (
      SELECT 1 FROM (
        SELECT a.asked_of_name AS name
         UNION ALL
        SELECT u.name FROM tenancy_user u WHERE u.id IN (NEW.recorded_by_id, a.asked_by_id, a.asked_user_id)
      ) theirs WHERE {_PLAIN_NAME.format("theirs.name")} = {_PLAIN_NAME.format("NEW.witness")}
    ) THEN
      RAISE EXCEPTION 'whoever asked, recorded or gave an answer is no witness of it' USING ERRCODE = '23514';
    END IF;"""
_PRACTICE_ALONE = """'only the practice records answers' USING ERRCODE = '23514';
    END IF;"""
ANSWERED_AND_HEARD = ANSWERED_BY_NAME.replace(_PRACTICE_ALONE, _PRACTICE_ALONE + _HEARD)

# Whether a text names a person, alone or among others. A bar stands between those who are named: a part with all the
# words of a name names them, whatever else it says (“Dr. Tomas J. Lind”), and so do “Lind, Tomas”. Who shares one word
# of a name is somebody else; a name of a single word is therefore named by a part that says nothing more.
NAMES = r"""
CREATE FUNCTION sec.listed_names(said text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $f$
  SELECT '| ' || btrim(regexp_replace(regexp_replace(
    lower(regexp_replace(normalize(said, NFKD), '[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g')),
    '[,;:/&+|()\[\]\n]|\y(and|or|with|plus)\y', ' | ', 'g'), '[^[:alnum:]|''’-]+', ' ', 'g')) || ' |'
$f$;
CREATE FUNCTION sec.names_person(said text, name text) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $f$
  SELECT own.name <> '' AND (
    position('| ' || regexp_replace(own.name, '^(.*) (\S+)$', '\2 | \1') || ' |' IN sec.listed_names(said)) > 0
    OR EXISTS (
      SELECT FROM unnest(string_to_array(sec.listed_names(said), '|')) part
       WHERE string_to_array(btrim(part), ' ') @> string_to_array(own.name, ' ')
         AND (position(' ' IN own.name) > 0 OR btrim(part) = own.name)))
    FROM (SELECT btrim(sec.listed_names(name), '| ') AS name) own
$f$;
"""

_HEARD_BY_OTHERS = _HEARD.replace(
    f"{_PLAIN_NAME.format('theirs.name')} = {_PLAIN_NAME.format('NEW.witness')}",
    "sec.names_person(NEW.witness, theirs.name)",
)
# Nobody writes down today what is said tomorrow.
_SAID_BY_NOW = """
  IF NEW."on" > (SELECT (NEW.at AT TIME ZONE c.time_zone)::date FROM tenancy_client c WHERE c.id = NEW.client_id) THEN
    RAISE EXCEPTION 'an answer is given on the day it is written down, or before' USING ERRCODE = '23514';
  END IF;
"""
_IF_RECORDED = "  IF NEW.recorded_by_id IS NOT NULL THEN\n"
ANSWERED_AND_HEARD_BY_OTHERS = ANSWERED_BY_NAME.replace(_PRACTICE_ALONE, _PRACTICE_ALONE + _HEARD_BY_OTHERS).replace(
    _IF_RECORDED, _SAID_BY_NOW.lstrip("\n") + _IF_RECORDED, 1
)
