"""The database as pages, read by batches of proteins, each by a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet

from proteins import hooks
from proteins.domain.evidence import EvidenceContent
from proteins.models import (
    BindingSite,
    FormerSiteID,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Statement,
)
from proteins.page_export.selection import Subject, batches
from proteins.page_export.statements import PageStatements, stored_datasets
from proteins.page_export.writer import (
    Page,
    PageOrtholog,
    PageSite,
    evidence_cells,
    evidence_losses,
    protein_cells,
    site_losses,
)
from proteins.queries.evidence import read_evidence
from proteins.queries.snapshot import FETCH

_NO_KEYS = hooks.PageKeys()


class _Mention(NamedTuple):
    """A protein as a row names it."""

    accession: str
    cells: str


class _Support(NamedTuple):
    """An evidence as a row has it; the lowest `rank` is the best support."""

    rank: tuple[int, int]
    cells: str
    content: EvidenceContent


#: Texts are put in order here: databases order them by their own rules.
_tflink_id = attrgetter("tflink_id")

#: What puts a row in order (rank of its support, accession), and its text.
_Row = tuple[tuple[int, int], str, str]


class PageReader:
    """Reads the pages of `subjects`; `losses` fills with what no page can hold."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._mentions = _mentions()
        self._support = {key: _support(facts.content) for key, facts in read_evidence().items()}
        self._used: set[int] = set()
        self._datasets = stored_datasets() if Statement.objects.exists() else {}
        self.losses: list[str] = []

    def pages(self) -> Iterator[Page]:
        for ids in batches(self._subjects):
            yield from self._pages(ids)
        used = (self._support[key].content for key in sorted(self._used))
        self.losses += dict.fromkeys(loss for content in used for loss in evidence_losses(content))

    def _pages(self, ids: list[int]) -> Iterator[Page]:
        genes = _lists(GeneID.objects.all(), ids, "ncbi_gene_id")
        matrices = _lists(JasparMatrix.objects.all(), ids, "matrix_id")
        orthologs = _orthologs(ids)
        sites = self._sites(ids)
        keys = hooks.page_keys(ids)
        stated = PageStatements(ids, self._datasets)
        tfs = self._rows(ids, own="target_id", other="tf_id")
        targets = self._rows(ids, own="tf_id", other="target_id")
        proteins = Protein.objects.filter(pk__in=ids).values_list(
            "id", "accession", "name", "taxon__scientific_name", "declared_tf",
            "declared_target", "declared_interactions",
        )  # fmt: skip
        for key, accession, name, species, is_tf, is_target, declared in proteins:
            yield Page(
                accession=accession,
                name=name,
                species=species,
                gene_ids=sorted(genes[key]),
                is_tf=is_tf,
                is_target=is_target,
                declared_interactions=declared,
                orthologs=orthologs[key],
                jaspar_matrices=sorted(matrices[key]),
                tfs=_in_order(tfs[key]),
                targets=_in_order(targets[key]),
                sites=sorted(sites[key], key=_tflink_id),
                keys=keys.get(key, _NO_KEYS),
                datasets=stated.datasets(key),
                statements=stated.statements[key],
            )

    def _rows(self, ids: list[int], *, own: str, other: str) -> dict[int, list[_Row]]:
        """Return the rows of one section of each page: of whom and whom they name."""
        rows_of: defaultdict[int, list[_Row]] = defaultdict(list)
        rows = Interaction.objects.public().filter(**{f"{own}__in": ids})
        for key, partner, evidence in rows.values_list(own, other, "evidence_id").iterator(
            chunk_size=FETCH
        ):
            self._used.add(evidence)
            accession, cells = self._mentions[partner]
            support = self._support[evidence]
            rows_of[key].append((support.rank, accession, f"{cells},{support.cells}"))
        return rows_of

    def _sites(self, ids: list[int]) -> dict[int, list[PageSite]]:
        sites: defaultdict[int, list[PageSite]] = defaultdict(list)
        rows = BindingSite.objects.filter(tf__in=ids).order_by().values_list(
            "tf_id", "evidence_id", "tflink_id", "assembly", "chromosome", "start", "end",
            "strand", "overlaps", "sequence",
        )  # fmt: skip
        former: defaultdict[str, list[str]] = defaultdict(list)
        formerly = FormerSiteID.objects.filter(site__tf__in=ids).order_by()
        for current, one in formerly.values_list("site__tflink_id", "tflink_id"):
            former[current].append(one)
        for key, evidence, tflink_id, *values in rows.iterator(chunk_size=FETCH):
            self._used.add(evidence)
            former_ids = tuple(sorted(former.get(tflink_id, ())))
            content = self._support[evidence].content
            site = PageSite._make([tflink_id, *values, content, former_ids])
            self.losses += site_losses(site)
            sites[key].append(site)
        return sites


def _mentions() -> dict[int, _Mention]:
    """Return how rows name each protein: some 110,000 short texts for all species."""
    genes: defaultdict[int, list[int]] = defaultdict(list)
    for key, gene in (
        GeneID.objects.order_by("ncbi_gene_id")
        .values_list("protein_id", "ncbi_gene_id")
        .iterator(chunk_size=FETCH)
    ):
        genes[key].append(gene)
    proteins = Protein.objects.values_list("id", "accession", "name")
    return {
        key: _Mention(accession, protein_cells(name, accession, genes.get(key, ())))
        for key, accession, name in proteins.iterator(chunk_size=FETCH)
    }


def _support(content: EvidenceContent) -> _Support:
    rank = (-content.small_scale, -len(content.pmids))
    return _Support(rank, evidence_cells(content), content)


def _in_order(rows: list[_Row]) -> list[str]:
    """Return the texts of rows, best-supported first, then by accession."""
    return [text for _, _, text in sorted(rows)]


def _lists(rows: QuerySet[Any], ids: list[int], field: str) -> defaultdict[int, list[Any]]:
    lists: defaultdict[int, list[Any]] = defaultdict(list)
    for key, value in rows.filter(protein__in=ids).order_by().values_list("protein_id", field):
        lists[key].append(value)
    return lists


def _orthologs(ids: list[int]) -> defaultdict[int, list[PageOrtholog]]:
    lists: defaultdict[int, list[PageOrtholog]] = defaultdict(list)
    rows = (
        Ortholog.objects.filter(protein__in=ids)
        .order_by()
        .values_list("protein_id", "taxon__scientific_name", "identifier", "in_tflink")
    )
    for key, *values in rows:
        lists[key].append(PageOrtholog._make(values))
    return lists
