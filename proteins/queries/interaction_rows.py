"""Rows of the tables of one protein, by the keys of the interactions or binding sites.

A page and a download show the same rows: only the keys are filtered and put in order, and
what a row shows is read for one page, or one batch, of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from proteins.domain.evidence import SmallScale
from proteins.domain.names import short_name, title_of
from proteins.models import (
    BindingSite,
    Effect,
    GeneID,
    Interaction,
    Reporting,
    ReviewStatus,
)
from proteins.models.querysets import Partner, full_name_of
from proteins.queries.evidence import EvidenceFacts, read_evidence


class Stored(NamedTuple):
    """An interaction as it is stored, with the protein at its other end."""

    pk: int
    evidence_id: int
    small_scale: int
    effect: int
    status: int
    reporting: int
    partner_id: int
    accession: str
    name: str
    full_name: str


@dataclass(frozen=True)
class InteractionRow:
    stored: Stored
    gene_ids: tuple[int, ...]
    support: EvidenceFacts

    @property
    def pk(self) -> int:
        return self.stored.pk

    @property
    def accession(self) -> str:
        """The partner's, as its name and gene IDs are."""
        return self.stored.accession

    @property
    def name(self) -> str:
        return self.stored.name

    @property
    def small_scale(self) -> str:
        return SmallScale(self.stored.small_scale).label

    @property
    def effect(self) -> str:
        """In a word; empty where it is unknown."""
        return _EFFECTS[self.stored.effect]

    @property
    def status(self) -> str:
        return _STATUSES[self.stored.status]

    @property
    def reporting(self) -> str:
        return _REPORTING[self.stored.reporting]

    @property
    def is_unreported(self) -> bool:
        """Whether the sources do not report it: no longer, or never."""
        return self.stored.reporting != Reporting.REPORTED

    @property
    def label(self) -> str:
        return self.short_name or self.accession

    @property
    def short_name(self) -> str:
        return short_name(self.name)

    @property
    def title(self) -> str:
        """What a pointer over its name shows (see `Protein.title`)."""
        return title_of(self.name, self.stored.full_name)


# Django builds the labels of choices at each access.
_EFFECTS = {effect.value: effect.label if effect else "" for effect in Effect}
_STATUSES = {status.value: status.label for status in ReviewStatus}
_REPORTING = {reporting.value: reporting.label for reporting in Reporting}


_COLUMNS: Final = (
    "pk", "evidence_id", "evidence__small_scale", "effect", "status", "reporting",
)  # fmt: skip


def stored_interactions(keys: Sequence[int], partner: Partner) -> list[Stored]:
    """The interactions of `keys`, in their order; those that are gone meanwhile are left out."""
    return stored_by_partner({partner: keys})[partner]


def stored_by_partner(keys: Mapping[Partner, Sequence[int]]) -> dict[Partner, list[Stored]]:
    """As `stored_interactions`, for what is listed by either partner: in one query."""
    if not any(keys.values()):
        return {partner: [] for partner in keys}
    own = [column for partner in keys for column in _columns_of(partner)]
    chosen = Interaction.objects.filter(pk__in={key for listed in keys.values() for key in listed})
    rows = {row[0]: row for row in chosen.values_list(*_COLUMNS, *own)}
    common, width = len(_COLUMNS), len(own) // len(keys)
    return {
        partner: [
            Stored(*rows[key][:common], *rows[key][first : first + width])
            for key in keys[partner]
            if key in rows
        ]
        for partner, first in zip(keys, range(common, common + len(own), width), strict=True)
    }


def _columns_of(partner: Partner) -> list[Any]:
    names = [f"{partner}_id", f"{partner}__accession", f"{partner}__name"]
    return [*names, full_name_of(f"{partner}_id")]


def stored_sites(keys: Sequence[int], *related: str) -> list[BindingSite]:
    """The binding sites of `keys`, in their order, each with its evidence, or with what is
    `related`."""
    if not keys:
        return []
    sites = BindingSite.objects.select_related(*related or ("evidence",)).in_bulk(list(keys))
    return [sites[key] for key in keys if key in sites]


def genes_of(proteins: Collection[int]) -> dict[int, tuple[int, ...]]:
    """The NCBI gene IDs of some proteins."""
    genes: dict[int, list[int]] = defaultdict(list)
    if proteins:
        links = GeneID.objects.filter(protein__in=set(proteins)).order_by("ncbi_gene_id")
        for protein, gene in links.values_list("protein_id", "ncbi_gene_id"):
            genes[protein].append(gene)
    return {protein: tuple(listed) for protein, listed in genes.items()}


def interaction_rows(
    stored: Sequence[Stored], support: dict[int, EvidenceFacts], genes: dict[int, tuple[int, ...]]
) -> list[InteractionRow]:
    return [
        InteractionRow(row, genes.get(row.partner_id, ()), support[row.evidence_id])
        for row in stored
    ]


def read_rows(keys: Sequence[int], partner: Partner) -> list[InteractionRow]:
    """The rows of `keys`, alone: in five queries."""
    stored = stored_interactions(keys, partner)
    return interaction_rows(
        stored,
        read_evidence({row.evidence_id for row in stored}),
        genes_of({row.partner_id for row in stored}),
    )
