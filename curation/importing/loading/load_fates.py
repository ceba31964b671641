"""What became of accessions and gene IDs becomes rows; where it concerns a protein that is here,
a proposal for a person.

A former accession of one protein leads to it from then on. One that is a protein's own is never
resolved: which of several entries took its place, and whether two proteins become one, a person
decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Model

from curation.importing.loading.journal import Journal
from curation.importing.loading.proposals import open_conflicts
from curation.importing.loading.report import RunReport, Tally
from curation.importing.planning.planned import Change
from curation.models import ImportRun, Origin, Pin, Proposal, ProposalState, RecordKind
from curation.shared.bulk import Bulk
from curation.shared.changes import this_change
from proteins.models import (
    AccessionFate,
    GeneID,
    GeneIDFate,
    NameSource,
    Protein,
    SecondaryAccession,
)

FATES_COUNTED: Final = "former identifiers"
_MERGED, _DEMERGED, _DELETED = (
    AccessionFate.Fate.MERGED.value,
    AccessionFate.Fate.DEMERGED.value,
    AccessionFate.Fate.DELETED.value,
)
_ACCESSION: Final = ("id", "accession", "successor", "fate", "settled", "source_id")
_GENE: Final = ("id", "ncbi_gene_id", "successor", "settled", "source_id")
_FORMER: Final = ("id", "accession", "protein_id", "source_id")
_PROTEIN: Final = RecordKind.PROTEIN.value


@dataclass
class Outcome:
    """What a chunk leaves to people, in words, and to whoever applies it."""

    notes: list[str] = field(default_factory=list)
    #: Proteins here of which UniProt merged the first accession into the second.
    merged: list[tuple[str, str]] = field(default_factory=list)


class FateLoader:
    """Writes what one source, in one version, says of identifiers."""

    def __init__(
        self, bulk: Bulk, report: RunReport, journal: Journal, run: ImportRun, source: NameSource
    ) -> None:
        self._bulk = bulk
        self._report = report
        self._journal = journal
        self._run = run
        self._source = source
        self._tally = report.tallies.setdefault(FATES_COUNTED, Tally())
        self._touched: set[int] = set()

    # Accessions

    def write_accessions(self, stated: Mapping[str, Collection[str]]) -> Outcome:
        """Write what took the place of accessions; nothing did of one that was deleted."""
        everything = {*stated, *(one for successors in stated.values() for one in successors)}
        rows = self._bulk.select(Protein, ("accession", "id"), "accession", everything)
        proteins: dict[str, int] = dict(rows)
        former = {
            row[1]: row
            for row in self._bulk.select(SecondaryAccession, _FORMER, "accession", stated)
        }
        # Proteins were merged here, or a curator let it lead to one: a person has decided.
        decided = {one for one, row in former.items() if row[3] is None}
        wanted: dict[tuple[str, str], int] = {}
        leading: dict[str, str] = {}
        for accession, successors in stated.items():
            if not successors:
                wanted[accession, ""] = _DELETED
            elif accession in decided:
                continue
            elif len(successors) > 1 or accession in proteins:
                fate = _MERGED if len(successors) == 1 else _DEMERGED
                wanted |= {(accession, one): fate for one in successors}
            else:
                leading[accession] = next(iter(successors))
        self._write_former(leading, wanted, former, proteins)
        undecided = [one for one in stated if one not in decided]
        unsettled = self._write_fates(undecided, wanted, proteins)
        self._touch()
        return self._propose(stated, unsettled, proteins)

    def _write_former(
        self,
        leading: Mapping[str, str],
        wanted: Iterable[tuple[str, str]],
        former: Mapping[str, tuple[Any, ...]],
        proteins: Mapping[str, int],
    ) -> None:
        """Let former accessions lead to the one protein that took their place, or, where there
        are several, nowhere."""
        divided = {one for one, successor in wanted if successor}
        gone = [row for one, row in former.items() if one in divided and row[3] is not None]
        moved = [
            (row, (row[0], row[1], proteins[leading[one]], self._source.pk))
            for one, row in former.items()
            if one in leading and row[2] != proteins[leading[one]]
        ]
        new = [one for one in leading if one not in former]
        concerned = {
            *(row[2] for row in gone),
            *(one[2] for pair in moved for one in pair),
            *(proteins[leading[one]] for one in new),
        }
        before = self._former_of(concerned)
        for row in gone:
            self._journal_row(SecondaryAccession, row, None)
        for row, after in moved:
            self._journal_row(SecondaryAccession, row, after)
        self._bulk.delete(SecondaryAccession, "id", [row[0] for row in gone])
        self._bulk.update(
            SecondaryAccession, ("protein_id", "source_id"), [(*a[2:], a[0]) for _, a in moved]
        )
        ids = self._bulk.reserve_ids(SecondaryAccession, len(new))
        rows = [
            (key, one, proteins[leading[one]], self._source.pk)
            for key, one in zip(ids, new, strict=True)
        ]
        self._bulk.insert(SecondaryAccession, _FORMER, rows)
        self._journal.created(SecondaryAccession, ids)
        self._revise("secondary_accessions", before, self._former_of(concerned))

    def _former_of(self, proteins: Collection[int]) -> dict[int, list[str]]:
        listed: dict[int, list[str]] = {key: [] for key in proteins}
        columns = ("protein_id", "accession")
        for key, accession in self._bulk.select(
            SecondaryAccession, columns, "protein_id", proteins
        ):
            listed[key].append(accession)
        return {key: sorted(accessions) for key, accessions in listed.items()}

    def _write_fates(
        self,
        stated: Collection[str],
        wanted: Mapping[tuple[str, str], int],
        proteins: Mapping[str, int],
    ) -> set[str]:
        """Store the fates of accessions; return those that no curator has settled."""
        are_deleted = _DELETED in wanted.values()
        stored = {
            (row[1], row[2]): row
            for row in self._fates(AccessionFate, _ACCESSION, stated)
            if (row[3] == _DELETED) == are_deleted
        }
        gone = [row for place, row in stored.items() if place not in wanted]
        changed = []
        for place, row in stored.items():
            fate = wanted.get(place, row[3])
            after = (*row[:3], fate, row[4] and fate == row[3], self._source.pk)
            if place in wanted and after != row:
                changed.append((row, after))
        new = {place: fate for place, fate in wanted.items() if place not in stored}
        for row in gone:
            self._journal_row(AccessionFate, row, None)
        for row, row_after in changed:
            self._journal_row(AccessionFate, row, row_after)
        self._bulk.delete(AccessionFate, "id", [row[0] for row in gone])
        self._bulk.update(
            AccessionFate,
            ("fate", "settled", "source_id"),
            [(*after[3:], after[0]) for _, after in changed],
        )
        ids = self._bulk.reserve_ids(AccessionFate, len(new))
        self._bulk.insert(
            AccessionFate,
            _ACCESSION,
            [
                (key, *place, fate, False, self._source.pk)
                for key, (place, fate) in zip(ids, new.items(), strict=True)
            ],
        )
        self._journal.created(AccessionFate, ids)
        self._tally.created(ids)
        self._tally.met(row[0] for row in stored.values())
        self._tally.changed(row[0] for row in [*gone, *(row for row, _ in changed)])
        concerned = [*new, *((row[1], row[2]) for row in [*gone, *(row for row, _ in changed)])]
        self._touched |= {proteins[one] for place in concerned for one in place if one in proteins}
        settled = {row[1] for place, row in stored.items() if row[4] and place in wanted}
        settled -= {after[1] for _, after in changed if not after[4]}
        return {accession for accession, _ in wanted} - settled

    def _propose(
        self,
        stated: Mapping[str, Collection[str]],
        unsettled: Collection[str],
        proteins: Mapping[str, int],
    ) -> Outcome:
        """Leave to people what became of accessions that are proteins here."""
        outcome = Outcome()
        for accession in sorted(unsettled):
            if accession not in proteins:
                continue
            successors = sorted(stated[accession])
            words = _words(self._source.name, accession, successors)
            outcome.notes.append(words)
            here = [one for one in successors if one in proteins]
            if len(successors) == 1 and here:
                outcome.merged.append((accession, here[0]))
            if here:
                self._open_question(proteins[accession], accession, successors, words)
        return outcome

    def _open_question(
        self, protein: int, accession: str, successors: list[str], words: str
    ) -> None:
        """Open a proposal that says what became of an accession, unless it was opened before."""
        about = {
            "kind": _PROTEIN, "record_id": protein, "origin": Origin.IMPORT, "comment": words,
        }  # fmt: skip
        if Proposal.objects.filter(**about).exclude(state=ProposalState.WITHDRAWN).exists():
            return
        taxon = Protein.objects.filter(pk=protein).values_list("taxon_id", flat=True).get()
        Proposal.objects.create(**about, record_key=accession, run=self._run, taxon_id=taxon)
        change = Change(_PROTEIN, protein, accession, "accession", accession, ", ".join(successors))
        self._journal.events.proposed(change)
        self._report.proposed += 1

    # Gene IDs

    def write_genes(self, stated: Mapping[int, int | None], *, apply: bool) -> Outcome:
        """Write what took the place of discontinued gene IDs; propose it for the proteins that
        have them, or `apply` it."""
        rows = self._fates(GeneIDFate, _GENE, stated)
        stored = {row[1]: row for row in rows}
        changed = []
        for gene, row in stored.items():
            settled = row[3] and row[2] == stated[gene]
            after = (row[0], gene, stated[gene], settled, self._source.pk)
            if (row[2], row[4]) != (after[2], after[4]):
                changed.append((row, after))
                self._journal_row(GeneIDFate, row, after)
        self._bulk.update(
            GeneIDFate,
            ("successor", "settled", "source_id"),
            [(*after[2:], after[0]) for _, after in changed],
        )
        new = [gene for gene in stated if gene not in stored]
        ids = self._bulk.reserve_ids(GeneIDFate, len(new))
        self._bulk.insert(
            GeneIDFate,
            _GENE,
            [
                (key, gene, stated[gene], False, self._source.pk)
                for key, gene in zip(ids, new, strict=True)
            ],
        )
        self._journal.created(GeneIDFate, ids)
        self._tally.met(row[0] for row in rows)
        self._tally.changed(row[0] for row, _ in changed)
        self._tally.created(ids)
        settled_genes = {row[1] for row in rows if row[3]} - {after[1] for _, after in changed}
        concerned = {*new, *(after[1] for _, after in changed)}
        outcome = self._replace_genes(stated, settled_genes, concerned, apply=apply)
        self._touch()
        return outcome

    def _replace_genes(
        self,
        stated: Mapping[int, int | None],
        settled: Collection[int],
        concerned: Collection[int],
        *,
        apply: bool,
    ) -> Outcome:
        outcome = Outcome()
        owners = self._bulk.select(GeneID, ("protein_id", "ncbi_gene_id"), "ncbi_gene_id", stated)
        genes_of: defaultdict[int, list[int]] = defaultdict(list)
        for protein, gene in owners:
            genes_of[protein].append(gene)
        names = self._accessions(genes_of)
        self._touched |= {protein for protein, gene in owners if gene in concerned}
        before = self._genes_of(genes_of)
        conflicts = []
        for protein, genes in genes_of.items():
            replaced = {gene: stated[gene] for gene in genes if gene not in settled}
            outcome.notes += [
                f"{names[protein]} has the gene ID {gene}, which NCBI has discontinued"
                + (f" in favour of {successor}" if successor else "")
                for gene, successor in sorted(replaced.items())
            ]
            followed = {gene: one for gene, one in replaced.items() if one}
            after = sorted({*before[protein], *followed.values()} - followed.keys())
            if after != before[protein]:
                values = (before[protein], after)
                conflicts.append(Change(_PROTEIN, protein, names[protein], "gene_ids", *values))
        pins = Pin.objects.filter(kind=RecordKind.PROTEIN, field="gene_ids")
        pinned = set(pins.values_list("record_id", flat=True))
        if apply:
            self._apply_genes([one for one in conflicts if one.id not in pinned])
            conflicts = [one for one in conflicts if one.id in pinned]
        undecided = [one for one in conflicts if not _was_rejected(one)]
        self._report.proposed += open_conflicts(undecided, self._run, self._journal)
        return outcome

    def _genes_of(self, proteins: Collection[int]) -> dict[int, list[int]]:
        listed: dict[int, list[int]] = {key: [] for key in proteins}
        for key, gene in self._bulk.select(
            GeneID, ("protein_id", "ncbi_gene_id"), "protein_id", proteins
        ):
            listed[key].append(gene)
        return {key: sorted(genes) for key, genes in listed.items()}

    def _apply_genes(self, changes: Collection[Change]) -> None:
        """Let proteins have other gene IDs."""
        added = [(one.id, gene) for one in changes for gene in one.after if gene not in one.before]
        gone = {(one.id, gene) for one in changes for gene in one.before if gene not in one.after}
        columns = ("id", "protein_id", "ncbi_gene_id")
        rows = self._bulk.select(GeneID, columns, "protein_id", [one.id for one in changes])
        leaving = [row for row in rows if row[1:] in gone]
        for row in leaving:
            self._journal_row(GeneID, row, None)
        self._bulk.delete(GeneID, "id", [row[0] for row in leaving])
        ids = self._bulk.reserve_ids(GeneID, len(added))
        values = [(key, *pair) for key, pair in zip(ids, added, strict=True)]
        self._bulk.insert(GeneID, columns, values)
        self._journal.created(GeneID, ids)
        for one in changes:
            self._journal.revised(one)
            self._touched.add(one.id)

    # What both have in common

    def _journal_row(
        self, model: type[Model], row: tuple[Any, ...], after: tuple[Any, ...] | None
    ) -> None:
        now = None if after is None else list(after[1:])
        self._journal.noted(
            Change(model._meta.label, row[0], str(row[1]), "row", list(row[1:]), now)
        )

    def _fates(
        self, model: type[Model], columns: Sequence[str], keys: Iterable[Any]
    ) -> list[tuple[Any, ...]]:
        """Return rows of fates; SQLite has truth values as numbers."""
        settled = columns.index("settled")
        rows = self._bulk.select(model, columns, columns[1], keys)
        return [(*row[:settled], bool(row[settled]), *row[settled + 1 :]) for row in rows]

    def _revise(
        self, name: str, before: Mapping[int, list[str]], after: Mapping[int, list[str]]
    ) -> None:
        accessions = self._accessions(before)
        for key, values in before.items():
            if values != after[key]:
                change = Change(_PROTEIN, key, accessions[key], name, values, after[key])
                self._journal.revised(change)
                self._touched.add(key)

    def _accessions(self, proteins: Iterable[int]) -> dict[int, str]:
        return dict(self._bulk.select(Protein, ("id", "accession"), "id", proteins))

    def _touch(self) -> None:
        """Let proteins that this concerns be of this change."""
        change = this_change()
        touched = sorted(self._touched)
        self._bulk.update(Protein, ("change_id",), [(change, key) for key in touched])
        self._report.tallies["proteins"].changed(touched)
        self._touched = set()


def _was_rejected(change: Change) -> bool:
    """Whether a person has rejected this already."""
    rejected = Proposal.objects.filter(
        kind=change.kind, record_id=change.id, origin=Origin.IMPORT, state=ProposalState.REJECTED
    )
    return any(one.changes == {change.field: [change.before, change.after]} for one in rejected)


def _words(source: str, accession: str, successors: list[str]) -> str:
    """Return what became of an accession that is a protein here, in words."""
    if not successors:
        return f"{source} deleted {accession}."
    if len(successors) == 1:
        return f"{source} merged {accession} into {successors[0]}."
    others = ", ".join(successors)
    return f"{source} divided {accession} into {others}: decide which of them it is, if any."
