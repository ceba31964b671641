"""What every admin page here has in common: bounded lists, no bulk deletes, and a helpful
refusal where something is cited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, models
from django.db.models.fields.reverse_related import ManyToOneRel
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst, get_text_list

from curation.actions import BusyError
from curation.admin.base import export, filter_counts, links
from curation.admin.base.autocomplete import is_id
from curation.admin.base.change_list import (
    BoundedChangeList,
    BoundedPaginator,
    WholeChangeList,
    is_export,
)
from curation.permissions import Right, may
from proteins.models import (
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    JasparMatrix,
    Ortholog,
)

Record = TypeVar("Record", bound=models.Model)
Part = TypeVar("Part", bound=GeneID | JasparMatrix | Ortholog)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin
else:
    # Django's class takes a type parameter only in its stubs.
    class _ModelAdmin(Generic[Record], admin.ModelAdmin): ...


class CurationAdmin(_ModelAdmin[Record]):
    show_full_result_count = False
    paginator = BoundedPaginator
    # They count the whole table once for each choice of each filter.
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 200
    sortable_by: ClassVar[tuple[str, ...]] = ()
    #: Whether the table may hold millions of rows (see `BoundedChangeList`).
    large_table: ClassVar[bool] = False
    #: The fields that identify a record: entered when it is added, fixed afterwards.
    fixed_once_made: ClassVar[tuple[str, ...]] = ()
    #: Columns of the list that are of use on a page only.
    not_exported: ClassVar[tuple[str, ...]] = ()
    #: The message where there is no record at all.
    nothing_yet: ClassVar[str] = ""

    class Media:
        js = ("curation/desk.js",)

    def get_urls(self) -> list[URLPattern]:
        return [
            self.route("export/", "export", self.export_view),
            self.route("counts/", "counts", self.counts_view),
            *super().get_urls(),
        ]

    def route(self, pattern: str, page: str, view: Callable[..., HttpResponseBase]) -> URLPattern:
        """Return the route to a page beside Django's, named as Django names its own."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{page}"
        return path(pattern, self.admin_site.admin_view(view), name=name)

    def url_of(self, page: str, *args: Any) -> str:
        """Return the URL of a page of these records."""
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)

    def show(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        context: dict[str, Any],
        status: int | None = None,
    ) -> TemplateResponse:
        """Return a page beside Django's, in the frame of the admin."""
        request.current_app = self.admin_site.name
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(
            request, f"admin/curation/{template}.html", {**frame, **context}, status=status
        )

    def gone(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Return the answer where there is no such record."""
        return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined,no-any-return]
            request, self.opts, object_id
        )

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Record], search_term: str
    ) -> tuple[models.QuerySet[Record], bool]:
        text = search_term.strip()
        matches = self.matching(request, queryset, text) if text else queryset
        if matches is None:
            return super().get_search_results(request, queryset, text)
        return matches, False

    def matching(
        self, request: HttpRequest, queryset: models.QuerySet[Record], text: str
    ) -> models.QuerySet[Record] | None:
        """Return the rows that a text means; None where Django's search by columns serves."""
        return None

    def suggestion(self, record: Record) -> str:
        """Return a record as the suggestions of a form name it."""
        return str(record)

    def exact_matches(self, text: str) -> models.QuerySet[Record] | None:
        """Return what a text names exactly, to be suggested first; None where nothing does."""
        return None

    def counts_view(self, request: HttpRequest) -> HttpResponse:
        return filter_counts.counts_view(self, request)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        return export.export_view(self, request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return WholeChangeList if is_export(request) else BoundedChangeList

    def get_view_on_site_url(self, obj: Record | None = None) -> str | None:
        return links.public_url(obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Record | None = None
    ) -> tuple[Any, ...]:
        fixed = self.fixed_once_made if obj is not None else ()
        return (*super().get_readonly_fields(request, obj), *fixed)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        # What is deleted is looked at first, one by one; most is rejected instead.
        actions.pop("delete_selected", None)
        return actions

    def response_action(
        self, request: HttpRequest, queryset: models.QuerySet[Any], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Refuse a selection that no page offers; Django queries the database for it, and fails."""
        if not all(map(is_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            messages.error(request, "That selection could not be read; nothing was done.")
            return None
        return super().response_action(request, queryset, *args, **kwargs)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why a record stays instead of listing, as Django does, each row that cites it."""
        record = self.get_object(request, unquote(object_id))
        if record is not None and self.has_delete_permission(request, record):
            reason = self.why_not_deleted(record)
            if reason:
                messages.error(request, f"{record} cannot be deleted: {reason}")
                return HttpResponseRedirect(self.url_of("change", record.pk))
        return super().delete_view(request, object_id, extra_context)

    def why_not_deleted(self, record: Record) -> str:
        """Return why a record may not be deleted, for the curator; empty where it may."""
        citing = what_cites(record)
        if not citing:
            return ""
        return f"{get_text_list(citing, 'and')} cite it. Change or delete those first."


class ReadOnlyAdmin(CurationAdmin[Record]):
    """Records that are looked at and never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Record | None = None) -> bool:
        return False


class ShownAdmin(ReadOnlyAdmin[Record]):
    """Records with a page of their own design instead of Django's form."""

    #: What shows one record.
    page_template: ClassVar[str]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record) or request.method not in ("GET", "HEAD"):
            raise PermissionDenied
        if record is None:
            return self.gone(request, object_id)
        context = self.context_of(request, record) | (extra_context or {})
        return self.show(request, self.page_template, self.title_of(record), context)

    def context_of(self, request: HttpRequest, record: Record) -> dict[str, Any]:
        """Return what a record's page shows."""
        raise NotImplementedError

    def title_of(self, record: Record) -> str:
        return capfirst(str(record))


class ChangedByRight:
    """Rows that those may add, change and delete who may change records."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may(curator(request), Right.CHANGE)

    has_add_permission = has_delete_permission = has_change_permission


class ProteinPartAdmin(ReadOnlyAdmin[Part]):
    """Something that a protein has; it is changed on the protein's own page."""

    list_select_related: ClassVar[tuple[str, ...]] = ("protein",)


def curator(request: HttpRequest) -> User:
    """Return the user at work: the admin is for authenticated users only."""
    return cast(User, request.user)


def reasons_of(error: ValidationError | BusyError | OperationalError) -> list[str]:
    """Return why an action was refused, for a person."""
    # SQLite has a message of its own where its write lock is not free.
    return error.messages if isinstance(error, ValidationError) else [str(BusyError())]


def what_cites(record: models.Model) -> list[str]:
    """Return the kinds of records that protect this one from being deleted."""
    kinds = set()
    for relation in record._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete is models.PROTECT:
            citing = relation.related_model
            if citing._base_manager.filter(**{relation.field.name: record}).exists():
                # The links of an evidence row are part of it.
                whole = Evidence if citing in _EVIDENCE_LINKS else citing
                kinds.add(str(whole._meta.verbose_name_plural))
    return sorted(kinds)


_EVIDENCE_LINKS = (EvidenceSource, EvidenceMethod, EvidenceCitation)
