from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import BindingSite, Effect, JasparMatrix, Ortholog, ReviewStatus
from tests.factories import make_interaction, make_protein, taxon

#: A name that tries each format.
HOSTILE = "<b>|\"'&*_:1"


@pytest.fixture
def releases(tmp_path: Path, settings: LazySettings) -> Path:
    """Where releases are kept: a folder that is not there yet."""
    settings.RELEASES_DIR = tmp_path / "data" / "releases"
    return tmp_path / "data" / "releases"


@pytest.fixture
def content(db: None) -> None:
    fill()


def fill() -> None:
    """Two species, made in no order: three TFs, each scale, a rejected one, a site."""
    yeast = [make_protein(name, code="Sc") for name in ("P00012", "P00011")]
    make_interaction(yeast[0], yeast[1], small_scale=SmallScale.NOT_STATED)
    bax, ing = make_protein("Q07812", HOSTILE, genes=[581]), make_protein("Q9UK53", "ING1")
    tp = make_protein("P04637", "TP53", genes=[7157])
    make_interaction(ing, tp, small_scale=SmallScale.YES, pmids=[1588974])
    make_interaction(ing, bax)
    make_interaction(tp, bax, effect=Effect.ACTIVATION, sources=["TRED"])
    make_interaction(bax, tp, status=ReviewStatus.REJECTED, sources=["Hearsay"])
    make_interaction(tp, tp, small_scale=SmallScale.NOT_STATED)
    Ortholog.objects.create(protein=tp, taxon=taxon("Mm"), identifier="P02340", in_tflink=True)
    JasparMatrix.objects.create(protein=tp, matrix_id="MA0106.1")
    BindingSite.objects.create(
        tflink_id="TFLinkLS08541019",
        tf=tp,
        evidence=evidence_for(EvidenceContent.of(["JASPAR"], ["selex"], [1588974], SmallScale.YES)),
        assembly="hg38",
        chromosome="chr14",
        start=23670688,
        end=23670702,
        strand="-",
        sequence="ACGTACGTACGTAC",
    )
