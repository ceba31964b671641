"""Evidence of a chunk, and the databases, methods and publications that it names."""

from __future__ import annotations

from collections.abc import Iterable

from curation.importing.loading.journal import Journal
from curation.importing.loading.report import RunReport
from curation.importing.loading.store import Store
from curation.importing.planning.planned import Plan
from curation.shared.bulk import Bulk
from curation.shared.evidence_columns import EvidenceColumns
from proteins.domain.evidence import EvidenceContent
from proteins.domain.tiers import SupportRules, split_source_key
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    Interaction,
    PubMedStatus,
    SourceDatabase,
)
from proteins.queries.support_rules import read_support_rules


class EvidenceWriter:
    """Writes what a plan cites; `store` learns of what is added.

    `replaced` gathers the rows that records of the chunk stop pointing at.
    """

    def __init__(self, bulk: Bulk, store: Store, report: RunReport, journal: Journal) -> None:
        self.bulk = bulk
        self.store = store
        self.tallies = report.tallies
        self.journal = journal
        self.replaced: set[int] = set()

    def write(self, plan: Plan) -> None:
        self.replaced = set()
        self._write_citations(plan)
        self.write_contents(plan.evidence())

    def _write_citations(self, plan: Plan) -> None:
        stored_ids = self.store.citations
        self.store.find_citations(plan.pmids)
        new = sorted(pmid for pmid in plan.pmids if pmid not in stored_ids)
        ids = self.bulk.reserve_ids(Citation, len(new))
        blank = {"title": "", "authors": "", "journal": "", "doi": "", "is_retracted": False}
        columns = ("id", "pmid", *blank, "pubmed_status")
        empty = (*blank.values(), PubMedStatus.NOT_LOOKED_UP.value)
        rows = [(key, pmid, *empty) for key, pmid in zip(ids, new, strict=True)]
        self.bulk.insert(Citation, columns, rows)
        self.journal.records_created(Citation, ids, "citation", (str(pmid) for pmid in new))
        stored_ids.update(zip(new, ids, strict=True))
        self.tallies["citations"].created(ids)
        self.tallies["citations"].met(stored_ids[pmid] for pmid in plan.pmids)

    def _source(self, key: str) -> int:
        """Return the id of a source database, added (with the one it came by) if new."""
        stored_ids = self.store.sources
        key = self.store.spellings.source(key)
        if key not in stored_ids:
            name, via = split_source_key(key)
            stored_ids[key] = SourceDatabase.objects.create(
                key=key, name=name, via_id=self._source(via) if via else None
            ).pk
            self.journal.records_created(
                SourceDatabase, [stored_ids[key]], "source database", [key]
            )
        return stored_ids[key]

    def _method(self, name: str) -> int:
        stored_ids = self.store.methods
        if name not in stored_ids:
            stored_ids[name] = DetectionMethod.objects.create(name=name).pk
            self.journal.records_created(
                DetectionMethod, [stored_ids[name]], "detection method", [name]
            )
        return stored_ids[name]

    def write_contents(self, contents: Iterable[EvidenceContent]) -> None:
        """Let `store.evidence_ids` know a row for each content, made where there is none."""
        ids = self.store.evidence_ids
        wanted = {content for content in set(contents) if content not in ids}
        self.store.find_evidence(wanted)
        new = sorted((content for content in wanted if content not in ids), key=_digest)
        # A united content also cites what was stored before, which no page here may say.
        self.store.find_citations(pmid for content in new for pmid in content.pmids)
        keys = self.bulk.reserve_ids(Evidence, len(new))
        # Read for each chunk: a curator may have changed the vocabulary between two.
        rules = read_support_rules() if new else SupportRules()
        rows, sources, methods, citations = [], [], [], []
        for key, content in zip(keys, new, strict=True):
            rows.append((key, *EvidenceColumns.of(content, rules)))
            sources += [(key, self._source(source)) for source in content.sources]
            methods += [(key, self._method(method)) for method in content.methods]
            citations += [(key, self.store.citations[pmid]) for pmid in content.pmids]
            self.store.remember_evidence(key, content)
        insert = self.bulk.insert
        insert(Evidence, ("id", *EvidenceColumns._fields), rows)
        self.journal.created(Evidence, keys)
        insert(EvidenceSource, ("evidence_id", "source_id"), sources)
        insert(EvidenceMethod, ("evidence_id", "method_id"), methods)
        insert(EvidenceCitation, ("evidence_id", "citation_id"), citations)

    def drop_unused(self) -> None:
        """Delete the rows that this chunk replaced and nothing points at any more."""
        replaced = self.replaced
        for user in (Interaction, BindingSite):
            used = self.bulk.used_among(user, "evidence_id", replaced)
            replaced = replaced - used
        for link in (EvidenceSource, EvidenceMethod, EvidenceCitation):
            self.bulk.delete(link, "evidence_id", replaced)
        self.bulk.delete(Evidence, "id", replaced)
        for key in replaced:
            self.store.forget_evidence(key)


def _digest(content: EvidenceContent) -> str:
    return content.digest
