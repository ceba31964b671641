"""What a protein is called beside its name, where it is in other databases, and what became of
its identifiers: a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from proteins.domain.names import NameKind
from proteins.models import (
    AccessionFate,
    CrossReference,
    GeneIDFate,
    Protein,
    ProteinName,
    SecondaryAccession,
)

#: The kinds of names of genes, in the order in which they are shown.
_OF_GENES = (NameKind.PRIMARY, NameKind.SYNONYM, NameKind.ORDERED_LOCUS, NameKind.ORF)


@dataclass(frozen=True)
class Name:
    """A name, and who states it: `UniProt 2026_04, NCBI Gene 2026-11`."""

    kind: NameKind
    text: str
    sources: tuple[str, ...]

    @property
    def source(self) -> str:
        return ", ".join(self.sources)


@dataclass(frozen=True)
class FormerAccession:
    """An accession that this protein took the place of, and what of it others did."""

    accession: str
    #: The other entries that it was divided into.
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class NamesOfProtein:
    """All that sources call one protein; the name of its pages is `Protein.name`."""

    protein: Protein
    #: Each row of them, as a source states it.
    rows: list[ProteinName]
    references: list[CrossReference]
    former: list[FormerAccession]
    #: What UniProt says of its own accession, if that is no longer in use.
    fates: list[AccessionFate]
    gene_fates: list[GeneIDFate]

    @classmethod
    def read(cls, protein: Protein) -> NamesOfProtein:
        accession = protein.accession
        rows = protein.names.filter(source__isnull=False).select_related("source")
        of_it = Q(accession=accession) | Q(successor=accession)
        fates = list(AccessionFate.objects.filter(of_it).select_related("source"))
        genes = [gene.ncbi_gene_id for gene in protein.gene_ids.all()]
        return cls(
            protein,
            list(rows.order_by("kind", "-source__name", "position", "pk")),
            list(protein.cross_references.select_related("source")),
            _former(protein, [one for one in fates if one.accession != accession]),
            [one for one in fates if one.accession == accession],
            list(GeneIDFate.objects.filter(ncbi_gene_id__in=genes).select_related("source")),
        )

    def _of(self, *kinds: NameKind) -> list[Name]:
        """Return the names of these kinds, each once, in the order of their sources."""
        own = self.protein.name
        stated: dict[tuple[NameKind, str], list[str]] = {}
        for row in self.rows:
            kind = NameKind(row.kind)
            if kind in kinds and row.text != own:
                stated.setdefault((kind, row.text), []).append(str(row.source))
        return [Name(kind, text, tuple(sources)) for (kind, text), sources in stated.items()]

    @cached_property
    def full(self) -> list[Name]:
        """The full names: the first is that which is recommended."""
        return self._of(NameKind.FULL_NAME)

    @cached_property
    def synonyms(self) -> list[Name]:
        """Names of the gene, each once, whatever each source calls it."""
        names = self._of(NameKind.PRIMARY, NameKind.SYNONYM)
        texts: dict[str, list[Name]] = {}
        for name in names:
            texts.setdefault(name.text, []).append(name)
        return [
            Name(same[0].kind, text, tuple(dict.fromkeys(one for n in same for one in n.sources)))
            for text, same in texts.items()
        ]

    @cached_property
    def loci(self) -> list[Name]:
        return self._of(NameKind.ORDERED_LOCUS, NameKind.ORF)

    @cached_property
    def mnemonics(self) -> list[Name]:
        return self._of(NameKind.MNEMONIC)

    @property
    def alternate(self) -> list[str]:
        """Every other name, once: for the linked data of its page."""
        names = [*self._of(*_OF_GENES), *self.full, *self.mnemonics]
        return list(dict.fromkeys(name.text for name in names))

    @property
    def successors(self) -> list[str]:
        """The entries that took the place of its own accession."""
        return [fate.successor for fate in self.fates if fate.successor]


def _former(protein: Protein, fates: Iterable[AccessionFate]) -> list[FormerAccession]:
    of_merged = SecondaryAccession.objects.filter(protein=protein)
    merged = of_merged.order_by("accession").values_list("accession", flat=True)
    demerged = AccessionFate.Fate.DEMERGED
    divided: dict[str, list[str]] = {fate.accession: [] for fate in fates if fate.fate == demerged}
    if divided:
        # Of few proteins; all others are spared the query.
        all_of_them = AccessionFate.objects.filter(accession__in=divided, fate=demerged)
        for one, successor in all_of_them.values_list("accession", "successor"):
            if successor != protein.accession:
                divided[one].append(successor)
    listed = [FormerAccession(one) for one in merged if one not in divided]
    return [*listed, *(FormerAccession(one, tuple(others)) for one, others in divided.items())]


@dataclass(frozen=True)
class Candidate:
    """An entry that a former accession was divided into, and the protein here, if it is."""

    accession: str
    protein: Protein | None


def candidates_of(accession: str) -> list[Candidate]:
    """Return the entries that an accession was divided into, for a person to choose from; none
    where it leads to one protein, or is not of the kind."""
    fates = AccessionFate.objects.filter(accession=accession, fate=AccessionFate.Fate.DEMERGED)
    successors = list(fates.values_list("successor", flat=True))
    if not successors:
        return []
    here = Protein.objects.with_row_details().in_bulk(successors, field_name="accession")
    return [Candidate(one, here.get(one)) for one in successors]
