"""What the API returns of the five documents, and of records made for the purpose."""

from __future__ import annotations

import pytest

from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    JasparMatrix,
    Ortholog,
    ReviewStatus,
    SourceDatabase,
)
from tests.factories import make_interaction, make_protein, taxon
from tests.proteins.api.conftest import Get, identifiers

pytestmark = pytest.mark.django_db


def test_root_lists_the_resources(get: Get) -> None:
    root = get("")
    for name in ("taxa", "proteins", "interactions", "citations", "sources", "methods"):
        assert get(root[name])["previous"] is None


@pytest.mark.usefixtures("five_pages")
class TestFivePages:
    @pytest.mark.parametrize("spelling", ["Q9UK53", "q9uk53"])
    def test_protein(self, get: Get, spelling: str) -> None:
        protein = get(f"proteins/{spelling}/")
        assert protein["accession"] == "Q9UK53"
        assert protein["name"] == "ING1"
        assert protein["taxon"]["scientific_name"] == "Homo sapiens"
        assert protein["gene_ids"] == [3621]
        assert protein["is_tf"] is True
        assert protein["declared_interactions"] == 636
        assert protein["url"] == "http://testserver/api/v1/proteins/Q9UK53/"
        assert protein["uniprot"] == "https://www.uniprot.org/uniprotkb/Q9UK53/entry"
        assert protein["orthologs"]

    def test_protein_without_a_name(self, get: Get) -> None:
        assert get("proteins/A0A1B0GVJ0/")["name"] is None

    def test_interaction(self, get: Get) -> None:
        interaction = get("interactions/Q9UK53-Q07812/")
        assert interaction["id"] == "Q9UK53-Q07812"
        assert interaction["tf"]["accession"] == "Q9UK53"
        assert interaction["target"]["name"] == "BAX"
        assert interaction["small_scale"] in ("yes", "no")
        assert interaction["effect"] == "unknown"
        assert interaction["status"] == "unreviewed"
        assert interaction["sources"]
        assert interaction["methods"][0]["psi_mi_id"].startswith("MI:")
        kinds = [publication["is_database_paper"] for publication in interaction["publications"]]
        assert kinds == sorted(kinds)

    def test_small_scale_that_is_not_stated(self, get: Get) -> None:
        page = get("interactions/", either="Q13950", small_scale="not_stated", page_size=1000)
        assert len(page["results"]) == 44
        assert {row["small_scale"] for row in page["results"]} == {"not stated"}
        assert get("interactions/", either="Q13950", small_scale="yes,no")["results"] == []

    def test_lists_hold_what_was_imported(self, get: Get) -> None:
        sizes = {
            "proteins": 393,
            "interactions": 454,
            "citations": 108,
            "sources": 13,
            "methods": 4,
        }
        for name, size in sizes.items():
            page = get(f"{name}/", page_size=1000)
            assert (name, len(page["results"])) == (name, size)
            assert page["next"] is page["previous"] is None


def test_a_rejected_interaction_is_nowhere(get: Get) -> None:
    tf, target = make_protein("P04637"), make_protein("Q07812")
    make_interaction(
        tf,
        target,
        sources=["Hearsay"],
        methods=["rumour"],
        pmids=[123],
        status=ReviewStatus.REJECTED,
    )
    assert get("interactions/")["results"] == []
    assert get("interactions/", tf="P04637")["results"] == []
    get("interactions/P04637-Q07812/", expect=410)
    for name in ("citations", "sources", "methods"):
        assert get(f"{name}/")["results"] == []
    get("citations/123/", expect=404)
    get("sources/Hearsay/", expect=404)
    get(f"methods/{DetectionMethod.objects.get(name='rumour').pk}/", expect=404)


