"""Results about lists of genes that readers keep: what they are about, never what is in them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from curation.actions import remove_result
from curation.admin.base.admin import ReadOnlyAdmin, curator
from curation.models import StoredResult
from curation.permissions import Right, may


@admin.register(StoredResult)
class StoredResultAdmin(ReadOnlyAdmin[StoredResult]):
    """Lists are unpublished research: neither content nor URL is shown."""

    list_display = ("__str__", "created_at", "expires_at", "question", "species", "genes", "size")
    list_filter = ("question",)
    search_fields = ("=id",)
    search_help_text = "The number of a result."
    nothing_yet = "No reader has kept a result in the last 90 days."
    fields = ("created_at", "expires_at", "question", "species", "genes", "size")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StoredResult]:
        return super().get_queryset(request).defer("content", "token_hash")

    def has_delete_permission(
        self, request: HttpRequest, obj: StoredResult | None = None
    ) -> bool:
        return may(curator(request), Right.REMOVE_RESULT)

    def delete_model(self, request: HttpRequest, obj: StoredResult) -> None:
        remove_result(user=curator(request), result=obj)
