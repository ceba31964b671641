"""Published pages and downloads, whole: every fact that a small independent reader (YAML and
regular expressions) sees in a page is in its record, cell for cell, and nothing is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from curation.importing.source.kinds import Kind, kind_of, read_interactions
from curation.importing.source.known_defects import SITE_LENGTHS, SiteDefect
from curation.importing.source.pages import read_page
from curation.importing.source.records import (
    BindingSiteRecord,
    InteractionRecord,
    PageRecord,
    Problem,
    TableRow,
)
from curation.importing.source.site_tables import SiteRow, read_sites
from proteins.domain.binding_sites import (
    Counting,
    convention_of,
    physical_sites,
    sequence_length,
)
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.names import MAX_NAME_LENGTH
from tests.places import EXCERPT, PAGES, SHARED
from tests.species import SPECIES

PUBLISHED: Final = sorted((SHARED / "data" / "pages").rglob("*.md"))
FILES: Final = sorted((SHARED / "data" / "files").glob("*.tsv"))
needs_shared: Final = pytest.mark.skipif(
    not PUBLISHED or not FILES, reason="shared/data with published documents is not here"
)
DOCUMENTS: Final = [
    *PUBLISHED,
    *(SHARED / "data").glob("p*-excerpt.md"),
    EXCERPT,
    *sorted(PAGES.glob("*.md")),
]
ACCESSION: Final = r"(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})"
ROW: Final = re.compile(
    rf"(?P<name>.*?),(?P<accession>{ACCESSION}),(?P<genes>[\d.;,]+|-|),(?P<sources>[^,]*),"
    r"(?P<methods>[^,]*),(?P<publications>[^,]*?)(?:,(?P<scale>Yes|No))?"
)
SITE: Final = re.compile(
    r"(?P<id>TFLink\w+),(?P<accession>\w+),.*,(?P<species>[A-Z][a-z]+ [a-z]+),(?P<assembly>[^,]*),"
    r"(?P<chromosome>[^,]*),(?P<start>[^,]*),(?P<end>[^,]*),(?P<strand>[-+.]),[^,]*,"
    r"(?P<methods>[^,]*),(?P<publications>[^,]*),(?P<sources>[^,]*),(?P<scale>Yes|No),"
    r"(?P<overlaps>\d+|-)"
)
OLDER_SITE: Final = re.compile(
    r"(?P<id>TFLink\w+),(?P<methods>[^,]*),(?P<publications>&ensp;[^,]*),(?P<sources>[^,]*),"
    r"(?:(?P<scale>Yes|No),)?(?P<assembly>[^,]*),(?P<chromosome>[^,]*),(?P<start>[^,]*),"
    r"(?P<end>[^,]*),(?P<strand>[-+.])"
)
SEQUENCE: Final = re.compile(
    r">(?P<id>TFLink\w+);(?P<accession>\w+);[^>\\]*?;(?P<assembly>\w+);"
    r"(?P<chromosome>\w+):(?P<start>[\d.]+)-(?P<end>[\d.]+)[\\\s]+(?P<sequence>[A-Z\\\s]+)"
)


def facts(path: Path) -> tuple[dict[str, Any], str]:
    """Return front matter as texts, and the body."""
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    _, front, body = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.M)
    values: dict[str, Any] = yaml.load(front, yaml.BaseLoader)
    return values, body


def lines(value: object) -> list[str]:
    return [line for line in str(value or "").split("\n") if line.strip()]


def items(text: str) -> set[str]:
    return {item.strip().casefold() for item in text.split(";")} - {"", "-"}


def numbers(text: str) -> set[int]:
    return {int(float(part)) for part in re.findall(r"\d+(?:\.\d+)?", text)}


def pmids(text: str) -> set[int]:
    return {int(one) for one in re.findall(r"(\d+)%5Buid%5D", text)}


def scale(text: str | None) -> SmallScale:
    return {None: SmallScale.NOT_STATED, "Yes": SmallScale.YES, "No": SmallScale.NO}[text]


def folded(evidence: EvidenceContent) -> tuple[set[str], set[str], set[int]]:
    return items(";".join(evidence.sources)), items(";".join(evidence.methods)), {*evidence.pmids}


def matched(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    match = pattern.fullmatch(text.strip())
    assert match is not None, text
    return match.groupdict()


def record_of(path: Path) -> PageRecord:
    return read_page(path.read_bytes(), path.name, species=SPECIES)


@pytest.fixture(params=DOCUMENTS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_what_a_page_says_of_its_protein(document: Path) -> None:
    values, _ = facts(document)
    record = record_of(document)
    name = values["protein_name"]
    too_long = len(name) > MAX_NAME_LENGTH
    assert [problem.section for problem in record.problems] == ["protein_name"] * too_long
    assert record.accession == values["title"]
    assert record.name.replace(",", "_") == ("" if too_long or name == "-" else name)
    assert {*record.gene_ids} == numbers(values["ncbi_gene_id"])
    assert record.species == values["organism"]
    function = values["function"]
    assert (record.is_tf, record.is_target) == ("factor" in function, "target" in function)
    declared = values.get("number_of_interactions")
    assert record.declared_interactions == (int(declared) if declared else None)
    matrices = values.get("jaspar_matrices") or []
    assert [*record.jaspar_matrices] == [one for one in matrices if one]
    listed = json.loads(values["orthologs"]) if values.get("orthologs") else []
    assert {(one.species, one.identifier, one.in_tflink) for one in record.orthologs} == {
        (group["species"], re.sub("<[^>]*>", "", item), "<a " in item)
        for group in listed
        for item in group["id"]
    }
    downloads = {key: text for key, text in values.items() if "download" in key or "_ls" in key}
    assert record.downloads == {key: text for key, text in downloads.items() if text}


def test_every_interaction_of_a_page(document: Path) -> None:
    values, _ = facts(document)
    record = record_of(document)
    rows = [(key, row) for key in ("tfs", "targets") for row in lines(values.get(key))]
    assert len(record.interactions) == len(rows)
    for (section, text), read in zip(rows, record.interactions, strict=True):
        check_interaction(matched(ROW, text), section, read, record.accession)


def check_interaction(
    cells: dict[str, str], section: str, read: InteractionRecord, own: str
) -> None:
    pair = (cells["accession"], own) if section == "tfs" else (own, cells["accession"])
    assert (read.tf, read.target, read.section) == (*pair, section)
    assert read.partner.name.replace(",", "_") == cells["name"].strip("-").replace(",", "_")
    assert {*read.partner.gene_ids} == numbers(cells["genes"])
    evidence = (items(cells["sources"]), items(cells["methods"]), pmids(cells["publications"]))
    assert folded(read.evidence) == evidence
    assert read.evidence.small_scale == scale(cells["scale"])


def test_every_binding_site_of_a_page(document: Path) -> None:
    values, body = facts(document)
    record = record_of(document)
    sites = {
        identifier: site
        for site in record.binding_sites
        for identifier in (site.tflink_id, *site.former_ids)
    }
    rows = [
        matched(SITE if len(text.split(",")) >= 15 else OLDER_SITE, text)
        for text in lines(values.get("binding_sites"))
    ]
    sequences = [match.groupdict() for match in SEQUENCE.finditer(body)]
    assert len(sequences) == body.count(">")
    assert sites.keys() == {cells["id"] for cells in (*rows, *sequences)}
    in_body = {cells["id"] for cells in sequences}
    for cells in rows:
        check_site(cells, sites[cells["id"]], in_body=cells["id"] in in_body)
    for cells in sequences:
        site = sites[cells["id"]]
        assert site.sequence == re.sub(r"[^A-Z]", "", cells["sequence"])
        check_place(cells, site)


def check_site(cells: dict[str, str], site: BindingSiteRecord, *, in_body: bool) -> None:
    assert site.line is not None
    united = bool(site.former_ids)
    sources, methods, publications = folded(site.evidence)
    if united:  # with what its other IDs state
        assert items(cells["sources"]) <= sources
        assert items(cells["methods"]) <= methods
        assert pmids(cells["publications"]) <= publications
    else:
        stated = (items(cells["sources"]), items(cells["methods"]), pmids(cells["publications"]))
        assert stated == (sources, methods, publications)
    assert site.evidence.small_scale == (SmallScale.YES if in_body else scale(cells["scale"]))
    overlaps = cells.get("overlaps", "-")
    assert site.overlaps == (None if overlaps == "-" else int(overlaps))
    check_place(cells, site)
    assert site.strand == ("" if cells["start"] == "-" else cells["strand"])


def check_place(cells: dict[str, str], site: BindingSiteRecord) -> None:
    if cells["start"] == "-":
        assert site.place is None
        return
    assert (site.assembly, site.chromosome) == (cells["assembly"], cells["chromosome"])
    assert (site.start, site.end) == (int(float(cells["start"])), int(float(cells["end"])))


@needs_shared
def test_sequences_are_as_long_as_their_sources_count() -> None:
    """A site that contradicts the rule is a known defect of its source, or fails here."""
    defects, counted = set[SiteDefect](), dict[Counting, int]()
    for path in PUBLISHED:
        for site in record_of(path).binding_sites:
            counting, assumed = convention_of(site.evidence.sources)
            if not site.sequence or assumed or site.start is None or site.end is None:
                continue
            counted[counting] = counted.get(counting, 0) + 1
            if sequence_length(site.start, site.end, counting) != len(site.sequence):
                defects.add(SiteDefect(site.tflink_id, path.name, site.line or 0))
    assert defects == {*SITE_LENGTHS}
    assert counted[Counting.FROM_1] == 22
    assert counted[Counting.FROM_0] > 30


@needs_shared
def test_earlier_pages_hold_the_same_physical_sites() -> None:
    def sites_of(*names: str) -> list[BindingSiteRecord]:
        folder = SHARED / "data" / "pages"
        return [site for name in names for site in record_of(folder / name).binding_sites]

    for later, *earlier in (
        ("p02283.md", "earlier/p02283-1eea602.md"),
        ("p09775.md", "earlier/p09775-1eea602.md"),
        ("q94126.md", "earlier/q94126-1eea602.md", "earlier/q94126-23e855b.md"),
    ):
        sites = sites_of(later, *earlier)
        groups = physical_sites(sites, lambda site: site.place)
        assert len(groups) == len(sites_of(later))
        assert {len(group) for group in groups} == {1 + len(earlier)}


def read_file(path: Path) -> Iterator[TableRow | SiteRow | Problem]:
    if kind_of(path, path.name).kind == Kind.SITES_OF_PROTEIN:
        return read_sites(path, path.name, SPECIES)
    return read_interactions(path, path.name, SPECIES)


@needs_shared
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_row_of_a_download(path: Path) -> None:
    header, *rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    read = [*read_file(path)]
    assert len(read) == len(rows)
    for item, row in zip(read, rows, strict=True):
        columns = [name.removesuffix(".TF").removesuffix(".Target") for name in header]
        cells = dict(zip(columns, row, strict=True))
        assert not isinstance(item, Problem)
        named = item.target if isinstance(item, TableRow) and "Name.Target" in header else item.tf
        assert named.mention.accession == cells["UniprotID"]
        assert named.mention.name == ("" if cells["Name"] in ("-", "NA", "Na") else cells["Name"])
        assert {*named.mention.gene_ids} == numbers(cells.get("NCBI.GeneID", ""))
        assert named.species == cells["Organism"]
        assert folded(item.evidence) == (
            {cells["Source.database"].casefold()},
            {cells["Detection.method"].casefold()},
            {int(re.findall(r"(?:^|term=)(\d+)", cells["PubmedID"])[0])},
        )
        assert item.evidence.small_scale == scale(cells["Small-scale.evidence"])
        if isinstance(item, SiteRow):
            lower = {key.lower(): cell for key, cell in cells.items()} | {"assembly": ""}
            check_place(lower, item.record)


@needs_shared
@pytest.mark.parametrize("name", ["cr.tsv", "utf16.tsv"])
def test_tables_in_other_encodings(name: str) -> None:
    path = SHARED / "cases" / "F10" / name
    rows = [row for row in read_interactions(path, name, SPECIES) if isinstance(row, TableRow)]
    assert [row.target.mention.name for row in rows] == ["Trp53", "Sox2"]
