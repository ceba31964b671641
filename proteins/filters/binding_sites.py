"""The FilterSet of binding sites."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from proteins.domain import identifiers
from proteins.filters.fields import ParameterFilter, free_text, limits, truth, words
from proteins.filters.interactions import SupportedFilterSet
from proteins.models import BindingSite, Strand
from proteins.models.querysets import ProteinQuerySet

STRANDS = {"plus": Strand.PLUS, "minus": Strand.MINUS, "not_stated": Strand.NOT_STATED}


class BindingSiteFilterSet(SupportedFilterSet):
    tflink_id = ParameterFilter(
        "TFLink ID of the site, such as TFLinkLS08541019.",
        identifiers.parse_tflink_site,
        {"type": "string", "example": "TFLinkLS08541019"},
        many=True,
    )
    assembly = free_text("Genome assembly, such as hg38.")
    chromosome = free_text("Chromosome, such as chr14.")
    start_min, start_max = limits(
        "start", "Starts here or later (base pair, 1-based).", "Starts here or earlier."
    )
    end_min, end_max = limits(
        "end", "Ends here or later (base pair, included).", "Ends here or earlier."
    )
    strand = words("Strand.", STRANDS)
    overlaps_min, overlaps_max = limits(
        "overlaps",
        "Overlaps so many other sites or more.",
        "Overlaps so many other sites or fewer.",
    )
    has_sequence = truth("Whether its sequence is known.", field_name="sequence", method="filled")

    # Nine million sites are indexed by TF and by evidence; a site's place is within its TF's.
    needs = dict.fromkeys(
        (
            "assembly",
            "chromosome",
            "start_min",
            "start_max",
            "end_min",
            "end_max",
            "strand",
            "overlaps_min",
            "overlaps_max",
            "has_sequence",
        ),
        ("tf",),
    )
    controls = ("small_scale",)

    class Meta:
        model = BindingSite
        fields: list[str] = []

    def possible_tfs(self, proteins: ProteinQuerySet) -> ProteinQuerySet:
        sites = BindingSite.objects.filter(tf=OuterRef("pk"))
        return proteins.filter(Exists(sites))

    def names_proteins(self) -> bool:
        return self.has("tf", "tflink_id")
