"""Identifiers of the field and the rules that they obey (standard library only).

Each rule is stated here once; models, forms, serializers and the importer call it, and a
database constraint backs it. Every function raises `IdentifierError`, whose text says what
is wrong with which value, for a person to read.

Sources: UniProt help, "accession numbers"; NCBI Gene and PubMed identifiers (positive
integers); JASPAR matrix IDs (base ID and version); TFLink v1.0 binding site IDs.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from proteins.domain.fold import is_invisible

#: `\Z`, not `$`: Python's `$` lets a line break pass at the end. PostgreSQL reads it alike.
ACCESSION_PATTERN: Final = (
    r"^([OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2})\Z"
)
TFLINK_SITE_PATTERN: Final = r"^TFLink[A-Z]{2}[0-9]{1,12}\Z"
JASPAR_PATTERN: Final = r"^[A-Z]{2}[0-9]{4,6}\.[0-9]{1,3}\Z"
ORCID_PATTERN: Final = r"^[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]\Z"
PSI_MI_PATTERN: Final = r"^MI:[0-9]{4}\Z"
DOI_PATTERN: Final = r"^10\.[0-9]{4,9}/[^\s\x00-\x1f]+\Z"
SEQUENCE_PATTERN: Final = r"^[ACGTRYSWKMBDHVN]*\Z"

#: The largest value of a 32-bit signed integer, the width of these columns.
MAX_INTEGER: Final = 2_147_483_647
#: PubMed IDs have at most eight digits.
MAX_PMID: Final = 99_999_999
#: All other short texts: vocabularies, assemblies, chromosomes, identifiers of orthologs. Two
#: of them fit into a row of an index of PostgreSQL, which takes 2,704 bytes.
MAX_TERM_LENGTH: Final = 250

_ACCESSION = re.compile(ACCESSION_PATTERN)
#: The first letters of an accession: a letter, then a digit.
_ACCESSION_BEGINNING = re.compile(r"^[A-Z]([0-9][A-Z0-9]{0,8})?\Z")
_TFLINK_SITE = re.compile(TFLINK_SITE_PATTERN)
_JASPAR = re.compile(JASPAR_PATTERN)
_DOI = re.compile(DOI_PATTERN)
PARTIAL_DATE_PATTERN: Final = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z"
_PARTIAL_DATE = re.compile(PARTIAL_DATE_PATTERN)
_SEQUENCE = re.compile(SEQUENCE_PATTERN)
#: `853974` and, as tables that went through a spreadsheet have it, `853974.0`.
_INTEGER = re.compile(r"^([0-9]+)(?:\.0*)?\Z", re.ASCII)
#: What no cell may hold: controls, breaks of lines, and what XML 1.0 forbids beside them.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_ABSENT: Final = frozenset({"", "-", "NA"})


class IdentifierError(ValueError):
    """A value that breaks a rule of this module; its text is meant for people."""


def shown(value: str, limit: int = 60) -> str:
    """Return `value` quoted for a message: cut where it is long, controls escaped, and
    invisible characters by their code (`<U+200B>`)."""
    cut = value if len(value) <= limit else value[: limit - 1] + "…"
    escaped = _FORBIDDEN.sub(lambda match: repr(match[0])[1:-1], cut)
    if not escaped.isascii():
        escaped = "".join(f"<{code_point(one)}>" if is_invisible(one) else one for one in escaped)
    return f"'{escaped}'"


def code_point(character: str) -> str:
    """Return how Unicode names a character: `U+200B`."""
    return f"U+{ord(character):04X}"


def without_invisible(text: str) -> str:
    """Return `text` without blanks around it and invisible characters within it."""
    text = text.strip()
    if text.isascii():
        return text
    return "".join(one for one in text if not is_invisible(one)).strip()


def is_absent(text: str) -> bool:
    """Whether a cell says that there is no value (empty, `-` or `NA`)."""
    return text in _ABSENT


def is_accession(text: str) -> bool:
    """Whether `text` is a UniProt accession, written in capitals."""
    return _ACCESSION.match(text) is not None


def begins_accession(text: str) -> bool:
    """Whether an accession may begin so (in capitals); most names are seen not to."""
    return _ACCESSION_BEGINNING.match(text) is not None


def parse_accession(text: str) -> str:
    """Return a UniProt accession in capitals.

    Raises `IdentifierError` where `text` does not follow UniProt's rule.
    """
    accession = without_invisible(text).upper()
    if not _ACCESSION.match(accession):
        raise IdentifierError(f"{shown(text)} is not a UniProt accession")
    return accession


def _parse_integer(text: str, what: str, largest: int, smallest: int = 1) -> int:
    match = _INTEGER.match(without_invisible(text))
    if match is None:
        raise IdentifierError(f"{shown(text)} is not {what}")
    # Lengths are compared first: int() of a very long text is slow, and refused by Python.
    if len(match[1]) > 12 or not smallest <= int(match[1]) <= largest:
        raise IdentifierError(
            f"{shown(text)} is not {what}: it is not between {smallest} and {largest}"
        )
    return int(match[1])


def parse_gene_id(text: str) -> int:
    """Return one NCBI gene ID; `853974.0` is read as 853974."""
    return _parse_integer(text, "an NCBI gene ID", MAX_INTEGER)


def parse_gene_ids(text: str) -> tuple[int, ...]:
    """Return the NCBI gene IDs of a cell in ascending order, each once.

    They are joined by `;` in pages and tables, by `,` in per-protein downloads. `-` and
    `NA` mean none.
    """
    gene_ids = set()
    for part in text.replace(",", ";").split(";"):
        part = part.strip()
        if not is_absent(part):
            gene_ids.add(parse_gene_id(part))
    return tuple(sorted(gene_ids))


def parse_pmid(text: str) -> int:
    """Return a PubMed ID (1 to 99,999,999)."""
    return _parse_integer(text, "a PubMed ID", MAX_PMID)


def parse_orcid(text: str) -> str:
    """Return an ORCID, of which the last digit confirms the others (ISO 7064, mod 11-2)."""
    cleaned = re.sub(r"^https?://orcid\.org/", "", text.strip(), flags=re.IGNORECASE).upper()
    if not re.match(ORCID_PATTERN, cleaned):
        raise IdentifierError(f"{shown(text)} is no ORCID, such as 0000-0002-1825-0097")
    digits = cleaned.replace("-", "")
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != digits[-1]:
        raise IdentifierError(f"{shown(text)} is no ORCID: a digit of it is wrong")
    return cleaned


def parse_count(text: str, what: str) -> int:
    """Return a count that may be zero; `what` names it in the error."""
    return _parse_integer(text, what, MAX_INTEGER, smallest=0)


def parse_position(text: str) -> int:
    """Return a chromosome position in base pairs; `118799871.0` is read as 118799871."""
    return _parse_integer(text, "a chromosome position", MAX_INTEGER, smallest=0)


def parse_jaspar_matrix(text: str) -> str:
    """Return a JASPAR matrix ID with its version, such as `MA0106.1`."""
    identifier = without_invisible(text)
    if not _JASPAR.match(identifier):
        raise IdentifierError(f"{shown(text)} is not a JASPAR matrix ID")
    return identifier


def parse_tflink_site(text: str) -> str:
    """Return the TFLink ID of a binding site, such as `TFLinkLS08541019`."""
    identifier = without_invisible(text)
    if not _TFLINK_SITE.match(identifier):
        raise IdentifierError(f"{shown(text)} is not the TFLink ID of a binding site")
    return identifier


def parse_doi(text: str) -> str:
    """Return a DOI (`10.1093/database/baac083`), without the URL before it."""
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", text.strip(), flags=re.IGNORECASE)
    if not _DOI.match(doi):
        raise IdentifierError(f"{shown(text)} is not a DOI")
    return doi


def parse_partial_date(text: str) -> str:
    """Return a date whose day, or month and day, may be absent: `2020-06-19`, `2020-07`."""
    try:
        if _PARTIAL_DATE.match(text):
            date.fromisoformat(text + "2000-01-01"[len(text) :])
            return text
    except ValueError:
        pass
    raise IdentifierError(f"{shown(text)} is no date such as 2020-06-19, 2020-07 or 2020")


def parse_sequence(text: str) -> str:
    """Return a DNA sequence in capitals (IUPAC nucleotide codes)."""
    sequence = text.strip().upper()
    if not _SEQUENCE.match(sequence):
        raise IdentifierError(f"{shown(text)} is not a DNA sequence in IUPAC codes")
    return sequence


def parse_text(text: str, what: str, max_length: int = MAX_TERM_LENGTH) -> str:
    """Return `text` trimmed, or an empty text for `-`; any printable character is allowed.

    Invisible characters are left out. Raises `IdentifierError` where it is longer than
    `max_length` characters or holds what a cell may not: controls (PostgreSQL stores no NUL,
    and a line break would split a row) and what XML forbids.
    """
    value = without_invisible(text)
    if value == "-":
        return ""
    if len(value) > max_length:
        raise IdentifierError(
            f"the {what} {shown(value)} has {len(value)} characters; "
            f"at most {max_length} are allowed"
        )
    forbidden = _FORBIDDEN.search(value)
    if forbidden:
        raise IdentifierError(f"the {what} {shown(text)} holds {_forbidden_kind(forbidden[0])}")
    return value


def _forbidden_kind(character: str) -> str:
    code = code_point(character)
    if "\udc80" <= character <= "\udcff":  # how Python keeps a byte that is no UTF-8
        return f"the byte 0x{ord(character) - 0xDC00:02x}, which is not UTF-8"
    if character >= "\ud800":
        return f"the character {code}, which XML forbids"
    return f"the control character {code}"
