"""Look-ups against a service on this computer: batches, what is missing, what fails."""

from __future__ import annotations

import io
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from curation.actions import ActionError
from curation.literature import lookup
from curation.literature.entrez import PubMed
from curation.literature.lookup import look_up_at_desk
from curation.literature.store import keep_looked_up
from curation.models import Revision
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from proteins.models import Citation, PubMedStatus
from tests.curation.literature.conftest import MadeUpTime
from tests.curation.literature.service import Answer, Service, article, article_set
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waiting")]


@pytest.fixture(autouse=True)
def only_these(db: None) -> None:
    """Publications that vocabularies bring count as looked up."""
    Citation.objects.update(pubmed_status=PubMedStatus.FOUND, looked_up_at=timezone.now())


def cite(*pmids: int) -> None:
    Citation.objects.bulk_create(Citation(pmid=pmid) for pmid in pmids)


def run(*arguments: object, exit_status: int = 0, **options: Any) -> str:
    out = io.StringIO()
    with pytest.raises(SystemExit) if exit_status else nullcontext() as ended:
        call_command("fetch_citations", *map(str, arguments), stdout=out, stderr=out, **options)
    assert ended is None or ended.value.code == exit_status
    return out.getvalue()


def standing(*pmids: int) -> list[str]:
    found = {one.pmid: one.get_pubmed_status_display() for one in Citation.objects.all()}
    return [found[pmid].split()[0] for pmid in pmids]


def test_batches_of_200(service: Service) -> None:
    cite(*range(1001, 1451))
    said = run()
    assert [len(batch) for batch in service.asked()] == [200, 200, 50]
    assert [pmid for batch in service.asked() for pmid in batch] == list(range(1001, 1451))
    assert "450 publications looked up: 450 found in PubMed" in said
    citation = Citation.objects.get(pmid=1450)
    assert citation.title == "Regulation of gene 1450 by TP53."
    assert "450 records changed" in said


def test_what_is_looked_up_is_not_asked_again(service: Service) -> None:
    cite(1, 2)
    run()
    assert "looked up already" in run()
    assert len(service.requests) == 1
    cite(3)
    run()
    assert service.asked()[1:] == [[3]]


def test_all_stale_and_named(service: Service) -> None:
    cite(1, 2, 3)
    long_ago = timezone.now() - timedelta(days=40)
    Citation.objects.filter(pmid=2).update(pubmed_status=1, looked_up_at=long_ago)
    Citation.objects.filter(pmid=1).update(pubmed_status=2, looked_up_at=timezone.now())
    run(stale=50)
    assert service.asked() == [[3]]
    run(stale=30)
    assert service.asked()[1:] == [[2]]
    run(all=True)
    everybody = service.asked()[2]
    assert [pmid for pmid in everybody if pmid <= 3] == [1, 3, 2]
    assert len(everybody) == Citation.objects.count()
    run(3, 1)
    assert service.asked()[3:] == [[1, 3]]


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
    said = run()
    assert service.asked() == [[1, 2, 3], [2]]
    assert standing(1, 2, 3) == ["found", "not", "found"]
    assert "Not known to PubMed: 2." in said


def test_one_empty_answer_flags_nobody(service: Service) -> None:
    cite(*range(1001, 1201))
    service.answers = [Answer(body=article_set([]))]
    run()
    assert [len(batch) for batch in service.asked()] == [200, *[20] * 10]
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
    said = run(exit_status=1)
    assert "2 publications not looked up" in said
    assert standing(1, 2) == ["not", "not"]
    assert not Citation.objects.unknown_to_pubmed().exists()


def test_a_batch_that_fails_for_good_leaves_the_others(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 2)
    cite(1, 2, 3, 4, 5)
    service.answers = [Answer(), *[Answer(503)] * 3]
    said = run(exit_status=1)
    assert service.asked() == [[1, 2], *[[3, 4]] * 3, [5]]
    assert "PMID 3 and 1 more: PubMed answered 503" in said
    assert "3 publications looked up" in said
    assert "2 publications not looked up; run it again for the rest" in said
    assert standing(1, 2, 5) == ["found"] * 3
    run()
    assert service.asked()[5:] == [[3, 4]]


def test_a_service_that_is_down_is_left_alone(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 1)
    cite(*range(1, 11))
    service.answers = [Answer(500)] * 100
    said = run(exit_status=1)
    assert len(service.requests) == 3 * lookup.STOP_AFTER
    assert "10 publications not looked up" in said


def test_a_refusal_ends_the_run(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "BATCH", 1)
    cite(1, 2, 3)
    service.answers = [Answer(400, '{"error":"API key invalid"}')]
    said = run(exit_status=1)
    assert len(service.requests) == 1
    assert "API key invalid" in said
    assert "3 publications not looked up" in said


