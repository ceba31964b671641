"""The page that merges a protein into another: choose, look, confirm."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from curation.models import Revision, Verb
from curation.permissions import CURATOR
from proteins.models import Interaction, Protein, ReviewStatus, SecondaryAccession
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(db: None) -> tuple[Protein, Protein]:
    """An old entry and the one that it was merged into; they have one of two pairs in common."""
    old, new = make_protein("P00001", "old <b>"), make_protein("Q9UK53", "ING1")
    target = make_protein("Q07812", "BAX")
    make_interaction(old, target, status=ReviewStatus.CONFIRMED)
    make_interaction(new, target, status=ReviewStatus.REJECTED)
    make_interaction(old, old)
    return old, new


@pytest.fixture
def senior(db: None) -> Client:
    return browser_of(make_person("senior"))


def merge_url(protein: Protein) -> str:
    return reverse("admin:proteins_protein_merge", args=[protein.pk])


def confirm(client: Client, old: Protein, **more: str) -> Any:
    page = client.get(merge_url(old), {"primary": "q9uk53 "})
    fields = {"primary": "Q9UK53", "reason": "One gene.", "seen": str(page.context["seen"])}
    return client.post(merge_url(old), fields | more)


def test_its_way_there_and_back(senior: Client, two: tuple[Protein, Protein]) -> None:
    old, new = two
    form = senior.get(reverse("admin:proteins_protein_change", args=[old.pk]))
    assert f'href="{merge_url(old)}"' in form.text
    page = senior.get(merge_url(old))
    assert page.status_code == 200
    assert "What would happen" not in page.text
    page = senior.get(merge_url(old), {"primary": "Q9UK53"})
    plan = page.context["plan"]
    assert (plan.moved, plan.united, plan.conflicts) == (1, 1, 1)
    assert "old &lt;b&gt; (P00001)" in page.text
    assert "P00001-Q07812: confirmed" in page.text
    done = confirm(senior, old)
    assert done["Location"] == reverse("admin:proteins_protein_change", args=[new.pk])
    assert "is a secondary accession of this protein now" in senior.get(done["Location"]).text
    assert SecondaryAccession.objects.get().protein == new
    assert Revision.objects.filter(verb=Verb.MERGED, reason="One gene.").count() == 5
    history = senior.get(reverse("admin:proteins_protein_history", args=[new.pk]))
    assert "P00001" in history.text
    gone = senior.get(reverse("admin:proteins_protein_history", args=[old.pk]))
    assert gone.status_code == 200


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("P00001", "a protein cannot be merged into itself"),
        ("Q99999", "No protein Q99999 is here"),
        ("' OR 1=1", "accession"),
        ("Q9QXV3", "accessions of two species never become one"),
        ("\x00", "accession"),
    ],
)
def test_what_cannot_be_chosen(
    senior: Client, two: tuple[Protein, Protein], text: str, problem: str
) -> None:
    make_protein("Q9QXV3", code="Mm")
    for answer in (
        senior.get(merge_url(two[0]), {"primary": text}),
        senior.post(merge_url(two[0]), {"primary": text, "reason": "x", "seen": "0"}),
    ):
        assert answer.status_code == 200
        assert problem in answer.context["problem"]
    assert Protein.objects.filter(accession="P00001").exists()


def test_a_reason_is_demanded_and_what_was_typed_stays(
    senior: Client, two: tuple[Protein, Protein]
) -> None:
    answer = confirm(senior, two[0], reason=" ")
    assert "a reason is needed to merge two proteins" in answer.text
    long = confirm(senior, two[0], reason="<i>" * 4000)
    assert "&lt;i&gt;&lt;i&gt;" in long.text
    assert Protein.objects.filter(accession="P00001").exists()


def test_what_changed_meanwhile_is_looked_at_again(
    senior: Client, two: tuple[Protein, Protein]
) -> None:
    old, new = two
    page = senior.get(merge_url(old), {"primary": "Q9UK53"})
    Revision.objects.create(
        kind="protein", record_id=new.pk, record_key="Q9UK53", verb=Verb.AMENDED,
        user=make_person("colleague"),
    )  # fmt: skip
    fields = {"primary": "Q9UK53", "reason": "x", "seen": str(page.context["seen"])}
    for seen in (fields["seen"], "", "-1", "x" * 50):
        answer = senior.post(merge_url(old), fields | {"seen": seen})
        assert "changed meanwhile, by colleague" in answer.text
    assert Protein.objects.filter(pk=old.pk).exists()
    # The page shows both as they are now, so that a second press does it.
    again = senior.post(merge_url(old), fields | {"seen": str(answer.context["seen"])})
    assert again.status_code == 302


def test_only_who_may_change_records_comes_here(two: tuple[Protein, Protein]) -> None:
    old, _ = two
    curator = browser_of(make_person("curator", CURATOR))
    for answer in (
        curator.get(merge_url(old)),
        curator.post(merge_url(old), {"primary": "Q9UK53", "reason": "x", "seen": "0"}),
    ):
        assert answer.status_code == 403
    form = curator.get(reverse("admin:proteins_protein_change", args=[old.pk]))
    assert merge_url(old) not in form.text
    assert Protein.objects.filter(pk=old.pk).exists()
    assert senior_knows_nothing_of("nobody")


def senior_knows_nothing_of(number: str) -> bool:
    client = browser_of(make_person("senior"))
    answer = client.get(reverse("admin:proteins_protein_merge", args=[number]))
    return answer.status_code == 302 and Interaction.objects.count() == 3


def test_the_preview_takes_a_fixed_number_of_queries(senior: Client) -> None:
    def queries(number_of_targets: int) -> int:
        old = make_protein(accession(number_of_targets))
        for number in range(number_of_targets):
            target = make_protein(accession(1000 * number_of_targets + number))
            make_interaction(old, target, status=ReviewStatus.CONFIRMED)
            make_interaction(new, target, status=ReviewStatus.DISPUTED)
        with CaptureQueriesContext(connection) as queries:
            page = senior.get(merge_url(old), {"primary": "Q9UK53"})
        assert page.context["plan"].conflicts == number_of_targets
        return len(queries)

    new = make_protein("Q9UK53", "ING1")
    assert queries(2) == queries(30)
