from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Interaction,
    Ortholog,
    Protein,
    SourceDatabase,
)
from tests.curation.admin.forms import inlines, page, save
from tests.factories import make_interaction, make_protein, taxon

HOSTILE = "<script>alert(1)</script>"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_lists_offer_no_deleting(curator: Client, interaction: Interaction) -> None:
    for model in ("protein", "interaction"):
        assert "delete_selected" not in curator.get(page(model, "changelist")).text


def test_a_protein_is_edited_with_what_it_has(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    Protein.objects.update(changed_at=LONG_AGO, target_count=7)
    mouse = taxon("Mm").pk
    changes = {
        "name": "p53",
        "declared_tf": "on",
        "gene_ids-TOTAL_FORMS": 2,
        "gene_ids-1-protein": protein.pk,
        "gene_ids-1-ncbi_gene_id": 99,
        "jaspar_matrices-TOTAL_FORMS": 1,
        "jaspar_matrices-0-protein": protein.pk,
        "jaspar_matrices-0-matrix_id": "MA0106.1",
        "orthologs-TOTAL_FORMS": 1,
        "orthologs-0-protein": protein.pk,
        "orthologs-0-taxon": mouse,
        "orthologs-0-identifier": "MOUSE18100",
        "accession": "Q9UK53",
    }
    save(curator, page("protein", "change", protein.pk), inlines(protein) | changes)
    protein.refresh_from_db()
    assert (protein.accession, protein.name, protein.declared_tf) == ("P04637", "p53", True)
    assert [gene.ncbi_gene_id for gene in protein.gene_ids.all()] == [99, 7157]
    assert [matrix.matrix_id for matrix in protein.jaspar_matrices.all()] == ["MA0106.1"]
    assert [ortholog.identifier for ortholog in protein.orthologs.all()] == ["MOUSE18100"]
    assert protein.changed_at > LONG_AGO
    assert protein.target_count == 7


def test_saving_a_protein_does_not_put_old_counts_back(
    curator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interaction may be rejected while the form of its protein is being saved."""
    protein = make_protein("P04637", "TP53")
    save_form = Protein.full_clean

    def counted_meanwhile(self: Protein, *args: Any, **kwargs: Any) -> None:
        save_form(self, *args, **kwargs)
        Protein.objects.filter(pk=protein.pk).update(target_count=41)

    monkeypatch.setattr(Protein, "full_clean", counted_meanwhile)
    save(curator, page("protein", "change", protein.pk), inlines(protein, name="p53"))
    protein.refresh_from_db()
    assert (protein.name, protein.target_count) == ("p53", 41)


def test_a_change_of_gene_ids_alone_marks_the_protein_changed(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    for change in ({"gene_ids-0-ncbi_gene_id": 7158}, {}):
        Protein.objects.update(changed_at=LONG_AGO)
        save(curator, page("protein", "change", protein.pk), inlines(protein) | change)
        protein.refresh_from_db()
        assert (protein.changed_at > LONG_AGO) == bool(change)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "-"}, "must be written"),
        ({"name": "x" * 101}, "at most 100 characters"),
        ({"gene_ids-0-ncbi_gene_id": "0"}, "is not an NCBI gene ID"),
        ({"gene_ids-0-ncbi_gene_id": "9" * 40}, "is not an NCBI gene ID"),
    ],
)
def test_the_rules_of_the_field_hold_in_forms(
    curator: Client, changes: dict[str, object], message: str
) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    answer = curator.post(page("protein", "change", protein.pk), inlines(protein) | changes)
    assert answer.status_code == 200
    assert message in answer.text
    protein.refresh_from_db()
    assert protein.name == "TP53"


def test_a_new_protein_needs_a_valid_accession(curator: Client) -> None:
    empty = inlines(make_protein("P04637", "TP53"), name="New", taxon=taxon().pk)
    answer = curator.post(page("protein", "add"), empty | {"accession": "199699"})
    assert "is not a UniProt accession" in answer.text
    save(curator, page("protein", "add"), empty | {"accession": "Q8N907"})
    assert Protein.objects.get(accession="Q8N907").name == "New"


def test_markup_in_a_name_is_shown_as_text(curator: Client) -> None:
    tf = make_protein("P04637", HOSTILE)
    interaction = make_interaction(tf, make_protein("Q07812", "BAX"), sources=[HOSTILE])
    Citation.objects.create(pmid=1, title=HOSTILE)
    BindingSite.objects.create(tflink_id="TFLinkLS1", tf=tf, evidence=interaction.evidence)
    addresses = [
        page("protein", "changelist"),
        page("protein", "change", tf.pk),
        page("protein", "delete", tf.pk),
        page("interaction", "changelist"),
        page("interaction", "change", interaction.pk),
        page("interaction", "delete", interaction.pk),
        page("evidence", "change", interaction.evidence_id),
        page("bindingsite", "changelist"),
        page("citation", "changelist"),
    ]
    for address in addresses:
        answer = curator.get(address, follow=True)
        assert answer.status_code == 200
        assert HOSTILE not in answer.text, address
        assert "&lt;script&gt;" in answer.text, address


@pytest.mark.parametrize(
    ("model", "citing"),
    [
        ("protein", "interactions"),
        ("citation", "evidence and source databases"),
        ("sourcedatabase", "evidence"),
        ("detectionmethod", "evidence"),
        ("taxon", "proteins"),
    ],
)
def test_what_others_cite_is_not_deleted(
    curator: Client, interaction: Interaction, model: str, citing: str
) -> None:
    record = {
        "protein": interaction.tf,
        "citation": Citation.objects.get(pmid=27924024),
        "sourcedatabase": SourceDatabase.objects.get(key="GTRD"),
        "detectionmethod": interaction.evidence.methods.get(),
        "taxon": interaction.tf.taxon,
    }[model]
    for request in (curator.get, curator.post):
        answer = request(page(model, "delete", record.pk), {"post": "yes"}, follow=True)
        assert f"cannot be deleted: {citing} cite it" in answer.text
    assert type(record)._base_manager.filter(pk=record.pk).exists()


def test_what_nothing_cites_is_deleted(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    method = DetectionMethod.objects.create(name="guesswork")
    save(curator, page("protein", "delete", protein.pk), {"post": "yes"})
    save(curator, page("detectionmethod", "delete", method.pk), {"post": "yes"})
    assert not Protein.objects.exists()


def test_names_of_the_vocabularies_are_fixed(curator: Client) -> None:
    method = DetectionMethod.objects.get(name="selex")
    source = SourceDatabase.objects.get(key="HTRI")
    save(
        curator,
        page("detectionmethod", "change", method.pk),
        {"name": "SELEX", "psi_mi_id": "MI:0658"},
    )
    save(
        curator,
        page("sourcedatabase", "change", source.pk),
        {"key": "other", "name": "HTRIdb 2", "url": "example.org"},
    )
    method.refresh_from_db()
    source.refresh_from_db()
    assert (method.name, method.psi_mi_id) == ("selex", "MI:0658")
    assert (source.key, source.name, source.url) == ("HTRI", "HTRIdb 2", "https://example.org")


def test_forms_take_a_fixed_number_of_queries(curator: Client) -> None:
    few_and_many = []
    for accession, size in (("P00001", 1), ("P00002", 40)):
        protein = make_protein(accession, genes=range(1, size + 1))
        Ortholog.objects.bulk_create(
            Ortholog(protein=protein, taxon=taxon("Mm"), identifier=f"X{number}")
            for number in range(size)
        )
        interaction = make_interaction(
            protein, protein, sources=["GTRD", "TFe_via_DoRothEA"], pmids=range(1, size + 1)
        )
        queries = []
        for address in (
            page("protein", "change", protein.pk),
            page("interaction", "change", interaction.pk),
        ):
            with CaptureQueriesContext(connection) as captured:
                assert curator.get(address).status_code == 200
            queries.append(len(captured))
        few_and_many.append(queries)
    assert few_and_many == [[14, 16], [14, 16]]


def test_records_lead_to_their_public_pages(curator: Client, interaction: Interaction) -> None:
    for address in (
        page("protein", "change", interaction.tf_id),
        page("interaction", "change", interaction.pk),
    ):
        assert "View on site" in curator.get(address).text
