"""Pages of lists that may hold millions of rows, never counted to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

if TYPE_CHECKING:
    _Paginator = Paginator[Any]
else:
    # Django's class takes a type parameter only in its stubs.
    _Paginator = Paginator

#: Rows counted at most; who needs what lies beyond searches or filters.
COUNTED: Final = 10_000


class BoundedPaginator(_Paginator):
    """Counts `COUNTED` rows at most; `capped` says that there are more."""

    @cached_property
    def _counted(self) -> int:
        if isinstance(self.object_list, QuerySet):
            return self.object_list.order_by()[: COUNTED + 1].count()
        return len(self.object_list)

    @property
    def capped(self) -> bool:
        return self._counted > COUNTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED)
