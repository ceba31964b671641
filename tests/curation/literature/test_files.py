"""Files that PubMed saved: XML or MEDLINE, compressed or not, and broken ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curation.literature import medline
from curation.literature.files import read_publications
from curation.literature.medline import read_medline
from curation.literature.publication import Publication, PublicationError
from tests.curation.literature.service import article, article_set

NBIB = """
PMID- 36124642
OWN - NLM
STAT- MEDLINE
LR  - 20221012
TI  - TFLink: an integrated gateway to access transcription factor-target gene
      interactions for multiple species.
LID - 10.1093/database/baac083 [doi]
AB  - Long and not
      kept.
FAU - Liska, Orsolya
AU  - Liska O
AD  - Szeged
FAU - Bohár, Balázs
AU  - Bohár B
CN  - The Group
PT  - Journal Article
DP  - 2022 Sep 19
TA  - Database (Oxford)
JT  - Database : the journal of biological databases and curation
AID - 6701532 [pii]
AID - 10.1093/database/baac083 [doi]
SO  - Database (Oxford). 2022 Sep 19;2022:baac083.

PMID- 12
TT  - Der Titel
TA  - J Biol
DP  - 1975 Jan-Feb
PT  - Journal Article
PT  - Retracted Publication

PMID- 13
RIN - J Biol. 1980;1:1
LID - S0022 [pii]
"""
FROM_NBIB = {
    36124642: Publication(
        36124642,
        "TFLink: an integrated gateway to access transcription factor-target gene interactions "
        "for multiple species.",
        "Liska O, Bohár B, The Group",
        "Database : the journal of biological databases and curation",
        2022,
        "10.1093/database/baac083",
    ),
    12: Publication(12, "Der Titel", "", "J Biol", 1975, "", is_retracted=True),
    13: Publication(13, is_retracted=True),
}
XML = article_set([article(1), article(2, retracted=True)])
LIMIT = 100_000


def read(path: Path, *wanted: int, limit: int = LIMIT) -> dict[int, Publication]:
    return read_publications(path, wanted, max_bytes=limit)


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_medline(tmp_path: Path, line_end: str, start: str) -> None:
    path = tmp_path / "set.nbib"
    path.write_bytes((start + NBIB).replace("\n", line_end).encode())
    assert read(path, *FROM_NBIB) == FROM_NBIB


def test_only_what_is_wanted_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "set.nbib"
    path.write_text(NBIB)
    assert list(read(path, 12, 99)) == [12]


def test_both_formats_say_the_same_of_a_paper(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(article_set([article(36124642)]))
    (from_xml,) = read(tmp_path / "a.xml", 36124642).values()
    text = (
        "PMID- 36124642\nTI  - Regulation of gene 36124642 by TP53.\n"
        "AID - 10.1093/database/36124642 [doi]\nAU  - Liska O\nAU  - Bohár B Jr\n"
        "CN  - The TFLink Group\nJT  - Database : the journal\nDP  - 2021\n"
    )
    (tmp_path / "a.nbib").write_text(text)
    assert list(read(tmp_path / "a.nbib", 36124642).values()) == [from_xml]


def test_compressed_whatever_its_name(tmp_path: Path) -> None:
    for name, text in (("a.xml.gz", XML), ("b.txt", NBIB)):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    assert {
        key: result.is_retracted for key, result in read(tmp_path / "a.xml.gz", 1, 2).items()
    } == {
        1: False,
        2: True,
    }
    assert read(tmp_path / "b.txt", 13) == {13: FROM_NBIB[13]}


PACKED = gzip.compress(XML.encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "neither PubMed's XML nor the MEDLINE format"),
        (b"pmid,title\n1,x\n", "neither"),
        (b"%PDF-1.4", "neither"),
        (XML.encode()[:-10], "not whole, well-formed XML"),
        (PACKED[:200], "compressed file is broken"),
        (PACKED[:40] + b"\x00" * 9 + PACKED[49:], "compressed file is broken|not whole"),
        (b"\x1f\x8bnonsense", "compressed file is broken"),
        (b"<html></html>", "root is <html>"),
        (b"PMID- 1\nnot a line\n", "line 2 is not a line of the MEDLINE format"),
        (b"PMID- one\n", "'one' is not a PubMed ID"),
        (b"PMID- 1\n\nTI  - of nothing\n", "not a PubMed ID"),
        (b"PMID- 1\nTI  - \xff\xfe\n", "not text in UTF-8"),
        (b"PMID- 1\nTI  - " + b"x" * 200_000, "a line has more than"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_reason(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "broken.file"
    path.write_bytes(content)
    with pytest.raises(PublicationError, match=says) as refused:
        read(path, 1, limit=10**6)
    assert str(refused.value).startswith(f"{path}: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PublicationError, match=r"/no\.xml: \w"):
        read(tmp_path / "no.xml", 1)
    with pytest.raises(PublicationError, match=rf"^{tmp_path}: \w"):
        read(tmp_path, 1)


@pytest.mark.parametrize("filler", [b" " * 10**7, b"<a/>" * 10**6])
def test_a_compressed_bomb_is_stopped_at_the_limit(tmp_path: Path, filler: bytes) -> None:
    path = tmp_path / "bomb.xml.gz"
    path.write_bytes(gzip.compress(b"<PubmedArticleSet>" + filler + b"</PubmedArticleSet>"))
    assert path.stat().st_size < LIMIT
    with pytest.raises(PublicationError, match=r"larger than 100,000 bytes \(NCBI_MAX_FILE_BYTES"):
        read(path, 1)


def test_medline_without_an_end_of_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(medline, "MAX_LINES", 50)
    with pytest.raises(PublicationError, match="one publication has more than 50"):
        list(read_medline(["PMID- 1\n", *["AU  - A B\n"] * 60]))


@given(st.text(alphabet=st.sampled_from("PMIDTALR- 0123456789\n\r\t[]doi.é"), max_size=300))
def test_any_lines_are_read_or_refused(text: str) -> None:
    try:
        result = list(read_medline(f"PMID- 1\n{text}".splitlines(keepends=True)))
    except PublicationError:
        return
    assert result[0].pmid >= 1
