from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from curation.models import Proposal, Revision
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Interaction,
    Ortholog,
    Protein,
    SourceDatabase,
)
from tests.curation.admin.forms import edit, messages_of, open_form, page, press, problems, save
from tests.factories import change_at, make_interaction, make_protein, taxon

HOSTILE = "<script>alert(1)</script>"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def test_lists_offer_no_deleting(curator: Client, interaction: Interaction) -> None:
    for model in ("protein", "interaction"):
        assert "delete_selected" not in curator.get(page(model, "changelist")).text


def test_a_protein_is_edited_with_what_it_has(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    Protein.objects.update(target_count=7)
    change_at(LONG_AGO, Protein.objects.all())
    edit(
        curator,
        "protein",
        protein.pk,
        name="p53",
        declared_tf="on",
        gene_ids="7157, 99",
        jaspar_matrices="MA0106.1",
        orthologs="Mm:MOUSE18100\n\n Mm: MOUSE18101 ",
        accession="Q9UK53",
        target_count="1000",
    )
    protein.refresh_from_db()
    assert (protein.accession, protein.name, protein.declared_tf) == ("P04637", "p53", True)
    assert [gene.ncbi_gene_id for gene in protein.gene_ids.all()] == [99, 7157]
    assert [matrix.matrix_id for matrix in protein.jaspar_matrices.all()] == ["MA0106.1"]
    assert [item.identifier for item in protein.orthologs.all()] == ["MOUSE18100", "MOUSE18101"]
    assert protein.changed_at > LONG_AGO
    assert protein.target_count == 7


def test_a_form_as_it_was_opened_says_the_same(curator: Client) -> None:
    """What is shown is what is stored: nothing is lost, moved or pinned by pressing Save."""
    protein = make_protein("P04637", "TP53", genes=[7157, 9], declared_tf=True)
    Ortholog.objects.create(protein=protein, taxon=taxon("Mm"), identifier="A", in_tflink=True)
    Ortholog.objects.create(protein=protein, taxon=taxon("Mm"), identifier="B", in_tflink=False)
    interaction = make_interaction(protein, protein, sources=["GTRD", "TFe_via_DoRothEA"])
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS1", tf=protein, evidence=interaction.evidence, start=1, end=2
    )
    citation = Citation.objects.create(pmid=1, title="A", year=2001, is_retracted=True)
    for model, pk in (
        ("protein", protein.pk),
        ("interaction", interaction.pk),
        ("bindingsite", site.pk),
        ("citation", citation.pk),
    ):
        url = page(model, "change", pk)
        answer = press(curator, url, {"_save": "1", **open_form(curator, url)})
        assert "You changed nothing of" in messages_of(answer)
    assert not Revision.objects.exists()
    assert set(Ortholog.objects.values_list("identifier", "in_tflink")) == {
        ("A", True),
        ("B", False),
    }


def test_a_reason_without_a_change_is_not_lost(curator: Client) -> None:
    protein = make_protein("P04637", "TP53")
    url = page("protein", "change", protein.pk)
    answer = curator.post(url, open_form(curator, url) | {"reason": "Much thought of"})
    assert "you gave a reason and changed nothing" in problems(answer)[0]
    assert "Much thought of</textarea>" in answer.text


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
    edit(curator, "protein", protein.pk, name="p53")
    protein.refresh_from_db()
    assert (protein.name, protein.target_count) == ("p53", 41)


def test_a_change_of_gene_ids_alone_marks_the_protein_changed(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    for change in ({"gene_ids": "7158"}, {}):
        change_at(LONG_AGO, Protein.objects.all())
        edit(curator, "protein", protein.pk, **change)
        protein.refresh_from_db()
        assert (protein.changed_at > LONG_AGO) == bool(change)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": "-"}, "must be written"),
        ({"name": "x" * 4_001}, "at most 4000 characters"),
        ({"gene_ids": "0"}, "is not an NCBI gene ID"),
        ({"gene_ids": "9" * 40}, "is not an NCBI gene ID"),
        ({"gene_ids": "1;" * 9_000}, "at most 10000 characters"),
        ({"jaspar_matrices": "MA0106"}, "is not a JASPAR matrix ID"),
        ({"orthologs": "Xx:Q9QXV3"}, "is not an ortholog"),
        ({"orthologs": "Mm:" + "x" * 251}, "at most 250 are allowed"),
        ({"reason": "x" * 5_001}, "at most 5000 characters"),
    ],
)
def test_the_rules_of_the_field_hold_in_forms(
    curator: Client, changes: dict[str, str], message: str
) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    url = page("protein", "change", protein.pk)
    data = open_form(curator, url) | {"name": "p53"} | changes
    answer = curator.post(url, data)
    assert answer.status_code == 200
    assert message in " ".join(problems(answer))
    for typed in changes.values():
        assert typed in answer.text, "what was typed is still in the form"
    protein.refresh_from_db()
    assert protein.name == "TP53"
    assert not Revision.objects.exists()


