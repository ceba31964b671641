"""Accessions and gene IDs that are no longer in use at their sources: lists, and a page on which
a person decides what that means here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern

from curation import actions
from curation.actions import BusyError
from curation.admin.base.admin import ShownAdmin, curator, reasons_of
from curation.admin.base.filters import ColumnFilter, OfferedFilter
from curation.models import MAX_COMMENT
from curation.permissions import Right, demand, may
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


class _FateAdmin(ShownAdmin[Any]):
    """A list of fates, each with a page on which a person decides."""

    page_template = "fate_page"

    def get_urls(self) -> list[URLPattern]:
        decide = self.route("<path:object_id>/decide/", "decide", self.decide_view)
        return [decide, *super().get_urls()]

    def decide_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Decide what an identifier means here (POST); a refusal is shown with what was typed."""
        demand(curator(request), Right.DECIDE)
        fate = self.get_object(request, unquote(object_id))
        if fate is None:
            return self.gone(request, object_id)
        if request.method != "POST":
            return HttpResponseRedirect(self.url_of("change", fate.pk))
        try:
            self.settle(request, fate)
        except (ValidationError, BusyError, OperationalError) as error:
            context = self.context_of(request, fate)
            problem = {"problem": " ".join(reasons_of(error))}
            return self.show(request, self.page_template, self.title_of(fate), context | problem)
        messages.success(request, f"{fate}: decided.")
        return HttpResponseRedirect(self.url_of("changelist"))

    def context_of(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        return {
            **self.proteins_of(record),
            "fate": record,
            "decide_url": self.url_of("decide", record.pk),
            "reason": request.POST.get("reason", ""),
            "chosen": request.POST.get("successor", ""),
            "max_comment": MAX_COMMENT,
            "may_decide": may(curator(request), Right.DECIDE),
            "media": self.media,
        }

    def settle(self, request: HttpRequest, fate: Any) -> None:
        """Decide by the action."""
        raise NotImplementedError

    def proteins_of(self, fate: Any) -> dict[str, Any]:
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

    def proteins_of(self, fate: AccessionFate) -> dict[str, Any]:
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

    def proteins_of(self, fate: GeneIDFate) -> dict[str, Any]:
        owners = GeneID.objects.filter(ncbi_gene_id=fate.ncbi_gene_id).select_related("protein")
        return {
            "identifier": f"Gene ID {fate.ncbi_gene_id}",
            "owners": [owner.protein for owner in owners],
        }
