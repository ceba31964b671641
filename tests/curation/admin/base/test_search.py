from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from curation.admin.base.change_list import BoundedPaginator
from proteins.domain.evidence import SmallScale
from proteins.models import (
    BindingSite,
    Effect,
    Evidence,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    ReviewStatus,
)
from tests.factories import accession, make_interaction, make_protein, taxon


@pytest.fixture
def some(db: None) -> dict[str, Interaction]:
    """ING1 regulates BAX and TP53; mouse Sox4 regulates a protein without a name."""
    ing1 = make_protein("Q9UK53", "ING1", genes=[3621])
    bax = make_protein("Q07812", "BAX", genes=[581])
    tp53 = make_protein("P04637", "TP53", genes=[7157])
    sox4 = make_protein("Q06831", "Sox4", code="Mm", genes=[20677])
    unnamed = make_protein("A0A1B0GVJ0", code="Mm")
    return {
        "ING1 BAX": make_interaction(ing1, bax, pmids=(27924024, 17244529)),
        "ING1 TP53": make_interaction(
            ing1,
            tp53,
            sources=("TRRUST",),
            methods=("inferred by curator",),
            pmids=(29087512, 7157),
            small_scale=SmallScale.YES,
            effect=Effect.ACTIVATION,
        ),
        "Sox4 none": make_interaction(sox4, unnamed, status=ReviewStatus.REJECTED),
    }


def listed(curator: Client, model: str, query: str) -> set[int]:
    answer = curator.get(reverse(f"admin:proteins_{model}_changelist") + query)
    assert answer.status_code == 200
    return {row.pk for row in answer.context["cl"].result_list}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {"ING1 BAX", "ING1 TP53", "Sox4 none"}),
        ("ING1", {"ING1 BAX", "ING1 TP53"}),
        ("ing", {"ING1 BAX", "ING1 TP53"}),
        ("q07812", {"ING1 BAX"}),
        ("ING1 BAX", {"ING1 BAX"}),
        ("bax nobody", set()),
        ("Q9UK53-Q07812", {"ING1 BAX"}),
        ("Q07812-Q9UK53", set()),
        ("ING1-BAX", {"ING1 BAX"}),
        ("ing1 → tp53", {"ING1 TP53"}),
        ("ING1->Q07812", {"ING1 BAX"}),
        ("BAX-ING1", set()),
        ("ING1->nobody", set()),
        ("581", {"ING1 BAX"}),
        ("7157", {"ING1 TP53"}),
        ("PMID 17244529", {"ING1 BAX"}),
        ("17244529", {"ING1 BAX"}),
        ("A0A1B", {"Sox4 none"}),
        ("nobody", set()),
        ("99999999999999999999", set()),
        ("%", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_interactions_are_found(
    curator: Client, some: dict[str, Interaction], text: str, expected: set[str]
) -> None:
    answer = curator.get(reverse("admin:proteins_interaction_changelist"), {"q": text})
    pks = {row.pk for row in answer.context["cl"].result_list}
    assert pks == {some[name].pk for name in expected}


def test_a_hyphen_may_be_part_of_a_name(curator: Client, some: dict[str, Interaction]) -> None:
    bax = Protein.objects.get(name="BAX")
    wanted = make_interaction(make_protein("P52952", "NKX2-5"), bax)
    for text in ("NKX2-5", "NKX2-5-BAX", "nkx2-5 - bax", "NKX2-5 BAX"):
        assert listed(curator, "interaction", f"?q={text}") == {wanted.pk}, text


def test_suggestions_name_the_species_and_begin_with_exact_matches(
    curator: Client, some: dict[str, Interaction]
) -> None:
    for number in range(70):
        make_protein(accession(number), f"Sox{number + 1}1")
    make_protein("P08047", "Sox4", code="Rn")
    fields = {"app_label": "proteins", "model_name": "interaction", "field_name": "tf"}
    answer = curator.get(reverse("admin:autocomplete"), {**fields, "term": "sox4"})
    assert [row["text"] for row in answer.json()["results"]][:3] == [
        "Sox4 (P08047), Rattus norvegicus",
        "Sox4 (Q06831), Mus musculus",
        "Sox41 (P00003), Homo sapiens",
    ]
    assert not curator.get(reverse("admin:autocomplete"), {**fields, "term": "zzz"}).json()[
        "results"
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?status=3", {"Sox4 none"}),
        ("?status=0", {"ING1 BAX", "ING1 TP53"}),
        ("?effect=1", {"ING1 TP53"}),
        ("?species=Mm", {"Sox4 none"}),
        ("?source=TRRUST", {"ING1 TP53"}),
        ("?method=inferred+by+curator", {"ING1 TP53"}),
        ("?small_scale=YES", {"ING1 TP53"}),
        ("?small_scale=NO&q=ING1", {"ING1 BAX"}),
        ("?status=99", {"ING1 BAX", "ING1 TP53", "Sox4 none"}),
        ("?o=1.2.3", {"ING1 BAX", "ING1 TP53", "Sox4 none"}),
    ],
)
def test_interactions_are_filtered(
    curator: Client, some: dict[str, Interaction], query: str, expected: set[str]
) -> None:
    assert listed(curator, "interaction", query) == {some[name].pk for name in expected}