def test_what_is_wrong_leads_to_its_field(curator: Client) -> None:
    protein = make_protein("P04637", "TP53")
    url = page("protein", "change", protein.pk)
    text = curator.post(url, open_form(curator, url) | {"gene_ids": "x"}).text
    assert '<a href="#id_gene_ids">NCBI gene IDs</a>: ' in text
    assert 'aria-describedby="id_gene_ids_helptext id_gene_ids_error"' in text
    assert 'id="id_gene_ids_error"' in text


def test_a_new_protein_needs_a_valid_accession(curator: Client) -> None:
    url = page("protein", "add")
    data = open_form(curator, url) | {"name": "New", "taxon": taxon().pk, "reason": "Asked"}
    answer = curator.post(url, data | {"accession": "199699"})
    assert "is not a UniProt accession" in " ".join(problems(answer))
    save(curator, url, data | {"accession": "Q8N907"})
    assert Protein.objects.get(accession="Q8N907").name == "New"
    assert Revision.objects.get().reason == "Asked"
    again = curator.post(url, data | {"accession": "Q8N907"})
    assert "already exists" in " ".join(problems(again))


def test_what_happened_is_told_with_the_ways_to_it(curator: Client) -> None:
    protein = make_protein("P04637", "TP53")
    url = page("protein", "change", protein.pk)
    data = open_form(curator, url) | {"name": "p53", "gene_ids": "7157"}
    answer = press(curator, url, {"_save": "1", **data})
    assert "was changed: name, NCBI gene IDs" in messages_of(answer)
    for way in (protein.get_absolute_url(), page("protein", "history", protein.pk), url):
        assert f'href="{way}"' in messages_of(answer)
    assert answer.request["PATH_INFO"] == page("protein", "changelist")


@pytest.mark.parametrize(
    ("button", "where"), [("_continue", "change"), ("_addanother", "add"), ("_save", "changelist")]
)
def test_each_button_leads_where_it_says(curator: Client, button: str, where: str) -> None:
    protein = make_protein("P04637", "TP53")
    url = page("protein", "change", protein.pk)
    answer = press(curator, url, open_form(curator, url) | {"name": "p53", button: "1"})
    args = [protein.pk] if where == "change" else []
    assert answer.request["PATH_INFO"] == page("protein", where, *args)
    assert Protein.objects.get().name == "p53"


def test_a_record_added_in_a_window_goes_to_the_form_that_opened_it(curator: Client) -> None:
    data = open_form(curator, page("citation", "add") + "?_popup=1") | {"pmid": "17", "_save": "1"}
    answer = curator.post(page("citation", "add"), data | {"_popup": "1"})
    added = Citation.objects.get(pmid=17)
    assert "popup_response" in str(answer.templates[0].name)
    assert f"&quot;value&quot;: &quot;{added.pk}&quot;" in answer.text


def test_markup_in_a_name_is_shown_as_text(curator: Client) -> None:
    tf = make_protein("P04637", HOSTILE)
    interaction = make_interaction(tf, make_protein("Q07812", "BAX"), sources=[HOSTILE])
    Citation.objects.filter(pmid=27924024).update(title=HOSTILE, journal=HOSTILE)
    Citation.objects.create(pmid=1, title=HOSTILE)
    site = BindingSite.objects.create(tflink_id="TFLinkLS1", tf=tf, evidence=interaction.evidence)
    waiting = Proposal.objects.create(
        kind="protein",
        record_id=tf.pk,
        record_key="P04637",
        changes={"name": [HOSTILE, "a"]},
        origin="public",
        comment=HOSTILE,
    )
    urls = [
        page("protein", "changelist"),
        page("protein", "change", waiting.record_id),
        page("protein", "delete", tf.pk),
        page("interaction", "changelist"),
        page("interaction", "change", interaction.pk),
        page("interaction", "delete", interaction.pk),
        page("evidence", "change", interaction.evidence_id),
        page("bindingsite", "changelist"),
        page("bindingsite", "delete", site.pk),
        page("citation", "changelist"),
    ]
    for url in urls:
        answer = curator.get(url, follow=True)
        assert answer.status_code == 200
        assert HOSTILE not in answer.text, url
        assert "&lt;script&gt;" in answer.text, url


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


