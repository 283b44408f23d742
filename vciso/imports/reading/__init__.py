"""From the bytes of a stranger's file to cells. Knows nothing of the portal.

``read`` either gives a ``Book`` or raises ``ImportRefused`` with a sentence
that says what is wrong and what to do; no other exception leaves this package.
"""

from vciso.imports.reading.book import Book, Cell, Row, Sheet
from vciso.imports.reading.opening import check, read
from vciso.imports.reading.refused import ImportRefused

__all__ = ["Book", "Cell", "ImportRefused", "Row", "Sheet", "check", "read"]
