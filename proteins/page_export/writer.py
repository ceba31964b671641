"""Pages of the newest generation: values in, text out (no Django, no database).

The layout is that of the published pages (`curation/importing/source/pages.py` draws it), with
these liberties, all of which its reader takes:

- A row of `tfs` or `targets` is one line of the file: long ones are not folded.
- A comma in a name is a comma. Published pages write `_`, which cannot be undone.
- Where it is not stated whether evidence is small-scale, a row of `tfs` or `targets` has no
  seventh cell, as on the oldest pages, and a row of `binding_sites` has `-`.
- A placed site whose strand is not stated has `.` there, since `-` is the minus strand.

A few values that a curator or a table may give have no place on a page; `site_losses` and
`evidence_losses` name them.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple
from urllib.parse import quote

from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.hooks import PageKeys

_FUNCTIONS: Final = {
    (False, False): "",
    (True, False): "transcription factor",
    (False, True): "target gene",
    (True, True): "transcription factor and target gene",
}
#: Keys of downloads that every page of the newest generation has.
_DOWNLOADS: Final = (
    "tfs_download",
    "targets_download",
    "bindingSites_download",
    "binding_sites_ls",
)
_SCALES: Final = {SmallScale.YES: "Yes", SmallScale.NO: "No"}
#: What the body of a page says of each site in it, and all that it says.
_LISTED_IN_BODY: Final = EvidenceContent.of(small_scale=SmallScale.YES)

#: Texts that YAML reads as themselves without quotes.
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?: [A-Za-z0-9_.-]+)*")
_PLAIN_KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NOT_PLAIN: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
#: Characters that YAML takes only as an escape, or takes for a line break.
_ESCAPED: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_IN_QUOTES: Final = re.compile(_ESCAPED.pattern[:-1] + r'"\\]')
#: What parts a cell from the next, an item of a list from the next, a FASTA line from the next.
_SEPARATORS: Final = re.compile(r"[,;\\]")
#: What parts a FASTA header; the name in it is for people, readers take it from elsewhere.
_IN_HEADER: Final = re.compile(r"[;:\\]")


class PageOrtholog(NamedTuple):
    """An ortholog; `species` is a scientific name."""

    species: str
    identifier: str
    in_tflink: bool


class PageSite(NamedTuple):
    """A binding site; positions are 1-based with both ends included, None where unknown."""

    tflink_id: str
    assembly: str
    chromosome: str
    start: int | None
    end: int | None
    strand: str
    overlaps: int | None
    sequence: str
    evidence: EvidenceContent
    #: IDs that earlier documents give it.
    former_ids: tuple[str, ...] = ()

    @property
    def placed(self) -> bool:
        return bool(self.assembly and self.chromosome) and self.start is not None

    @property
    def has_row(self) -> bool:
        """Whether it says more than the body of a page can."""
        only_in_body = self.sequence and self.evidence == _LISTED_IN_BODY
        says_more = self.overlaps is not None or self.strand or self.former_ids
        return not only_in_body or bool(says_more)

    @property
    def in_body(self) -> bool:
        """Whether it has a sequence; the body is for sites with small-scale evidence."""
        return bool(self.sequence) and self.evidence.small_scale is SmallScale.YES


@dataclass(frozen=True, slots=True)
class Page:
    """All that a page says; `tfs` and `targets` are rows, best-supported first; `keys` are
    what published pages have beside records.

    `is_tf` and `is_target` are what the protein is declared to be.
    """

    accession: str
    name: str
    species: str
    gene_ids: Sequence[int]
    is_tf: bool
    is_target: bool
    declared_interactions: int | None
    orthologs: Sequence[PageOrtholog]
    jaspar_matrices: Sequence[str]
    tfs: Sequence[str]
    targets: Sequence[str]
    sites: Sequence[PageSite]
    keys: PageKeys = field(default_factory=PageKeys)
    #: Items of lists; those keys are there only where there are any.
    datasets: Sequence[Mapping[str, object]] = ()
    statements: Sequence[Mapping[str, object]] = ()


def protein_cells(name: str, accession: str, gene_ids: Iterable[int]) -> str:
    """Return the first three cells of a row."""
    return f"{name or '-'},{accession},{_joined(gene_ids)}"


def evidence_cells(evidence: EvidenceContent) -> str:
    """Return the cells of a row from the source databases on."""
    cells = [_list_cell(evidence.sources), _list_cell(evidence.methods), _query(evidence.pmids)]
    scale = _SCALES.get(evidence.small_scale)
    return ",".join([*cells, scale] if scale else cells)


def evidence_losses(evidence: EvidenceContent) -> Iterator[str]:
    """Say what of `evidence` no row can hold."""
    for text in (*evidence.sources, *evidence.methods):
        if _cell(text) != text:
            yield f"'{text}' is written '{_cell(text)}': a cell holds no comma or semicolon"


def site_losses(site: PageSite) -> Iterator[str]:
    """Say what of `site` no page can hold."""
    about = f"the binding site {site.tflink_id}"
    if site.placed and _cell(site.assembly + site.chromosome) != site.assembly + site.chromosome:
        yield f"the place of {about} is written with _: a cell holds no comma or semicolon"
    if not site.placed and (site.assembly or site.chromosome or site.start is not None):
        yield f"the place of {about} is not written: it is known in part only"
    if site.strand and not site.placed:
        yield f"the strand of {about} is not written: it has no place"
    if site.former_ids and not site.placed:
        yield f"the former IDs of {about} are not written: it has no place"
    if site.sequence and not site.in_body:
        yield f"the sequence of {about} is not written: its evidence is not small-scale"


def page_text(page: Page) -> str:
    """Return the page as the text of a file."""
    values = {
        "type": "protein",
        "layout": "protein",
        "title": page.accession,
        "protein_name": _scalar(page.name or "-"),
        "uniprot_accession": page.accession,
        "ncbi_gene_id": _scalar(_joined(page.gene_ids)),
        "organism": _scalar(page.species),
        "function": _scalar(_FUNCTIONS[page.is_tf, page.is_target]),
        "number_of_interactions": _scalar(_number(page.declared_interactions, "")),
        "orthologs": _scalar(_orthologs(page.orthologs)),
        "jaspar_matrices": "\n- ".join(["", *page.jaspar_matrices]) or "''",
        "tfs": _scalar("\n".join(page.tfs)),
        "targets": _scalar("\n".join(page.targets)),
        "binding_sites": _scalar(
            "\n".join(row for site in page.sites if site.has_row for row in _site_rows(site, page))
        ),
        **{
            key: "\n- ".join(["", *map(_flow, items)])
            for key, items in (("datasets", page.datasets), ("statements", page.statements))
            if items
        },
        **dict.fromkeys(_DOWNLOADS, "''"),
        **{key: _scalar(name) for key, name in page.keys.downloads.items()},
        **{_key(key): _value(content) for key, content in page.keys.unknown.items()},
    }
    lines = (
        f"{key}:{value}" if value[0] == "\n" else f"{key}: {value}" for key, value in values.items()
    )
    records = "".join(_fasta(site, page) for site in page.sites if site.in_body)
    return "\n".join(["---", *lines, "", "---", records])


def _joined(gene_ids: Iterable[int]) -> str:
    return ";".join(map(str, gene_ids)) or "-"


def _number(value: int | None, absent: str) -> str:
    return absent if value is None else str(value)


def _cell(text: str) -> str:
    return _SEPARATORS.sub("_", text)


def _list_cell(items: Iterable[str]) -> str:
    return ";".join(map(_cell, items)) or "-"


def _query(pmids: Iterable[int]) -> str:
    return "+OR+".join(f"{pmid}%5Buid%5D" for pmid in pmids) or "-"


def _scalar(text: str) -> str:
    """Return `text` as a YAML value under a key; a line break becomes a blank line."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN:
        return text
    if _ESCAPED.search(text.replace("\n", "")):
        return '"' + _IN_QUOTES.sub(_escape, text) + '"'
    return "'" + text.replace("'", "''").replace("\n", "\n\n  ") + "'"