def test_what_nothing_cites_is_deleted_with_a_reason(curator: Client) -> None:
    protein = make_protein("P04637", "TP53", genes=[7157])
    method = DetectionMethod.objects.create(name="guesswork")
    url = page("protein", "delete", protein.pk)
    assert "<td><div>7157</div></td>" in curator.get(url).text
    answer = press(curator, url, {"post": "yes", "seen": "0", "reason": "A duplicate"})
    assert "was deleted" in messages_of(answer)
    assert page("protein", "history", protein.pk) in messages_of(answer)
    save(curator, page("detectionmethod", "delete", method.pk), {"seen": "0", "reason": "A slip"})
    assert not Protein.objects.exists()
    assert [(item.verb, item.reason) for item in Revision.objects.all()] == [
        ("removed", "A slip"),
        ("removed", "A duplicate"),
    ]


def test_what_was_changed_meanwhile_is_not_deleted(curator: Client) -> None:
    protein = make_protein("P04637", "TP53")
    edit(curator, "protein", protein.pk, name="p53")
    for seen in ("0", "", "x", None):
        data = {"post": "yes", "reason": "A duplicate"} | ({} if seen is None else {"seen": seen})
        answer = curator.post(page("protein", "delete", protein.pk), data)
        assert "was changed meanwhile" in answer.text
        assert "A duplicate</textarea>" in answer.text
    assert Protein.objects.exists()


def test_names_of_the_vocabularies_are_fixed(curator: Client) -> None:
    method = DetectionMethod.objects.get(name="selex")
    source = SourceDatabase.objects.get(key="HTRI")
    save(
        curator,
        page("detectionmethod", "change", method.pk),
        {"name": "SELEX", "psi_mi_id": "MI:0658", "reason": "x"},
    )
    save(
        curator,
        page("sourcedatabase", "change", source.pk),
        {"key": "other", "name": "HTRIdb 2", "url": "example.org", "reason": "x"},
    )
    method.refresh_from_db()
    source.refresh_from_db()
    assert (method.name, method.psi_mi_id) == ("selex", "MI:0658")
    assert (source.key, source.name, source.url) == ("HTRI", "HTRIdb 2", "https://example.org")


#: Queries of a form, whatever the record holds: session, user and permissions (4), the record
#: and its version, and what the form shows.
#: One reads the time of the last change from its change set, one the statements on it; of a
#: protein its names and what became of its accessions, of an interaction the reasons of reviews.
FORM_QUERIES = {"protein": 19, "interaction": 27, "bindingsite": 21, "citation": 14}


def test_forms_take_a_fixed_number_of_queries(senior: Client) -> None:
    # Django reads the type of a model once a process.
    ContentType.objects.get_for_models(Protein, Interaction, BindingSite, Citation)
    few_and_many = []
    for accession, size in (("P00001", 1), ("P00002", 100)):
        protein = make_protein(accession, genes=range(1, size + 1))
        Ortholog.objects.bulk_create(
            Ortholog(protein=protein, taxon=taxon("Mm"), identifier=f"X{number}")
            for number in range(size)
        )
        interaction = make_interaction(
            protein, protein, sources=["GTRD", "TFe_via_DoRothEA"], pmids=range(1, size + 1)
        )
        site = BindingSite.objects.create(
            tflink_id=f"TFLinkLS{size}", tf=protein, evidence=interaction.evidence
        )
        records: dict[str, Model] = {
            "protein": protein,
            "interaction": interaction,
            "bindingsite": site,
            "citation": Citation.objects.get(pmid=size),
        }
        for kind, record in (("protein", protein), ("interaction", interaction)):
            Proposal.objects.bulk_create(
                Proposal(kind=kind, record_id=record.pk, record_key="x", origin="public")
                for _ in range(size)
            )
        queries = {}
        for model, shown in records.items():
            with CaptureQueriesContext(connection) as captured:
                assert senior.get(page(model, "change", shown.pk)).status_code == 200
            queries[model] = len(captured)
        few_and_many.append(queries)
    assert few_and_many == [FORM_QUERIES, FORM_QUERIES]


def test_records_lead_to_their_public_pages(curator: Client, interaction: Interaction) -> None:
    for url in (
        page("protein", "change", interaction.tf_id),
        page("interaction", "change", interaction.pk),
    ):
        assert "View on site" in curator.get(url).text
