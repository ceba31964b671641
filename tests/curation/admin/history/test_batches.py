"""The pages of batches: the list, one batch with its records, its undo with a preview."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from curation import actions
from curation.actions.batches import review_interactions, undo_batch
from curation.admin.history import batch as batch_pages
from curation.importing.run import import_pages
from curation.models import Batch, BatchJob, BatchKind, JobState
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.uploads.work import work
from proteins.models import Interaction, ReviewStatus
from proteins.queries.content_digest import content_digest
from tests.curation.admin.forms import messages_of
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein
from tests.places import PAGES

pytestmark = pytest.mark.django_db
LIST = "/admin/curation/batch/"


@pytest.fixture
def several(db: None) -> list[Interaction]:
    tf = make_protein("Q9UK53", "ING1")
    targets = [make_protein(f"P0000{number}", f"GENE{number}") for number in range(3)]
    return [make_interaction(tf, target) for target in targets]


@pytest.fixture
def senior_user(db: None) -> User:
    return make_person("senior")


@pytest.fixture
def batch(several: list[Interaction], senior_user: User) -> Batch:
    outcome = review_interactions(
        user=senior_user,
        interactions=[one.pk for one in several],
        status=ReviewStatus.DISPUTED,
        reason="One database only.",
        public={"review_reason": "predicted only"},
    )
    return Batch.objects.get(pk=outcome.change)


def url_of(name: str, number: int, model: str = "batch") -> str:
    return reverse(f"admin:curation_{model}_{name}", args=[number])


def test_a_batch_has_a_page_with_its_records(
    senior: Client, batch: Batch, several: list[Interaction]
) -> None:
    listing = senior.get(LIST).text
    for text in ("interactions disputed", "One database only.", "senior"):
        assert text in listing
    page = senior.get(url_of("change", batch.pk)).text
    assert "One database only." in page
    for one in several:
        assert reverse("admin:proteins_interaction_history", args=[one.pk]) in page
    assert "reason of the review: <del>nothing</del> <ins>predicted only</ins>" in page
    assert "change of the review" not in page


def test_records_come_in_pages(
    senior: Client, batch: Batch, several: list[Interaction], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_pages, "PAGE", 2)
    first, second = (senior.get(f"{url_of('change', batch.pk)}?p={page}").text for page in (1, 2))
    assert "1 to 2 of 3" in first
    assert "3 to 3 of 3" in second
    assert several[2].key in second
    assert several[2].key not in first


def test_an_undo_is_looked_at_and_then_done(
    senior: Client, batch: Batch, several: list[Interaction]
) -> None:
    actions.confirm_interaction(user=make_person("anna"), interaction=several[0], reason="Blot.")
    preview = senior.post(url_of("undo", batch.pk)).text
    assert "2 records would be what they were" in preview
    assert "review status: disputed → unreviewed" in preview
    assert f"interaction {several[0].key}: Its review was changed since." in preview
    assert Interaction.objects.filter(status=ReviewStatus.DISPUTED).count() == 2

    answer = senior.post(
        url_of("undo", batch.pk), {"confirmed": "1", "reason": "Misread."}, follow=True
    )
    assert "2 records are what they were." in messages_of(answer)
    assert f"{several[0].key} stays: Its review was changed since." in messages_of(answer)
    assert f"Undo of batch {batch.pk}: Misread." in answer.text
    assert not Interaction.objects.filter(status=ReviewStatus.DISPUTED).exists()
    again = Batch.objects.get(undoes=batch)
    assert url_of("change", again.pk) in senior.get(url_of("change", batch.pk)).text
    answer = senior.post(url_of("undo", batch.pk), {"confirmed": "1"}, follow=True)
    assert "There is nothing to give back" in messages_of(answer)


def test_a_large_batch_is_undone_by_a_process_of_its_own(
    senior: Client, batch: Batch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_pages, "INLINE", 2)
    monkeypatch.setattr("curation.uploads.jobs.start", lambda job: work("batchjob", job.pk))
    answer = senior.post(url_of("undo", batch.pk), follow=True)
    assert "What would be given back, and what would stay" in answer.text
    assert "3 records would be what they were" in answer.text
    job = BatchJob.objects.get()
    assert (job.state, job.kind, job.preview["done"]) == (JobState.READY, BatchKind.UNDO, 3)
    # One that waits is shown, and no second one is made.
    senior.post(url_of("undo", batch.pk))
    assert BatchJob.objects.count() == 1

    confirm = url_of("confirm", job.pk, "batchjob")
    sent = {"seen": job.state_since.isoformat(), "reason": "Misread."}
    answer = senior.post(confirm, sent, follow=True)
    job.refresh_from_db()
    assert (job.state, job.result["done"]) == (JobState.DONE, 3)
    assert url_of("change", job.result["change"]) in answer.text
    assert not Interaction.objects.filter(status=ReviewStatus.DISPUTED).exists()


@pytest.mark.parametrize(("role", "status"), [(CURATOR, 200), (ADMINISTRATOR, 403)])
def test_who_may_undo(batch: Batch, role: str, status: int) -> None:
    browser = browser_of(make_person("berta", role))
    assert browser.post(url_of("undo", batch.pk)).status_code == status
    assert browser.get(url_of("undo", batch.pk)).status_code == 405
    assert Client().post(url_of("undo", batch.pk)).status_code in (200, 302)
    assert Interaction.objects.filter(status=ReviewStatus.DISPUTED).count() == 3


def test_a_curator_undoes_no_rejection(senior_user: User, several: list[Interaction]) -> None:
    outcome = review_interactions(
        user=senior_user,
        interactions=[several[0].pk],
        status=ReviewStatus.REJECTED,
        reason="Wrong.",
    )
    assert outcome.change is not None
    browser = browser_of(make_person("berta", CURATOR))
    for sent in ({}, {"confirmed": "1"}):
        assert browser.post(url_of("undo", outcome.change), sent).status_code == 403
    assert Interaction.objects.filter(status=ReviewStatus.REJECTED).count() == 1


def test_an_import_is_a_batch_that_its_own_page_takes_back(senior: Client) -> None:
    report = import_pages([PAGES / "q9uk53.md"])
    batch = Batch.objects.get()
    assert (batch.kind, batch.run_id) == (BatchKind.IMPORT, report.run_id)
    page = senior.get(url_of("change", batch.pk)).text
    assert reverse("admin:curation_importrun_change", args=[report.run_id]) in page
    assert "Undo this batch" not in page
    answer = senior.post(url_of("undo", batch.pk), follow=True)
    assert "An import is taken back on its own page." in messages_of(answer)


def test_pages_show_the_reason_and_stop_at_once(
    client: Client, batch: Batch, several: list[Interaction], senior_user: User
) -> None:
    path = several[0].get_absolute_url()
    record = f"/api/v1/interactions/{several[0].key}/"
    shown = client.get(path)
    assert "predicted only" in shown.text
    assert "One database only." not in shown.text
    assert client.get(record).json()["review"]["reason"] == "predicted only"
    assert client.get(path, headers={"If-None-Match": shown["ETag"]}).status_code == 304
    digest = content_digest()

    undo = undo_batch(user=senior_user, batch_number=batch.pk)

    again = client.get(path, headers={"If-None-Match": shown["ETag"], "Cookie": "sessionid=x"})
    assert again.status_code == 200
    assert "Why disputed" not in again.text
    assert client.get(record).json()["review"] is None
    assert undo.change is not None
    undo_batch(user=senior_user, batch_number=undo.change)
    assert content_digest() == digest
