"""A risk is found however its accents and quotation marks were typed, and by a word of a script without blanks."""

from django.db import migrations

# Accents go, and so do the marks that word processors set: to the parser of the database they are letters, so
# that O’Brien was no O'Brien and “backups” no backups. Signs of scripts that put no blanks between words stand
# alone, so that each word is a phrase of them. `risks.models.risk.Says` folds what is asked in the same way.
FOLDED = r"""
CREATE FUNCTION sec.folded(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
  regexp_replace(
    normalize(
      regexp_replace(
        normalize(translate(said, '“ø”Ø„ł«Ł»đĐ', '"o"O"l"L"dD'), NFKD),
        '[\u0300-\u036f]', '', 'g'),
      NFC),
    '[\u00a1-\u00bf\u2010-\u206f\u3000-\u303f]', ' ', 'g'),
  '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])', ' \1 ', 'g');
"""
WORDS = """
ALTER TABLE risks_risk DROP COLUMN words;
ALTER TABLE risks_risk ADD COLUMN words tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('simple', sec.folded(reference || ' ' || source_reference || ' ' || title)), 'A') ||
  setweight(to_tsvector('simple', sec.folded(category || ' ' || cause || ' ' || event || ' ' || consequence)), 'B') ||
  setweight(to_tsvector('simple', sec.folded(description || ' ' || affects || ' ' || controls || ' ' || plan)), 'C') ||
  setweight(to_tsvector('simple', sec.folded(private_notes)), 'D')
) STORED;
"""


class Migration(migrations.Migration):
    dependencies = [("risks", "0038_risks_say_what_is_recorded")]

    operations = [
        migrations.RunSQL(FOLDED, migrations.RunSQL.noop),
        migrations.RunSQL(WORDS, migrations.RunSQL.noop),
    ]
