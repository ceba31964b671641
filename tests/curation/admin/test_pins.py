"""What a curator changes in the admin outlives the next import."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from curation.importing.run import RunReport, import_pages
from curation.models import Pin, Proposal
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import BindingSite, GeneID, Interaction, Protein, Reporting
from tests.curation.admin.forms import edit as edit_form
from tests.curation.admin.forms import open_form, page, save
from tests.curation.importing import pages_for_tests as pages

SITE = (
    "TFLinkLS00000001,Q9UK53,ING1,Homo sapiens,hg38,chr14,100,120,+,"
    "hg38&position=chr14:100-120,selex,1%5Buid%5D,JASPAR,No,0"
)


def take(folder: Path, **keys: object) -> RunReport:
    text = pages.page(
        "Q9UK53",
        **{"name": "ING1", "ncbi_gene_id": "3621", "binding_sites": SITE, **keys},  # type: ignore[arg-type]
        targets=[pages.row("BAX", "Q07812")],
    )
    return import_pages([pages.write(folder, a=text)], force=True)


def edit(curator: Client, protein: Protein, **changes: Any) -> None:
    edit_form(curator, "protein", protein.pk, **changes)


def test_a_name(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    protein = Protein.objects.get(accession="Q9UK53")
    edit(curator, protein, name="p33ING1")
    pin = Pin.objects.get()
    assert (pin.kind, pin.field, pin.source_value) == ("protein", "name", "ING1")
    assert pin.pinned_by == User.objects.get(username="curator")
    assert not take(tmp_path).changed_anything
    assert Protein.objects.get(pk=protein.pk).name == "p33ING1"
    # Back to what the source says: nothing is left to pin.
    edit(curator, protein, name="ING1")
    assert not Pin.objects.exists()


def test_a_second_change_keeps_what_the_source_said(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    protein = Protein.objects.get(accession="Q9UK53")
    edit(curator, protein, name="p33")
    edit(curator, protein, name="p33ING1")
    assert Pin.objects.get().source_value == "ING1"
    assert take(tmp_path, name="ING1A").proposed == 1
    assert Proposal.objects.get().changes == {"name": ["p33ING1", "ING1A"]}


def test_a_gene_id_taken_away(curator: Client, tmp_path: Path) -> None:
    take(tmp_path, ncbi_gene_id="3621;99")
    edit(curator, Protein.objects.get(accession="Q9UK53"), gene_ids="3621")
    assert Pin.objects.get().source_value == [99, 3621]
    assert not take(tmp_path, ncbi_gene_id="3621;99").changed_anything
    assert list(GeneID.objects.values_list("ncbi_gene_id", flat=True)) == [3621]


def test_an_unchanged_form_pins_nothing(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    edit(curator, Protein.objects.get(accession="Q9UK53"))
    assert not Pin.objects.exists()


def test_evidence(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    interaction = Interaction.objects.get()
    edit_form(
        curator,
        "interaction",
        interaction.pk,
        sources=["HTRI"],
        methods=[],
        pmids="5",
        small_scale="yes",
    )
    pin = Pin.objects.get()
    assert pin.source_value is not None
    assert pin.source_value["sources"] == ["GTRD"]
    assert not take(tmp_path).changed_anything
    wanted = EvidenceContent.of(["HTRI"], [], [5], SmallScale.YES)
    assert Interaction.objects.get().evidence.content() == wanted


def test_a_binding_site(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    edit_form(curator, "bindingsite", BindingSite.objects.get().pk, end="119")
    assert (Pin.objects.get().field, Pin.objects.get().source_value) == ("end", 120)
    assert not take(tmp_path).changed_anything
    assert BindingSite.objects.get().end == 119


def test_what_is_deleted_leaves_no_pin(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    site = BindingSite.objects.get()
    Pin.objects.create(kind="binding site", record_id=site.pk, field="end", source_value=1)
    save(curator, page("bindingsite", "delete", site.pk), {"post": "yes", "seen": "0"})
    assert not Pin.objects.exists()


def test_an_interaction_added_is_a_curators(curator: Client, tmp_path: Path) -> None:
    take(tmp_path)
    tf, target = Protein.objects.order_by("accession")
    url = page("interaction", "add")
    data = open_form(curator, url) | {"tf": tf.pk, "target": target.pk, "sources": ["HTRI"]}
    save(curator, url, data)
    added = Interaction.objects.between(tf.accession, target.accession).get()
    assert added.reporting == Reporting.CURATED


def test_the_list_of_pins_names_records_fields_and_both_values(
    curator: Client, tmp_path: Path
) -> None:
    take(tmp_path)
    protein = Protein.objects.get(accession="Q9UK53")
    edit(curator, protein, name="p33 <b>", gene_ids="3621; 5")
    url = reverse("admin:curation_pin_changelist")
    text = curator.get(url).text
    for cell in ("ING1", "p33 &lt;b&gt;", "NCBI gene IDs", "5, 3621", "3621"):
        assert f">{cell}<" in text, cell
    assert f'href="{page("protein", "change", protein.pk)}">p33 &lt;b&gt; (Q9UK53)</a>' in text
    assert "2 pins" in curator.get(url, {"q": "q9uk53"}).text
    assert "Nothing was found" in curator.get(url, {"q": "Q07812"}).text
    pin = Pin.objects.get(field="name")
    shown = curator.get(reverse("admin:curation_pin_change", args=[pin.pk])).text
    assert "p33 &lt;b&gt;" in shown
    assert curator.get(reverse("admin:curation_pin_export")).status_code == 200
    pin.delete()
    Pin.objects.update(record_id=999999)
    assert "protein 999999, not there any more" in curator.get(url).text
