"""The content of a database comes through its pages whole, whatever it is."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.importing.source.known_defects import NAME_SPELLINGS, SOURCE_SPELLINGS
from curation.importing.undo.run import undo_import
from curation.models import SourcePage
from curation.permissions import SENIOR_CURATOR
from curation.shared.evidence import evidence_for
from proteins.domain import identifiers
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import without_invisible
from proteins.models import (
    BindingSite,
    Dataset,
    DetectionMethod,
    JasparMatrix,
    Ortholog,
    Protein,
    SourceDatabase,
    Statement,
)
from proteins.page_export.files import export_pages
from proteins.queries.content_digest import content_digest
from tests.conftest import ROOT
from tests.curation.importing.pages_for_tests import page, write
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein, make_statement, taxon
from tests.places import SHARED
from tests.proteins.page_export.round_trip import round_trip, undone
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

EXCERPT = ROOT / "tests" / "curation" / "importing" / "data" / "p04637-excerpt.md"


@pytest.mark.parametrize("source", [ROOT / "fixtures" / "pages", EXCERPT])
def test_import_of_the_export_gives_the_same_content(source: Path, tmp_path: Path) -> None:
    before, after = round_trip(lambda: import_pages([source]), tmp_path)
    assert after == before


@pytest.mark.skipif(not (SHARED / "data/pages").is_dir(), reason="shared/data/pages is absent")
@pytest.mark.parametrize("folder", ["data/pages", "data/pages/earlier"])
def test_published_pages_come_through_whole(folder: str, tmp_path: Path) -> None:
    sources = sorted((SHARED / folder).glob("*.md"))
    before, after = round_trip(lambda: import_pages(sources), tmp_path)
    assert after == before
    keys = [dict(page_keys_of(source)) for source in sources]
    import_pages([tmp_path])
    again = {page.path: page for page in SourcePage.objects.select_related("protein")}
    for source, written in zip(sources, keys, strict=True):
        name = source.name.partition("-")[0].removesuffix(".md")
        stored = again[str(tmp_path / f"{name}.md")].downloads
        assert written.items() <= stored.items(), source


def page_keys_of(source: Path) -> Iterator[tuple[str, str]]:
    """Yield the names of downloads that a page has, by an eye of its own."""
    for line in source.read_text(encoding="utf-8").splitlines():
        key, _, value = line.partition(": ")
        if "ownload" in key or key == "binding_sites_ls":
            name = value.strip().strip("'")
            if name:
                yield key, name


UNKNOWN: dict[str, object] = {
    "curated_by": "a person: 'x'",
    "odd key: # \u2028": ["a", "- b", "", '"\ufeff\\'],
    "nested": {"a": ["1", {"b": "no"}], "yes": "~"},
    "empty": "",
}


def test_downloads_and_unknown_keys_come_back(tmp_path: Path) -> None:
    downloads = {"tfs_download": "tfs_of_Q9UK53.tsv", "bindingSites_download_gff3": "a b.gff3"}
    keys: dict[str, Any] = {**downloads, **UNKNOWN}
    text = page("Q9UK53", "ING1", **keys)
    import_pages([write(tmp_path / "in", a=text)])
    export_pages(tmp_path / "out")
    assert import_pages([tmp_path / "out"]).clean
    stored = SourcePage.objects.get(path=str(tmp_path / "out" / "q9uk53.md"))
    assert (stored.downloads, stored.unknown_keys) == (downloads, UNKNOWN)


ODD_NAMES = [
    "ARG5,6", "ADE5,7", "IMP2'", "cDNA A", "eri-6/7", "eft-3;eft-4", "E(spl)m3-HLH", "beta'COP",
    "AI5_ALPHA", "a<b", "<a href='x'>", '"quoted"', "'", ",", "a,", ",a", ",,", "P04637,9606",
    "7157,P04637,7157", "yes", "No", "1e5", "null", "~", ":", "a: b", "# a", "- a", "a #b", "[a",
    "{a}", "&a", "*a", "!a", "|", ">", "%5Buid%5D", "\\", "a\\b", "NA", "--- a", "...", "_", "@",
    "`", "naïve β-ζ", "蛋白", "🧬", "a\xa0b", "Yes,No", "x;y:z", "1,2,3",
    "",
]  # fmt: skip


def test_any_name_comes_through(tmp_path: Path) -> None:
    def build() -> None:
        for number, name in enumerate(ODD_NAMES):
            page = make_protein(accession(number), name, genes=[number + 1], has_page=True)
            BindingSite.objects.create(
                tflink_id=f"TFLinkSS{number}",
                tf=page,
                sequence="ACGT" * 50,
                evidence=evidence_for(EvidenceContent.of(small_scale=SmallScale.YES)),
            )
            # Rows name proteins too, with gene IDs and without.
            for other, genes in ((1000, [5, 6]), (2000, [])):
                make_interaction(page, make_protein(accession(other + number), name, genes=genes))

    before, after = round_trip(build, tmp_path)
    assert after == before


def names() -> st.SearchStrategy[str]:
    characters = st.characters(
        exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffe\uffff"
    )
    texts = st.text(characters, max_size=12).map(without_invisible)
    return st.sampled_from(ODD_NAMES) | texts.filter(
        lambda text: text != "-" and text not in NAME_SPELLINGS
    )


def vocabulary() -> st.SearchStrategy[list[str]]:
    texts = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=8)
    listed = st.sampled_from(["GTRD", "TFactS_via_DoRothEA", "one hybrid", "NA", "Yes", "1e5"])
    one = listed | texts.map(lambda text: text.translate({44: None, 59: None}).strip()).filter(
        lambda text: text not in ("", "-", *SOURCE_SPELLINGS) and "\\" not in text
    )
    return st.lists(one, max_size=3)


def evidence() -> st.SearchStrategy[EvidenceContent]:
    pmids = st.lists(st.integers(1, identifiers.MAX_PMID), max_size=3)
    return st.builds(
        EvidenceContent.of, vocabulary(), vocabulary(), pmids, st.sampled_from(SmallScale)
    )


PROTEINS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "name": names(),
        "code": st.sampled_from(["Hs", "Sc"]),
        "genes": st.sets(st.integers(1, identifiers.MAX_INTEGER), max_size=3),
        "has_page": st.booleans(),
        "declared_tf": st.booleans(),
        "declared_target": st.booleans(),
        "declared_interactions": st.none() | st.integers(0, identifiers.MAX_INTEGER),
    }
)
PLACES: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {
        "assembly": st.just("a genome"),
        "chromosome": st.sampled_from(["chr1", "chrUn_KI270742v1", "HLA-A*01:01"]),
        "start": st.integers(0, 9),
        "end": st.integers(10, identifiers.MAX_INTEGER),
        "strand": st.sampled_from(["+", "-", ""]),
    }
)


class Draw:
    """A random database, drawn while it is built."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        fields = data.draw(st.lists(PROTEINS, min_size=1, max_size=5), label="proteins")
        self.proteins = [
            make_protein(accession(number), **values) for number, values in enumerate(fields)
        ]
        for number, protein in enumerate(self.proteins):
            self.add_details(number, protein)
        self.add_interactions()

    def add_details(self, number: int, protein: Protein) -> None:
        orthologs = self.data.draw(st.dictionaries(names(), st.booleans(), max_size=2))
        Ortholog.objects.bulk_create(
            Ortholog(protein=protein, taxon=taxon("Mm"), identifier=text, in_tflink=listed)
            for text, listed in orthologs.items()
            if text
        )
        for version in range(self.data.draw(st.integers(0, 2))):
            JasparMatrix.objects.create(protein=protein, matrix_id=f"MA0001.{version}")
        if self.data.draw(st.booleans()):
            evidence_drawn = self.data.draw(evidence())
            yes = evidence_drawn.small_scale is SmallScale.YES
            BindingSite.objects.create(
                tflink_id=f"TFLinkLS{number}",
                tf=protein,
                evidence=evidence_for(evidence_drawn),
                overlaps=self.data.draw(st.none() | st.integers(0, 9)),
                sequence=self.data.draw(st.text("ACGTN", max_size=200)) if yes else "",
                **self.data.draw(PLACES),
            )

    def add_interactions(self) -> None:
        pairs = [
            (tf, target)
            for tf in self.proteins
            for target in self.proteins
            if tf.taxon_id == target.taxon_id
        ]
        for tf, target in self.data.draw(st.sets(st.sampled_from(pairs), max_size=6)):
            evidence_drawn = self.data.draw(evidence())
            make_interaction(
                tf,
                target,
                sources=evidence_drawn.sources,
                methods=evidence_drawn.methods,
                pmids=evidence_drawn.pmids,
                small_scale=evidence_drawn.small_scale,
            )


