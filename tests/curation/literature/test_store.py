"""What PubMed says is report with its history, and never against a curator's word."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.literature.publication import Publication
from curation.literature.store import store_publications
from curation.models import Pin, Proposal, RecordKind, Revision, Verb
from curation.records.history import values_at_version
from proteins.models import Citation, PubMedStatus
from tests.curation.people import make_person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def says(pmid: int = 7, **fields: Any) -> Publication:
    output = {
        "title": "A title.",
        "authors": "Liska O",
        "journal": "Database",
        "year": 2022,
        "doi": "10.1093/x",
        **fields,
    }
    return Publication(pmid, **output)


@pytest.fixture
def citation(db: None) -> Citation:
    return Citation.objects.create(pmid=7)


def amend(citation: Citation, **values: Any) -> None:
    actions.amend_citation(user=make_person("senior"), citation=citation, values=values)
    citation.refresh_from_db()


def test_it_is_filled_in_with_its_history(citation: Citation) -> None:
    report = store_publications([says(is_retracted=True)], at=AT)
    citation.refresh_from_db()
    assert (citation.title, citation.year, citation.doi) == ("A title.", 2022, "10.1093/x")
    assert citation.is_retracted
    assert citation.pubmed_status == PubMedStatus.FOUND
    assert citation.looked_up_at == AT
    revision = Revision.objects.get(kind=RecordKind.CITATION, record_id=citation.pk)
    assert revision.verb == Verb.LOOKED_UP
    assert revision.user is None
    assert revision.reason == "PubMed, 2026-11-21"
    assert revision.changes["title"] == ["", "A title."]
    assert revision.changes["pubmed_status"] == [0, 1]
    assert values_at_version(RecordKind.CITATION, citation.pk, 0)["pubmed_status"] == 0
    assert (report.changed, report.retracted) == ([7], [7])
    assert not Pin.objects.exists()


def test_the_same_again_changes_nothing_but_the_time(citation: Citation) -> None:
    store_publications([says()], at=datetime(2020, 1, 1, tzinfo=UTC))
    report = store_publications([says()], at=AT)
    citation.refresh_from_db()
    assert citation.looked_up_at == AT
    assert report.changed == []
    assert Revision.objects.count() == 1


def test_what_pubmed_does_not_know_is_said_and_loses_nothing(citation: Citation) -> None:
    amend(citation, title="A curator's title")
    report = store_publications([], unknown=[7, 8], at=AT)
    citation.refresh_from_db()
    assert citation.pubmed_status == PubMedStatus.NOT_FOUND
    assert citation.title == "A curator's title"
    assert report.unknown == [7]
    assert Revision.objects.get(verb=Verb.LOOKED_UP).changes == {"pubmed_status": [0, 2]}


def test_what_pubmed_does_not_say_takes_nothing_away(citation: Citation) -> None:
    store_publications([says()])
    store_publications([says(doi="", year=None, authors="")])
    citation.refresh_from_db()
    assert (citation.doi, citation.year, citation.authors) == ("10.1093/x", 2022, "Liska O")


def test_a_retraction_that_is_taken_back(citation: Citation) -> None:
    store_publications([says(is_retracted=True)])
    report = store_publications([says()])
    citation.refresh_from_db()
    assert not citation.is_retracted
    assert report.retracted == []


def test_a_curators_word_stays_and_is_told(citation: Citation) -> None:
    store_publications([says()])
    amend(citation, title="Better", year=2021)
    report = store_publications([says(title="A title, corrected.", journal="Other")])
    citation.refresh_from_db()
    assert (citation.title, citation.year, citation.journal) == ("Better", 2021, "Other")
    # The year is what PubMed said before: no news.
    assert report.overruled == ["PMID 7: title"]
    assert dict(Pin.objects.values_list("field", "source_value")) == {
        "title": "A title.",
        "year": 2022,
    }
    assert not Proposal.objects.exists()


def test_a_pin_goes_when_pubmed_says_what_the_curator_said(citation: Citation) -> None:
    store_publications([says()])
    amend(citation, title="Better", is_retracted=True)
    report = store_publications([says(title="Better", is_retracted=True)])
    assert not Pin.objects.exists()
    assert report.overruled == []
    store_publications([says(title="Newer")])
    citation.refresh_from_db()
    assert (citation.title, citation.is_retracted) == ("Newer", False)


def test_a_title_typed_before_the_first_look_up_stays(citation: Citation) -> None:
    amend(citation, title="Typed")
    report = store_publications([says()])
    citation.refresh_from_db()
    assert (citation.title, citation.authors) == ("Typed", "Liska O")
    assert report.overruled == ["PMID 7: title"]


def test_a_value_that_breaks_a_rule_is_left_out_and_the_rest_stored(citation: Citation) -> None:
    report = store_publications([says(year=3000, doi="nonsense")])
    citation.refresh_from_db()
    assert (citation.title, citation.year, citation.doi) == ("A title.", None, "")
    assert sorted(problem.split(":")[1] for problem in report.problems) == [" doi", " year"]


def test_what_is_not_cited_here_is_passed_over(citation: Citation) -> None:
    store_publications([says(), says(8)], unknown=[9])
    assert list(Citation.objects.filter(pmid__in=[7, 8, 9]).values_list("pmid", flat=True)) == [7]


def test_a_dry_run_keeps_nothing(citation: Citation) -> None:
    report = store_publications([says()], dry_run=True)
    assert report.changed == [7]
    citation.refresh_from_db()
    assert (citation.title, citation.looked_up_at) == ("", None)
    assert not Revision.objects.exists()


def test_nobody_sets_what_pubmed_said(citation: Citation) -> None:
    with pytest.raises(ValidationError, match="Nobody may change"):
        amend(citation, pubmed_status=1)


def test_a_person_who_looks_up_stands_in_the_history(citation: Citation) -> None:
    person = make_person("senior")
    store_publications([says()], user=person)
    assert Revision.objects.get().user == person


def test_queries_of_a_batch_do_not_depend_on_its_pins(citation: Citation) -> None:
    def queries(*publications: Publication) -> int:
        with CaptureQueriesContext(connection) as captured:
            store_publications(publications)
        return len(captured)

    Citation.objects.bulk_create(Citation(pmid=pmid) for pmid in range(100, 120))
    one = queries(says())
    twenty = queries(*(says(pmid) for pmid in range(100, 120)))
    # Reading, writing, history and open proposals of each; the rest once.
    assert twenty - one == 19 * 4
