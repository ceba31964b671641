"""Identifiers in the forms that people write them in -> what each may mean (standard library only).

`P04637-2`, `sp|P04637|P53_HUMAN`, a URL of UniProt, `GeneID:7157`, `853974.0`, `TP53 human`: a
text has one or several readings, the most certain first, and each says what was taken off.
Whether a protein bears it, `proteins.queries.resolver` looks up.

Lists are split by `split_identifiers`: some commas and blanks are parts of names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from proteins.domain.fold import fold
from proteins.domain.identifiers import (
    MAX_INTEGER,
    MAX_PMID,
    MAX_TERM_LENGTH,
    is_accession,
    without_invisible,
)


class Form(StrEnum):
    """What an identifier is an identifier of."""

    ACCESSION = "accession"
    GENE_ID = "gene ID"
    NAME = "name"
    ENTRY_NAME = "entry name"
    CROSS_REFERENCE = "identifier of another database"
    PMID = "PubMed ID"
    PMCID = "PubMed Central ID"
    DOI = "DOI"
    JASPAR = "JASPAR matrix"
    SITE = "TFLink ID of a binding site"


class Reading(NamedTuple):
    """One thing that a text may be.

    `taken_off` says what of the text is no part of the value, `taxon` is the NCBI taxon ID that
    the text names beside it. What is `inferred` is offered, and never opened at once.
    """

    form: Form
    value: str
    taken_off: str = ""
    taxon: int | None = None
    inferred: bool = False


#: The species of UniProt's entry names, by NCBI taxon ID.
ENTRY_NAME_TAXA: Final[Mapping[str, int]] = {
    "HUMAN": 9606,
    "MOUSE": 10090,
    "RAT": 10116,
    "DANRE": 7955,
    "DROME": 7227,
    "CAEEL": 6239,
    "YEAST": 559292,
}
#: Texts up to this length are read for forms; longer ones are names, or nothing.
_MAX_LENGTH: Final = 500
#: Places of a text where TF and target may be joined, at most.
_MAX_JOINTS: Final = 8

_ACCESSION: Final = r"(?:[OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9](?:[A-Z][A-Z0-9]{2}[0-9]){1,2})"
_PREFIX: Final = re.compile(
    r"(?:uniprot(?:kb)?(?:[/_-](?:swiss-?prot|trembl|id|ac))?|accession|acc)\s?[:|]\s?", re.I
)
_FASTA: Final = re.compile(rf">?(?:sp|tr)\|({_ACCESSION}(?:-[0-9]+)?)(?:\|.*)?", re.I)
_VARIANT: Final = re.compile(
    rf"({_ACCESSION})(?:(-[0-9]{{1,4}})|(\.[0-9]{{1,4}})|([-:]PRO_[0-9]{{10}}))", re.I
)
_ENTRY_NAME: Final = re.compile(
    rf"([A-Z0-9]{{1,10}})_({'|'.join(ENTRY_NAME_TAXA)})", re.I | re.ASCII
)
_NUMBER: Final = re.compile(
    r"(?P<prefix>(?P<kind>pmid|pubmed|(?:ncbi ?|entrez ?)?gene(?: ?id)?|entrez|locuslink)"
    r"\s{0,3}:?\s{0,3})?(?P<digits>[0-9]{1,10})(?P<rest>\.0*)?",
    re.I | re.ASCII,
)
_PMCID: Final = re.compile(r"(?:pmcid\s?:\s?)?(PMC[0-9]{1,9})(?:\.[0-9]+)?", re.I | re.ASCII)
_DOI: Final = re.compile(r"(doi\s?:\s?)?(10\.[0-9]{4,9}/\S+)", re.I)
_JASPAR: Final = re.compile(r"(?:jaspar\s?:\s?)?([A-Z]{2}[0-9]{4,6}(?:\.[0-9]{1,3})?)", re.I)
_SITE: Final = re.compile(r"TFLink([A-Z]{2}[0-9]{1,12})", re.I)
#: Gene identifiers of Ensembl and of the databases of model organisms; a version is taken off.
_CROSS_REFERENCE: Final = re.compile(
    r"(?:ensembl\s?:\s?|sgd\s?:\s?|flybase\s?:\s?|wormbase\s?:\s?|wb\s?:\s?|fb\s?:\s?|zfin\s?:\s?)?"
    r"(ENS[A-Z]{0,6}[GTP][0-9]{11}|FBgn[0-9]{7}|WBGene[0-9]{8}|S[0-9]{9}"
    r"|ZDB-GENE-[0-9]{6}-[0-9]{1,6}|HGNC:(?:HGNC:)?[0-9]{1,6}|MGI:(?:MGI:)?[0-9]{1,8}"
    r"|RGD:[0-9]{1,9})(\.[0-9]{1,3})?",
    re.I | re.ASCII,
)
#: Pages of the web that are about one thing: the end of the host, the pattern of the path.
_PAGES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (host, re.compile(path, re.I))
    for host, path in (
        ("uniprot.org", r"/(?:uniprot|uniprotkb)/([A-Z0-9_]{4,16}(?:[-.][0-9]+)?)(?:[./].*)?"),
        ("identifiers.org", r"/(?:uniprot|ncbigene|pubmed|pmc|doi)[:/](.+)"),
        ("ebi.ac.uk", r"/(?:entry|pdbe-kb/proteins)/(?:AF-)?([A-Z0-9]{6,10})(?:[-/].*)?"),
        ("ncbi.nlm.nih.gov", r"/(gene/[0-9]+)/?"),
        ("pubmed.ncbi.nlm.nih.gov", r"/([0-9]+)/?"),
        ("ncbi.nlm.nih.gov", r"/pubmed/([0-9]+)/?"),
        ("ncbi.nlm.nih.gov", r"/(?:pmc/)?articles/(PMC[0-9]+)(?:/.*)?"),
        ("europepmc.org", r"/(?:article|abstract)/(?:MED|PMC)/([0-9]+|PMC[0-9]+)/?"),
        ("europepmc.org", r"/articles/(PMC[0-9]+)/?"),
        ("doi.org", r"/(10\..+)"),
        ("jaspar.elixir.no", r"/matrix/([A-Z0-9.]+)/?"),
        ("jaspar.genereg.net", r"/matrix/([A-Z0-9.]+)/?"),
        ("yeastgenome.org", r"/locus/([^/]+)/?.*"),
        ("flybase.org", r"/reports/(FBgn[0-9]+)(?:\.html)?"),
        ("wormbase.org", r"/species/c_elegans/gene/(WBGene[0-9]+)/?"),
        # The pages of this site, and of the one that it replaces.
        ("", r".*/protein/([A-Z0-9]{6,10})/?"),
        ("", r".*/publication/([0-9]+)/?"),
    )
)
#: Of identifiers.org and of queries, what a bare number is.
_NUMBER_OF_PAGE: Final = re.compile(
    r".*(?P<kind>pubmed|publication|europepmc|ncbigene|/gene/)", re.I
)
_GENE_OF_ENSEMBL: Final = re.compile(r"(?:^|[;&])[gt]=(ENS[A-Z]{0,6}[GTP][0-9]{11})", re.I)
_PMID_OF_QUERY: Final = re.compile(r"(?:^|[;&])term=([0-9]{1,8})(?:\[uid\])?\Z", re.I)

_ARROW: Final = re.compile(r"->|→|⟶|=>|>")
_JOINT: Final = re.compile(r"[-–—]|\s+")
_LISTED: Final = re.compile(r"[\n\r\t\v\f\u2028\u2029;]|,(?=\s)|,\Z")
#: What no database takes in a query.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_QUOTES: Final = {'"': '"', "“": "”", "‘": "’", "«": "»", "'": "'", "`": "`", "<": ">"}


def readings(text: str, species: Mapping[str, int] | None = None) -> tuple[Reading, ...]:
    """Return what a text may be, the most certain first, each once.

    `species` are names of species, folded, with NCBI taxon IDs: `TP53 human` is TP53 of human.
    """
    cleaned = clean(text)
    if not cleaned or _UNSTORABLE.search(cleaned):
        return ()
    if len(cleaned) > _MAX_LENGTH:
        return (Reading(Form.NAME, cleaned),)
    return tuple(dict.fromkeys(_readings(cleaned, species or {})))


def clean(text: str) -> str:
    """Return a text without blanks and quotation marks around it, and invisible characters."""
    text = without_invisible(text)
    if len(text) > 2 and _QUOTES.get(text[0]) == text[-1] and text[-1] not in text[1:-1]:
        text = text[1:-1].strip()
    return text


def _readings(text: str, species: Mapping[str, int]) -> Iterator[Reading]:
    if "/" in text and (pages := tuple(_of_page(text))):
        yield from pages
        return
    identifiers = tuple(_identifiers(text))
    yield from identifiers
    # `PMID 123` and `10.1093/x` are nobody's name; `B3GNT7` and `853974` may be one.
    if not any(one.form in _NO_NAMES for one in identifiers):
        yield Reading(Form.NAME, text)
        yield from _with_species(text, species)


_NO_NAMES: Final = frozenset({Form.DOI, Form.SITE, Form.PMCID})


def _identifiers(text: str) -> Iterator[Reading]:
    yield from _accessions(text)
    yield from _numbers(text)
    yield from _entry_names(text)
    if match := _CROSS_REFERENCE.fullmatch(text):
        yield Reading(Form.CROSS_REFERENCE, _cross_reference(match[1]), _rest(text, match[1]))
    if match := _PMCID.fullmatch(text):
        yield Reading(Form.PMCID, match[1].upper(), _rest(text, match[1]))
    if match := _DOI.fullmatch(text):
        yield Reading(Form.DOI, _doi(match[2]), (match[1] or "").strip())
    if match := _JASPAR.fullmatch(text):
        yield Reading(Form.JASPAR, match[1].upper(), _rest(text, match[1]))
    if match := _SITE.fullmatch(text):
        yield Reading(Form.SITE, f"TFLink{match[1].upper()}")


def _doi(text: str) -> str:
    """A DOI without what ends the sentence that it was copied from."""
    doi = text.rstrip(".,;")
    return doi if "(" in doi else doi.rstrip(").,;")


def _accessions(text: str) -> Iterator[Reading]:
    """Accessions alone, of an isoform, with a version, with a prefix, or as FASTA has them."""
    prefix = _PREFIX.match(text)
    bare = text[prefix.end() :] if prefix else text
    if fasta := _FASTA.fullmatch(bare):
        bare = fasta[1]
    variant = _VARIANT.fullmatch(bare)
    accession = (variant[1] if variant else bare).upper()
    if is_accession(accession):
        yield Reading(Form.ACCESSION, accession, _rest(text, accession))
    elif prefix and bare:
        # `UniProt:P53_HUMAN`, or a name with the word before it.
        yield from (
            one._replace(taken_off=prefix[0].strip()) for one in (*_entry_names(bare), _name(bare))
        )


def _name(text: str) -> Reading:
    return Reading(Form.NAME, text)


def _rest(text: str, value: str) -> str:
    """What of a text is no part of the value in it."""
    place = text.upper().find(value.upper())
    parts = (text[:place], text[place + len(value) :]) if place >= 0 else ("", "")
    return " … ".join(part.strip() for part in parts if part.strip())


def _numbers(text: str) -> Iterator[Reading]:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return
    kind, value = (match["kind"] or "").lower(), int(match["digits"])
    taken_off = _rest(text, match["digits"])
    is_publication = kind.startswith("p")
    if not is_publication and 0 < value <= MAX_INTEGER:
        yield Reading(Form.GENE_ID, str(value), taken_off)
    if (is_publication or not kind) and 0 < value <= MAX_PMID and not match["rest"]:
        yield Reading(Form.PMID, str(value), taken_off)


def _entry_names(text: str) -> Iterator[Reading]:
    """`P53_HUMAN`; of most proteins an entry name begins with the accession."""
    match = _ENTRY_NAME.fullmatch(text)
    if match is None:
        return
    bare, taxon = match[1].upper(), ENTRY_NAME_TAXA[match[2].upper()]
    if is_accession(bare):
        yield Reading(Form.ACCESSION, bare, _rest(text, bare))
        return
    yield Reading(Form.ENTRY_NAME, text.upper())
    # Often the gene's name, or a synonym of it, and not always.
    yield Reading(Form.NAME, bare, f"_{match[2].upper()}", taxon, inferred=True)


def _cross_reference(text: str) -> str:
    """An identifier of another database in its own spelling: `FBgn0039044`, `MGI:98834`."""
    upper = text.upper()
    for prefix, spelled in (("FBGN", "FBgn"), ("WBGENE", "WBGene")):
        if upper.startswith(prefix):
            return spelled + upper[len(prefix) :]
    for prefix in ("HGNC:", "MGI:"):
        upper = upper.replace(prefix * 2, prefix)
    return upper


def _with_species(text: str, species: Mapping[str, int]) -> Iterator[Reading]:
    """`TP53 human`, `human TP53`, `TP53 (Homo sapiens)`."""
    words = text.replace("(", " ").replace(")", " ").replace(",", " ").split()
    for count in (2, 1):
        if len(words) <= count:
            continue
        for named, others in (
            (words[-count:], words[:-count]),
            (words[:count], words[count:]),
        ):
            taxon = species.get(fold(" ".join(named)))
            if taxon is not None:
                for one in (*_accessions(bare := " ".join(others)), _name(bare)):
                    yield one._replace(taken_off=" ".join(named), taxon=taxon)


def _of_page(text: str) -> Iterator[Reading]:
    """The readings of a URL, with or without its scheme."""
    try:
        url = urlsplit(text if "://" in text else f"//{text}")
        host = (url.hostname or "").removeprefix("www.")
    except ValueError:
        return
    if "." not in host and host != "localhost":
        return
    path, query = unquote(url.path), unquote(url.query)
    for end, pattern in _PAGES:
        if (host == end or host.endswith(f".{end}") or not end) and (
            match := pattern.fullmatch(path)
        ):
            yield from _of_path(match[1], f"{host}{path}")
            return
    if match := _GENE_OF_ENSEMBL.search(query):
        yield Reading(Form.CROSS_REFERENCE, match[1].upper(), "the URL")
    if "ncbi.nlm.nih.gov" in host and (match := _PMID_OF_QUERY.search(query)):
        yield Reading(Form.PMID, match[1], "the URL")


def _of_path(value: str, url: str) -> Iterator[Reading]:
    for one in _identifiers(value.removeprefix("gene/").removeprefix("Gene/")):
        if one.form in (Form.PMID, Form.GENE_ID):
            match = _NUMBER_OF_PAGE.match(url)
            is_gene = match is not None and "gene" in match["kind"].lower()
            if is_gene != (one.form is Form.GENE_ID):
                continue
        yield one._replace(taken_off="the URL")


def pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Return the ways in which a text may be a TF and its target: `ING1-BAX`, `ING1 → BAX`.

    An arrow joins once; of hyphens and blanks, which are in names too, any may be the joint.
    """
    text = clean(text)
    if len(text) > MAX_TERM_LENGTH:
        return ()
    joints = list(_ARROW.finditer(text)) or list(_JOINT.finditer(text))
    if len(joints) > _MAX_JOINTS:
        return ()
    halves = (
        (text[: joint.start()].rstrip(" -–—"), text[joint.end() :].lstrip(" -–—>"))
        for joint in joints
    )
    return tuple(dict.fromkeys((tf, target) for tf, target in halves if tf and target))