def test_the_interactions_of_one_evidence_row_are_listed(
    curator: Client, some: dict[str, Interaction]
) -> None:
    one = some["ING1 TP53"]
    assert listed(curator, "interaction", f"?evidence={one.evidence_id}") == {one.pk}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=sox", {"Q06831"}),
        ("?q=7157", {"P04637"}),
        ("?q=Q", {"Q9UK53", "Q07812", "Q06831"}),
        ("?species=Mm", {"Q06831", "A0A1B0GVJ0"}),
        ("?function=tf", {"Q9UK53"}),  # Sox4's only interaction is rejected
        ("?function=target", {"Q07812", "P04637"}),
    ],
)
def test_proteins_are_found(
    curator: Client, some: dict[str, Interaction], query: str, expected: set[str]
) -> None:
    proteins = Protein.objects.filter(pk__in=listed(curator, "protein", query))
    assert {protein.accession for protein in proteins} == expected


def test_sites_orthologs_matrices_and_gene_ids_are_found(
    curator: Client, some: dict[str, Interaction]
) -> None:
    interaction = some["ING1 BAX"]
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS08541019", tf=interaction.tf, evidence=interaction.evidence
    )
    ortholog = Ortholog.objects.create(
        protein=interaction.tf, taxon=taxon("Mm"), identifier="MOUSE18100"
    )
    matrix = JasparMatrix.objects.create(protein=interaction.tf, matrix_id="MA0106.1")
    for text in ("tflinkls0854", "ING1", "3621"):
        assert listed(curator, "bindingsite", f"?q={text}") == {site.pk}
    assert listed(curator, "bindingsite", "?q=BAX") == set()
    assert listed(curator, "bindingsite", "?source=GTRD&species=Hs") == {site.pk}
    for text in ("MOUSE181", "ING1"):
        assert listed(curator, "ortholog", f"?q={text}") == {ortholog.pk}
    for text in ("ma0106", "Q9UK53"):
        assert listed(curator, "jasparmatrix", f"?q={text}") == {matrix.pk}
    assert len(listed(curator, "geneid", "?q=3621")) == 1


def test_evidence_is_found_by_what_it_says(curator: Client, some: dict[str, Interaction]) -> None:
    wanted = {some["ING1 TP53"].evidence_id}
    for query in ("?q=trrust", "?q=7157", "?q=small-scale+curator", "?source=TRRUST"):
        assert listed(curator, "evidence", query) == wanted
    assert listed(curator, "evidence", "?q=trrust+17244529") == set()
    assert len(listed(curator, "evidence", "")) == Evidence.objects.count()


def test_citations_are_found_by_pmid_kind_and_words(
    curator: Client, some: dict[str, Interaction]
) -> None:
    assert len(listed(curator, "citation", "?q=17244529")) == 1
    assert listed(curator, "citation", "?q=1724452") == set()
    own = listed(curator, "citation", "?kind=database")
    primary = listed(curator, "citation", "?kind=primary")
    assert len(primary) == 2
    assert not own & primary


@pytest.mark.parametrize(
    ("field", "model", "term", "expected"),
    [
        ("tf", "interaction", "ing", ["ING1 (Q9UK53), Homo sapiens"]),
        ("target", "interaction", "7157", ["TP53 (P04637), Homo sapiens"]),
        (
            "evidence",
            "interaction",
            "TRRUST 7157",
            ["TRRUST; PMID 7157, 29087512; small-scale: yes"],
        ),
        ("taxon", "ortholog", "Mus", ["Mus musculus"]),
        ("publication", "sourcedatabase", "17244529", ["PMID 17244529"]),
    ],
)
def test_autocomplete_offers_what_is_meant(
    curator: Client,
    some: dict[str, Interaction],
    field: str,
    model: str,
    term: str,
    expected: list[str],
) -> None:
    answer = curator.get(
        reverse("admin:autocomplete"),
        {"app_label": "proteins", "model_name": model, "field_name": field, "term": term},
    )
    assert [result["text"] for result in answer.json()["results"]] == expected


def test_a_long_list_is_counted_up_to_a_limit(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("curation.admin.base.change_list.COUNTED", 3)
    hub = make_protein("Q9UK53", "ING1")
    for number in range(5):
        make_interaction(hub, make_protein(f"P0000{number}", f"GENE{number}"))
    for query in ("", "?q=ING1"):
        page = curator.get(reverse("admin:proteins_interaction_changelist") + query)
        assert "more than 3 interactions" in page.text
        assert isinstance(page.context["cl"].paginator, BoundedPaginator)
    page = curator.get(reverse("admin:proteins_interaction_changelist") + "?q=GENE1")
    assert "more than" not in page.text


def test_a_filter_counts_the_rows_of_each_choice(
    curator: Client, some: dict[str, Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("admin:proteins_interaction_counts")
    answer = curator.get(url, {"_filter": "status", "species": "Hs"})
    assert answer.json() == {"counts": ["2", "2", "0", "0", "0"]}
    assert curator.get(url, {"_filter": "nothing"}).json() == {"counts": []}
    assert curator.get(url, {"_filter": "status", "no_such": "1"}).json() == {"counts": []}
    assert curator.post(url, {"_filter": "status"}).status_code == 405
    monkeypatch.setattr("curation.admin.base.change_list.COUNTED", 2)
    answer = curator.get(url, {"_filter": "species"})
    assert answer.json()["counts"][0] == "2+"
    # What a search reports to the list is not reported for each count again.
    curator.get(url, {"_filter": "status", "q": "a b c d e f g"})
    page = curator.get(reverse("admin:proteins_interaction_changelist"))
    assert not list(page.context["messages"])
