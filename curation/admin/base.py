"""What every admin page here has in common: bounded lists, no bulk deletes, and a helpful
refusal where something is cited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import User
from django.db import models
from django.db.models.fields.reverse_related import ManyToOneRel
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list

from curation.admin.paginator import COUNTED, BoundedPaginator
from curation.importing.lock import wait_for_import
from curation.models import Pin, RecordKind
from curation.pins import pin_changes, protein_values
from proteins.models import (
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    JasparMatrix,
    Ortholog,
    Protein,
)

Record = TypeVar("Record", bound=models.Model)
Part = TypeVar("Part", bound=GeneID | JasparMatrix | Ortholog)

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin
    _PartInline = admin.TabularInline[Part, Protein]
else:
    # Django's classes take type parameters only in their stubs.
    class _ModelAdmin(Generic[Record], admin.ModelAdmin): ...

    class _PartInline(Generic[Part], admin.TabularInline): ...


class BoundedChangeList(ChangeList):
    """A list whose cost does not grow with its table.

    It sorts by the columns of `sortable_by` only, whatever its address asks: those have an
    index. Of a large table, the rows that pass search and filters are cut at `COUNTED`
    before they are sorted, so that a common value costs no more than a rare one.
    """

    model_admin: CurationAdmin[Any]

    def get_ordering_field(self, field_name: str | Callable[..., Any]) -> Any:
        if field_name not in (self.sortable_by or ()):
            return None
        return super().get_ordering_field(field_name)

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        found = super().get_queryset(request, *args, **kwargs)
        if not self.model_admin.large_table or not found.query.where:
            return found
        within = found.order_by().prefetch_related(None).values("pk")[: COUNTED + 1]
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=within))
        return rows.order_by(*self.get_ordering(request, rows))


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
    #: The fields that identify a record: asked for when it is added, fixed afterwards.
    fixed_once_made: ClassVar[tuple[str, ...]] = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return BoundedChangeList

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

    def save_model(
        self, request: HttpRequest, obj: Record, form: ModelForm[Record], change: bool
    ) -> None:
        """Write what the form changed and nothing else: other columns, such as kept counts,
        may have moved since the form was read."""
        if not change:
            super().save_model(request, obj, form, change)
        elif form.changed_data:
            columns = {field.name for field in self.opts.concrete_fields}
            changed = [name for name in form.changed_data if name in columns]
            if "changed_at" in columns:
                obj.changed_at = timezone.now()  # type: ignore[attr-defined]
                changed.append("changed_at")
            obj.save(update_fields=changed)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say why a record stays instead of listing, as Django does, each row that cites it."""
        record = self.get_object(request, unquote(object_id))
        if record is not None and self.has_delete_permission(request, record):
            reason = self.why_not_deleted(record)
            if reason:
                messages.error(request, f"{record} cannot be deleted: {reason}")
                name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
                return HttpResponseRedirect(reverse(name, args=[record.pk]))
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


class ProteinPartAdmin(CurationAdmin[Part]):
    """Something that a protein has; changing it changes the protein."""

    autocomplete_fields: ClassVar[tuple[str, ...]] = ("protein",)
    list_select_related: ClassVar[tuple[str, ...]] = ("protein",)
    fixed_once_made = ("protein",)

    def save_model(
        self, request: HttpRequest, obj: Part, form: ModelForm[Part], change: bool
    ) -> None:
        before = protein_as_stored(obj.protein_id)
        super().save_model(request, obj, form, change)
        pin_protein(request, obj.protein_id, before)
        mark_changed(obj.protein_id)

    def delete_model(self, request: HttpRequest, obj: Part) -> None:
        before = protein_as_stored(obj.protein_id)
        super().delete_model(request, obj)
        pin_protein(request, obj.protein_id, before)
        mark_changed(obj.protein_id)


class ProteinPartInline(_PartInline[Part]):
    extra = 1


def curator(request: HttpRequest) -> User:
    """Return who is at work: the admin lets nobody in who is not logged in."""
    return cast(User, request.user)


def protein_as_stored(protein_id: int) -> dict[str, Any]:
    """Return what documents may say of a protein, before a curator changes it.

    The admin's transaction is around it; no import writes until that ends.
    """
    wait_for_import()
    return protein_values(Protein.objects.get(pk=protein_id))


def pin_protein(request: HttpRequest, protein_id: int, before: Mapping[str, Any]) -> None:
    """Pin what was changed of a protein since, so that no import overrules the curator."""
    pin_changes(
        kind=RecordKind.PROTEIN,
        record_id=protein_id,
        before=before,
        after=protein_values(Protein.objects.get(pk=protein_id)),
        user=curator(request),
    )


def drop_pins(kind: RecordKind, record_id: int) -> None:
    """Delete the pins of a record that is about to be deleted."""
    Pin.objects.filter(kind=kind, record_id=record_id).delete()


def mark_changed(protein_id: int) -> None:
    """Note on a protein that what it has was changed now."""
    Protein.objects.filter(pk=protein_id).update(changed_at=timezone.now())


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
