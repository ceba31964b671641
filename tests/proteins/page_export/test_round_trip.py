"""The content of a database comes through its pages whole, whatever it is."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curation.importing.run import import_pages
from curation.importing.source.known_defects import NAME_SPELLINGS, SOURCE_SPELLINGS
from curation.shared.evidence import evidence_for
from proteins.domain import identifiers
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.identifiers import without_invisible
from proteins.models import (
    BindingSite,
    JasparMatrix,
    Ortholog,
    Protein,
)
from tests.conftest import ROOT
from tests.factories import accession, make_interaction, make_protein, taxon
from tests.proteins.page_export.round_trip import round_trip
from tests.thoroughness import examples

pytestmark = pytest.mark.django_db

EXCERPT = ROOT / "tests" / "curation" / "importing" / "data" / "p04637-excerpt.md"


@pytest.mark.parametrize("source", [ROOT / "fixtures" / "pages", EXCERPT])
def test_import_of_the_export_gives_the_same_content(source: Path, tmp_path: Path) -> None:
    before, after = round_trip(lambda: import_pages([source]), tmp_path)
    assert after == before


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
