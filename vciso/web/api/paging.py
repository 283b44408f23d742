"""Long lists in pages that neither skip nor repeat a row while others write."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination

from vciso.web import problems
from vciso.web.api import narrowing
from vciso.web.problems import FieldError

ROWS = 50
MOST_ROWS = 100


class Cursor(CursorPagination):
    """50 rows, or as many as `limit` says, at most 100; `next` and `previous` are whole addresses."""

    page_size = ROWS
    page_size_query_param = "limit"
    max_page_size = MOST_ROWS
    ordering = ("pk",)

    def get_ordering(self, request: Any, queryset: Any, view: Any) -> Any:
        return view.ordering

    def get_page_size(self, request: Any) -> int:
        asked = request.query_params.get("limit", str(ROWS))
        if not (asked.isascii() and asked.isdigit() and len(asked) < 4 and 1 <= int(asked) <= MOST_ROWS):
            raise _refused("limit", asked, f"limit cannot be “{problems.shown(asked)}”. Ask for 1 to {MOST_ROWS} rows.")
        return int(asked)

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (NotFound, ValueError, ValidationError, DataError):
            cursor = request.query_params.get("cursor", "")
            raise _refused("cursor", cursor, "This is no place in the list. Start without a cursor.") from None


def _refused(name: str, value: str, sentence: str) -> problems.Problem:
    return narrowing.refused([FieldError("", sentence, problems.shown(value), parameter=name)])
