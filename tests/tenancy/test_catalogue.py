"""Every table has its place. This is the test that a new table, key or function meets first."""

import pytest

from vciso.tenancy import catalogue

pytestmark = pytest.mark.django_db


def test_every_table_key_view_function_and_role_keeps_the_rules() -> None:
    assert catalogue.faults() == []
