"""Uploads and downloads: checks, storage, serving.

``store`` and ``read`` keep bytes under generated keys, per client or practice
and addressed by content; ``places`` puts them into a folder or an object
store. ``uploads`` checks what people send, ``images`` makes pictures safe,
``responses`` hands bytes to a browser. Who may read a file is decided where
its row lies; a key is never taken from a request.
"""

from vciso.files.storage import (
    Stored,
    delete,
    exists,
    probe,
    read,
    remove_unfinished,
    store,
    store_for_practice,
    stored_keys,
    tenant_safe,
)

__all__ = [
    "Stored",
    "delete",
    "exists",
    "probe",
    "read",
    "remove_unfinished",
    "store",
    "store_for_practice",
    "stored_keys",
    "tenant_safe",
]
