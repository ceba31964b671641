"""Each filter of each resource, and the rules that all of them keep."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.filters import interactions
from proteins.models import (
    BindingSite,
    Citation,
    Effect,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    PubMedStatus,
    ReviewStatus,
)
from tests.factories import make_change, make_interaction, make_protein, taxon
from tests.proteins.api.conftest import Get, identifiers

pytestmark = pytest.mark.django_db

CHIP = "chromatin immunoprecipitation assay"


@pytest.fixture(scope="module")
def network(module_db: None) -> None:
    """Three TFs of two species; P53 regulates itself, and sees every kind of evidence."""
    old = make_change(timezone.now() - datetime.timedelta(days=365))
    p53 = make_protein("P04637", "TP53", genes=[7157, 7158], declared_tf=True, has_page=True)
    bax = make_protein("Q07812", "BAX", genes=[581], declared_interactions=40)
    bare = make_protein("A0A1B0GVJ0")
    yeast = make_protein("P20134", "SFL1", code="Sc", genes=[854])
    JasparMatrix.objects.create(protein=p53, matrix_id="MA0106.1")
    JasparMatrix.objects.create(protein=p53, matrix_id="MA0106.2")
    yes, no, unstated = SmallScale.YES, SmallScale.NO, SmallScale.NOT_STATED
    make_interaction(
        p53, p53, sources=["TRRUST"], methods=["one hybrid"], pmids=[11], small_scale=yes,
        effect=Effect.ACTIVATION, status=ReviewStatus.CONFIRMED,
    )  # fmt: skip
    make_interaction(p53, bax, sources=["GTRD", "ReMap"], pmids=[12, 27924024], small_scale=no)
    make_interaction(bax, bare, sources=["GTRD"], pmids=[13], small_scale=unstated)
    make_interaction(yeast, yeast, sources=["Yeastract"], methods=["selex"], pmids=[14])
    Protein.objects.filter(accession="P20134").update(change=old)
    Interaction.objects.filter(tf=yeast).update(change=old)


SINCE = str(timezone.now().date() - datetime.timedelta(days=30))


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, "A0A1B0GVJ0 P04637 P20134 Q07812"),
        ({"accession": "p04637, Q07812,P99999"}, "P04637 Q07812"),
        ({"name": "tp53"}, "P04637"),
        ({"name": "TP"}, ""),
        ({"name_prefix": "tp"}, "P04637"),
        ({"has_name": "false"}, "A0A1B0GVJ0"),
        ({"has_name": "true"}, "P04637 P20134 Q07812"),
        ({"q": "p0"}, "P04637"),
        ({"q": "ba"}, "Q07812"),
        ({"q": "581"}, "Q07812"),
        ({"gene_id": "7157,7158,581"}, "P04637 Q07812"),
        ({"taxon": 559292}, "P20134"),
        ({"taxon": "559292,9606"}, "A0A1B0GVJ0 P04637 P20134 Q07812"),
        ({"is_tf": "false"}, "A0A1B0GVJ0"),
        ({"is_target": "true", "taxon": 9606}, "A0A1B0GVJ0 P04637 Q07812"),
        ({"has_page": "true"}, "P04637"),
        ({"jaspar_matrix": "MA0106.1,MA0106.2"}, "P04637"),
        ({"declared_interactions_min": 40}, "Q07812"),
        ({"declared_interactions_max": 39}, ""),
        ({"target_count_min": 2}, "P04637"),
        ({"target_count_max": 0}, "A0A1B0GVJ0"),
        ({"tf_count_min": 2}, ""),
        ({"tf_count_max": 0}, ""),
        ({"source": "yeastract,TRRUST"}, "P04637 P20134"),
        ({"source": "GTRD", "method": "MI:0402", "is_tf": "true"}, "P04637 Q07812"),
        ({"method": "selex,one hybrid"}, "P04637 P20134"),
        ({"status": "confirmed,disputed"}, "P04637"),
        ({"status": "disputed"}, ""),
        ({"has_small_scale": "true"}, "P04637"),
        ({"has_small_scale": "false", "source": "GTRD"}, "A0A1B0GVJ0 Q07812"),
        ({"has_binding_sites": "true"}, ""),
        ({"has_binding_sites": "false", "status": "confirmed"}, "P04637"),
        ({"changed_since": SINCE, "taxon": "9606,559292"}, "A0A1B0GVJ0 P04637 Q07812"),
        ({"changed_since": "2100-01-01T00:00:00+02:00"}, ""),
    ],
)
def test_proteins(get: Get, query: dict[str, Any], expected: str) -> None:
    assert identifiers(get("proteins/", **query)) == expected.split()


SELF, BAX, BARE, YEAST = "P04637-P04637", "P04637-Q07812", "Q07812-A0A1B0GVJ0", "P20134-P20134"


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize("few", [0, 250_000])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, {SELF, BAX, BARE, YEAST}),
        ({"tf": "p04637"}, {SELF, BAX}),
        ({"tf": "P04637,P20134"}, {SELF, BAX, YEAST}),
        ({"tf": "P99999"}, set()),
        ({"target": "Q07812,A0A1B0GVJ0"}, {BAX, BARE}),
        ({"either": "Q07812"}, {BAX, BARE}),
        ({"taxon": 559292}, {YEAST}),
        ({"taxon": 559292, "tf": "P04637"}, set()),
        ({"source": "gtrd"}, {BAX, BARE}),
        ({"source": "GTRD,Yeastract"}, {BAX, BARE, YEAST}),
        ({"source": "GTRD", "taxon": 559292}, set()),
        ({"source": "GTRD", "tf": "P04637"}, {BAX}),
        ({"method": "MI:0432"}, {SELF}),
        ({"method": f"selex,{CHIP}"}, {BAX, BARE, YEAST}),
        ({"pmid": "11,13"}, {SELF, BARE}),
        ({"pmid": 99}, set()),
        ({"pmid": 12, "source": "ReMap", "method": CHIP}, {BAX}),
        ({"small_scale": "yes"}, {SELF}),
        ({"small_scale": "no"}, {BAX, YEAST}),
        ({"small_scale": "not_stated"}, {BARE}),
        ({"small_scale": "not stated,yes"}, {SELF, BARE}),
        ({"tier": "supported"}, {SELF}),
        ({"tier": "strong,single"}, {BARE, YEAST}),
        ({"tier": "repeated", "small_scale": "no"}, {BAX}),
        ({"method_class": "binding in vitro"}, {SELF, YEAST}),
        ({"method_class": "binding_in_vitro,binding_in_vivo"}, {SELF, BAX, BARE, YEAST}),
        ({"method_class": "reporter,expression,curated,other"}, set()),
        ({"single_source": "true"}, {SELF, BARE, YEAST}),
        ({"single_source": "false"}, {BAX}),
        ({"only_source": "GTRD"}, {BARE}),
        ({"only_source": "gtrd,ReMap"}, {BAX, BARE}),
        ({"only_pmid": "12"}, {BAX}),
        ({"only_pmid": "11,12,13"}, {SELF, BAX, BARE}),
        ({"source": "GTRD", "exclude_source": "ReMap"}, {BARE}),
        ({"exclude_source": "GTRD,TRRUST"}, {YEAST}),
        ({"exclude_method": "selex,MI:0432"}, {BAX, BARE}),
        ({"exclude_pmid": "11,12"}, {BARE, YEAST}),
        ({"exclude_tier": "single,repeated"}, {SELF}),
        ({"exclude_tier": "single,repeated,supported,strong"}, set()),
        ({"exclude_method_class": "binding in vivo"}, {SELF, YEAST}),
        ({"effect": "activation"}, {SELF}),
        ({"effect": "activation,unknown"}, {SELF, BAX, BARE, YEAST}),
        ({"status": "confirmed,disputed"}, {SELF}),
        ({"status": "unreviewed"}, {BAX, BARE, YEAST}),
        ({"changed_since": SINCE}, {SELF, BAX, BARE}),
    ],
)
def test_interactions(
    get: Get, monkeypatch: pytest.MonkeyPatch, query: dict[str, Any], expected: set[str], few: int
) -> None:
    """The same rows by either way of finding them."""
    monkeypatch.setattr(interactions, "FEW", few)
    monkeypatch.setattr(interactions, "_is_met_soon", lambda _: False)
    assert set(identifiers(get("interactions/", **query), "id")) == expected


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"tf": "P04637"}, [1, 2, 3]),
        ({"tflink_id": "TFLinkLS2"}, [2]),
        ({"taxon": 9606}, [1, 2, 3]),
        ({"taxon": 10090}, []),
        ({"source": "JASPAR"}, [1, 2, 3]),
        ({"pmid": 5, "tf": "P04637"}, [1, 2, 3]),
        ({"small_scale": "yes"}, []),
        ({"tier": "single"}, [1, 2, 3]),
        ({"exclude_source": "JASPAR"}, []),
        ({"tf": "P04637", "assembly": "hg38", "chromosome": "chr1"}, [1, 2]),
        ({"tf": "P04637", "start_min": 150, "end_max": 250}, [2]),
        ({"tf": "P04637", "start_max": 150, "end_min": 101}, [1]),
        ({"tf": "P04637", "strand": "minus"}, [2]),
        ({"tf": "P04637", "strand": "plus,not_stated"}, [1, 3]),
        ({"tf": "P04637", "overlaps_min": 1, "overlaps_max": 1}, [1]),
        ({"tf": "P04637", "has_sequence": "true"}, [3]),
        ({"tf": "P04637", "has_sequence": "false"}, [1, 2]),
    ],
)
def test_binding_sites(get: Get, query: dict[str, Any], expected: list[int]) -> None:
    tf = Protein.objects.get(accession="P04637")
    evidence = evidence_for(EvidenceContent.of(["JASPAR"], [], [5], SmallScale.NO))
    placed = {"assembly": "hg38", "chromosome": "chr1"}
    rows: list[dict[str, Any]] = [
        {**placed, "start": 100, "end": 120, "strand": "+", "overlaps": 1},
        {**placed, "start": 200, "end": 220, "strand": "-", "overlaps": 2},
        {"sequence": "ACGT"},
    ]
    for number, row in enumerate(rows, 1):
        BindingSite.objects.create(tflink_id=f"TFLinkLS{number}", tf=tf, evidence=evidence, **row)
    assert identifiers(get("binding-sites/", **query), "tflink_id") == [
        f"TFLinkLS{number}" for number in expected
    ]


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"pmid": "11,14,15"}, [11, 14]),
        ({"title": "KINASE"}, [12]),
        ({"author": "curie"}, [12]),
        ({"journal": "nature"}, [12]),
        ({"year_min": 1903, "year_max": 1903}, [12]),
        ({"year_max": 1902}, []),
        ({"doi": "10.1/ABC"}, [12]),
        ({"has_title": "true"}, [12]),
        ({"has_title": "false", "is_database_paper": "false"}, [11, 13, 14]),
        ({"is_database_paper": "true"}, [27924024]),
        ({"is_retracted": "true"}, [13]),
        ({"is_retracted": "false", "pmid": "12,13"}, [12]),
        ({"pubmed_status": "found"}, [12]),
        ({"pubmed_status": "not found"}, [13]),
        ({"pubmed_status": "found,not_found"}, [12, 13]),
        ({"looked_up_since": "2026-11-01"}, [12]),
        ({"source": "ReMap,Yeastract"}, [12, 14, 27924024]),
        ({"method": "MI:0657"}, [14]),
        ({"source": "ReMap", "method": "selex"}, []),
    ],
)
def test_citations(get: Get, query: dict[str, Any], expected: list[int]) -> None:
    Citation.objects.filter(pmid=12).update(
        title="A kinase",
        authors="Curie M",
        journal="Nature",
        year=1903,
        doi="10.1/abc",
        pubmed_status=PubMedStatus.FOUND,
        looked_up_at=datetime.datetime(2026, 11, 21, tzinfo=datetime.UTC),
    )
    Citation.objects.filter(pmid=13).update(
        is_retracted=True,
        pubmed_status=PubMedStatus.NOT_FOUND,
        looked_up_at=datetime.datetime(2026, 10, 21, tzinfo=datetime.UTC),
    )
    assert identifiers(get("citations/", **query), "pmid") == expected


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["MOUSE1", "P02340", "Q9QXV3"]),
        ({"protein": "p04637"}, ["MOUSE1", "P02340"]),
        ({"protein_taxon": "559292,10090"}, ["Q9QXV3"]),
        ({"taxon": 10090}, ["P02340", "Q9QXV3"]),
        ({"taxon": 10090, "protein_taxon": 9606, "in_tflink": "true"}, ["P02340"]),
        ({"identifier": "MOUSE1,P02340", "sort": "-identifier"}, ["P02340", "MOUSE1"]),
        ({"in_tflink": "false"}, ["MOUSE1", "Q9QXV3"]),
    ],
)
def test_orthologs(get: Get, query: dict[str, Any], expected: list[str]) -> None:
    p53, yeast = (Protein.objects.get(accession=key) for key in ("P04637", "P20134"))
    mouse, rat = taxon("Mm"), taxon("Rn")
    Ortholog.objects.create(protein=p53, taxon=mouse, identifier="P02340", in_tflink=True)
    Ortholog.objects.create(protein=p53, taxon=rat, identifier="MOUSE1")
    Ortholog.objects.create(protein=yeast, taxon=mouse, identifier="Q9QXV3")
    rows = identifiers(get("orthologs/", **query), "identifier")
    assert (rows if "sort" in query else sorted(rows)) == expected


@pytest.mark.usefixtures("network")
@pytest.mark.parametrize(
    ("path", "query", "field", "expected"),
    [
        ("sources/", {"key": "GTRD,Yeastract"}, "key", ["GTRD", "Yeastract"]),
        ("sources/", {"name": "remap"}, "key", ["ReMap"]),
        ("sources/", {"pmid": 27924024}, "key", ["GTRD"]),
        ("sources/", {"via": "DoRothEA"}, "key", ["TFe_via_DoRothEA"]),
        ("sources/", {"is_direct": "false"}, "key", ["TFe_via_DoRothEA"]),
        ("sources/", {"is_aggregator": "true"}, "key", []),
        ("sources/", {"is_aggregator": "false", "name": "remap"}, "key", ["ReMap"]),
        ("methods/", {"method_class": "expression"}, "name", ["western blot"]),
        ("methods/", {"name": "Selex"}, "name", ["selex"]),
        ("methods/", {"name_contains": "HYB"}, "name", ["one hybrid"]),
        ("methods/", {"psi_mi_id": "MI:0657"}, "name", ["selex"]),
        ("methods/", {"has_psi_mi_id": "false"}, "name", ["guess"]),
        ("methods/", {"identifies_participant_only": "true"}, "name", ["western blot"]),
        ("taxa/", {"ncbi_taxon_id": 9606}, "code", ["Hs"]),
        ("taxa/", {"scientific_name": "mus musculus"}, "code", ["Mm"]),
        ("taxa/", {"code": "Sc"}, "ncbi_taxon_id", [559292]),
    ],
)
def test_vocabularies(
    get: Get, path: str, query: dict[str, Any], field: str, expected: list[Any]
) -> None:
    make_interaction(
        make_protein("P00001"),
        make_protein("P00002"),
        sources=["TFe_via_DoRothEA"],
        methods=["western blot", "guess"],
        pmids=[],
    )
    assert identifiers(get(path, **query), field) == expected
