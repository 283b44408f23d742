"""One world for every module here: it takes longer to make than to ask."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings

from tests.access.world import World, standing


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    files = tmp_path_factory.mktemp("files")
    throttles = {what: (10**6, window) for what, (_, window) in settings.THROTTLES.items()}
    plenty = {"API_READS": 10**6, "API_WRITES": 10**6, "THROTTLES": throttles}
    with django_db_blocker.unblock(), override_settings(FILES_ROOT=files, **plenty), standing(files, settings) as found:
        yield found
