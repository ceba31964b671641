"""Accessions and gene IDs that are no longer in use at their sources: lists, and a page on which
a person decides what that means here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from curation import actions
from curation.actions import BusyError
from curation.admin.base.admin import ReadOnlyAdmin, curator, reasons_of
from curation.admin.base.filters import ColumnFilter, OfferedFilter
from curation.models import MAX_COMMENT
from curation.permissions import Right, may
from proteins.models import AccessionFate, GeneID, GeneIDFate, Protein


class FateFilter(ColumnFilter):
    title = "fate"
    parameter_name = "fate"
    offered = AccessionFate.Fate.choices


class HereFilter(OfferedFilter):
    """Those that a protein here has, which a person is to look at; decided or not."""

    title = "what to do"
    parameter_name = "here"
    offered = (("open", "to be decided"), ("settled", "decided"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("open", "settled"):
            return queryset
        if queryset.model is AccessionFate:
            here = Exists(Protein.objects.filter(accession=OuterRef("accession")))
        else:
            here = Exists(GeneID.objects.filter(ncbi_gene_id=OuterRef("ncbi_gene_id")))
        return queryset.filter(here, settled=self.value() == "settled")


class _FateAdmin(ReadOnlyAdmin[Any]):
    """A list of fates, each with a page to decide on it."""

    change_form_template = "admin/curation/fate_page.html"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what became of an identifier (GET), and decide what that means here (POST)."""
        fate = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, fate):
            raise PermissionDenied
        if fate is None:
            return self.gone(request, object_id)
        problem = ""
        if request.method == "POST":
            try:
                self.settle(request, fate)
            except (ValidationError, BusyError, OperationalError) as error:
                problem = " ".join(reasons_of(error))
            else:
                messages.success(request, f"{fate}: decided.")
                return HttpResponseRedirect(self.url_of("changelist"))
        context = {
            **self.context_of(fate),
            "fate": fate,
            "problem": problem,
            "reason": request.POST.get("reason", ""),
            "chosen": request.POST.get("successor", ""),
            "max_comment": MAX_COMMENT,
            "may_decide": may(curator(request), Right.DECIDE),
            **(extra_context or {}),
        }
        return self.show(request, "fate_page", str(fate), context)

    def settle(self, request: HttpRequest, fate: Any) -> None:
        """Decide by the action."""
        raise NotImplementedError

    def context_of(self, fate: Any) -> dict[str, Any]:
        """Return the proteins that a fate concerns, and those that may be meant."""
        raise NotImplementedError


@admin.register(AccessionFate)
class AccessionFateAdmin(_FateAdmin):
    list_display = ("accession", "fate", "successor", "source", "settled")
    list_display_links = ("accession",)
    list_filter = (HereFilter, FateFilter)
    list_select_related = ("source",)
    ordering = ("accession", "successor")
    sortable_by = ("accession",)
    search_fields = ("accession",)  # `matching` says how it is done
    search_help_text = "An accession, former or present."
    nothing_yet = "What became of accessions comes with import_names: sec_ac.txt, delac_sp.txt."

    def matching(
        self, request: HttpRequest, queryset: QuerySet[AccessionFate], text: str
    ) -> QuerySet[AccessionFate]:
        former = queryset.filter(accession=text.upper())
        return former | queryset.filter(successor=text.upper())

    def settle(self, request: HttpRequest, fate: AccessionFate) -> None:
        actions.settle_accession(
            user=curator(request),
            accession=fate.accession,
            successor=request.POST.get("successor", ""),
            reason=request.POST.get("reason", ""),
        )

    def context_of(self, fate: AccessionFate) -> dict[str, Any]:
        same = AccessionFate.objects.filter(accession=fate.accession).exclude(successor="")
        successors = list(same.values_list("successor", flat=True))
        here = Protein.objects.in_bulk([fate.accession, *successors], field_name="accession")
        own = here.get(fate.accession)
        return {
            "identifier": fate.accession,
            "owners": [own] if own else [],
            "candidates": [here[one] for one in successors if one in here],
            "absent": [one for one in successors if one not in here],
        }


@admin.register(GeneIDFate)
class GeneIDFateAdmin(_FateAdmin):
    list_display = ("ncbi_gene_id", "successor", "source", "settled")
    list_display_links = ("ncbi_gene_id",)
    list_filter = (HereFilter,)
    list_select_related = ("source",)
    ordering = ("ncbi_gene_id",)
    sortable_by = ("ncbi_gene_id",)
    search_fields = ("=ncbi_gene_id",)
    search_help_text = "An NCBI gene ID, former or present."
    nothing_yet = "What became of gene IDs comes with import_names: NCBI's gene_history."

    def matching(
        self, request: HttpRequest, queryset: QuerySet[GeneIDFate], text: str
    ) -> QuerySet[GeneIDFate]:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            return queryset.none()
        return queryset.filter(ncbi_gene_id=int(text)) | queryset.filter(successor=int(text))

    def settle(self, request: HttpRequest, fate: GeneIDFate) -> None:
        actions.settle_gene_id(
            user=curator(request),
            gene_id=fate.ncbi_gene_id,
            reason=request.POST.get("reason", ""),
        )

    def context_of(self, fate: GeneIDFate) -> dict[str, Any]:
        owners = GeneID.objects.filter(ncbi_gene_id=fate.ncbi_gene_id).select_related("protein")
        return {
            "identifier": f"Gene ID {fate.ncbi_gene_id}",
            "owners": [owner.protein for owner in owners],
        }
