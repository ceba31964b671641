"""Records that an import created go, where they were not touched or confirmed since."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from curation.importing.loading.load_statements import short_key
from curation.importing.undo.history import UndoHistory, values_of
from curation.importing.undo.later import LaterRuns
from curation.importing.undo.names import NameUndoer
from curation.importing.undo.report import REPORTED_LATER, UndoReport
from curation.importing.undo.sites import OtherSites
from curation.importing.undo.statements import StatementUndoer
from curation.importing.undo.support import SupportUndoer
from curation.models import (
    Comment,
    ImportRun,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    RemovedName,
    Revision,
    RunChunk,
    SitePart,
    SourcePage,
    SourceTable,
)
from curation.shared.bulk import Bulk
from curation.shared.changes import record_gone, this_change
from curation.shared.name_rows import TABLES
from proteins.models import (
    AccessionFate,
    BindingSite,
    Citation,
    CrossReference,
    Dataset,
    DetectionMethod,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    FormerSiteID,
    GeneID,
    GeneIDFate,
    GoneReason,
    Interaction,
    JasparMatrix,
    NameSource,
    Ortholog,
    Protein,
    ProteinName,
    ReviewStatus,
    SecondaryAccession,
    SourceDatabase,
    Statement,
)

Created = Mapping[str, Sequence[Sequence[int]]]

_BATCH = 10_000
_LISTS: tuple[tuple[type[GeneID | JasparMatrix | Ortholog], str], ...] = (
    (GeneID, "gene_ids"),
    (JasparMatrix, "jaspar_matrices"),
    (Ortholog, "orthologs"),
)
#: What is of a source of names.
_NAMED_BY_SOURCE: tuple[type[Model], ...] = (
    ProteinName,
    CrossReference,
    AccessionFate,
    GeneIDFate,
    SecondaryAccession,
    RemovedName,
)
#: What an import creates for the binding sites that it states, beside these.
_OF_SITES: tuple[type[Model], ...] = (
    FormerSiteID,
    Protein,
    *(model for model, _ in _LISTS),
    SourceDatabase,
    DetectionMethod,
    Citation,
)


class CreationUndoer:
    """Takes back what the journal says was created, in the order that references allow."""

    def __init__(
        self,
        bulk: Bulk,
        run: ImportRun,
        report: UndoReport,
        history: UndoHistory,
        later: LaterRuns,
        others: OtherSites,
        supports: SupportUndoer,
    ) -> None:
        self.bulk = bulk
        self.run = run
        self.report = report
        self.history = history
        self.later = later
        self.others = others
        self.supports = supports
        self._evidence: set[int] = set()
        #: Proteins that lost interactions or binding sites; some may be gone themselves.
        self.touched: set[int] = set()
        # Of imports from before it was recorded which sites they state.
        silent = RunChunk.objects.filter(stated__isnull=True).values("run")
        by_silent = SourcePage.objects.filter(run_id__gt=run.pk, run__in=silent)
        self._maybe_stated = set(by_silent.values_list("protein_id", flat=True))

    def undo_statements(self, created: Created, undoer: StatementUndoer) -> None:
        """Take back statements that no person touched and no later import states."""
        for batch in _batches(created, Statement):
            rows = Statement.objects.filter(pk__gte=batch[0], pk__lte=batch[1])
            columns = (
                "id", "interaction_id", "evidence_id", "key", "interaction__tf__accession",
                "interaction__target__accession", "curated",
            )  # fmt: skip
            gone = []
            touched = rows.annotate(curated=_curated(RecordKind.STATEMENT))
            for key, interaction, evidence, digest, tf, target, curated in touched.values_list(
                *columns
            ):
                name = short_key(f"{tf}-{target}", digest)
                heir = self.later.stating(key)
                if curated:
                    self.report.stays("statement", name, "it has been curated since")
                elif heir is not None:
                    self.report.stays("statement", name, "a later import states it too")
                    self.later.inherit(Statement, [key], heir)
                else:
                    gone.append((key, interaction, evidence))
            undoer.delete(gone)

    def undo_facts(self, created: Created) -> None:
        """Take back interactions and binding sites."""
        for batch in _batches(created, Interaction):
            self._undo_interactions(batch)
        for batch in _batches(created, BindingSite):
            self._undo_sites(batch)

    def undo_bookkeeping(self, created: Created) -> None:
        """Take back former IDs, when sites have their earlier IDs again, and tables."""
        for batch in _batches(created, FormerSiteID):
            self._undo_former_ids(batch)
        for batch in _batches(created, SourceTable):
            self._undo_tables(batch)

    def _undo_tables(self, batch: tuple[int, int]) -> None:
        tables = SourceTable.objects.filter(pk__gte=batch[0], pk__lte=batch[1])
        tables.filter(run=self.run).delete()
        for path in tables.values_list("path", flat=True):
            self.later.correct(("table", path, "row"), None)

    def _undo_interactions(self, batch: tuple[int, int]) -> None:
        rows = (
            Interaction.objects.filter(pk__gte=batch[0], pk__lte=batch[1])
            .annotate(curated=_curated(RecordKind.INTERACTION))
            .values_list(
                "id", "tf_id", "target_id", "support_id", "status", "tf__taxon_id",
                "curated", "tf__accession", "target__accession",
            )
        )  # fmt: skip
        gone: list[tuple[int, int, int]] = []
        keys = []
        stored = list(rows)
        self.supports.read(row[3] for row in stored)
        for key, tf, target, support, status, taxon, curated, *names in stored:
            name = "-".join(names)
            reviewed = status != ReviewStatus.UNREVIEWED  # an effect of a person is pinned
            states = self.supports.others(key, support, (tf, target, taxon))
            if reviewed or curated:
                self.report.stays("interaction", name, "it has been curated since")
            elif states:
                self.report.stays("interaction", name, REPORTED_LATER)
            else:
                gone.append((key, tf, target))
                keys.append(name)
                self.supports.replaced.add(support)
            if states:
                self.supports.leave_to_others(key, name, support, states)
                self.touched.update((tf, target))
        self.supports.write()
        ids = [key for key, *_ in gone]
        self.history.leave(RecordKind.INTERACTION, ids)
        self.bulk.delete(Interaction, "id", ids)
        record_gone(RecordKind.INTERACTION, keys, GoneReason.UNDONE)
        as_tf, as_target = Counter(tf for _, tf, _ in gone), Counter(row[2] for row in gone)
        lost = [(-as_tf[key], -as_target[key], key) for key in {*as_tf, *as_target}]
        self.bulk.add(Protein, ("target_count", "tf_count"), lost)
        self.touched.update(key for *_, key in lost)
        self.report.deleted["interactions"] += len(gone)

    def _undo_sites(self, batch: tuple[int, int]) -> None:
        sites = BindingSite.objects.filter(pk__gte=batch[0], pk__lte=batch[1]).annotate(
            curated=_curated(RecordKind.BINDING_SITE)
        )
        gone, stated = [], []
        columns = ("id", "tf_id", "evidence_id", "tflink_id", "curated")
        for key, tf, evidence, name, curated in sites.values_list(*columns):
            heir = self.others.heir(key)
            if heir is not None:
                stated.append((heir, key))
            if curated:
                self.report.stays("binding site", name, "it has been curated since")
            elif heir is not None:
                self.report.stays("binding site", name, "another import reports it too")
            elif tf in self._maybe_stated:
                self.report.stays("binding site", name, REPORTED_LATER)
            else:
                gone.append(key)
                self._evidence.add(evidence)
                self.touched.add(tf)
        self.others.pass_on(BindingSite, stated)
        self.history.leave(RecordKind.BINDING_SITE, gone)
        self.bulk.delete(FormerSiteID, "site_id", gone)
        self.bulk.delete(SitePart, "site_id", gone)
        self.bulk.delete(BindingSite, "id", gone)
        self.report.deleted["binding sites"] += len(gone)

    def _undo_former_ids(self, batch: tuple[int, int]) -> None:
        """Take back former IDs: of sites that another import states, those that are current
        again."""
        ids = FormerSiteID.objects.filter(pk__gte=batch[0], pk__lte=batch[1])
        current = Q(tflink_id=F("site__tflink_id"))
        gone = ids.filter(~Q(site__tf__in=self._maybe_stated) | current)
        rows = gone.annotate(again=Q(current)).values_list("pk", "site_id", "again")
        self.bulk.delete(
            FormerSiteID,
            "id",
            [key for key, site, again in rows if again or self.others.later_heir(site) is None],
        )

    def undo_records(self, created: Created) -> None:
        """Take back proteins that nothing refers to any more."""
        for batch in _batches(created, Protein):
            proteins = Protein.objects.filter(pk__gte=batch[0], pk__lte=batch[1]).annotate(
                curated=_curated(RecordKind.PROTEIN), used=_used()
            )
            gone: list[int] = []
            names: list[str] = []
            columns = ("id", "accession", "taxon_id", "curated", "used")
            for key, name, taxon, curated, used in proteins.values_list(*columns):
                if curated:
                    self.report.stays("protein", name, "it has been curated since")
                elif used or self.later.completed(taxon) is not None:
                    self.report.stays("protein", name, "other records refer to it")
                    self.later.inherit(Protein, [key])
                else:
                    gone.append(key)
                    names.append(name)
            self.history.leave(RecordKind.PROTEIN, gone)
            of_names = (ProteinName, CrossReference, RemovedName)
            for model in (*of_names, *(listed for listed, _ in _LISTS)):
                self.bulk.delete(model, "protein_id", gone)
            self.bulk.delete(Protein, "id", gone)
            record_gone(RecordKind.PROTEIN, names, GoneReason.UNDONE)
            self.report.deleted["proteins"] += len(gone)

    def undo_names(self, created: Created, undoer: NameUndoer) -> None:
        """Take back names, identifiers in other databases and fates of identifiers."""
        for table in TABLES.values():
            for first, last in _batches(created, table.model):
                undoer.undo_created(table, first, last)
        for model in (SecondaryAccession, AccessionFate, GeneIDFate):
            for first, last in _batches(created, model):
                undoer.undo_created_fates(model, first, last)

    def undo_lists(self, created: Created) -> None:
        """Take back items of the lists of proteins that stay."""
        for model, field in _LISTS:
            for batch in _batches(created, model):
                self._undo_items(model, field, batch)

    def _undo_items(
        self, model: type[GeneID | JasparMatrix | Ortholog], field: str, batch: tuple[int, int]
    ) -> None:
        pins = Pin.objects.filter(
            kind=RecordKind.PROTEIN, field=field, record_id=OuterRef("protein_id")
        )
        rows = model._default_manager.filter(pk__gte=batch[0], pk__lte=batch[1])
        columns = ("id", "protein_id", "protein__taxon_id")
        gone = {}
        for key, protein, taxon in rows.exclude(Exists(pins)).values_list(*columns):
            either = self.later.described(protein), self.later.completed(taxon)
            heirs = [heir for heir in either if heir is not None]
            if heirs:
                self.later.inherit(model, [key], min(heirs))
            elif (RecordKind.PROTEIN, protein) not in self.history.merged:
                gone[key] = protein
        proteins = set(gone.values())
        before = values_of(RecordKind.PROTEIN, field, proteins)
        self.bulk.delete(model, "id", gone)
        after = values_of(RecordKind.PROTEIN, field, proteins)
        for key, (accession, value) in before.items():
            self.history.restored(RecordKind.PROTEIN, key, accession, field, value, after[key][1])
        change = this_change()
        self.bulk.update(Protein, ("change_id",), [(change, key) for key in sorted(proteins)])

    def pass_on_rest(self, created: Created) -> None:
        """Let what stays be taken back with the imports that state sites of this one."""
        if not self.others.heirs:
            return
        for model in _OF_SITES:
            for first, last in _batches(created, model):
                rows = model._default_manager.filter(pk__gte=first, pk__lte=last)
                self.others.pass_on_to_all(model, list(rows.values_list("pk", flat=True)))

    def drop_evidence(self, replaced: Iterable[int]) -> None:
        """Delete Support and Evidence rows that nothing points at any more."""
        self.supports.drop_unused({*self._evidence, *replaced})

    def undo_vocabulary(self, created: Created) -> None:
        """Take back databases, methods and publications that support nothing any more."""
        for batch in _batches(created, Dataset):
            stated = Statement.objects.filter(dataset=OuterRef("pk"))
            self._drop(Dataset, batch, ~Exists(stated))
        for batch in _batches(created, NameSource):
            users = (
                model._default_manager.filter(source=OuterRef("pk")) for model in _NAMED_BY_SOURCE
            )
            self._drop(NameSource, batch, reduce(and_, (~Exists(rows) for rows in users)))
        described = SourceDatabase.objects.filter(publication=OuterRef("pk"))
        for batch in _batches(created, SourceDatabase):
            reached = SourceDatabase.objects.filter(via=OuterRef("pk"))
            datasets = Dataset.objects.filter(source=OuterRef("pk"))
            links = EvidenceSource.objects.filter(source=OuterRef("pk"))
            self._drop(SourceDatabase, batch, ~Exists(links) & ~Exists(reached) & ~Exists(datasets))
        for batch in _batches(created, DetectionMethod):
            links_of_method = EvidenceMethod.objects.filter(method=OuterRef("pk"))
            self._drop(DetectionMethod, batch, ~Exists(links_of_method))
        for batch in _batches(created, Citation):
            cited = EvidenceCitation.objects.filter(citation=OuterRef("pk"))
            bare = Q(title="", authors="", journal="", doi="", year=None)
            unused = bare & ~Exists(cited) & ~Exists(described) & ~_curated(RecordKind.CITATION)
            rows = Citation.objects.filter(unused, pk__gte=batch[0], pk__lte=batch[1])
            self.history.leave(RecordKind.CITATION, rows.values_list("pk", flat=True))
            self._drop(Citation, batch, unused)

    def _drop(self, model: type[Model], batch: tuple[int, int], unused: Any) -> None:
        rows = model._default_manager.filter(unused, pk__gte=batch[0], pk__lte=batch[1])
        deleted, _ = rows.delete()
        if deleted:
            self.report.deleted[str(model._meta.verbose_name_plural)] += deleted
        left = model._default_manager.filter(pk__gte=batch[0], pk__lte=batch[1])
        self.later.inherit(model, left.values_list("pk", flat=True))


def _batches(created: Created, model: type[Model]) -> Iterator[tuple[int, int]]:
    """Yield the id ranges of a model in pieces of a bounded size, the last first."""
    for first, last in reversed(created.get(model._meta.label, ())):
        for start in reversed(range(first, last + 1, _BATCH)):
            yield start, min(start + _BATCH - 1, last)


def _curated(kind: RecordKind) -> Q:
    """Whether a person changed a record, pinned it, wants it changed or spoke of it."""
    of_record = {"kind": kind, "record_id": OuterRef("pk")}
    proposals = Proposal.objects.filter(**of_record).exclude(state=ProposalState.WITHDRAWN)
    return (
        Q(Exists(Pin.objects.filter(**of_record)))
        | Q(Exists(proposals))
        | Q(Exists(Revision.objects.filter(**of_record, user__isnull=False)))
        | Q(Exists(Comment.objects.filter(**of_record)))
    )


def _used() -> Q:
    """Whether anything refers to a protein."""
    users: tuple[QuerySet[Interaction] | QuerySet[BindingSite] | QuerySet[SourcePage], ...] = (
        Interaction.objects.filter(tf=OuterRef("pk")),
        Interaction.objects.filter(target=OuterRef("pk")),
        BindingSite.objects.filter(tf=OuterRef("pk")),
        SourcePage.objects.filter(protein=OuterRef("pk")),
    )
    used = Q()
    for user in users:
        used |= Q(Exists(user))
    return used
