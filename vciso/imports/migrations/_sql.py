"""Two doors of the importer: the practice's reading of one form, and whether a text names another client."""

WRITES = "COALESCE(p_client = ANY (NULLIF(current_setting('vciso.write', true), '')::uuid[]), false)"

# A job works for one client and sees no practice-owned row; it may ask for one form by its headings.
PRACTICE_READING = f"""BEGIN
  IF NOT {WRITES} THEN
    RAISE EXCEPTION 'no tenant context (write)' USING ERRCODE = '42501';
  END IF;
  RETURN (SELECT r.mapping::text FROM imports_practicereading r
            JOIN tenancy_client c ON c.id = p_client AND c.practice_id = r.practice_id
           WHERE r.kind = p_kind AND r.signature = p_signature);
END"""

WORDS = r"""
CREATE FUNCTION sec.plain_words(t text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $f$
  SELECT ' ' || btrim(regexp_replace(lower(t), '[^[:alnum:]]+', ' ', 'g')) || ' '
$f$;
CREATE FUNCTION sec.firm_words(t text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $f$
  SELECT regexp_replace(sec.plain_words(t),
    '( (ltd|limited|inc|llc|llp|gmbh|ag|kg|plc|corp|corporation|company|co|sarl|sas|sa|bv|nv|srl|spa|ltda|oy|ab|as))+ $',
    ' ')
$f$;
"""

# Answers places only: which client was named, and whether a client exists elsewhere, stays unsaid.
OTHER_CLIENTS_NAMED = f"""DECLARE v_practice uuid; v_own text;
BEGIN
  IF NOT {WRITES} THEN
    RAISE EXCEPTION 'no tenant context (write)' USING ERRCODE = '42501';
  END IF;
  SELECT c.practice_id, sec.firm_words(c.name) INTO v_practice, v_own FROM tenancy_client c WHERE c.id = p_client;
  RETURN QUERY
    SELECT DISTINCT w.place::integer
      FROM (SELECT t.place, replace(sec.plain_words(t.words), v_own, ' ') AS words
              FROM unnest(p_texts) WITH ORDINALITY AS t(words, place)) w
      JOIN (SELECT sec.firm_words(c.name) AS name FROM tenancy_client c
             WHERE c.practice_id = v_practice AND c.id <> p_client) o
        ON length(btrim(o.name)) >= 4 AND position(o.name IN w.words) > 0;
END"""
