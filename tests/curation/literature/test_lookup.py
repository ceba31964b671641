"""Look-ups against a service on this computer: batches, what is missing, what fails."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from curation.literature import lookup
from curation.literature.entrez import PubMed
from curation.literature.store import store_publications
from curation.models import Revision
from proteins.models import Citation
from tests.curation.literature.conftest import MadeUpTime
from tests.curation.literature.looking_up import cite, run, standing
from tests.curation.literature.service import Answer, Service, article, article_set
from tests.factories import make_interaction, make_protein

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waiting", "only_these")]


def test_batches_of_200(service: Service) -> None:
    cite(*range(1001, 1451))
    output = run()
    assert [len(batch) for batch in service.batches()] == [200, 200, 50]
    assert [pmid for batch in service.batches() for pmid in batch] == list(range(1001, 1451))
    assert "450 publications looked up: 450 found in PubMed" in output
    citation = Citation.objects.get(pmid=1450)
    assert citation.title == "Regulation of gene 1450 by TP53."
    assert "450 records changed" in output


def test_what_is_looked_up_is_not_asked_again(service: Service) -> None:
    cite(1, 2)
    run()
    assert "looked up already" in run()
    assert len(service.requests) == 1
    cite(3)
    run()
    assert service.batches()[1:] == [[3]]


def test_all_stale_and_named(service: Service) -> None:
    cite(1, 2, 3)
    long_ago = timezone.now() - timedelta(days=40)
    Citation.objects.filter(pmid=2).update(pubmed_status=1, looked_up_at=long_ago)
    Citation.objects.filter(pmid=1).update(pubmed_status=2, looked_up_at=timezone.now())
    run(stale=50)
    assert service.batches() == [[3]]
    run(stale=30)
    assert service.batches()[1:] == [[2]]
    run(all=True)
    every_pmid = service.batches()[2]
    assert [pmid for pmid in every_pmid if pmid <= 3] == [1, 3, 2]
    assert len(every_pmid) == Citation.objects.count()
    run(3, 1)
    assert service.batches()[3:] == [[1, 3]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["99"], "No publication here has PMID 99"),
        (["1", "--all"], "Name PMIDs, or give"),
        (["x"], "'x' is not a PubMed ID"),
        (["--stale", "-1"], "stale"),
    ],
)
def test_wrong_usage(service: Service, arguments: list[str], says: str) -> None:
    cite(1)
    with pytest.raises(CommandError, match=says) as refused:
        call_command("fetch_citations", *arguments)
    assert refused.value.returncode in (1, 2)
    assert service.requests == []


def test_an_email_address_is_demanded(service: Service, settings: LazySettings) -> None:
    cite(1)
    settings.NCBI_EMAIL = ""
    with pytest.raises(CommandError, match="set NCBI_EMAIL"):
        run()
    assert service.requests == []


def test_what_pubmed_does_not_know_is_asked_for_twice(service: Service) -> None:
    cite(1, 2, 3)
    service.unknown = {2}
    output = run()
    assert service.batches() == [[1, 2, 3], [2]]
    assert standing(1, 2, 3) == ["found", "not", "found"]
    assert "Not known to PubMed: 2." in output


def test_one_empty_answer_flags_nobody(service: Service) -> None:
    cite(*range(1001, 1201))
    service.answers = [Answer(body=article_set([]))]
    run()
    assert [len(batch) for batch in service.batches()] == [200, *[20] * 10]
    assert not Citation.objects.unknown_to_pubmed().exists()
    assert Citation.objects.get(pmid=1200).title


def test_half_an_answer_flags_nobody(service: Service) -> None:
    cite(1, 2, 3)
    service.answers = [Answer(body=article_set([article(1)]))]
    run()
    assert standing(1, 2, 3) == ["found"] * 3


def test_a_confirmation_that_fails_flags_nobody(service: Service) -> None:
    cite(1, 2)
    service.answers = [Answer(body=article_set([])), *[Answer(500)] * 3]
    output = run(exit_status=1)
    assert "2 publications not looked up" in output
    assert standing(1, 2) == ["not", "not"]
    assert not Citation.objects.unknown_to_pubmed().exists()


def test_a_batch_that_fails_for_good_leaves_the_others(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 2)
    cite(1, 2, 3, 4, 5)
    service.answers = [Answer(), *[Answer(503)] * 3]
    output = run(exit_status=1)
    assert service.batches() == [[1, 2], *[[3, 4]] * 3, [5]]
    assert "PMID 3 and 1 more: PubMed answered 503" in output
    assert "3 publications looked up" in output
    assert "2 publications not looked up; run it again for the rest" in output
    assert standing(1, 2, 5) == ["found"] * 3
    run()
    assert service.batches()[5:] == [[3, 4]]


def test_a_service_that_is_down_is_left_alone(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 1)
    cite(*range(1, 11))
    service.answers = [Answer(500)] * 100
    output = run(exit_status=1)
    assert len(service.requests) == 3 * lookup.STOP_AFTER
    assert "10 publications not looked up" in output


def test_a_refusal_ends_the_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "BATCH", 1)
    cite(1, 2, 3)
    service.answers = [Answer(400, '{"error":"API key invalid"}')]
    output = run(exit_status=1)
    assert len(service.requests) == 1
    assert "API key invalid" in output
    assert "3 publications not looked up" in output


def test_a_run_that_is_stopped_goes_on_where_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 2)
    cite(1, 2, 3, 4, 5)
    stored = store_publications

    def stop(publications: Any, **how: Any) -> Any:
        rows = list(publications)
        if rows[0].pmid == 3:
            raise KeyboardInterrupt
        return stored(rows, **how)

    monkeypatch.setattr(lookup, "store_publications", stop)
    with pytest.raises(CommandError, match="what had been looked up is stored") as stopped:
        run()
    assert stopped.value.returncode == 130
    assert standing(1, 2, 3) == ["found", "found", "not"]
    monkeypatch.setattr(lookup, "store_publications", stored)
    run()
    assert service.batches()[2:] == [[3, 4], [5]]


def test_a_batch_is_stored_whole_or_not_at_all(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    cite(1, 2)
    real = Revision.objects.create

    def fail_at_the_second(**fields: Any) -> Revision:
        if fields["record_key"] == "2":
            raise RuntimeError("killed")
        return real(**fields)

    monkeypatch.setattr(Revision.objects, "create", fail_at_the_second)
    with pytest.raises(RuntimeError, match="killed"):
        run()
    assert standing(1, 2) == ["not", "not"]
    assert not Revision.objects.exists()


def test_a_dry_run_keeps_nothing(service: Service) -> None:
    cite(1)
    output = run(dry_run=True)
    assert "1 record changed" in output
    assert "dry run" in output
    assert standing(1) == ["not"]


def test_retractions_are_told(service: Service) -> None:
    cite(1, 2)
    service.retracted = {2}
    assert "Newly marked as retracted: 2." in run()
    assert Citation.objects.retracted().get().pmid == 2


def test_the_progress_counts_publications(service: Service, no_waiting: MadeUpTime) -> None:
    cite(*range(1, 251))
    steps: list[int] = []
    pubmed = PubMed(lookup.service_from_settings())
    lookup.look_up(range(1, 251), pubmed, on_progress=steps.append)
    assert steps == [200, 50]


def test_what_evidence_cites_is_looked_up(service: Service) -> None:
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[11, 12])
    run()
    assert service.batches() == [[11, 12]]