def test_what_a_binding_site_cites_is_visible(get: Get) -> None:
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS08541019",
        tf=make_protein("P04637", "TP53"),
        assembly="hg38",
        chromosome="chr14",
        start=23670688,
        end=23670702,
        strand="-",
        overlaps=0,
        sequence="ACGT",
        evidence=evidence_for(EvidenceContent.of(["JASPAR"], ["selex"], [1588974], SmallScale.NO)),
    )
    record = get(f"binding-sites/{site.tflink_id}/")
    assert record["strand"] == "-"
    assert record["ucsc"].endswith("position=chr14:23670688-23670702")
    assert record["small_scale"] == "no"
    assert identifiers(get("citations/"), "pmid") == [1588974]
    assert identifiers(get("sources/"), "key") == ["JASPAR"]
    BindingSite.objects.update(assembly="", chromosome="", start=None, end=None, strand="")
    record = get(f"binding-sites/{site.tflink_id}/")
    assert [record[name] for name in ("assembly", "start", "strand", "ucsc")] == [None] * 4


def test_orthologs_and_matrices(get: Get) -> None:
    protein = make_protein("P04637")
    make_protein("P02340", code="Mm")
    JasparMatrix.objects.create(protein=protein, matrix_id="MA0106.1")
    mouse = taxon("Mm")
    for identifier in ("MOUSE18100", "P02340", "Q9QXV3"):
        Ortholog.objects.create(protein=protein, taxon=mouse, identifier=identifier)
    p53 = get("proteins/P04637/")
    assert p53["jaspar_matrices"] == ["MA0106.1"]
    orthologs = {row["identifier"]: row for row in p53["orthologs"]}
    assert orthologs["P02340"]["url"] == "http://testserver/api/v1/proteins/P02340/"
    assert orthologs["Q9QXV3"]["url"] is None
    assert orthologs["Q9QXV3"]["uniprot"].endswith("/Q9QXV3/entry")
    assert orthologs["MOUSE18100"]["uniprot"] is None


def test_a_method_has_two_urls(get: Get) -> None:
    make_interaction(make_protein("P04637"), make_protein("Q07812"), methods=["one/two, three"])
    (method,) = get("methods/", name="ONE/TWO, three")["results"]
    assert method["psi_mi_id"] is None
    assert get(method["url"]) == method
    DetectionMethod.objects.filter(name=method["name"]).update(psi_mi_id="MI:9999")
    assert get("methods/mi:9999/")["name"] == "one/two, three"
    (row,) = get("interactions/", method=r"one/two\, three")["results"]
    assert row["methods"] == [{"name": "one/two, three", "psi_mi_id": "MI:9999"}]


def test_a_source_whose_key_holds_a_slash(get: Get) -> None:
    make_interaction(make_protein("P04637"), make_protein("Q07812"), sources=["A/B c_via_GTRD"])
    citation = Citation.objects.create(pmid=77)
    SourceDatabase.objects.filter(key="A/B c_via_GTRD").update(publication=citation)
    (source,) = get("sources/")["results"]
    assert source["name"] == "A/B c"
    assert source["via"] == "GTRD"
    assert source["pmid"] == 77
    assert get(source["url"]) == source


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("proteins/P99999/", "No protein 'P99999' is here."),
        ("proteins/nonsense/", "'nonsense' is not a UniProt accession."),
        ("interactions/P04637/", "not two accessions joined by a hyphen"),
        ("interactions/P04637-x/", "'x' is not a UniProt accession"),
        ("binding-sites/TFLink/", "is not the TFLink ID of a binding site"),
        ("citations/1.0/", "'1.0' is not a PubMed ID"),
        ("citations/99999999999999999999/", "is not a PubMed ID"),
        ("taxa/10/", "No taxon '10' is here."),
        ("taxa/9606 /", "'9606 ' is not an NCBI taxon ID"),
        ("methods/9999999999/", "is not the number or PSI-MI ID of a method"),
        ("sources/a/b/c/", "No source database 'a/b/c' is here."),
        ("sources/%00/", "holds no NUL character"),
        ("proteins/%FF/", "is not a UniProt accession"),
        ("nowhere/", "There is nothing at this address"),
    ],
)
def test_what_is_not_there(get: Get, path: str, detail: str) -> None:
    assert detail in get(path, expect=404)["detail"]
