"""The digest of all content: what changes it, and what does not."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation.importing import run
from curation.importing.run import import_pages
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Effect,
    GeneID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    PubMedStatus,
    Reporting,
    ReviewStatus,
    SourceDatabase,
)
from proteins.queries.content_digest import content_digest, content_parts
from tests.conftest import ROOT
from tests.factories import change_at, make_interaction, make_protein, taxon
from tests.proteins.page_export.round_trip import undone

pytestmark = pytest.mark.django_db

PAGES = sorted((ROOT / "fixtures" / "pages").glob("*.md"))
#: Of `small_database`; the same on SQLite and PostgreSQL. A change of it is a change of the
#: canonical form, after which earlier digests mean nothing.
DIGEST = "b3217453b8b1d71c6c2df5358985a5084febccc6d7e3038a864854c11fae1468"


@pytest.fixture
def small_database() -> None:
    """One record of each kind; made in an order that is none of text."""
    target = make_protein("Q07812", "BAX", genes=[581])
    tf = make_protein("P04637", "naïve, 'TP53'", genes=[7157, 22], declared_tf=True)
    make_interaction(tf, target, pmids=[1588974, 27924024])
    make_interaction(tf, tf, sources=["TRED"], small_scale=SmallScale.YES)
    for identifier, listed in (("Q9QXV3", True), ("MOUSE18100", False)):
        Ortholog.objects.create(
            protein=tf, taxon=taxon("Mm"), identifier=identifier, in_tflink=listed
        )
    for version in (2, 1):
        JasparMatrix.objects.create(protein=tf, matrix_id=f"MA0106.{version}")
    BindingSite.objects.create(
        tflink_id="TFLinkLS08541019",
        tf=tf,
        evidence=evidence_for(EvidenceContent.of(["JASPAR"], ["selex"], [1588974])),
        assembly="hg38",
        chromosome="chr14",
        start=23670688,
        end=23670702,
        strand="-",
        overlaps=0,
    )
    Citation.objects.filter(pmid=1588974).update(title="A title", year=1992)


def digest_after(*batches: list[Path]) -> str:
    with undone():
        for pages in batches:
            import_pages(pages)
        return content_digest()


def test_the_digest_does_not_follow_the_order_of_import(monkeypatch: pytest.MonkeyPatch) -> None:
    together = digest_after(PAGES)
    assert digest_after(*([page] for page in reversed(PAGES))) == together
    monkeypatch.setattr(run, "PAGES_IN_CHUNK", 1)
    assert digest_after(PAGES[2:], PAGES[:2]) == together
    assert digest_after(PAGES, PAGES) == together


@pytest.mark.usefixtures("small_database")
def test_the_digest_is_the_same_on_every_database() -> None:
    assert content_digest() == DIGEST


@pytest.mark.usefixtures("small_database")
def test_each_kind_is_counted() -> None:
    assert {part.name: part.records for part in content_parts()} == {
        "proteins": 2,
        "interactions": 2,
        "binding sites": 1,
        "citations": 1,
        "sources and methods": 5,
    }


CHANGES: dict[str, tuple[str, Callable[[], object]]] = {
    "name": ("proteins", lambda: Protein.objects.filter(name="BAX").update(name="BAX1")),
    "taxon": ("proteins", lambda: Protein.objects.update(taxon=taxon("Mm"))),
    "declared flag": ("proteins", lambda: Protein.objects.update(declared_target=True)),
    "declared number": ("proteins", lambda: Protein.objects.update(declared_interactions=0)),
    "gene ID": ("proteins", lambda: GeneID.objects.filter(ncbi_gene_id=22).delete()),
    "matrix": ("proteins", lambda: JasparMatrix.objects.filter(matrix_id="MA0106.1").delete()),
    "ortholog": ("proteins", lambda: Ortholog.objects.update(in_tflink=True)),
    "new protein": ("proteins", lambda: make_protein("P00001")),
    "effect": ("interactions", lambda: Interaction.objects.update(effect=Effect.BOTH)),
    "status": ("interactions", lambda: Interaction.objects.update(status=ReviewStatus.REJECTED)),
    "reporting": (
        "interactions",
        lambda: Interaction.objects.update(reporting=Reporting.WITHDRAWN),
    ),
    "evidence": (
        "interactions",
        lambda: Interaction.objects.filter(target__name="BAX").update(
            evidence=evidence_for(EvidenceContent.of(["GTRD"]))
        ),
    ),
    "strand": ("binding sites", lambda: BindingSite.objects.update(strand="+")),
    "sequence": ("binding sites", lambda: BindingSite.objects.update(sequence="ACGT")),
    "overlaps": ("binding sites", lambda: BindingSite.objects.update(overlaps=None)),
    "citation": ("citations", lambda: Citation.objects.filter(pmid=1588974).update(doi="10.1/x")),
    "retraction": (
        "citations",
        lambda: Citation.objects.filter(pmid=27924024).update(is_retracted=True),
    ),
    "source": (
        "sources and methods",
        lambda: SourceDatabase.objects.filter(key="TRED").update(url="https://example.org/"),
    ),
    "licence of a source": (
        "sources and methods",
        lambda: SourceDatabase.objects.filter(key="TRED").update(licence="CC BY 4.0"),
    ),
    "method": (
        "sources and methods",
        lambda: DetectionMethod.objects.filter(name="selex").update(psi_mi_id=None),
    ),
}


@pytest.mark.parametrize("what", CHANGES)
@pytest.mark.usefixtures("small_database")
def test_a_change_of_content_changes_its_part(what: str) -> None:
    part, change = CHANGES[what]
    before, whole = content_parts(), content_digest()
    change()
    changed = {one.name for one, other in zip(before, content_parts(), strict=True) if one != other}
    assert part in changed
    assert changed <= {part, "sources and methods"}
    assert content_digest() != whole


@pytest.mark.usefixtures("small_database")
def test_what_is_no_content_changes_nothing() -> None:
    before = content_parts()
    Protein.objects.update(has_page=True, in_table=True, target_count=9, tf_count=9)
    change_at(timezone.now(), Protein.objects.all(), Interaction.objects.all())
    Citation.objects.update(pubmed_status=PubMedStatus.FOUND, looked_up_at=timezone.now())
    evidence_for(EvidenceContent.of(["Nobody's"], ["unused"], [99]))
    assert content_parts() == before


@pytest.mark.usefixtures("small_database")
def test_queries_do_not_grow_with_what_is_read() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            content_digest()
        return len(captured)

    few = queries()
    tf = Protein.objects.get(name="BAX")
    for number in range(20):
        make_interaction(tf, make_protein(f"P{number:05d}", genes=[number + 1]), pmids=[number + 1])
    assert queries() == few


@pytest.mark.usefixtures("small_database")
def test_the_command_prints_it() -> None:
    def lines(*options: str) -> list[str]:
        out = io.StringIO()
        call_command("content_digest", *options, stdout=out)
        return out.getvalue().splitlines()

    assert lines() == [content_digest()]
    *parts, whole = lines("--parts")
    assert whole == content_digest()
    assert parts[0].endswith("  proteins (2)")
    assert len(parts) == 5
