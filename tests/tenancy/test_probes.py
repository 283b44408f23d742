"""Every attempt to break out fails on the product as it is."""

import pytest

from tests.factories.cast import Cast
from tests.tenancy.probes import PROBES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", PROBES)
def test_the_attempt_fails(world: Cast, name: str) -> None:
    PROBES[name](world)
