"""PubMed's XML is read in pieces of any size; what is not it is refused, with the reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.literature import pubmed_xml
from curation.literature.publication import Publication, PublicationError
from curation.literature.pubmed_xml import PubMedXML
from tests.curation.literature.service import HEAD, article, article_set


def read(document: str | bytes, piece: int = 1 << 16) -> list[Publication]:
    data = document.encode() if isinstance(document, str) else document
    reader, publications = PubMedXML(), []
    for at in range(0, len(data), piece):
        publications += reader.feed(data[at : at + piece])
    return publications + reader.close()


def test_a_paper() -> None:
    assert read(article_set([article(36124642)])) == [
        Publication(
            36124642,
            "Regulation of gene 36124642 by TP53.",
            "Liska O, Bohár B Jr, The TFLink Group",
            "Database : the journal",
            2021,
            "10.1093/database/36124642",
        )
    ]


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_pieces_of_any_size(piece: int) -> None:
    document = article_set([article(1), article(2, retracted=True)])
    assert read(document, piece) == read(document)


@pytest.mark.parametrize(
    ("before", "after", "retracted"),
    [
        ("<PublicationTypeList>", "<PublicationTypeList>", False),
        (
            "Journal Article</PublicationType>",
            "Journal Article</PublicationType><PublicationType UI=''>Retracted Publication"
            "</PublicationType>",
            True,
        ),
        (
            "</Article>",
            "</Article><CommentsCorrectionsList><CommentsCorrections RefType='RetractionIn'>"
            "<RefSource>J</RefSource></CommentsCorrections></CommentsCorrectionsList>",
            True,
        ),
        # The notice of a retraction is not itself retracted, nor is what was corrected.
        (
            "Journal Article</PublicationType>",
            "x</PublicationType><PublicationType UI='D016440'>Retraction of Publication"
            "</PublicationType>",
            False,
        ),
        (
            "</Article>",
            "</Article><CommentsCorrectionsList><CommentsCorrections RefType='RetractionOf'/>"
            "<CommentsCorrections RefType='ErratumIn'/>"
            "<CommentsCorrections RefType='ExpressionOfConcernIn'/></CommentsCorrectionsList>",
            False,
        ),
    ],
)
def test_retraction(before: str, after: str, retracted: bool) -> None:
    (publication,) = read(article_set([article(1).replace(before, after, 1)]))
    assert publication.is_retracted is retracted


@pytest.mark.parametrize(
    ("change", "name", "value"),
    [
        (("<Year>2021</Year>", "<MedlineDate>1998 Dec-1999 Jan</MedlineDate>"), "year", 1998),
        (("<Year>2021</Year>", "<Season>Fall</Season>"), "year", None),
        (("<Title>Database : the journal</Title>", ""), "journal", "Database (Oxford)"),
        (
            ("Regulation of gene 1 by <i>TP53</i>.", "Ca<sup>2+</sup> &amp; <b>H<sub>2</sub>O</b>"),
            "title",
            "Ca2+ & H2O",
        ),
        (
            ("Regulation of gene 1 by <i>TP53</i>.</ArticleTitle>", "</ArticleTitle>"
             "<VernacularTitle>Génregulation</VernacularTitle>"),
            "title",
            "Génregulation",
        ),
        (
            ("10.1093/database/1<", "not a DOI<"),
            "doi",
            "",
        ),
        (('CompleteYN="Y"', 'CompleteYN="N"'), "authors",
         "Liska O, Bohár B Jr, The TFLink Group, et al."),
    ],
)  # fmt: skip
def test_what_is_written_otherwise(change: tuple[str, str], name: str, value: object) -> None:
    record = article(1)
    assert change[0] in record
    (publication,) = read(article_set([record.replace(*change)]))
    assert getattr(publication, name) == value


def test_the_doi_of_a_reference_is_not_that_of_the_paper() -> None:
    record = article(1).replace('<ArticleId IdType="doi">10.1093/database/1</ArticleId>', "")
    (publication,) = read(article_set([record]))
    assert publication.doi == ""
    location = "<ELocationID EIdType='doi' ValidYN='Y'>10.1093/here</ELocationID></Article>"
    (publication,) = read(article_set([record.replace("</Article>", location, 1)]))
    assert publication.doi == "10.1093/here"


def test_a_chapter_of_a_book() -> None:
    chapter = """<PubmedBookArticle><BookDocument><PMID Version="1">20301425</PMID>
    <ArticleIdList><ArticleId IdType="doi">10.1/no</ArticleId></ArticleIdList>
    <Book><BookTitle>GeneReviews</BookTitle><PubDate><Year>1993</Year></PubDate>
    <AuthorList Type="editors"><Author><LastName>Adam</LastName></Author></AuthorList></Book>
    <ArticleTitle>BRCA1</ArticleTitle>
    <AuthorList Type="authors"><Author><LastName>Petrucelli</LastName><Initials>N</Initials>
    </Author></AuthorList></BookDocument></PubmedBookArticle>"""
    assert read(article_set([chapter])) == [
        Publication(20301425, "BRCA1", "Petrucelli N", "GeneReviews", 1993)
    ]


def test_an_empty_set_is_an_answer() -> None:
    assert read(article_set([])) == []


BOMB = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<PubmedArticleSet>&b;</PubmedArticleSet>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [
<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&a;</PubmedArticleSet>"""
PARAMETER = """<?xml version="1.0"?><!DOCTYPE PubmedArticleSet [
<!ENTITY % a SYSTEM "http://127.0.0.1:9/x.dtd"> %a;]><PubmedArticleSet/>"""


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (BOMB, "entities"),
        (OUTSIDE, "entities"),
        (PARAMETER, "entities"),
        (article_set(["&unknown;"]), "entities"),
        (article_set([article(1)])[:-30], "not whole"),
        ("", "not whole"),
        ("<html><body>Sorry</body></html>", "root is <html>"),
        ("<eFetchResult><ERROR>Cannot</ERROR></eFetchResult>", "root is <eFetchResult>"),
        ('{"error": "API rate limit exceeded"}', "not whole"),
        (article_set([article(1).replace('"1">1<', '"1">one<')]), "line .*PubMed ID"),
        (article_set(["<PubmedArticle/>"]), "PubMed ID"),
        (article_set(["<a>" * 100 + "</a>" * 100]), "deep"),
        ("<?xml version='1.0' encoding='no-such'?><PubmedArticleSet/>", "XML"),
        (b"<PubmedArticleSet>\xff</PubmedArticleSet>", "not whole"),
    ],
)
def test_what_is_refused(document: str | bytes, says: str) -> None:
    with pytest.raises(PublicationError, match=says):
        read(document)


def test_one_record_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pubmed_xml, "MAX_RECORD_SIZE", 5000)
    with pytest.raises(PublicationError, match="larger"):
        read(article_set([article(1, title="x" * 6000)]))
    with pytest.raises(PublicationError, match="larger"):
        read(article_set([article(1, title="<i/>" * 3000)]))
    long_abstract = article(1).replace("not kept", "x" * 6000)
    assert len(read(article_set([long_abstract]))) == 1


@given(st.data())
def test_a_document_cut_or_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    whole = article_set([article(1), article(2)]).encode()
    at = data.draw(st.integers(len(HEAD), len(whole)))
    instead = data.draw(st.binary(max_size=8))
    spoilt = whole[:at] + instead + whole[at + data.draw(st.integers(0, 8)) :]
    try:
        publications = read(spoilt)
    except PublicationError:
        return
    assert all(0 < item.pmid <= 99_999_999 for item in publications)


@given(st.integers(0, len(article_set([article(1)]).encode()) - 1))
def test_a_document_that_breaks_off_is_never_taken_for_whole(length: int) -> None:
    with pytest.raises(PublicationError):
        read(article_set([article(1)]).encode()[:length])