@settings(
    max_examples=examples(60),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data())
def test_any_content_comes_through(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        before, after = round_trip(lambda: Draw(data), Path(folder))
    assert after == before


def statements_of_all_forms() -> None:
    """Statements of curators, of a database that has them from others, retracted and gone."""
    user = make_person("senior", SENIOR_CURATOR)
    User.objects.filter(pk=user.pk).update(first_name="Rosa", last_name="Franklin")
    user.refresh_from_db()
    one, other = make_protein(accession(1), "A"), make_protein(accession(2), "B")
    own, back = make_interaction(one, other), make_interaction(other, one)
    DetectionMethod.objects.create(name="reporter gene assay")
    values: dict[str, Any] = {
        "pmid": 11, "method": "reporter gene assay", "effect": 1, "basis": 1,
        "cell_line": 'He: "La", [x]', "condition": "# 5 µM; no", "quotation": "- 'A' activates B",
        "eco": "ECO:0000096", "small_scale": 1,
    }  # fmt: skip
    actions.add_statement(user=user, interaction=own, values=values)
    wrong = actions.add_statement(user=user, interaction=own, values={"pmid": 12, "tissue": "yes"})
    actions.retract_statement(user=user, statement=wrong, reason="Another gene.\nSee page 3.")
    source = SourceDatabase.objects.get(key="GTRD")
    dataset = Dataset.objects.create(
        name="GTRD signs", source=source, version="2", licence="CC BY-SA 4.0", is_share_alike=True
    )
    gone = make_statement(back, dataset, pmid=13, source_id="S-1", effect=2, basis=2)
    content = EvidenceContent.of(["GTRD", "TFactS_via_GTRD"], pmids=[13])
    Statement.objects.filter(pk=gone.pk).update(state=1, evidence=evidence_for(content))
    amended = make_statement(back, dataset, pmid=14, effect=2, basis=1)
    # Amended by a curator: what the source's next version is recognised by stays.
    actions.amend_statement(user=user, statement=amended, values={"tissue": "liver"})


def test_statements_come_through_with_their_datasets(tmp_path: Path) -> None:
    before, after = round_trip(statements_of_all_forms, tmp_path)
    assert after == before
    assert "statements" in {part.name for part in before}
    assert import_pages([tmp_path]).clean
    assert [str(breach) for breach in find_breaches()] == []
    wrong = Statement.objects.get(state=2)
    assert (wrong.curator, wrong.state_reason) == ("Rosa Franklin", "Another gene.\nSee page 3.")
    dataset = Dataset.objects.get(name="GTRD signs")
    assert (dataset.licence, dataset.is_share_alike) == ("CC BY-SA 4.0", True)
    digest = content_digest()
    again = import_pages([tmp_path], force=True)
    assert again.clean
    assert content_digest() == digest
    # A retraction outlives pages that say otherwise, and no statement comes twice.
    assert Statement.objects.count() == 4


def test_page_without_statements_has_no_key_for_them(tmp_path: Path) -> None:
    make_interaction(make_protein(accession(1), "A"), make_protein(accession(2), "B"))
    export_pages(tmp_path)
    assert all("statements" not in file.read_text() for file in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"target": accession(2)}, "it names no dataset"),
        ({"target": "x", "dataset": "Curated here"}, "'x' is not a UniProt accession"),
        ({"target": accession(2), "dataset": "Curated here"}, "needs a publication"),
        ({"target": accession(2), "dataset": "Nothing", "pmid": "1"}, "is not described"),
        ({"target": accession(2), "dataset": "Curated here", "effect": "up"}, "is no effect"),
        ({"target": accession(2), "dataset": "Curated here", "pmid": "1", "basis": "stated"},
         "an effect, and nothing else, has a basis"),
        ({"target": accession(9), "dataset": "Curated here", "pmid": "1"}, "no interaction"),
        ("x", "it should be a mapping"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_statement_on_a_page_is_reported(
    tmp_path: Path, item: Any, reason: str
) -> None:
    make_interaction(make_protein(accession(1), "A"), make_protein(accession(2), "B"))
    text = page(accession(1), "A", statements=[item])
    report = import_pages([write(tmp_path, a=text)])
    assert [problem for problem in report.problems if reason in problem.reason], report.problems
    assert not Statement.objects.exists()


def test_undo_takes_statements_of_pages_back(tmp_path: Path) -> None:
    with undone():
        statements_of_all_forms()
        export_pages(tmp_path)
    before = content_digest()
    report = import_pages([tmp_path])
    undo_import(report.run_id)
    assert content_digest() == before
    assert [str(breach) for breach in find_breaches()] == []
