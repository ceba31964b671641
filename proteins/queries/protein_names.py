"""What a protein is called beside its name, where it is in other databases, and what became of
its identifiers: one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db.models import CharField, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce

from proteins.domain.names import NameKind
from proteins.models import (
    AccessionFate,
    CrossReference,
    GeneID,
    GeneIDFate,
    JasparMatrix,
    NameSource,
    Protein,
    ProteinName,
    SecondaryAccession,
)
from proteins.queries.prepared import Parameter, Prepared

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
    #: NCBI gene IDs, and JASPAR matrix IDs with their versions.
    gene_ids: list[int]
    matrices: list[str]

    @classmethod
    def read(cls, protein: Protein) -> NamesOfProtein:
        rows: defaultdict[int, list[_Row]] = defaultdict(list)
        for row in _STATED.rows(protein.pk, protein.accession):
            rows[row[0]].append(_Row(*row[1:]))
        own, fates = protein.accession, _fates(rows[_FATE])
        return cls(
            protein,
            _names(rows[_NAME]),
            _references(rows[_REFERENCE]),
            _former(
                protein,
                [row.text for row in rows[_MERGED]],
                [one for one in fates if one.accession != own],
            ),
            [one for one in fates if one.accession == own],
            _gene_fates(rows[_GENE_FATE]),
            sorted(int(row.text) for row in rows[_GENE]),
            sorted(row.text for row in rows[_MATRIX]),
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


class _Row(NamedTuple):
    """One row of what is stated, of any kind of it; what a kind has no use for is empty."""

    kind: int
    text: str
    #: What took its place.
    successor: str
    settled: bool
    position: int
    pk: int
    source_id: int | None
    source_name: str | None
    version: str | None

    @property
    def source(self) -> NameSource | None:
        if self.source_id is None:
            return None
        name, version = self.source_name or "", self.version or ""
        return NameSource(pk=self.source_id, name=name, version=version)


#: Kinds of what is stated.
_NAME, _REFERENCE, _FATE, _GENE_FATE, _MERGED, _GENE, _MATRIX = range(7)


def _stated() -> QuerySet[Any, Any]:
    """All that is stated of a protein, by its key and accession."""
    key, accession = Parameter(0), Parameter(1, CharField())
    nothing, zero, no = Value("", TextField()), Value(0), Value(value=False)
    of_it = Q(accession=accession) | Q(successor=accession)
    genes = GeneID.objects.filter(protein=key)
    gene_fates = GeneIDFate.objects.filter(ncbi_gene_id__in=genes.values("ncbi_gene_id"))
    gene, next_gene = (_text(name) for name in ("ncbi_gene_id", "successor"))

    def rows(of: int, stated: QuerySet[Any], *columns: Any) -> QuerySet[Any, Any]:
        source = ("source_id", "source__name", "source__version")
        return stated.order_by().values_list(Value(of), *columns, "pk", *source)

    def identifiers(of: int, model: type[GeneID | JasparMatrix], name: str) -> QuerySet[Any, Any]:
        unsourced = (Value(None, IntegerField()), *[Value(None, TextField())] * 2)
        own = model._default_manager.filter(protein=key).order_by()
        return own.values_list(Value(of), zero, _text(name), nothing, no, zero, "pk", *unsourced)

    names = ProteinName.objects.filter(protein=key, source__isnull=False)
    references = CrossReference.objects.filter(protein=key)
    fates = AccessionFate.objects.filter(of_it)
    merged = SecondaryAccession.objects.filter(protein=key)
    return rows(_NAME, names, "kind", _text("text"), nothing, no, "position").union(
        rows(_REFERENCE, references, "database", _text("identifier"), nothing, no, zero),
        rows(_FATE, fates, "fate", _text("accession"), _text("successor"), "settled", zero),
        rows(_GENE_FATE, gene_fates, zero, gene, next_gene, "settled", zero),
        rows(_MERGED, merged, zero, _text("accession"), nothing, no, zero),
        identifiers(_GENE, GeneID, "ncbi_gene_id"),
        identifiers(_MATRIX, JasparMatrix, "matrix_id"),
        all=True,
    )


def _text(name: str) -> Cast:
    """A column as a text: PostgreSQL unites columns of one type."""
    return Cast(Coalesce(Cast(name, TextField()), Value("")), TextField())


_STATED: Final = Prepared(_stated)


def _names(rows: Iterable[_Row]) -> list[ProteinName]:
    """Names by kind, those of UniProt before those of NCBI."""
    ordered = sorted(rows, key=lambda row: (row.position, row.pk))
    ordered.sort(key=lambda row: row.source_name or "", reverse=True)
    ordered.sort(key=lambda row: row.kind)
    return [
        ProteinName(kind=row.kind, position=row.position, text=row.text, source=row.source)
        for row in ordered
    ]


def _references(rows: Iterable[_Row]) -> list[CrossReference]:
    ordered = sorted(rows, key=lambda row: (row.kind, row.text))
    return [
        CrossReference(database=row.kind, identifier=row.text, source=row.source) for row in ordered
    ]


def _fates(rows: Iterable[_Row]) -> list[AccessionFate]:
    ordered = sorted(rows, key=lambda row: (row.text, row.successor))
    return [
        AccessionFate(
            accession=row.text, successor=row.successor, fate=row.kind, settled=row.settled,
            source=row.source,
        )
        for row in ordered
    ]  # fmt: skip


def _gene_fates(rows: Iterable[_Row]) -> list[GeneIDFate]:
    ordered = sorted(rows, key=lambda row: int(row.text))
    return [
        GeneIDFate(
            ncbi_gene_id=int(row.text),
            successor=int(row.successor) if row.successor else None,
            settled=row.settled,
            source=row.source,
        )
        for row in ordered
    ]


def _former(
    protein: Protein, merged: Iterable[str], fates: Iterable[AccessionFate]
) -> list[FormerAccession]:
    demerged = AccessionFate.Fate.DEMERGED
    divided: dict[str, list[str]] = {fate.accession: [] for fate in fates if fate.fate == demerged}
    if divided:
        # Of few proteins; all others are spared the query.
        all_of_them = AccessionFate.objects.filter(accession__in=divided, fate=demerged)
        for one, successor in all_of_them.values_list("accession", "successor"):
            if successor != protein.accession:
                divided[one].append(successor)
    listed = [FormerAccession(one) for one in sorted(merged) if one not in divided]
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
