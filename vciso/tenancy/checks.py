"""`manage.py check --database default` refuses a database whose catalogue breaks the rules."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from vciso.tenancy import catalogue


@register(Tags.database)
def isolation_holds(app_configs: Any, databases: Any, **options: Any) -> list[CheckMessage]:
    """Silent while migrations are due: `migrate` checks first, and they put tables in their place."""
    if not databases or _is_behind():
        return []
    return [Error(fault, id="tenancy.E001") for fault in catalogue.faults()]


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
