"""Whatever a file holds: a page, or one refusal that says why; never a traceback."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.importing.source.pages import PageError, read_page, read_page_data
from curation.importing.source.records import Problem
from tests.curation.importing.pages_for_tests import page, row
from tests.places import EXCERPT, ROOT
from tests.species import SPECIES

PAGES = sorted((ROOT / "fixtures" / "pages").glob("*.md"))
REAL = [path.read_bytes() for path in (*PAGES, EXCERPT)]
HEAD = "title: P04637\norganism: Homo sapiens\n"
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

BOMB = "a: &a [x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE_BOMB = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{', '.join(['*' + before] * 9)}]}}\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def front(text: str) -> bytes:
    return f"---\n{HEAD}{text}\n---\n".encode()


def refusal(data: bytes) -> Problem:
    started = time.process_time()  # of this process alone, however busy the machine
    with pytest.raises(PageError) as caught:
        read_page(data, "dir/a.md", species=SPECIES)
    assert time.process_time() - started < 2
    problem = caught.value.problem
    assert problem.whole_page
    assert str(caught.value) == str(problem)
    assert problem.file == "dir/a.md"
    assert not CONTROL.search(problem.reason)
    assert len(problem.reason) < 400
    return problem


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", None, "is empty"),
        (b"\n", 1, "should be '---'"),
        (b"# A title\n\ntext\n", 1, "'# A title'"),
        (b"---", 1, "no closing line"),
        (b"---\ntitle: P04637\n", 1, "no closing line"),
        (b"---\ntitle: P04637\n --- \n----\n", 1, "no closing line"),
        (b"---\n---\n", 2, "not a list of"),
        (b"---\n- a\n- b\n---\n", 2, "not a list of"),
        (b"---\njust text\n---\n", 2, "not a list of"),
        (b"---\n\n# a comment\n---\n", 4, "not a list of"),
        (front("tfs: 'unclosed"), 5, "line 5"),
        (front("tfs: [a, b"), 5, "not YAML"),
        (front("a: b: c"), 4, "not YAML"),
        (front("\tx: 1"), 4, "not YAML"),
        (front("%TAG !a! x\n" * 100_000), 4, "begins with '%'"),
        (front("...\nb: 1"), 5, "not YAML"),
        (front("a: '\x00'"), 4, "control character U+0000"),
        (front("a: é\nb: '\x07'"), 5, "control character U+0007"),
        (front('a: "\\ud800"'), 4, "not YAML"),
        (front("a: '\x85\u2028\x85'\nb: 2\na: 3"), 6, "'a' is there twice"),
        (front("a: 1\nb: 2\na: 3"), 6, "'a' is there twice"),
        (front("a: {b: 1, b: 2}"), 4, "'b' is there twice"),
        (front("<<: {a: 1}"), 4, "merge keys"),
        (front("a: {<<: {a: 1}}"), 4, "merge keys"),
        (front("a: {? {x: y} : b}"), 4, "a key is not a text"),
        (front("a: &a x\nb: *a"), 5, "aliases"),
        (front("a: &a x\n*a : b"), 5, "aliases"),
        (front("a: &a [*a]"), 4, "aliases"),
        (front(BOMB), 5, "aliases"),
        (front(MERGE_BOMB), 5, "merge keys"),
        (front("a: !!python/object/apply:os.system [x]"), 4, "python/object"),
        (front("a: !!python/name:os.system"), 4, "python/name"),
        (front("!!binary a: b"), 4, "binary"),
        (front("a: !own x"), 4, "'!own'"),
        (b"---\n!!set {title: P04637}\n---\n", 2, "set"),
        # libyaml has a limit of its own, from 0.2.6 on: which one is met first is not ours to say.
        (front("a: " + "[" * 100_000), 4, "the front matter"),
        (front("a: " + "{a: " * 100_000), 4, "the front matter"),
        (front("a:\n  " + "- " * 100_000), 5, "the front matter"),
        (front("? " * 100_000), 4, ""),
        (front("a: " + "[" * 33 + "]" * 33), 4, "nests too deep"),
        (front("? [a]\n: b"), 4, "a key is not a text"),
        (front("a: [" + "x," * 200_000 + "]"), 4, "too many values"),
        ("---\ntitle: é\n---\n".encode("latin-1"), 2, "byte 0xe9 at offset 11, line 2"),
        (b"\xef\xbb\xbf---\ntitle: \xff\n---\n", 2, "offset 14, line 2"),
        ("---\ntitle: P04637\n---\n".encode("utf-16")[:-1], 1, "UTF-16"),
        ("---\n".encode("utf-16-le"), 1, "should be '---'"),
        (b"---\ntitle: \xed\xa0\x80\n---\n", 2, "not UTF-8"),
        (b"\x00" * 1000, 1, "should be '---'"),
    ],
    ids=str,
)
def test_a_file_that_is_no_page(data: bytes, line: int | None, words: str) -> None:
    problem = refusal(data)
    assert problem.line == line
    assert words in problem.reason


@pytest.mark.parametrize(
    ("keys", "section", "words"),
    [
        ({"type": "gene"}, "type", "'gene'"),
        ({"layout": "page"}, "layout", "'page'"),
        ({"type": ["protein"]}, "type", "should be a text"),
        ({"title": "P01106"}, "title", "'P01106' is not the page's accession P04637"),
        ({"title": "TP53"}, "title", "'TP53'"),
        ({"uniprot_accession": "TP53"}, "uniprot_accession", "'TP53' is not a UniProt accession"),
        ({"uniprot_accession": {}}, "uniprot_accession", "should be a text"),
        ({"title": None, "uniprot_accession": None}, "title", "'' is not a UniProt accession"),
        ({"organism": "Felis catus"}, "organism", "'Felis catus'"),
        ({"organism": None}, "organism", "''"),
        ({"organism": "\u202eHomo sapienz"}, "organism", "not one of the database's"),
    ],
)
def test_a_page_that_is_nobodys(keys: dict[str, object], section: str, words: str) -> None:
    problem = refusal(page("P04637", **keys).encode())  # type: ignore[arg-type]
    assert problem.section == section
    assert words in problem.reason


def test_a_script_in_a_name_is_text() -> None:
    script = "<script>alert('x')</script>"
    record = read_page(
        page("P04637", script, tfs=[row(script, "P01106")]).encode(), "a.md", species=SPECIES
    )
    assert record.name == record.interactions[0].partner.name == script
    assert record.problems == ()


def test_deep_unknown_values_below_the_bound_are_kept() -> None:
    record = read_page(front("a: " + "[" * 31 + "]" * 31), "a.md", species=SPECIES)
    assert "a" in record.unknown_keys


def test_many_commas_and_many_bad_rows_take_no_time() -> None:
    started = time.process_time()  # of this process alone, however busy the machine
    rows = ["P04637," * 200_000, "1," * 200_000, *["x"] * 20_000, "P04637,1," * 100_000]
    record = read_page(
        page("P04637", tfs=rows, body=">;" * 100_000).encode(), "a.md", species=SPECIES
    )
    # The last cells of one row are those of an interaction; its name is lost.
    assert [each.partner.name for each in record.interactions] == [""]
    assert len(record.problems) == 1001
    assert time.process_time() - started < 5


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    file = tmp_path / "large.md"
    with file.open("wb") as opened:
        opened.truncate(100_000_000)
    with pytest.raises(PageError, match=r"100,000,000 bytes, more than the 20,000,000 allowed"):
        read_page_data(file, "large.md", 20_000_000)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")  # reading one would wait forever
    for name in ("missing.md", ".", "loop", "pipe", "a\0b", "x" * 1000):
        with pytest.raises(PageError) as caught:
            read_page_data(tmp_path / name, name, 1000)
        assert caught.value.problem.file == name


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(page("P04637"), encoding="utf-8")
    file.chmod(0)
    with pytest.raises(PageError, match="Permission denied"):
        read_page_data(file, "a.md", 100_000)


def check(data: bytes) -> None:
    """Read a page: all that may be raised is PageError, and every problem names the file."""
    try:
        problems = read_page(data, "dir/a.md", species=SPECIES).problems
    except PageError as error:
        problems = (error.problem,)
    lines = data.count(b"\n") + data.count(b"\r") + 2
    for problem in problems:
        assert problem.file == "dir/a.md"
        assert problem.section
        assert problem.reason
        assert problem.line is None or 1 <= problem.line <= lines
        assert not CONTROL.search(problem.reason + problem.section)


@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    check(data)
    check(b"---\n" + data + b"\n---\n")
    check(b"---\n" + HEAD.encode() + data + b"\n---\n" + data)


@given(st.text(), st.text())
def test_any_text_as_front_matter_and_body(text: str, body: str) -> None:
    check(f"---\n{text}\n---\n{body}".encode(errors="surrogatepass"))


YAML_PARTS = st.sampled_from(
    [
        *("a", "tfs", ": ", "- ", "? ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "&x ", "*x"),
        *("<<", "!!str ", "!t ", "%", "#", "\n", "\n  ", "\n\n", "---", "...", "\t", "~", "\\n"),
        *("\x85", "\u2028", "\r"),
    ]
)


@given(st.lists(YAML_PARTS, max_size=30).map("".join))
def test_any_mixture_of_yaml(text: str) -> None:
    check(front(text))
    check(front(f"tfs: {text}"))


KEYS = st.sampled_from(
    [
        *("binding_sites", "orthologs", "jaspar_matrices", "protein_name", "ncbi_gene_id"),
        *("function", "number_of_interactions", "tfs_download", "other"),
    ]
)
VALUES = st.recursive(
    st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES))
def test_any_values_under_the_known_keys(values: dict[str, object]) -> None:
    check(page("P04637", **values).encode(errors="surrogatepass"))  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=200)
@given(st.data())
def test_mutated_real_pages(data: st.DataObject) -> None:
    page_bytes = bytearray(data.draw(st.sampled_from(REAL)))
    for _ in range(data.draw(st.integers(1, 5))):
        start = data.draw(st.integers(0, len(page_bytes)))
        removed = data.draw(st.sampled_from([0, 0, 1, 5, 300]))
        piece = st.sampled_from([b",", b"'", b"\n", b"\\", b";", b"<", b": ", b"\r", b"\x00", b"-"])
        page_bytes[start : start + removed] = data.draw(piece | st.binary(max_size=4))
    check(bytes(page_bytes))
