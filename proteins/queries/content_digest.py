"""One SHA-256 over all that the database says, whatever its ids, times and order of import.

A record is one line of text; lines are hashed in groups (a protein's, a TF's), and the
digest of a kind is over its groups in the order of their keys. Keys are put in order here:
databases order text by their own rules.

Not content: ids, times, what is stored for speed (counters, `has_page`, `in_table`), whether a
publication was looked up in PubMed, and the record of imports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from proteins.domain.evidence import EvidenceContent
from proteins.models import (
    AccessionFate,
    BindingSite,
    Citation,
    CrossReference,
    DetectionMethod,
    Effect,
    FormerSiteID,
    GeneID,
    GeneIDFate,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    ProteinName,
    Reporting,
    ReviewStatus,
    SecondaryAccession,
    SourceDatabase,
    Statement,
)
from proteins.queries.evidence import read_evidence
from proteins.queries.snapshot import FETCH, consistent_read

#: Proteins whose lists are read by one query each.
_BATCH = 5000
#: What represents a row that a reference points at in vain (`check_records` finds it).
_NOWHERE = "?"


@dataclass(frozen=True)
class Part:
    """The digest of one kind of record, and how many there are."""

    name: str
    records: int
    digest: str


def content_parts() -> list[Part]:
    """Return the digest of each kind of record."""
    with consistent_read():
        return _Content().parts()


def digest_of(parts: Iterable[Part]) -> str:
    """Return the one digest over all kinds."""
    text = "".join(f"{part.name}\t{part.digest}\n" for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()


def content_digest() -> str:
    """Return the SHA-256 (64 hexadecimal digits) of all content."""
    return digest_of(content_parts())


@dataclass
class _Groups:
    """Digests of groups of lines, by a key that is content."""

    name: str
    digests: dict[str, bytes] = field(default_factory=dict)
    records: int = 0

    def add(self, key: str, lines: list[str]) -> None:
        lines.sort()
        self.records += len(lines)
        self.digests[key] = hashlib.sha256("\n".join(lines).encode()).digest()

    def part(self) -> Part:
        whole = hashlib.sha256()
        for key in sorted(self.digests):
            whole.update(key.encode() + b"\t" + self.digests[key] + b"\n")
        return Part(self.name, self.records, whole.hexdigest())


class _Content:
    """One pass over the database; used evidence is noted, as vocabularies follow it."""

    def __init__(self) -> None:
        self._accessions = dict(Protein.objects.values_list("id", "accession"))
        self._evidence: Mapping[int, EvidenceContent] = {
            key: facts.content for key, facts in read_evidence().items()
        }
        self._used: set[int] = set()

    def parts(self) -> list[Part]:
        parts = [
            self._proteins(),
            self._by_tf("interactions", self._interactions()),
            self._by_tf("binding sites", self._binding_sites()),
            self._by_tf("statements", self._statements()),
            _citations(),
            _former_identifiers(),
            self._vocabulary(),  # last: the others collect what is used
        ]
        # Without any of these the digest is what it was before there could be any.
        added = ("statements", "former identifiers")
        return [part for part in parts if part.records or part.name not in added]

    def _proteins(self) -> Part:
        groups = _Groups("proteins")
        ids = sorted(self._accessions)
        for at in range(0, len(ids), _BATCH):
            for accession, line in _protein_lines(ids[at], ids[min(at + _BATCH, len(ids)) - 1]):
                groups.add(accession, [line])
        return groups.part()

    def _by_tf(self, name: str, lines: Iterable[tuple[int, str]]) -> Part:
        groups = _Groups(name)
        for tf, of_tf in groupby(lines, itemgetter(0)):
            groups.add(self._accessions.get(tf, _NOWHERE), [line for _, line in of_tf])
        return groups.part()

    def _evidence_digest(self, key: int) -> str:
        self._used.add(key)
        return self._evidence[key].digest if key in self._evidence else _NOWHERE

    def _interactions(self) -> Iterator[tuple[int, str]]:
        rows = Interaction.objects.order_by("tf_id").values_list(
            "tf_id", "target_id", "evidence_id", "effect", "status", "reporting"
        )
        accessions = self._accessions
        # A few thousand different endings follow millions of targets.
        endings: dict[tuple[int, int, int, int], str] = {}
        for row in rows.iterator(chunk_size=FETCH):
            tf, target, evidence, effect, status, reporting = row
            key = (evidence, effect, status, reporting)
            ending = endings.get(key)
            if ending is None:
                ending = endings[key] = "\t".join(
                    (
                        "",
                        self._evidence_digest(evidence),
                        Effect(effect).name,
                        ReviewStatus(status).name,
                        Reporting(reporting).name,
                    )
                )
            yield tf, accessions.get(target, _NOWHERE) + ending

    def _binding_sites(self) -> Iterator[tuple[int, str]]:
        rows = BindingSite.objects.order_by("tf_id").values_list(
            "tf_id", "evidence_id", "tflink_id", "assembly", "chromosome", "start", "end",
            "strand", "overlaps", "sequence",
        )  # fmt: skip
        former: dict[str, list[str]] = {}
        for current, one in FormerSiteID.objects.values_list("site__tflink_id", "tflink_id"):
            former.setdefault(current, []).append(one)
        for tf, evidence, tflink_id, *rest in rows.iterator(chunk_size=FETCH):
            # Few have any, and the lines of the others are what they were before there were any.
            formerly = [sorted(former[tflink_id])] if tflink_id in former else []
            yield tf, _line(tflink_id, self._evidence_digest(evidence), *rest, *formerly)

    def _statements(self) -> Iterator[tuple[int, str]]:
        """What each says, and whether it counts; who entered it is no content."""
        rows = Statement.objects.order_by("interaction__tf_id").values_list(
            "interaction__tf_id", "interaction__target_id", "evidence_id", "dataset__name",
            "source_id", "citation__pmid", "method__name", "eco", "effect", "basis",
            "small_scale", "cell_line", "tissue", "condition", "quotation", "state",
            "state_reason",
        )  # fmt: skip
        for tf, target, evidence, *rest in rows.iterator(chunk_size=FETCH):
            self._used.add(evidence)
            yield tf, _line(self._accessions.get(target, _NOWHERE), *rest)

    def _vocabulary(self) -> Part:
        """Databases and methods as far as they support something: the others that a database
        has depend on its history."""
        used = [self._evidence[key] for key in self._used if key in self._evidence]
        keys = {key for content in used for key in content.sources}
        names = {name for content in used for name in content.methods}
        groups = _Groups("sources and methods")
        sources = SourceDatabase.objects.values_list(
            "key", "name", "via__key", "publication__pmid", "url", "version", "version_date",
            "licence", "licence_url",
        )  # fmt: skip
        methods = DetectionMethod.objects.values_list(
            "name", "psi_mi_id", "identifies_participant_only"
        )
        groups.add("sources", [_source(*row) for row in sources if row[0] in keys])
        groups.add("methods", [_line(*row) for row in methods if row[0] in names])
        return groups.part()


def _source(key: str, *fields: Any) -> str:
    *always, version, version_date, licence, licence_url = fields
    # Few say any, and the lines of the others are what they were before they could.
    terms = [version, licence, licence_url]
    dated = [version_date] if version_date else []
    return _line(key, *always, *(terms if any(terms) or dated else []), *dated)


def _protein_lines(first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yield accession and line of the proteins with these ids and those between."""
    of_these = {"protein_id__gte": first, "protein_id__lte": last}
    genes: dict[int, list[int]] = {}
    for key, gene in GeneID.objects.filter(**of_these).values_list("protein_id", "ncbi_gene_id"):
        genes.setdefault(key, []).append(gene)
    matrices: dict[int, list[str]] = {}
    matrix_ids = JasparMatrix.objects.filter(**of_these).values_list("protein_id", "matrix_id")
    for key, matrix in matrix_ids:
        matrices.setdefault(key, []).append(matrix)
    orthologs: dict[int, list[tuple[int, str, bool]]] = {}
    rows = Ortholog.objects.filter(**of_these).values_list(
        "protein_id", "taxon__ncbi_taxon_id", "identifier", "in_tflink"
    )
    for key, taxon, identifier, in_tflink in rows:
        orthologs.setdefault(key, []).append((taxon, identifier, in_tflink))
    former: dict[int, list[str]] = {}
    names = SecondaryAccession.objects.filter(**of_these).values_list("protein_id", "accession")
    for key, name in names:
        former.setdefault(key, []).append(name)
    stated = _stated_of(of_these)
    proteins = Protein.objects.filter(id__gte=first, id__lte=last).values_list(
        "id", "accession", "taxon__ncbi_taxon_id", "name", "declared_tf", "declared_target",
        "declared_interactions",
    )  # fmt: skip
    for key, accession, *fields in proteins:
        lists = (sorted(kind.get(key, ())) for kind in (genes, matrices, orthologs))
        # Few have any, and the lines of the others are what they were before there were any.
        formerly = [sorted(former[key])] if key in former else []
        names_of = [{"stated": sorted(stated[key])}] if key in stated else []
        yield accession, _line(accession, *fields, *lists, *formerly, *names_of)


