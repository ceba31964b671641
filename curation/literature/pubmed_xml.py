"""PubMed's XML, read as it arrives: only what is stored of each publication is held.

    PubmedArticleSet
      PubmedArticle                            or PubmedBookArticle/BookDocument
        MedlineCitation
          PMID
          Article: Journal, ArticleTitle, ELocationID, AuthorList, PublicationTypeList
          CommentsCorrectionsList/CommentsCorrections RefType="RetractionIn"
        PubmedData/ArticleIdList/ArticleId IdType="doi"     (others' are in ReferenceList)

Biopython has a reader too (`Bio.Entrez.parse`). It validates against NLM's document type and
fetches that from the network where it is a newer one than it brings, which is so each year;
this reader follows no reference that a document makes, and refuses one that declares
entities of its own (expansion bombs). Source of the names: NLM, "PubMed XML Data Elements".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from curation.literature.publication import (
    AND_OTHERS,
    RETRACTED,
    Publication,
    PublicationError,
)

ROOT: Final = "PubmedArticleSet"
#: Of one publication, with what is skipped left out; the largest real ones have a tenth.
MAX_RECORD_SIZE: Final = 10_000_000
MAX_DEPTH: Final = 40
#: Long, and nothing of it is stored.
_SKIPPED: Final = frozenset(
    {
        "Abstract",
        "AffiliationInfo",
        "ChemicalList",
        "GrantList",
        "History",
        "InvestigatorList",
        "KeywordList",
        "MeshHeadingList",
        "OtherAbstract",
        "ReferenceList",
        "Sections",
    }
)


class PubMedXML:
    """Reads a document piece by piece: `feed` returns the publications that are complete.

    Raises `PublicationError` where it is not PubMed's XML; `close` does where it is not whole.
    """

    def __init__(self) -> None:
        self._publications: list[Publication] = []
        self._depth = 0
        self._skipped_from = 0
        self._read: Callable[[Element], Publication] | None = None
        self._builder = TreeBuilder()
        self._size = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._refuse_entity
        self._parser.SkippedEntityHandler = self._refuse_entity
        self._parser.ExternalEntityRefHandler = self._refuse_entity

    def feed(self, data: bytes, *, last: bool = False) -> list[Publication]:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise PublicationError(f"not whole, well-formed XML: {error}") from error
        except (LookupError, ValueError) as error:
            if isinstance(error, PublicationError):
                line = self._parser.CurrentLineNumber
                raise PublicationError(f"line {line}: {error}") from error
            raise PublicationError(f"not XML that can be read: {error}") from error
        publications, self._publications = self._publications, []
        return publications

    def close(self) -> list[Publication]:
        return self.feed(b"", last=True)

    # What expat calls

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise PublicationError(f"elements are nested more than {MAX_DEPTH} deep")
        if self._depth == 1 and name != ROOT:
            raise PublicationError(f"its root is <{name[:60]}>, not <{ROOT}>")
        if self._depth == 2:
            self._read = _READERS.get(name)
            self._builder = TreeBuilder()
            self._size = 0
        if self._read is None or self._skipped_from:
            return
        if name in _SKIPPED:
            self._skipped_from = self._depth
            return
        self._grow(len(name) + sum(map(len, attributes.values())) + 20)
        self._builder.start(name, attributes)

    def _end(self, name: str) -> None:
        if self._read is not None and not self._skipped_from:
            self._builder.end(name)
            if self._depth == 2:
                self._publications.append(self._read(self._builder.close()))
                self._read = None
        if self._skipped_from == self._depth:
            self._skipped_from = 0
        self._depth -= 1

    def _text(self, text: str) -> None:
        if self._read is not None and not self._skipped_from:
            self._grow(len(text))
            self._builder.data(text)

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MAX_RECORD_SIZE:
            raise PublicationError("one publication is larger than any that PubMed holds")

    def _refuse_entity(self, *_: object) -> int:
        raise PublicationError("it declares or uses entities, which PubMed's files do not")


def _article(record: Element) -> Publication:
    citation = _first(record, "MedlineCitation")
    article = _first(citation, "Article")
    types = article.iterfind("PublicationTypeList/PublicationType")
    notes = citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
    return Publication.of(
        pmid=_text_of(citation, "PMID"),
        title=_text_of(article, "ArticleTitle", "VernacularTitle"),
        authors=_authors(article),
        journal=_text_of(article, "Journal/Title", "Journal/ISOAbbreviation")
        or _text_of(citation, "MedlineJournalInfo/MedlineTA"),
        date=_text_of(
            article,
            "Journal/JournalIssue/PubDate/Year",
            "Journal/JournalIssue/PubDate/MedlineDate",
            "ArticleDate/Year",
        ),
        dois=[*_dois(record, "PubmedData/ArticleIdList"), *_locations(article)],
        is_retracted=any(RETRACTED & {kind.text, kind.get("UI")} for kind in types)
        or any(note.get("RefType") == "RetractionIn" for note in notes),
    )


def _book(record: Element) -> Publication:
    """A book or a chapter of one; the book takes the place of the journal."""
    document = _first(record, "BookDocument")
    return Publication.of(
        pmid=_text_of(document, "PMID"),
        title=_text_of(document, "ArticleTitle", "Book/BookTitle"),
        authors=_authors(document) or _authors(_first(document, "Book")),
        journal=_text_of(document, "Book/BookTitle"),
        date=_text_of(document, "Book/PubDate/Year", "Book/PubDate/MedlineDate"),
        dois=[*_dois(document, "ArticleIdList"), *_dois(record, "PubmedBookData/ArticleIdList")],
    )


_READERS: Final[dict[str, Callable[[Element], Publication]]] = {
    "PubmedArticle": _article,
    "PubmedBookArticle": _book,
}


def _first(parent: Element, name: str) -> Element:
    """Return a child, an empty one where there is none."""
    child = parent.find(name)
    return child if child is not None else Element(name)


def _text_of(parent: Element, *paths: str) -> str:
    """Return the text of the first of these that has one, markup left out."""
    for path in paths:
        for element in parent.iterfind(path):
            if text := "".join(element.itertext()).strip():
                return text
    return ""


def _authors(parent: Element) -> list[str]:
    for listed in parent.iterfind("AuthorList"):
        if listed.get("Type") == "editors":
            continue
        names = [_name(author) for author in listed if author.get("ValidYN") != "N"]
        return names if listed.get("CompleteYN") != "N" else [*names, AND_OTHERS]
    return []


def _name(author: Element) -> str:
    """Return a name as MEDLINE writes it: `Smith JA Jr`, or that of a group."""
    parts = (
        _text_of(author, "LastName"),
        _text_of(author, "Initials", "ForeName"),
        _text_of(author, "Suffix"),
    )
    return " ".join(filter(None, parts)) or _text_of(author, "CollectiveName")


def _dois(parent: Element, path: str) -> Iterator[str]:
    for element in parent.iterfind(f"{path}/ArticleId"):
        if element.get("IdType") == "doi":
            yield element.text or ""


def _locations(article: Element) -> Iterator[str]:
    for element in article.iterfind("ELocationID"):
        if element.get("EIdType") == "doi" and element.get("ValidYN") != "N":
            yield element.text or ""
