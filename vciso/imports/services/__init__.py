"""The verbs of an import: preview, change how it is read, import, undo."""

from vciso.imports.services.arriving import bring_again, read_again, read_behind, receive
from vciso.imports.services.importing import import_rows, set_aside, start_import
from vciso.imports.services.previewing import change_mapping, look_again, plan_file, preview
from vciso.imports.services.remembering import forget, share_reading
from vciso.imports.services.undoing import UndoResult, start_undo, undo

__all__ = [
    "UndoResult",
    "bring_again",
    "change_mapping",
    "forget",
    "import_rows",
    "look_again",
    "plan_file",
    "preview",
    "read_again",
    "read_behind",
    "receive",
    "set_aside",
    "share_reading",
    "start_import",
    "start_undo",
    "undo",
]
