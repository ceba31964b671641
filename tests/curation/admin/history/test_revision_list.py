"""The list of all that happened: found by record, person, import, verb and time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from curation import actions
from curation.admin.history import revision_filters
from curation.importing.run import import_pages
from curation.importing.undo.run import undo_import
from curation.models import RecordKind, Revision, Verb
from proteins.models import BindingSite, Citation, Interaction, Protein
from tests.curation.importing.pages_for_tests import page, write
from tests.curation.people import browser_of, make_person
from tests.factories import analyse, make_interaction, make_protein

pytestmark = pytest.mark.django_db
LIST = "/admin/curation/revision/"
#: Session and user, permissions, people, runs, count, rows.
QUERIES = 9


@pytest.fixture
def senior() -> Client:
    return browser_of(make_person("senior"))


@pytest.fixture
def changed(tmp_path: Path) -> Interaction:
    """An interaction that ada disputed, a protein that bob renamed, one that an import did."""
    interaction = make_interaction(make_protein("P04637"), make_protein("Q07812", "BAX"))
    actions.dispute_interaction(
        user=make_person("ada"), interaction=interaction, reason="<i>One</i> paper only."
    )
    actions.amend_protein(
        user=make_person("bob"), protein=interaction.target, values={"name": "Bax"}
    )
    import_pages([write(tmp_path, a=page("Q9UK53", "ING1"))])
    import_pages([write(tmp_path, a=page("Q9UK53", "p33"))])
    return interaction


def records(client: Client, query: str) -> set[str]:
    """Return the keys of the records that a list shows."""
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return {revision.record_key for revision in answer.context["cl"].result_list}


PAIR, RENAMED, IMPORTED = "P04637-Q07812", "Q07812", "Q9UK53"


def test_filters_and_search(senior: Client, changed: Interaction) -> None:
    ada, run = make_person("ada").pk, Revision.objects.get(verb=Verb.IMPORTED).run_id
    Revision.objects.filter(record_key=RENAMED).update(at=timezone.now() - timedelta(days=8))
    for query, expected in (
        ("", {PAIR, RENAMED, IMPORTED}),
        ("?verb=disputed", {PAIR}),
        ("?kind=protein", {RENAMED, IMPORTED}),
        (f"?person={ada}", {PAIR}),
        ("?person=none", {IMPORTED}),
        (f"?run={run}", {IMPORTED}),
        ("?time=week", {PAIR, IMPORTED}),
        ("?time=month", {PAIR, RENAMED, IMPORTED}),
        (f"?q={PAIR.lower()}", {PAIR}),
        ("?q=Q07812", {RENAMED}),
        ("?q=ADA", {PAIR}),
        ("?q=nobody", set()),
        ("?verb=imported", {IMPORTED}),
        ("?verb=undone", set()),
        ("?verb=looked+up", set()),
        ("?verb=x", set()),
        ("?kind=x", set()),
        (f"?q=ada&person={ada}&time=day", {PAIR}),
        # What no filter offers filters nothing, or finds nothing; it never fails.
        ("?time=century", {PAIR, RENAMED, IMPORTED}),
        ("?person=x", set()),
        (f"?person={'9' * 30}", set()),
        (f"?run={'9' * 30}", set()),
    ):
        assert records(senior, query) == expected, query


def test_the_newest_come_first_and_nothing_is_markup(senior: Client, changed: Interaction) -> None:
    answer = senior.get(LIST)
    numbers = [revision.pk for revision in answer.context["cl"].result_list]
    assert numbers == sorted(numbers, reverse=True)
    text = answer.content.decode()
    assert "&lt;i&gt;One&lt;/i&gt; paper only." in text
    assert f"/admin/proteins/interaction/{changed.pk}/history/" in text


def test_what_is_gone_is_found_by_its_name(senior: Client, tmp_path: Path) -> None:
    protein = make_protein("P04637", "TP53")
    actions.remove_record(user=make_person("ada"), record=protein)
    assert records(senior, "?q=p04637") == {"P04637"}
    first = import_pages([write(tmp_path, a=page("Q9UK53", "ING1"))]).run_id
    second = import_pages([write(tmp_path, a=page("Q9UK53", "p33"))]).run_id
    undo_import(second)
    undo_import(first)
    assert not Protein.objects.exists()
    assert records(senior, "?q=Q9UK53") == {"Q9UK53"}
    assert records(senior, "?verb=undone") == {"Q9UK53"}


def test_it_is_searched_by_an_index(changed: Interaction) -> None:
    # So many that one index is not as good as another.
    Revision.objects.bulk_create(
        Revision(kind=RecordKind.PROTEIN, record_id=n, record_key=f"K{n}", verb=Verb.AMENDED)
        for n in range(2_000)
    )
    analyse()
    with CaptureQueriesContext(connection) as queries:
        list(revision_filters.revisions_meant(Revision.objects.all(), "Q07812"))
    searches = [query["sql"] for query in queries if '"record_key" IN' in query["sql"]]
    assert len(searches) == 1
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN"
        if connection.vendor == "postgresql":
            explain = "EXPLAIN"
        cursor.execute(f"{explain} {searches[0]}")
        assert "revision_record_key" in str(cursor.fetchall())


def test_every_kind_is_found_by_its_name(senior: Client, changed: Interaction) -> None:
    citation = Citation.objects.order_by("pk")[0]
    site = BindingSite.objects.create(
        tflink_id="TFLinkSS09902114", tf=changed.tf, evidence=changed.evidence
    )
    for kind, record, key in (
        (RecordKind.CITATION, citation, str(citation.pmid)),
        (RecordKind.BINDING_SITE, site, site.tflink_id),
    ):
        Revision.objects.create(kind=kind, record_id=record.pk, record_key=key, verb=Verb.AMENDED)
        assert records(senior, f"?q={key.lower()}") == {key}
    assert records(senior, f"?q={'9' * 30}") == set()


def test_a_kind_of_which_there_are_many(
    senior: Client, changed: Interaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revision_filters, "COUNTED", 1)
    assert records(senior, "?kind=protein") == {RENAMED, IMPORTED}
    assert records(senior, "?kind=interaction") == {PAIR}


def test_one_of_them(senior: Client, changed: Interaction) -> None:
    number = Revision.objects.get(verb=Verb.DISPUTED).pk
    text = senior.get(f"{LIST}{number}/change/").content.decode()
    assert "<del>unreviewed</del>" in text
    assert 'name="_save"' not in text
    history = senior.get(f"{LIST}{number}/history/")
    assert history["Location"] == f"/admin/proteins/interaction/{changed.pk}/history/"
    assert senior.post(f"{LIST}{number}/change/", {"reason": "x"}).status_code == 403
    assert senior.post(f"{LIST}{number}/delete/", {"post": "yes"}).status_code == 403
    assert senior.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize("number", [1, 60])
def test_queries_do_not_grow(senior: Client, number: int) -> None:
    people = [make_person(f"p{place}") for place in range(min(number, 5))]
    for place in range(number):
        protein: Protein = make_protein(f"P{place:05d}", has_page=True)
        Revision.objects.create(
            kind=RecordKind.PROTEIN,
            record_id=protein.pk,
            record_key=protein.accession,
            verb=Verb.AMENDED,
            changes={"name": ["", "x"]},
            user=people[place % len(people)],
        )
    senior.get(LIST)
    with CaptureQueriesContext(connection) as queries:
        assert senior.get(LIST).status_code == 200
    assert len(queries) <= QUERIES
