"""The vendor inventory as a list that can be imported, exported and undone."""

from vciso.imports.registry import ImportKind
from vciso.web import formats
from vendors.columns.fields import FIELDS
from vendors.columns.reading import check, people, records
from vendors.columns.writing import apply, remove, restore
from vendors.models import Vendor

KIND = ImportKind(
    name="vendors",
    label="Vendor inventory",
    noun="vendor",
    plural="vendors",
    fields=FIELDS,
    model=Vendor,
    records=records,
    apply=apply,
    remove=remove,
    restore=restore,
    people=people,
    day=formats.client_day,
    check=check,
    permission="vendors.import",
)

__all__ = ["KIND"]
