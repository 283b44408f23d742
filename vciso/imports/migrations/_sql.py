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

# A name of two or three letters is a word, an abbreviation or a day as often as a firm. It counts where it is written
# as a name: with its “Ltd”, in an address, in capitals among words that are not, or with its capital within a sentence.
COMMON = (
    "ad ai api app ar avg aws bc bcp bi cab cad ceo cfo cio ciso cis coo cpu crm csf csv cti cto cve dba dc dlp dns dr "
    "drp edr eol erp eta eu faq fte fy gdp gps hq hr hw ics ict id ids iot ip ips irp iso isp it kpi kyc lan ldr llm mac "
    "mdm mfa mgr mri msp nas nda nhs nis nsa ops ot pam pc pci pdf pen phi pii pm po poc pos pr qa ra rdp rfp roi rpo rto "
    "sap sec sla sme smb soc sox sql sso ssl ssn tba tbc tbd tls tpm uk un url us usb ups vip vlan vm vp vpn waf wan xdr "
    "xls zip q1 q2 q3 q4 p1 p2 p3 p4 mon tue wed thu fri sat sun jan feb mar apr may jun jul aug sep oct nov dec "
    "all and any are but can day etc for get has how its key law low new non not now old one out own per red set the "
    "top two use was who why yes you"
)
SHORT = f"""
CREATE FUNCTION sec.short_name_in(p_name text, p_short text, p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $f$
  SELECT CASE
    WHEN length(n.written) < 2 OR lower(n.written) = ANY (string_to_array('{COMMON}', ' ')) THEN false
    WHEN p_text ~* ('(@|www[.])' || n.written || '[.][[:alpha:]]') THEN true
    WHEN n.written = upper(n.written)
      THEN p_text ~ '[[:lower:]]' AND p_text ~ ('(^|[^[:alnum:]])' || n.written || '($|[^[:alnum:]])')
    ELSE n.written <> lower(n.written) AND p_text ~ ('[[:alnum:],;:(] ' || n.written || '($|[^[:alnum:]])')
  END
  FROM (SELECT COALESCE(substring(p_name from '(?i)' || p_short), '') AS written) n
$f$;
"""
OTHER_CLIENTS_NAMED_SHORTLY_TOO = f"""DECLARE v_practice uuid; v_own text; v_name text;
BEGIN
  IF NOT {WRITES} THEN
    RAISE EXCEPTION 'no tenant context (write)' USING ERRCODE = '42501';
  END IF;
  SELECT c.practice_id, sec.firm_words(c.name), c.name INTO v_practice, v_own, v_name
    FROM tenancy_client c WHERE c.id = p_client;
  RETURN QUERY
    SELECT DISTINCT w.place::integer
      FROM (SELECT t.place, replace(sec.plain_words(t.words), v_own, ' ') AS words, replace(t.words, v_name, ' ') AS typed
              FROM unnest(p_texts) WITH ORDINALITY AS t(words, place)) w
      JOIN (SELECT c.name AS typed, sec.plain_words(c.name) AS whole, sec.firm_words(c.name) AS name
              FROM tenancy_client c WHERE c.practice_id = v_practice AND c.id <> p_client) o
        ON CASE WHEN length(btrim(o.name)) >= 4 THEN position(o.name IN w.words) > 0
                ELSE (o.whole <> o.name AND position(o.whole IN w.words) > 0)
                  OR sec.short_name_in(o.typed, btrim(o.name), w.typed) END;
END"""
