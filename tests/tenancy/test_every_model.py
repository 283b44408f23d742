"""Whatever model somebody adds: without a context it raises, and it shows one client's rows."""

from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from tests.factories.cast import Cast
from vciso.tenancy import catalogue
from vciso.tenancy.models import ClientOwned, PracticeOwned

pytestmark = pytest.mark.django_db

OWNED = [m for m in apps.get_models() if issubclass(m, ClientOwned | PracticeOwned)]
TENANCY = [m for m in apps.get_models() if m._meta.db_table in catalogue.TENANCY and m._meta.db_table != "audit_head"]


@pytest.mark.parametrize("model", [*OWNED, *TENANCY], ids=lambda m: m._meta.label_lower)
def test_writing_without_a_context_raises(cast: Cast, model: Any) -> None:
    """An INSERT meets its policy even where the table is empty; only unscoped rows may pass."""
    names = {f.attname for f in model._meta.concrete_fields}
    values = {"client_id": cast.acme.pk, "practice_id": cast.northwind.pk, "user_id": cast.alice.pk}
    field = next(name for name in (*values, "id") if name in names)
    value = values.get(field, cast.northwind.pk)
    with pytest.raises(DatabaseError, match="no tenant context|permission denied"), transaction.atomic():
        model.objects.filter(**{field: value}).update(**{field: value})
        model.objects.bulk_create([model(**{field: value})])


@pytest.mark.parametrize("model", OWNED, ids=lambda m: m._meta.label_lower)
def test_its_table_has_its_place_in_the_catalogue(model: Any) -> None:
    assert model._meta.db_table in catalogue.client_tables() | catalogue.practice_tables()
