"""Evidence rows by their content, read and made in whole lists."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from typing import Final, Protocol, Self

from django.db.models import Model

from curation.shared.bulk import Bulk
from curation.shared.evidence_columns import EvidenceColumns
from curation.shared.spellings import Spellings
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.tiers import SupportRules, split_source_key
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    PubMedStatus,
    SourceDatabase,
    Statement,
    Support,
    SupportPart,
)
from proteins.queries.support_rules import read_support_rules

#: What points at Evidence rows; an interaction does by way of its support.
USERS: Final[tuple[type[Model], ...]] = (Support, SupportPart, BindingSite, Statement)
LINKS: Final = (EvidenceSource, EvidenceMethod, EvidenceCitation)


class Creations(Protocol):
    """Receives the primary keys of rows that are made."""

    def created(self, model: type[Model], ids: Sequence[int]) -> None: ...

    def records_created(
        self, model: type[Model], ids: Sequence[int], kind: str, keys: Iterable[str]
    ) -> None: ...


class NotJournalled:
    """Where no one takes back what is made: unused rows are dropped."""

    def created(self, model: type[Model], ids: Sequence[int]) -> None:
        pass

    def records_created(
        self, model: type[Model], ids: Sequence[int], kind: str, keys: Iterable[str]
    ) -> None:
        pass


class EvidenceRows:
    """Reads and makes Evidence rows, and the databases, methods and publications that they
    name; `contents` and `ids` cache what was read. Callers hold the write lock."""

    def __init__(self, bulk: Bulk, creations: Creations | None = None) -> None:
        self.bulk = bulk
        self.creations = creations or NotJournalled()
        self.sources: dict[str, int] = dict(SourceDatabase.objects.values_list("key", "id"))
        self.methods: dict[str, int] = dict(DetectionMethod.objects.values_list("name", "id"))
        self.spellings = Spellings(self.sources, self.methods)
        self.citations: dict[int, int] = {}
        self.ids: dict[EvidenceContent, int] = {}
        self.contents: dict[int, EvidenceContent] = {}

    def not_journalled(self) -> Self:
        """Return the same with the same caches, for rows that no one takes back."""
        twin = copy(self)
        twin.creations = NotJournalled()
        return twin

    # Reading

    def read(self, ids: Iterable[int]) -> None:
        """Read the content of those of these rows that have not been read."""
        unread = [key for key in ids if key not in self.contents]
        if not unread:
            return
        select = self.bulk.select
        scales: dict[int, int] = dict(select(Evidence, ("id", "small_scale"), "id", unread))
        parts: dict[int, tuple[list[str], list[str], list[int]]] = {
            key: ([], [], []) for key in scales
        }
        source_keys = {number: key for key, number in self.sources.items()}
        columns = ("evidence_id", "source_id")
        for key, source in select(EvidenceSource, columns, "evidence_id", unread):
            parts[key][0].append(source_keys[source])
        method_names = {number: name for name, number in self.methods.items()}
        columns = ("evidence_id", "method_id")
        for key, method in select(EvidenceMethod, columns, "evidence_id", unread):
            parts[key][1].append(method_names[method])
        columns = ("evidence_id", "citation_id")
        links = select(EvidenceCitation, columns, "evidence_id", unread)
        cited = {citation for _, citation in links}
        pmids: dict[int, int] = dict(select(Citation, ("id", "pmid"), "id", cited))
        for key, citation in links:
            parts[key][2].append(pmids[citation])
        for key, lists in parts.items():
            self._cache(key, EvidenceContent.of(*lists, SmallScale(scales[key])))

    def _cache(self, key: int, content: EvidenceContent) -> None:
        self.contents[key] = content
        self.ids[content] = key

    def _forget(self, key: int) -> None:
        content = self.contents.pop(key, None)
        if content is not None:
            self.ids.pop(content, None)

    def find(self, contents: Collection[EvidenceContent]) -> None:
        """Let `ids` have the rows of those of `contents` that are stored."""
        digests = {content.digest: content for content in contents if content not in self.ids}
        for key, digest in self.bulk.select(Evidence, ("id", "digest"), "digest", digests):
            self._cache(key, digests[digest])

    # Writing

    def write_citations(self, pmids: Iterable[int]) -> list[int]:
        """Let `citations` have a row for each publication; return the keys of those made."""
        unread = {pmid for pmid in pmids if pmid not in self.citations}
        self.citations.update(self.bulk.select(Citation, ("pmid", "id"), "pmid", unread))
        new = sorted(pmid for pmid in unread if pmid not in self.citations)
        ids = self.bulk.reserve_ids(Citation, len(new))
        blank = {"title": "", "authors": "", "journal": "", "doi": "", "is_retracted": False}
        columns = ("id", "pmid", *blank, "pubmed_status")
        empty = (*blank.values(), PubMedStatus.NOT_LOOKED_UP.value)
        rows = [(key, pmid, *empty) for key, pmid in zip(ids, new, strict=True)]
        self.bulk.insert(Citation, columns, rows)
        self.creations.records_created(Citation, ids, "citation", map(str, new))
        self.citations.update(zip(new, ids, strict=True))
        return list(ids)

    def source(self, key: str) -> int:
        """Return the id of a source database, added (with the one it came by) if new."""
        key = self.spellings.source(key)
        if key not in self.sources:
            name, via = split_source_key(key)
            self.sources[key] = SourceDatabase.objects.create(
                key=key, name=name, via_id=self.source(via) if via else None
            ).pk
            self.creations.records_created(
                SourceDatabase, [self.sources[key]], "source database", [key]
            )
        return self.sources[key]

    def _method(self, name: str) -> int:
        if name not in self.methods:
            self.methods[name] = DetectionMethod.objects.create(name=name).pk
            self.creations.records_created(
                DetectionMethod, [self.methods[name]], "detection method", [name]
            )
        return self.methods[name]

    def write(self, contents: Iterable[EvidenceContent]) -> None:
        """Let `ids` have a row for each content, in canonical spellings, made where there is
        none."""
        ids = self.ids
        wanted = {content for content in set(contents) if content not in ids}
        self.find(wanted)
        new = sorted((content for content in wanted if content not in ids), key=_digest)
        self.write_citations({pmid for content in new for pmid in content.pmids})
        keys = self.bulk.reserve_ids(Evidence, len(new))
        for source in {source for content in new for source in content.sources}:
            self.source(source)
        # Read for each list: a curator may have changed the vocabulary between two.
        rules = read_support_rules() if new else SupportRules()
        rows, sources, methods, citations = [], [], [], []
        for key, content in zip(keys, new, strict=True):
            rows.append((key, *EvidenceColumns.of(content, rules)))
            sources += [(key, self.source(source)) for source in content.sources]
            methods += [(key, self._method(method)) for method in content.methods]
            citations += [(key, self.citations[pmid]) for pmid in content.pmids]
            self._cache(key, content)
        insert = self.bulk.insert
        insert(Evidence, ("id", *EvidenceColumns._fields), rows)
        self.creations.created(Evidence, keys)
        insert(EvidenceSource, ("evidence_id", "source_id"), sources)
        insert(EvidenceMethod, ("evidence_id", "method_id"), methods)
        insert(EvidenceCitation, ("evidence_id", "citation_id"), citations)

    def drop_unused(self, ids: Iterable[int]) -> None:
        """Delete those of these rows that nothing points at any more."""
        unused = set(ids)
        for user in USERS:
            unused -= {
                key
                for (key,) in self.bulk.used_among(
                    user, ["evidence_id"], [(one,) for one in unused]
                )
            }
        for link in LINKS:
            self.bulk.delete(link, "evidence_id", unused)
        self.bulk.delete(Evidence, "id", unused)
        for key in unused:
            self._forget(key)


def _digest(content: EvidenceContent) -> str:
    return content.digest
