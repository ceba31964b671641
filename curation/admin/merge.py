"""The page that merges a protein into another: choose, look at what would happen, confirm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils.html import format_html

from curation import actions
from curation.actions import BusyError, MergePlan, plan_merge, why_not_merged
from curation.admin.base.admin import CurationAdmin, curator, reasons_of
from curation.admin.editing.form import SeenField
from curation.models import MAX_COMMENT, RecordKind
from curation.permissions import Right, demand
from curation.records.history import version_of
from proteins.domain import identifiers
from proteins.models import Effect, Interaction, Protein, ReviewStatus

#: Differing verdicts that are listed; the page gives their number.
_LISTED: Final = 20


@dataclass(frozen=True)
class Disagreement:
    """Verdicts on what becomes one interaction, of which one stays."""

    interaction: str
    verdicts: list[str]
    stays: str


class MergePages(CurationAdmin[Protein]):
    """Gives the admin of proteins the page that merges one into another."""

    def get_urls(self) -> list[URLPattern]:
        merge = self.route("<path:object_id>/merge/", "merge", self.merge_view)
        return [merge, *super().get_urls()]

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the other protein (GET), show what would happen (`?primary=`), merge (POST)."""
        demand(curator(request), Right.CHANGE)
        secondary = self.get_object(request, unquote(object_id))
        if secondary is None:
            return self.gone(request, object_id)
        given = request.POST if request.method == "POST" else request.GET
        text = given.get("primary", "").strip()
        context: dict[str, Any] = {"accession": text}
        if text:
            primary, context["problem"] = _primary(text, secondary)
            if primary is not None and request.method == "POST":
                answer = self._merge(request, secondary, primary, context)
                if answer is not None:
                    return answer
            if primary is not None:
                context |= _preview(secondary, primary)
        return self._merge_page(request, secondary, context)

    def _merge(
        self,
        request: HttpRequest,
        secondary: Protein,
        primary: Protein,
        context: dict[str, Any],
    ) -> HttpResponse | None:
        """Merge and return where to go; what is refused goes to the context of the page."""
        context["reason"] = reason = request.POST.get("reason", "")
        try:
            actions.merge_protein(
                user=curator(request),
                secondary=secondary,
                primary=primary,
                reason=reason,
                seen=SeenField().clean(request.POST.get("seen")),
            )
        except (ValidationError, BusyError, OperationalError) as error:
            context["problem"] = " ".join(reasons_of(error))
        else:
            messages.success(
                request,
                format_html(
                    "{} is a secondary accession of this protein now. All its data are "
                    'here; <a href="{}">the history</a> lists what came.',
                    secondary.accession,
                    self.url_of("history", primary.pk),
                ),
            )
            return HttpResponseRedirect(self.url_of("change", primary.pk))
        return None

    def _merge_page(
        self, request: HttpRequest, secondary: Protein, context: dict[str, Any]
    ) -> HttpResponse:
        return self.show(
            request,
            "merge_page",
            f"Merge {secondary} into another protein",
            {
                "object": secondary,
                "media": self.media,
                "change_url": self.url_of("change", secondary.pk),
                "max_comment": MAX_COMMENT,
                **context,
            },
        )


def _primary(text: str, secondary: Protein) -> tuple[Protein | None, str]:
    """Return the protein that is meant, or why it cannot be taken."""
    primary = Protein.objects.select_related("taxon").by_accession(text).first()
    if primary is None:
        try:
            accession = identifiers.parse_accession(text)
        except identifiers.IdentifierError as error:
            return None, f"{error}."
        return None, f"No protein {accession} is here."
    if why := why_not_merged(secondary, primary):
        return None, f"{secondary} cannot be merged into {primary}: {why}"
    return primary, ""


def _preview(secondary: Protein, primary: Protein) -> dict[str, Any]:
    # Before the rows: what is written between the two readings is then reported, not missed.
    seen = max(version_of(RecordKind.PROTEIN, protein.pk) for protein in (secondary, primary))
    plan = plan_merge(secondary, primary)
    return {
        "primary": plan.primary,
        "plan": plan,
        "disagreements": _disagreements(plan),
        "more_disagreements": plan.conflicts - _LISTED,
        "seen": seen,
    }


def _disagreements(plan: MergePlan) -> list[Disagreement]:
    unions = [union for union in plan.unions if union.verdicts_differ][:_LISTED]
    ids = [row.id for union in unions for row in union.rows]
    keys = {
        interaction.pk: interaction.key
        for interaction in Interaction.objects.filter(pk__in=ids).select_related("tf", "target")
    }
    return [
        Disagreement(
            interaction=f"{keys[union.stays.id]}",
            verdicts=[f"{keys[row.id]}: {_verdict(row.status, row.effect)}" for row in union.rows],
            stays=_verdict(union.status, union.effect),
        )
        for union in unions
    ]


def _verdict(status: int, effect: int) -> str:
    words = [ReviewStatus(status).label]
    if effect != Effect.UNKNOWN:
        words.append(f"effect: {Effect(effect).label}")
    return ", ".join(words)