def _key(text: str) -> str:
    """Return a key that the importer does not read, in quotes unless it is a plain word."""
    return text if _PLAIN_KEY.fullmatch(text) and text.lower() not in _NOT_PLAIN else _flow(text)


def _value(content: object) -> str:
    """Return what was under such a key: a text, or a list or mapping in YAML's flow style."""
    return _scalar(content) if isinstance(content, str) else _flow(content)


def _flow(content: object) -> str:
    return _ESCAPED.sub(_escape, json.dumps(content, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _orthologs(orthologs: Iterable[PageOrtholog]) -> str:
    groups = [
        {"species": species, "id": [_ortholog(ortholog) for ortholog in group]}
        for species, group in groupby(sorted(orthologs), lambda ortholog: ortholog.species)
    ]
    return json.dumps(groups, ensure_ascii=False) if groups else ""


def _ortholog(ortholog: PageOrtholog) -> str:
    """Return an identifier; where TFLink lists the protein, a link to its page."""
    identifier = ortholog.identifier
    if ortholog.in_tflink:
        path = quote(identifier.lower(), safe="")
        return f'<a href="/protein/{path}">{html.escape(identifier)}</a>'
    # A plain identifier is read literally, unless it looks like HTML.
    return f"<span>{html.escape(identifier)}</span>" if "<" in identifier else identifier


def _site_rows(site: PageSite, page: Page) -> Iterator[str]:
    """Yield the row of a site under each of its IDs: the same place under two is one site."""
    for tflink_id in (site.tflink_id, *(site.former_ids if site.placed else ())):
        yield _site_row(tflink_id, site, page)


def _site_row(tflink_id: str, site: PageSite, page: Page) -> str:
    place = ["-"] * 6
    if site.placed:
        assembly, chromosome = _cell(site.assembly), _cell(site.chromosome)
        start, end = str(site.start), str(site.end)
        fragment = f"{assembly}&position={chromosome}:{start}-{end}"
        place = [assembly, chromosome, start, end, site.strand or ".", fragment]
    evidence = site.evidence
    return ",".join(
        (
            tflink_id,
            page.accession,
            page.name or "-",
            page.species,
            *place,
            _list_cell(evidence.methods),
            _query(evidence.pmids),
            _list_cell(evidence.sources),
            _SCALES.get(evidence.small_scale, "-"),
            _number(site.overlaps, "-"),
        )
    )


def _fasta(site: PageSite, page: Page) -> str:
    """Return a record; on published pages a backslash is before each line break and each `>`."""
    place = ["-", "-"]
    if site.placed:
        assembly, chromosome = _cell(site.assembly), _cell(site.chromosome)
        place = [assembly, f"{chromosome}:{site.start}-{site.end}"]
    header = [site.tflink_id, page.accession, _IN_HEADER.sub("_", page.name or "-"), *place]
    folded = (site.sequence[at : at + 80] for at in range(0, len(site.sequence), 80))
    return "".join(f"{line}\\\n" for line in (f"\\>{';'.join(header)}", *folded))
