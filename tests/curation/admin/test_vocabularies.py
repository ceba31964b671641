"""Species, sources and methods at the desk: one row for all spellings of a name."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from curation.checks.histories import broken_histories
from curation.models import Revision
from curation.public.newest_changes import newest_changes
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent
from proteins.domain.methods import MethodClass
from proteins.domain.tiers import Tier
from proteins.models import DetectionMethod, Evidence, SourceDatabase, Taxon, TaxonName
from tests.curation.admin.forms import edit, open_form, page, save
from tests.factories import make_interaction, make_protein

WHY = {"reason": "Read in a paper"}
NAMES = {"names-TOTAL_FORMS": "0", "names-INITIAL_FORMS": "0"}


def errors(answer: Any) -> list[str]:
    """What a form that came back says is wrong."""
    # Of a field a list, of a set of forms a text.
    listed = answer.context["errors"]
    return [text for item in listed for text in ([item] if isinstance(item, str) else item)]


@pytest.mark.parametrize("key", ["gtrd", " GTRD ", "GT\u200bRD", "\ufeffGtrd"])
def test_a_source_in_another_spelling_is_refused_and_the_row_named(
    curator: Client, client: Client, key: str
) -> None:
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    answer = curator.post(page("sourcedatabase", "add"), {"key": key, "name": "GTRD"})
    assert any("'GTRD' exists already" in text for text in errors(answer))
    assert SourceDatabase.objects.by_fold("GTRD").count() == 1
    for spelling in ("GTRD", "gtrd", "GT\u200bRD"):
        answer = client.get("/api/v1/interactions/", {"source": spelling})
        assert answer.json()["total"] == 1


def test_a_method_in_another_spelling_is_refused(curator: Client) -> None:
    answer = curator.post(page("detectionmethod", "add"), {"name": "SELEX"})
    assert any("'selex' exists already" in text for text in errors(answer))


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("northern  Blot 2", "", MethodClass.OTHER),
        ("surface plasmon resonance", "", MethodClass.BINDING_IN_VITRO),
        ("surface plasmon resonance", "4", MethodClass.REPORTER),
    ],
)
def test_a_method_without_a_class_gets_what_its_name_suggests(
    curator: Client, name: str, given: str, expected: MethodClass
) -> None:
    save(curator, page("detectionmethod", "add"), {"name": name, "method_class": given, **WHY})
    assert DetectionMethod.objects.by_fold(name).get().method_class == expected


@pytest.mark.parametrize("name", ["homo  Sapiens", "HUMAN", "9606", "Hs"])
def test_a_species_by_a_name_of_another_is_refused(curator: Client, name: str) -> None:
    species = {"scientific_name": "Pan troglodytes", "code": "Pt", "ncbi_taxon_id": "9598"}
    names = {"names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0", "names-0-name": name}
    answer = curator.post(page("taxon", "add"), species | names)
    assert any("Homo sapiens" in text or "exists already" in text for text in errors(answer))
    assert not Taxon.objects.filter(code="Pt").exists()
    if " " in name:
        answer = curator.post(page("taxon", "add"), species | NAMES | {"scientific_name": name})
        assert any("'Homo sapiens' exists already" in text for text in errors(answer))


def test_a_species_is_added_with_its_other_names(curator: Client) -> None:
    form: dict[str, Any] = {
        "scientific_name": "Pan troglodytes",
        "code": "Pt",
        "ncbi_taxon_id": "9598",
        "names-TOTAL_FORMS": "2",
        "names-INITIAL_FORMS": "0",
        "names-0-name": "chimpanzee",
        "names-1-name": "Chimpansee  troglodytes",
        **WHY,
    }
    save(curator, page("taxon", "add"), form)
    taxon = Taxon.objects.by_fold("CHIMPANSEE troglodytes").get()
    assert [name.name for name in taxon.names.all()] == ["chimpanzee", "Chimpansee troglodytes"]


def test_two_spellings_of_a_name_in_one_form_are_refused(curator: Client) -> None:
    taxon = Taxon.objects.get(code="Rn")
    form = {
        "code": "Rn",
        "names-TOTAL_FORMS": "2",
        "names-INITIAL_FORMS": "0",
        "names-0-name": "brown rat",
        "names-1-name": "Brown  Rat",
    }
    answer = curator.post(page("taxon", "change", taxon.pk), form)
    assert any("is given twice" in text for text in errors(answer))


def test_the_database_itself_holds_folds_unique(db: None) -> None:
    human = Taxon.objects.get(code="Hs")
    for row in (
        SourceDatabase(key="gtrd", name="x"),
        DetectionMethod(name="SELEX"),
        Taxon(ncbi_taxon_id=1, code="Zz", scientific_name="HOMO sapiens"),
        TaxonName(taxon=human, name="Mouse"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_renamed_row_is_folded_anew(db: None) -> None:
    source = SourceDatabase.objects.create(key="Novel", name="Novel")
    source.key = "Other"
    source.save(update_fields=["key"])
    assert SourceDatabase.objects.by_fold("OTHER").get() == source


def test_evidence_in_any_spelling_is_one_row(db: None) -> None:
    one = evidence_for(EvidenceContent.of(["GTRD"], ["selex"], [1]))
    other = evidence_for(EvidenceContent.of(["gtrd", "GT\u200bRD"], ["SELEX"], [1]))
    assert one == other
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("name", ["curator", "Curator ", "CURA\u200bTOR"])
def test_a_group_in_another_spelling_is_refused(db: None, name: str) -> None:
    with pytest.raises(ValidationError, match="The group Curator exists already"):
        Group.objects.create(name=name)
    Group.objects.create(name="Guests")


def test_a_change_needs_a_reason_and_is_part_of_a_history(curator: Client) -> None:
    source = SourceDatabase.objects.get(key="GTRD")
    url = page("sourcedatabase", "change", source.pk)
    data = {"name": "GTRD", "licence": "CC BY 4.0", "version": "21.12"}
    assert "This field is required." in errors(curator.post(url, data))
    save(curator, url, data | {"reason": "Read on its <b>page"})
    revision = Revision.objects.get()
    assert (revision.kind, revision.record_key, revision.verb) == ("source", "GTRD", "amended")
    assert revision.changes["licence"] == ["", "CC BY 4.0"]
    text = curator.get(page("sourcedatabase", "history", source.pk)).text
    assert "Read on its &lt;b&gt;page" in text
    assert "Comment on this" not in text
    version = page("sourcedatabase", "version", source.pk, 0)
    assert "Revert" not in curator.get(version).text
    assert curator.post(version, {"reason": "x", "seen": revision.pk}).status_code == 403
    listed = curator.get(reverse("admin:curation_revision_changelist"), {"kind": "source"})
    assert "source GTRD" in listed.text
    # The public is told of records.
    assert newest_changes(5) == ()
    assert not list(broken_histories())


def test_the_other_names_of_a_species_are_part_of_its_history(curator: Client) -> None:
    taxon = Taxon.objects.get(code="Rn")
    count = taxon.names.count()
    form: dict[str, Any] = {"code": "Rn", "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0"}
    save(curator, page("taxon", "change", taxon.pk), form | {"names-0-name": "brown rat", **WHY})
    before, after = Revision.objects.get().changes["names"]
    assert (len(before), set(after) - set(before)) == (count, {"brown rat"})


def test_a_method_is_added_and_deleted_with_a_reason(curator: Client) -> None:
    url = page("detectionmethod", "add")
    data = {"name": "immunoblot", "psi_mi_id": "MI:0929", **WHY}
    DetectionMethod.objects.filter(psi_mi_id="MI:0929").update(psi_mi_id=None)
    refused = curator.post(url, data)
    assert "participant identification method" in " ".join(errors(refused))
    assert "Check this before it is saved" in refused.text
    save(curator, url, data)
    method = DetectionMethod.objects.get(name="immunoblot")
    delete = page("detectionmethod", "delete", method.pk)
    seen = {"seen": Revision.objects.get().pk}
    assert "a reason is needed" in curator.post(delete, seen).text
    assert curator.post(delete, {**seen, "reason": "A slip"}).status_code == 302
    assert [item.verb for item in Revision.objects.order_by("id")] == ["added", "removed"]
    # Its history stays.
    assert "A slip" in curator.get(page("detectionmethod", "history", method.pk)).text


def test_a_class_that_many_interactions_follow_from_wants_their_number(
    curator: Client, settings: Any
) -> None:
    """No large change happens unasked: the tiers of many interactions are one."""
    settings.LARGE_CHANGE_NUMBER = 1
    tf, selex = make_protein("Q9UK53"), DetectionMethod.objects.by_fold("selex").get()
    for target in ("Q07812", "P38936", "P04637"):
        make_interaction(tf, make_protein(target), methods=["selex"])
    url = page("detectionmethod", "change", selex.pk)
    shown = curator.get(url).content.decode()
    assert 'type="hidden" name="confirmed_number"' in shown
    changes = open_form(curator, url) | WHY | {"method_class": str(MethodClass.REPORTER.value)}
    for typed in ("", "2"):
        answer = curator.post(url, changes | {"confirmed_number": typed})
        assert any("of 3 interactions: type 3" in text for text in errors(answer))
        assert 'type="text" name="confirmed_number"' in answer.content.decode()
    selex.refresh_from_db()
    assert selex.method_class == MethodClass.BINDING_IN_VITRO
    save(curator, url, changes | {"confirmed_number": "3"})
    assert Evidence.objects.of_class(MethodClass.REPORTER).count() == 1
    # What concerns few is not asked for.
    edit(curator, "detectionmethod", selex.pk, psi_mi_id="MI:9999", **WHY)


def test_an_aggregator_that_tiers_follow_from_wants_their_number(
    curator: Client, settings: Any
) -> None:
    settings.LARGE_CHANGE_NUMBER = 1
    tf = make_protein("Q9UK53")
    for target in ("Q07812", "P38936"):
        sources = ["DoRothEA", "TFactS_via_DoRothEA"]
        make_interaction(tf, make_protein(target), sources=sources, pmids=[])
    source = SourceDatabase.objects.get(key="DoRothEA")
    url = page("sourcedatabase", "change", source.pk)
    changes = open_form(curator, url) | WHY
    changes.pop("is_aggregator")
    assert any("of 2 interactions" in text for text in errors(curator.post(url, changes)))
    save(curator, url, changes | {"confirmed_number": "2"})
    assert {one.tier for one in Evidence.objects.filter(supports__isnull=False)} == {Tier.REPEATED}