def test_a_run_that_is_stopped_goes_on_where_it_was(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "BATCH", 2)
    cite(1, 2, 3, 4, 5)
    stored = keep_looked_up

    def stop(publications: Any, **how: Any) -> Any:
        kept = list(publications)
        if kept[0].pmid == 3:
            raise KeyboardInterrupt
        return stored(kept, **how)

    monkeypatch.setattr(lookup, "keep_looked_up", stop)
    with pytest.raises(CommandError, match="what had been looked up is kept") as stopped:
        run()
    assert stopped.value.returncode == 130
    assert standing(1, 2, 3) == ["found", "found", "not"]
    monkeypatch.setattr(lookup, "keep_looked_up", stored)
    run()
    assert service.asked()[2:] == [[3, 4], [5]]


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
    said = run(dry_run=True)
    assert "1 record changed" in said
    assert "dry run" in said
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


class TestFiles:
    def test_a_file_needs_neither_network_nor_address(
        self, service: Service, settings: LazySettings, tmp_path: Path
    ) -> None:
        settings.NCBI_EMAIL = ""
        cite(1, 2)
        path = tmp_path / "set.xml"
        path.write_text(article_set([article(1, retracted=True), article(99)]))
        said = run(f"--file={path}")
        assert service.requests == []
        assert "1 publication looked up: 1 found in PubMed" in said
        # The file is not all of PubMed: what it lacks is not unknown.
        assert standing(1, 2) == ["found", "not"]
        assert not Citation.objects.unknown_to_pubmed().exists()
        assert Citation.objects.get(pmid=1).is_retracted
        assert not Citation.objects.filter(pmid=99).exists()

    def test_what_is_known_already_needs_asking_for(self, tmp_path: Path) -> None:
        cite(1, 2)
        Citation.objects.filter(pmid=1).update(pubmed_status=1)
        Citation.objects.filter(pmid=2).update(pubmed_status=2)
        path = tmp_path / "set.nbib"
        path.write_text("PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n")
        run(f"--file={path}")
        assert list(Citation.objects.filter(pmid__lt=3).values_list("title", flat=True)) == [
            "",
            "Two",
        ]
        run(f"--file={path}", "--all")
        assert Citation.objects.get(pmid=1).title == "One"

    def test_a_broken_file_leaves_nothing_of_any(self, tmp_path: Path) -> None:
        cite(1)
        good, broken = tmp_path / "a.xml", tmp_path / "b.xml"
        good.write_text(article_set([article(1)]))
        broken.write_text(article_set([article(1)])[:-5])
        with pytest.raises(CommandError, match=r"b\.xml: not whole"):
            call_command("fetch_citations", f"--file={good}", f"--file={broken}")
        assert standing(1) == ["not"]


class TestAtTheDesk:
    @pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
    def test_who_may_not_change_records_may_not_look_up(self, service: Service, role: str) -> None:
        cite(1)
        with pytest.raises(PermissionDenied):
            look_up_at_desk(user=make_person("attacker", role), pmids=[1])
        with pytest.raises(PermissionDenied):
            look_up_at_desk(user=None, pmids=[1])
        assert service.requests == []

    def test_a_senior_curator_may(self, service: Service) -> None:
        cite(1)
        person = make_person("senior", SENIOR_CURATOR)
        report = look_up_at_desk(user=person, pmids=[1, 1])
        assert (report.found, report.failures) == (1, [])
        assert Revision.objects.get().user == person

    def test_more_than_a_page_can_wait_for(self, service: Service) -> None:
        with pytest.raises(ActionError, match="200 at most"):
            look_up_at_desk(user=make_person("senior"), pmids=range(1, 202))
        assert service.requests == []

    def test_a_page_waits_seconds_only(self, service: Service, no_waiting: MadeUpTime) -> None:
        cite(*range(1, 201))
        service.answers = [Answer(503, headers={"Retry-After": "60"})] * 99
        report = look_up_at_desk(user=make_person("senior"), pmids=range(1, 201))
        assert report.left == 200
        assert len(report.failures) == 1
        assert sum(no_waiting.sleeps) <= 20

    def test_without_settings(self, service: Service, settings: LazySettings) -> None:
        settings.NCBI_EMAIL = " "
        with pytest.raises(ImproperlyConfigured, match="NCBI_EMAIL"):
            look_up_at_desk(user=make_person("senior"), pmids=[1])


def test_what_evidence_cites_is_looked_up(service: Service) -> None:
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[11, 12])
    run()
    assert service.asked() == [[11, 12]]
