from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.models import (
    GroupFold,
    PublicReport,
    RemovedName,
    Researcher,
    RunChunk,
    SitePart,
    StoredResult,
)
from proteins.models import (
    ChangeSet,
    CrossReference,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    FormerSiteID,
    Gone,
    NameSource,
    ProteinName,
    Review,
    SpeciesArrays,
    Support,
    SupportPart,
    TaxonName,
)
from tests.curation.admin.records import READ_ONLY, SHOWN, populate

EDITABLE = [model for model in SHOWN if model not in (*READ_ONLY, StoredResult)]
#: Queries of a list's first page, whatever it holds: session and user (2), count, rows, and
#: what its columns and filters show.
LIST_QUERIES = {
    "AccessionFate": 4,
    "Batch": 5,
    "BatchJob": 4,
    "BindingSite": 9,
    "Citation": 4,
    "Comment": 4,
    "Dataset": 4,
    "DetectionMethod": 4,
    "Endorsement": 4,
    "Evidence": 9,
    "GeneID": 5,
    "GeneIDFate": 4,
    "ImportRun": 4,
    "Interaction": 9,
    "JasparMatrix": 5,
    "Ortholog": 5,
    "Pin": 13,  # the records that are pinned, and what their values are read from, names too
    "Proposal": 6,
    "Protein": 6,
    "ReleaseOrder": 4,
    "ReviewReason": 4,
    "Revision": 6,
    "RunUndo": 4,
    "SecondaryAccession": 4,
    "SourceDatabase": 4,
    "SourcePage": 4,
    "SourceTable": 4,
    "Statement": 5,
    "StoredResult": 5,  # and the questions that there are
    "Submission": 5,  # and the states of their rows
    "Taxon": 4,
    "Upload": 4,
}


def admin_url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def first_of(model: type[Model]) -> Model:
    record = model._base_manager.order_by("-pk").first()
    assert record is not None
    return record


def test_every_model_is_in_the_admin() -> None:
    ours = [*apps.get_app_config("proteins").get_models()]
    ours += apps.get_app_config("curation").get_models()
    missing = {model for model in ours if not admin.site.is_registered(model)}
    links = {EvidenceSource, EvidenceMethod, EvidenceCitation}
    # A report of the public is part of its proposal's page, other names of a species of its page.
    # Primary names follow from the name of a protein, which is on its page; other IDs of a
    # binding site come and go with it.
    # Changes are shown by the histories of what changed, an ORCID on the page of its account,
    # what each document states, and why it was reviewed so, on the page of its interaction.
    # Arrays of a species are derived from its interactions, for search and counts.
    # Names, and identifiers in other databases, are on the page of their protein.
    of_names = {ProteinName, NameSource, CrossReference, RemovedName}
    derived = of_names | {FormerSiteID, ChangeSet, Gone, Researcher, Review, Support, SupportPart}
    derived |= {SpeciesArrays}
    assert missing == links | derived | {RunChunk, SitePart, PublicReport, TaxonName, GroupFold}
    assert set(SHOWN) | missing == set(ours)


@pytest.mark.parametrize("model", SHOWN)
def test_every_list_can_be_searched_and_sorts_by_columns_with_an_index(model: type[Model]) -> None:
    page = admin.site._registry[model]
    assert page.search_fields
    assert page.show_full_result_count is False
    assert page.show_facets is admin.ShowFacets.NEVER
    assert page.sortable_by is not None


@pytest.mark.parametrize("model", SHOWN)
def test_every_list_and_record_opens(curator: Client, model: type[Model]) -> None:
    populate(range(2))
    assert curator.get(admin_url(model, "changelist")).status_code == 200
    record = first_of(model)
    page = curator.get(admin_url(model, "change", record.pk))
    assert page.status_code == 200
    assert "TFLink curation" in page.text
    # The history of a revision is its record's.
    assert curator.get(admin_url(model, "history", record.pk), follow=True).status_code == 200


@pytest.mark.parametrize("model", EDITABLE)
def test_every_form_for_a_new_record_opens(curator: Client, model: type[Model]) -> None:
    assert curator.get(admin_url(model, "add")).status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_what_is_only_looked_at_cannot_be_edited(curator: Client, model: type[Model]) -> None:
    populate()
    record = first_of(model)
    assert curator.get(admin_url(model, "add")).status_code == 403
    assert curator.post(admin_url(model, "change", record.pk), {}).status_code == 403
    assert curator.post(admin_url(model, "delete", record.pk), {"post": "yes"}).status_code == 403
    assert model._base_manager.filter(pk=record.pk).exists()


def test_a_list_takes_a_fixed_number_of_queries(curator: Client) -> None:
    for numbers in (range(1), range(1, 100)):
        populate(numbers)
        for model in SHOWN:
            queries = queries_of(curator, admin_url(model, "changelist"))
            assert len(queries) == LIST_QUERIES[model.__name__], "\n".join(queries)


def queries_of(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]


def test_only_staff_come_in(db: None) -> None:
    visitor, reader = Client(), Client()
    reader.force_login(User.objects.create_user("reader"))
    for model in SHOWN:
        for client in (visitor, reader):
            answer = client.get(admin_url(model, "changelist"))
            assert answer.status_code == 302, model
            assert answer["Location"].startswith(reverse("admin:login"))


def test_staff_without_a_right_are_refused(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("helper", is_staff=True))
    for model in SHOWN:
        assert client.get(admin_url(model, "changelist")).status_code == 403, model
