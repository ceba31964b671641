"""The least that an import must do, as a floor to measure the real one against.

Parse with the C parsers (`yaml.CSafeLoader`, `csv`), split the cells, and write the very
rows that the import leaves behind (proteins with their counts, facets and names, gene IDs,
orthologs, citations, evidence with its links, support with its parts, interactions) into the
same migrated tables, by raw `executemany` on SQLite and COPY on PostgreSQL, in one transaction.
Of a pair on two pages its support has one part only.

It is a strict floor. It checks nothing, compares with nothing that is stored, keeps no
journal, makes no record of its run, knows no lines for messages, and splits each distinct
cell once. Content digests are part of the rows, and it makes them as the product does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.db import connection, transaction

from curation.importing.source.known_defects import NAME_SPELLINGS
from curation.records.facets import ContentFacets, columns_of
from curation.shared.bulk import bulk_for
from curation.shared.evidence_columns import EvidenceColumns
from curation.shared.evidence_rows import EvidenceRows
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.facets import STATUSES, Alphabet
from proteins.domain.names import NameKind, folded_name, names_of
from proteins.domain.support import Role, SupportContent
from proteins.models import (
    TIER_COUNTERS,
    ChangeKind,
    ChangeSet,
    DetectionMethod,
    SourceDatabase,
    Taxon,
)
from proteins.queries.support_rules import read_support_rules
from tests.benchmarks.page_writer import ortholog_items
from tests.benchmarks.table_rows import table_rows

_LINK = re.compile(r"<a[^>]*>([^<]*)</a>")
_SCALES = {"Yes": SmallScale.YES, "No": SmallScale.NO}


@dataclass
class FloorRows:
    """Rows in the making; ids count from 1, as in an empty database."""

    #: accession -> name, species, declared TF, declared target, declared number
    proteins: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    genes: dict[tuple[str, int], None] = field(default_factory=dict)
    orthologs: dict[tuple[str, str, str], bool] = field(default_factory=dict)
    #: raw cells (sources, methods, publications, scale) -> content
    cells: dict[tuple[str, str, str, str], EvidenceContent] = field(default_factory=dict)
    pairs: dict[tuple[str, str], EvidenceContent] = field(default_factory=dict)
    of_table: bool = False

    def support(self, sources: str, methods: str, pmids: str, scale: str) -> EvidenceContent:
        key = (sources, methods, pmids, scale)
        content = self.cells.get(key)
        if content is None:
            numbers = map(int, re.findall(r"[0-9]+(?=%5B|;|\Z)", pmids))
            of = EvidenceContent.of(sources.split(";"), methods.split(";"), numbers, _SCALES[scale])
            content = self.cells[key] = of
        return content

    def describe(
        self, accession: str, genes: str, orthologs: Iterable[tuple[str, str, bool]]
    ) -> None:
        for gene in genes.split(";"):
            if gene not in ("-", "NA", ""):
                self.genes[accession, int(float(gene))] = None
        for species, identifier, listed in orthologs:
            self.orthologs[accession, species, identifier] = listed


def rows_of_tables(tables: Sequence[Path]) -> FloorRows:
    """Parse and split whole tables."""
    floor = FloorRows(of_table=True)
    proteins, pairs, support = floor.proteins, floor.pairs, floor.support
    for table in tables:
        for row in table_rows(table):
            tf, target = row[0], row[1]
            if tf not in proteins:
                proteins[tf] = (row[4] if row[4] != "-" else "", row[8], False, False, None)
                floor.describe(tf, row[2], ortholog_items(row[11], row[12]))
            if target not in proteins:
                proteins[target] = (row[5] if row[5] != "-" else "", row[8], False, False, None)
                floor.describe(target, row[3], ortholog_items(row[13], row[14]))
            pairs[tf, target] = support(row[9], row[6], row[7], row[10])
    return floor


def rows_of_pages(pages: Iterable[Path]) -> FloorRows:
    """Parse and split pages of the newest generation."""
    floor = FloorRows()
    for file in pages:
        text = file.read_text(encoding="utf-8")
        page = yaml.load(text.split("\n---\n")[0], Loader=yaml.CSafeLoader)
        accession, function = page["uniprot_accession"], page["function"]
        name = page["protein_name"]
        floor.proteins[accession] = (
            "" if name == "-" else NAME_SPELLINGS.get(name, name),
            page["organism"],
            "transcription factor" in function,
            "target gene" in function,
            int(page["number_of_interactions"]),
        )
        floor.describe(accession, page["ncbi_gene_id"], _orthologs(page["orthologs"]))
        for line in page["tfs"].splitlines():
            # Names may hold a comma; generated pages write it `_`, so a plain split does.
            _, tf, _, sources, methods, pmids, scale = line.split(",")
            floor.pairs[tf, accession] = floor.support(sources, methods, pmids, scale)
        for line in page["targets"].splitlines():
            _, target, _, sources, methods, pmids, scale = line.split(",")
            floor.pairs[accession, target] = floor.support(sources, methods, pmids, scale)
    return floor


def _orthologs(text: str) -> Iterator[tuple[str, str, bool]]:
    for group in json.loads(text) if text else ():
        for item in group["id"]:
            link = _LINK.match(item)
            yield group["species"], link[1] if link else item, link is not None


def write_floor(floor: FloorRows) -> int:
    """Write all rows in one transaction; return how many interactions."""
    with transaction.atomic():
        protein_ids = {accession: key for key, accession in enumerate(floor.proteins, 1)}
        evidence_ids = write_evidence(floor.pairs.values())
        support_ids = _write_support(floor, evidence_ids)
        interactions = _interactions(floor, protein_ids, evidence_ids, support_ids)
        _write_proteins(floor, protein_ids)
        insert(
            "proteins_interaction",
            "id tf_id target_id evidence_id support_id effect status reporting change_id",
            interactions,
        )
    return len(interactions)


def write_evidence(
    contents: Iterable[EvidenceContent], first_id: int = 1
) -> dict[EvidenceContent, int]:
    """Write evidence that is not stored, and what it cites; return its ids in this order."""
    sources = dict(SourceDatabase.objects.values_list("key", "id"))
    methods = dict(DetectionMethod.objects.values_list("name", "id"))
    ids = {content: key for key, content in enumerate(dict.fromkeys(contents), first_id)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pmid, id FROM proteins_citation")
        citations: dict[int, int] = dict(cursor.fetchall())
    cited = {pmid for content in ids for pmid in content.pmids} - citations.keys()
    first = max(citations.values(), default=0) + 1
    citations.update((pmid, key) for key, pmid in enumerate(sorted(cited), first))
    new = [(citations[pmid], pmid, "", "", "", "", False, 0) for pmid in sorted(cited)]
    columns = "id pmid title authors journal doi is_retracted pubmed_status"
    insert("proteins_citation", columns, new)
    rules = read_support_rules()
    insert(
        "proteins_evidence",
        f"id {' '.join(EvidenceColumns._fields)}",
        [(key, *EvidenceColumns.of(one, rules)) for one, key in ids.items()],
    )
    links: tuple[tuple[str, str, dict[Any, int]], ...] = (
        ("source", "sources", sources),
        ("method", "methods", methods),
        ("citation", "pmids", citations),
    )
    _insert_new_methods(ids, methods)
    _insert_new_sources(ids, sources)
    for name, values, row_ids in links:
        rows = [(key, row_ids[value]) for one, key in ids.items() for value in getattr(one, values)]
        insert(f"proteins_evidence{name}", f"evidence_id {name}_id", rows)
    return ids


def _insert_new_methods(contents: Iterable[EvidenceContent], row_ids: dict[str, int]) -> None:
    """Methods that the shipped vocabulary lacks: a few per species."""
    for name in sorted({name for one in contents for name in one.methods} - row_ids.keys()):
        row_ids[name] = DetectionMethod.objects.create(name=name).pk


def _insert_new_sources(contents: Iterable[EvidenceContent], row_ids: dict[str, int]) -> None:
    """Databases that another passes on: a few per file of statements."""
    rows = EvidenceRows(bulk_for())
    for key in sorted({key for one in contents for key in one.sources} - row_ids.keys()):
        row_ids[key] = rows.source(key)


def write_support(
    evidence: Mapping[EvidenceContent, int], contents: Iterable[SupportContent], first_id: int = 1
) -> dict[SupportContent, int]:
    """Write support that is not stored, of evidence with these ids; return its ids."""
    ids = {content: key for key, content in enumerate(dict.fromkeys(contents), first_id)}
    rows = [(key, one.digest, evidence[one.evidence]) for one, key in ids.items()]
    insert("proteins_support", "id digest evidence_id", rows)
    parts = [
        (key, role.value, evidence[stated])
        for one, key in ids.items()
        for role, stated in one.parts
    ]
    insert("proteins_supportpart", "support_id role evidence_id", parts)
    return ids


def _write_support(
    floor: FloorRows, evidence: dict[EvidenceContent, int]
) -> dict[EvidenceContent, int]:
    """Write what documents of one role say; return the ids of support by its evidence."""
    role = Role.TABLE if floor.of_table else Role.TF_PAGE_3
    supports = {content: SupportContent.of({role: content}) for content in evidence}
    ids = write_support(evidence, supports.values())
    return {content: ids[support] for content, support in supports.items()}


def _interactions(
    floor: FloorRows,
    proteins: dict[str, int],
    evidence: dict[EvidenceContent, int],
    support: dict[EvidenceContent, int],
) -> list[tuple[Any, ...]]:
    change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
    return [
        (key, proteins[tf], proteins[target], evidence[content], support[content], 0, 0, 0, change)
        for key, ((tf, target), content) in enumerate(floor.pairs.items(), 1)
    ]


def _write_proteins(floor: FloorRows, ids: dict[str, int]) -> None:
    change = ChangeSet.objects.create(kind=ChangeKind.IMPORT).pk
    taxa = dict(Taxon.objects.values_list("scientific_name", "id"))
    targets, tfs = dict.fromkeys(ids, 0), dict.fromkeys(ids, 0)
    tiers = {accession: [0, 0, 0] for accession in ids}
    alphabet = Alphabet()
    sets = dict.fromkeys(ids, alphabet.set_of([STATUSES[0]]))
    contents = _facets(alphabet, floor.pairs.values())
    for (tf, target), content in floor.pairs.items():
        targets[tf] += 1
        tfs[target] += 1
        facet_set, tier = contents[content]
        sets[tf] |= facet_set
        sets[target] |= facet_set
        if tier is not None:
            tiers[tf][tier] += 1
            tiers[target][tier] += 1
    texts = {facet_set: columns_of(alphabet.text(facet_set)) for facet_set in set(sets.values())}
    table = floor.of_table
    insert(
        "proteins_protein",
        "id accession name taxon_id declared_tf declared_target declared_interactions has_page "
        "in_table target_count tf_count facets facet_bits strong_count supported_count "
        "repeated_count change_id",
        [
            (ids[accession], accession, name, taxa[species], is_tf, is_target, declared,
             not table, table, targets[accession], tfs[accession], *texts[sets[accession]],
             *tiers[accession], change)
            for accession, (name, species, is_tf, is_target, declared) in floor.proteins.items()
        ],
    )  # fmt: skip
    names = [
        (ids[accession], NameKind.PRIMARY, position, text, folded_name(text))
        for accession, (name, *_) in floor.proteins.items()
        for position, text in enumerate(names_of(name))
    ]
    insert("proteins_proteinname", "protein_id kind position text folded", names)
    genes = [(ids[accession], gene) for accession, gene in floor.genes]
    insert("proteins_geneid", "protein_id ncbi_gene_id", genes)
    orthologs = [
        (ids[accession], taxa[species], identifier, listed)
        for (accession, species, identifier), listed in floor.orthologs.items()
    ]
    insert("proteins_ortholog", "protein_id taxon_id identifier in_tflink", orthologs)


def _facets(
    alphabet: Alphabet, contents: Iterable[EvidenceContent]
) -> dict[EvidenceContent, tuple[int, int | None]]:
    """What each evidence gives to its proteins: a set of facets, and the place of its tier
    among those that are counted."""
    places = {tier: place for place, tier in enumerate(TIER_COUNTERS)}
    facets = ContentFacets(alphabet, EvidenceRows(bulk_for()))
    facets.read_rules()
    return {one: (facets.of(one), places.get(facets.tier(one))) for one in dict.fromkeys(contents)}


def insert(table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows that hold the values of `columns`."""
    names = [f'"{name}"' for name in columns.split()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            # The driver's own cursor: Django's would rewrite the placeholders.
            marks = ", ".join("?" * len(names))
            connection.connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows
            )
