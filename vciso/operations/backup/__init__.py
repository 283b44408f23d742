"""Backups that prove themselves: one archive of database and files, and a restore that compares.

``making`` writes the archive, ``archive`` is its form, ``restoring`` fills an empty database from
it, ``catalogue`` is what both compare: policies, grants, triggers, owners, rows, chains.
"""

from vciso.operations.backup.archive import Damaged, verify
from vciso.operations.backup.making import NotPermitted, make
from vciso.operations.backup.restoring import CannotRestore, restore

__all__ = ["CannotRestore", "Damaged", "NotPermitted", "make", "restore", "verify"]
