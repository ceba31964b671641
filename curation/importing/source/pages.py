"""A published page -> one `PageRecord` (no Django, no database).

    ---                                                              line 1
    type: protein                           also layout; always `protein`
    title: Q9UK53                           the accession
    protein_name: ING1
    uniprot_accession: Q9UK53
    ncbi_gene_id: '3621'                    or '-', or '110599583;9718'
    organism: Homo sapiens
    function: transcription factor and target gene
    number_of_interactions: '636'           not on the oldest pages
    orthologs: '[{"species": "...", "id": ["<a href=\\"/protein/p1\\">P1</a>", "P2"]}]'
    jaspar_matrices: ''                     or a list; on the newest pages only
    tfs: 'MYC,P01106,4609,GTRD;ReMap,...    one row a line of the text, which YAML writes
                                            with blank lines between and long ones folded
      TP53,P04637,7157,...'
    targets: '...'
    binding_sites: '...'
    tfs_download: tfs_of_Q9UK53.tsv         and four more of this kind
    ---
    \\>TFLinkSS09902114;Q9UK53;ING1;hg38;chr1:147-167\\              FASTA, or nothing
    TGCAGTCTATC\\

Three generations are in use side by side. Their rows differ in the publications cell and
the last cell: 1 links and none, 2 links and Yes/No, 3 a bare query and Yes/No.

`front_matter` splits a page into raw values, `normalise` and `sites` read the cells.
What breaks a rule is left out and listed in `problems`: a cell where the row's accession is
readable, else the row. Only a page without an identity of its own, or one that cannot be
read at all, is refused whole.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, TypeVar

from curation.importing.source import normalise, orthologs, page_statements, sites
from curation.importing.source.front_matter import read_front_matter
from curation.importing.source.problems import Notes, PageError, Problems, date_note
from curation.importing.source.records import (
    BindingSiteRecord,
    InteractionRecord,
    OrthologRecord,
    PageRecord,
)
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_accession,
    parse_count,
    parse_gene_ids,
    parse_text,
    shown,
)
from proteins.domain.species import SpeciesNames

__all__ = ["PageError", "read_page", "read_page_data"]

T = TypeVar("T")

DOWNLOAD_KEYS: Final = (
    "tfs_download",
    "targets_download",
    "bindingSites_download",
    "binding_sites_ls",
    "bindingSites_download_gff3",
)
PAGE_KEYS: Final = frozenset(DOWNLOAD_KEYS) | {
    *("type", "layout", "title", "uniprot_accession", "protein_name", "ncbi_gene_id"),
    *("organism", "function", "number_of_interactions", "orthologs", "jaspar_matrices"),
    *("tfs", "targets", "binding_sites", page_statements.STATEMENTS, page_statements.DATASETS),
}
#: `function` -> whether the protein is a TF, and whether a target.
FUNCTIONS: Final = {
    "": (False, False),
    "transcription factor": (True, False),
    "target gene": (False, True),
    "transcription factor and target gene": (True, True),
}
MAX_UNKNOWN_BYTES: Final = 64 * 1024
#: The longest name of a file that usual file systems take.
MAX_FILE_NAME: Final = 255


def read_page_data(file: Path, name: str, max_bytes: int) -> bytes:
    """Return the bytes of `file`, called `name` in messages.

    Raises `PageError` where it cannot be read or has over `max_bytes` bytes.
    """
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode):
            raise PageError(name, "page", None, "it is not a file")
        size = about.st_size
        if size <= max_bytes:
            with file.open("rb") as opened:
                data = opened.read(max_bytes + 1)  # it may have grown since
            size = len(data)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise PageError(name, "page", None, f"the file cannot be read: {reason}") from None
    if size > max_bytes:
        reason = (
            f"the file has {size:,} bytes, more than the {max_bytes:,} allowed by the setting "
            "IMPORT_MAX_PAGE_BYTES"
        )
        raise PageError(name, "page", None, reason)
    return data


def read_page(data: bytes, path: str, sha256: str = "", *, species: SpeciesNames) -> PageRecord:
    """Return the page whose content is `data`; `path` is its name in messages.

    `sha256` is that of `data`, where the caller has it. Raises `PageError` where the page
    cannot be read at all, and nothing else.
    """
    return _Page(data, path, sha256, species).record()


class _Page:
    """One page while it is read."""

    def __init__(self, data: bytes, path: str, sha256: str, species: SpeciesNames) -> None:
        self.path = path
        self.species = species
        self.sha256 = sha256 or hashlib.sha256(data).hexdigest()
        self.raw = read_front_matter(data, path)
        self.problems = Problems(path)
        self.notes = Notes(path)

    def record(self) -> PageRecord:
        self._check_type()
        accession, species = self._accession(), self._species()
        is_tf, is_target = self._function()
        return PageRecord(
            path=self.path,
            sha256=self.sha256,
            generation=self._generation(),
            accession=accession,
            name=self._name(accession),
            species=species,
            gene_ids=self._parsed("ncbi_gene_id", parse_gene_ids, ()),
            is_tf=is_tf,
            is_target=is_target,
            declared_interactions=self._parsed("number_of_interactions", _declared, None),
            orthologs=self._orthologs(),
            jaspar_matrices=self._jaspar_matrices(),
            interactions=(
                *self._interactions("tfs", accession),
                *self._interactions("targets", accession),
            ),
            binding_sites=self._binding_sites(sites.Owner(accession, species, self.species)),
            statements=page_statements.read_statements(
                self.raw.values.get(page_statements.STATEMENTS), self.problems
            ),
            datasets=page_statements.read_datasets(
                self.raw.values.get(page_statements.DATASETS), self.problems
            ),
            downloads=self._downloads(),
            unknown_keys=self._unknown_keys(),
            problems=self.problems.listed(),
            notes=self.notes.listed(),
        )

    def _text(self, key: str) -> str:
        """Return the text of a key, empty where the key is missing, null or no text."""
        value = self.raw.values.get(key)
        if value is None or value.is_null:
            return ""
        if isinstance(value.content, str):
            return value.content
        self.problems.add(key, value.line, f"{key} should be a text, not a list or a mapping")
        return ""

    def _line(self, key: str) -> int | None:
        return self.raw.values[key].line if key in self.raw.values else None

    def _parsed(self, key: str, parse: Callable[[str], T], otherwise: T) -> T:
        """Return the parsed text of a key, or `otherwise` for a bad one, which is a problem."""
        text = self._text(key)
        if not text:
            return otherwise
        try:
            return parse(text)
        except IdentifierError as error:
            self.problems.add(key, self._line(key), error)
            return otherwise

    def _identity(self, key: str) -> str:
        """Return the text of a key that a page needs for its identity."""
        value = self.raw.values.get(key)
        if value is not None and not isinstance(value.content, str):
            raise self._refusal(key, f"{key} should be a text, not a list or a mapping")
        return self._text(key).strip()

    def _refusal(self, key: str, reason: str) -> PageError:
        return PageError(self.path, key, self._line(key), reason)

    def _check_type(self) -> None:
        for key in ("type", "layout"):
            text = self._identity(key)
            if text not in ("", "protein"):
                raise self._refusal(key, f"the {key} is {shown(text)}, not 'protein'")

    def _accession(self) -> str:
        title, text = self._identity("title"), self._identity("uniprot_accession")
        key = "uniprot_accession" if text else "title"
        try:
            accession = parse_accession(text or title)
        except IdentifierError as error:
            raise self._refusal(key, str(error)) from None
        if title and title.upper() != accession:
            reason = f"the title {shown(title)} is not the page's accession {accession}"
            raise self._refusal("title", reason)
        return accession

    def _species(self) -> str:
        try:
            return normalise.species_of(self._identity("organism"), self.species)
        except IdentifierError as error:
            raise self._refusal("organism", str(error)) from None

    def _name(self, accession: str) -> str:
        name = self._parsed("protein_name", normalise.name, "")
        note = date_note(accession, name)
        if note:
            self.notes.add("protein_name", self._line("protein_name"), note)
        return name

    def _function(self) -> tuple[bool, bool]:
        text = self._text("function").strip()
        if text not in FUNCTIONS:
            self.problems.add("function", self._line("function"), f"{shown(text)} is no function")
        return FUNCTIONS.get(text, (False, False))

    def _rows(self, section: str) -> Iterable[tuple[str, int]]:
        """Return the rows of a section, some of them blank, each with its line."""
        text = self._text(section)
        return self.raw.rows(self.raw.values[section], text) if text.strip() else ()

    def _interactions(self, section: str, own: str) -> list[InteractionRecord]:
        records = []
        own_is_tf = section == "targets"
        for text, line in self._rows(section):
            if not text:
                continue
            try:
                partner, evidence, lost, note = normalise.row(text)
            except IdentifierError as error:
                if not text.isspace():
                    self.problems.add(section, line, error)
                continue
            if lost:
                self.problems.add_lost(section, line, lost)
            if note:
                self.notes.add(section, line, note)
            other = partner.accession
            tf, target = (own, other) if own_is_tf else (other, own)
            records.append(InteractionRecord(tf, target, evidence, partner, section, line))
        return records

    def _generation(self) -> int:
        """Return 1 to 3 by the form of the first row with publications, else by the keys."""
        for section in ("tfs", "targets"):
            value = self.raw.values.get(section)
            text = value.content if value is not None else ""
            at = text.find("%5Buid%5D") if isinstance(text, str) else -1
            if isinstance(text, str) and at >= 0:
                # The publications cell as far as the first ID; names may hold `<a` as well.
                if "<a" not in text[max(text.rfind(",", 0, at), text.rfind("\n", 0, at)) : at]:
                    return 3
                row = text[at:].partition("\n")[0]
                return 2 if row.rpartition(",")[2].strip().lower() in ("yes", "no") else 1
        if "jaspar_matrices" in self.raw.values:
            return 3
        return 2 if "number_of_interactions" in self.raw.values else 1

    def _orthologs(self) -> tuple[OrthologRecord, ...]:
        line = self._line("orthologs")
        return orthologs.orthologs(self._text("orthologs"), line, self.problems, self.species)

    def _jaspar_matrices(self) -> tuple[str, ...]:
        value = self.raw.values.get("jaspar_matrices")
        if value is None or value.is_null or value.content in ("", "-"):
            return ()
        return orthologs.jaspar_matrices(value.content, value.line, self.problems)

    def _binding_sites(self, owner: sites.Owner) -> tuple[BindingSiteRecord, ...]:
        body = (self.raw.body, self.raw.body_line)
        return sites.binding_sites(self._rows("binding_sites"), body, owner, self.problems)

    def _downloads(self) -> dict[str, str]:
        names = ((key, self._parsed(key, _file_name, "")) for key in DOWNLOAD_KEYS)
        return {key: name for key, name in names if name}

    def _unknown_keys(self) -> dict[str, object]:
        """Return the keys that this project does not know, as written, within a bound."""
        stored, room = dict[str, object](), MAX_UNKNOWN_BYTES
        for key, value in self.raw.values.items():
            if key in PAGE_KEYS:
                continue
            written = json.dumps([key, value.content], ensure_ascii=False)
            size = len(written.encode())
            if "\\u0000" in written.replace("\\\\", ""):  # PostgreSQL keeps none
                self.problems.add(key, value.line, "it holds a NUL character, and is not stored")
            elif size > room:
                reason = f"unknown keys of over {MAX_UNKNOWN_BYTES:,} bytes are not stored"
                self.problems.add(key, value.line, reason)
            else:
                stored[key], room = value.content, room - size
        return stored


def _declared(text: str) -> int | None:
    return None if is_absent(text.strip()) else parse_count(text, "a number of interactions")


def _file_name(text: str) -> str:
    return parse_text(text, "file name", MAX_FILE_NAME)