def _stated_of(of_these: Mapping[str, int]) -> dict[int, list[tuple[str, ...]]]:
    """Return what sources call these proteins, and their identifiers in other databases, each
    with its source and version."""
    stated: dict[int, list[tuple[str, ...]]] = {}
    names = ProteinName.objects.filter(**of_these, source__isnull=False).values_list(
        "protein_id", "kind", "text", "source__name", "source__version"
    )
    for key, kind, *texts in names:
        stated.setdefault(key, []).append(("name", str(kind), *texts))
    references = CrossReference.objects.filter(**of_these).values_list(
        "protein_id", "database", "identifier", "source__name", "source__version"
    )
    for key, database, *texts in references:
        stated.setdefault(key, []).append(("in", str(database), *(text or "" for text in texts)))
    return stated


def _former_identifiers() -> Part:
    """What became of accessions and gene IDs that are no longer in use."""
    groups = _Groups("former identifiers")
    source = ("source__name", "source__version")
    accessions = AccessionFate.objects.values_list(
        "accession", "successor", "fate", "settled", *source
    )
    genes = GeneIDFate.objects.values_list("ncbi_gene_id", "successor", "settled", *source)
    for name, rows in (("accessions", accessions), ("gene IDs", genes)):
        groups.add(name, [_line(*row) for row in rows.iterator(chunk_size=FETCH)])
    return groups.part()


def _citations() -> Part:
    """Those with texts, or retracted; that a publication is cited is part of the evidence."""
    groups = _Groups("citations")
    filled = Citation.objects.exclude(
        title="", authors="", journal="", year=None, doi="", is_retracted=False
    )
    rows = filled.values_list("pmid", "title", "authors", "journal", "year", "doi", "is_retracted")
    for pmid, *texts, is_retracted in rows.iterator(chunk_size=FETCH):
        # Few are, and the lines of the others are what they were before this column existed.
        groups.add(str(pmid), [_line(pmid, *texts, *["retracted"] * is_retracted)])
    return groups.part()


def _line(*values: object) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
