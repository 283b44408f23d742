"""The written programme as a list that can be imported, exported and undone."""

from policies.columns.reading import check, people, prepare, records
from policies.columns.writing import apply, remove, restore
from policies.models import Policy
from vciso.imports.registry import ImportKind
from vciso.imports.words.policies import FIELDS
from vciso.web import formats

KIND = ImportKind(
    name="policies",
    label="Policy list",
    noun="policy",
    plural="policies",
    fields=FIELDS,
    model=Policy,
    records=records,
    apply=apply,
    remove=remove,
    restore=restore,
    people=people,
    day=formats.client_day,
    prepare=prepare,
    check=check,
    permission="policies.import",
    section_field="",
    ended=("status", "retired"),
    folders=True,
)

__all__ = ["KIND"]