def split_identifiers(
    text: str,
    are_names: Callable[[Collection[str]], Container[str]],
    *,
    at_blanks: bool = False,
) -> list[str]:
    """Return the identifiers of a pasted list, in order and as often as they are in it.

    They are parted by line breaks, tabs, semicolons, and commas before a blank. Other commas
    part them only where the whole is nobody's name (`ARG5,6` is one, `TP53,BAX` two), and so do
    blanks, where `at_blanks`. `are_names` gets all texts in question and returns those that mean
    something; it is called once for commas and once for blanks, and not where there are none.
    """
    parts = _filled(_LISTED.split(text))
    parts = _split_unless(parts, are_names, ",")
    return _split_unless(parts, are_names, None) if at_blanks else parts


def _split_unless(
    parts: list[str], are_names: Callable[[Collection[str]], Container[str]], separator: str | None
) -> list[str]:
    """Split the parts that hold a separator (None is any blank) and are no names."""
    several = {part for part in parts if len(part.split(separator, 1)) > 1}
    if not several:
        return parts
    names = are_names(several)
    pieces = (
        part.split(separator) if part in several and part not in names else [part] for part in parts
    )
    return _filled(piece for listed in pieces for piece in listed)


def _filled(parts: Iterable[str]) -> list[str]:
    return [cleaned for part in parts if (cleaned := clean(part))]
