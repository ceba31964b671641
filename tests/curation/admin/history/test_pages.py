"""The history of a record as pages show it, and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from curation import actions
from curation.admin.history.entries import VERB_PHRASES
from curation.importing.run import import_pages
from curation.models import Comment, RecordKind, Revision, Verb
from curation.permissions import ADMINISTRATOR, CURATOR
from proteins.models import Citation, Interaction, Protein, ReviewStatus
from tests.curation.importing.pages_for_tests import page, write
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db
HISTORY_QUERIES = 21  # one of them of a protein's names
VERSION_QUERIES = 20


def history(record: Protein | Interaction | Citation) -> str:
    return reverse(f"admin:proteins_{record._meta.model_name}_history", args=[record.pk])


def version(record: Protein | Interaction, number: int) -> str:
    return reverse(f"admin:proteins_{record._meta.model_name}_version", args=[record.pk, number])


def text_of(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def senior() -> Client:
    return browser_of(make_person("senior"))


@pytest.fixture
def protein() -> Protein:
    return make_protein("Q9UK53", "ING1", has_page=True)


def rename(protein: Protein, name: str, reason: str = "") -> Revision:
    revision = actions.amend_protein(
        user=make_person("ada"), protein=protein, values={"name": name}, reason=reason
    )
    assert revision is not None
    return revision


def test_who_when_what_and_why(senior: Client, protein: Protein) -> None:
    rename(protein, "p33", "the name in <UniProt>")
    text = text_of(senior, history(protein))
    assert "ada amended it" in text
    assert "the name in &lt;UniProt&gt;" in text
    assert "<del>ING1</del>" in text
    assert "<ins>p33</ins>" in text


def test_the_import_behind_a_change_and_at_the_beginning(senior: Client, tmp_path: Path) -> None:
    first = import_pages([write(tmp_path, a=page("Q9UK53", "ING1"))]).run_id
    second = import_pages([write(tmp_path, a=page("Q9UK53", "p33"))]).run_id
    text = text_of(senior, history(Protein.objects.get()))
    assert f"Import run {second} changed it" in text
    assert f'<a href="/admin/curation/importrun/{second}/change/">Import run {second}</a>' in text
    assert f'<a href="/admin/curation/importrun/{first}/change/">import run {first}</a>' in text


def test_the_proposal_behind_a_change_names_its_author(senior: Client, protein: Protein) -> None:
    proposal = actions.propose(
        user=make_person("cy", CURATOR),
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        values={"name": "p33"},
    )
    actions.accept_proposal(user=make_person("ada"), proposal=proposal)
    text = text_of(senior, history(protein))
    assert f"/admin/curation/proposal/{proposal.pk}/change/" in text
    assert "by cy" in text


def test_what_nobody_is_on_record_for(senior: Client, protein: Protein) -> None:
    text = text_of(senior, history(protein))
    assert "Nothing has been changed since it came here." in text
    assert "No import and no person is on record" in text


def test_every_kind_has_its_history(senior: Client) -> None:
    interaction = make_interaction(make_protein("P04637"), make_protein("Q07812"))
    citation = Citation.objects.order_by("pk")[0]
    for record in (interaction, citation):
        assert "What happened" in text_of(senior, history(record))


def test_no_such_record(senior: Client, protein: Protein) -> None:
    for number in ("987654", "abc", "-1", "9" * 30):
        answer = senior.get(f"/admin/proteins/protein/{number}/history/")
        assert answer.status_code == 302, number
    for unknown in (987_654, int("9" * 30)):
        assert senior.get(version(protein, unknown)).status_code == 302
    other = rename(make_protein("P04637"), "p53").pk
    assert senior.get(version(protein, other)).status_code == 302


def test_a_removed_record_keeps_its_history(senior: Client, protein: Protein) -> None:
    first = rename(protein, "p33").pk
    url, number = history(protein), protein.pk
    actions.remove_record(user=make_person("ada"), record=protein, reason="A mistake.")
    text = text_of(senior, url)
    assert "This protein is not there any more." in text
    assert "ada removed it" in text
    assert "Comment on this" not in text
    then = text_of(senior, f"/admin/proteins/protein/{number}/history/{first}/")
    assert "p33" in then
    assert "Revert to this version" not in then
    answer = senior.post(f"/admin/proteins/protein/{number}/history/{first}/", {"reason": "x"})
    assert "has been removed meanwhile" in answer.content.decode()
    listed = senior.get("/admin/curation/revision/?q=Q9UK53").content.decode()
    assert url in listed


class TestOnADay:
    def history_text(self, client: Client, protein: Protein, **query: str) -> str:
        answer = client.get(history(protein), query)
        assert answer.status_code == 200
        return answer.content.decode()

    def test_what_it_said(self, senior: Client, protein: Protein) -> None:
        for day, name in (("2026-05-01", "p33"), ("2026-05-03", "ING1A")):
            revision = rename(protein, name)
            Revision.objects.filter(pk=revision.pk).update(at=f"{day}T14:30:05.5+00:00")
        caption = "<caption>Q9UK53 on 2026-05-01 at 23:59:59 UTC</caption>"
        for query, name in (
            ({"day": "2026-04-30"}, "ING1"),
            ({"day": "2026-05-01"}, "p33"),
            ({"day": "2026-05-01", "time": "14:29"}, "ING1"),
            ({"day": "2026-05-01", "time": "14:30"}, "p33"),
            ({"day": "2026-05-01", "time": "14:30:04"}, "ING1"),
            ({"day": "2026-05-01", "time": "14:30:05"}, "p33"),
            ({"day": "2026-05-02"}, "p33"),
            ({"day": "2026-05-03"}, "ING1A"),
        ):
            text = self.history_text(senior, protein, **query)
            shown = text.split('role="status"')[1].split("</table>")[0]
            assert f"<div>{name}</div>" in shown, query
        assert caption in self.history_text(senior, protein, day="2026-05-01")

    def test_before_it_was_here(self, senior: Client) -> None:
        protein = Protein(accession="P04637", taxon=taxon())
        actions.add_record(user=make_person("ada"), record=protein, values={"name": "TP53"})
        assert "It was not here yet" in self.history_text(senior, protein, day="2020-01-01")

    def test_after_it_was_removed(self, senior: Client, protein: Protein) -> None:
        copy = Protein.objects.get(pk=protein.pk)
        actions.remove_record(user=make_person("ada"), record=protein)
        today = f"{timezone.now():%Y-%m-%d}"
        assert "It had been removed by" in self.history_text(senior, copy, day=today)

    @pytest.mark.parametrize(
        ("day", "time", "error"),
        [
            ("", "", "Give a day, such as 2026-05-31."),
            ("31.5.2026", "", "That is no day"),
            ("2026-02-30", "", "That is no day"),
            ("0000-01-01", "", "That is no day"),
            ("2026-05-01\x00", "", "That is no day"),
            ("2026-05-01", "25:00", "That is no time of day"),
            ("9999-12-31", "", "That is still to come"),
            ("9999-12-31", "23:59", "That is still to come"),
        ],
    )
    def test_no_day(
        self, senior: Client, protein: Protein, day: str, time: str, error: str
    ) -> None:
        text = self.history_text(senior, protein, day=day, time=time)
        assert error in text
        assert 'role="status"' not in text

    def test_the_first_day_there_is(self, senior: Client, protein: Protein) -> None:
        assert "Q9UK53 on 0001-01-01" in self.history_text(senior, protein, day="0001-01-01")


class TestReverting:
    def test_back_to_a_version(self, senior: Client, protein: Protein) -> None:
        first = rename(protein, "p33")
        rename(protein, "p47")
        text = text_of(senior, version(protein, first.pk))
        assert "<del>p33</del>" in text
        assert "<ins>p47</ins>" in text
        seen = f'name="seen" value="{Revision.objects.order_by("-id")[0].pk}"'
        assert seen in text
        answer = self.post(senior, protein, first.pk, reason="It was right.")
        assert answer.status_code == 302
        assert answer["Location"] == history(protein)
        last = Revision.objects.order_by("-id")[0]
        assert (last.verb, last.reason) == (Verb.REVERTED, "It was right.")
        protein.refresh_from_db()
        assert protein.name == "p33"

    def post(
        self, client: Client, protein: Protein, number: int, **data: str | int
    ) -> HttpResponse:
        newest = Revision.objects.order_by("-id")[0].pk
        answer = client.post(version(protein, number), {"seen": newest, **data})
        assert isinstance(answer, HttpResponse)
        return answer

    def test_a_reason_is_demanded(self, senior: Client, protein: Protein) -> None:
        rename(protein, "p33")
        answer = self.post(senior, protein, 0, reason="  ")
        assert "a reason is needed to revert a record" in answer.content.decode()
        protein.refresh_from_db()
        assert protein.name == "p33"

    @pytest.mark.parametrize("seen", ["", "0", "nonsense", "-1", "first"])
    def test_what_changed_meanwhile_is_shown(
        self, senior: Client, protein: Protein, seen: str
    ) -> None:
        first = rename(protein, "p33").pk
        rename(protein, "p47", "as UniProt has it")
        seen = str(first) if seen == "first" else seen
        answer = self.post(senior, protein, 0, reason="It was right.", seen=seen)
        text = answer.content.decode()
        assert "This record was changed meanwhile, by ada." in text
        assert "as UniProt has it" in text
        assert ">It was right.</textarea>" in text
        protein.refresh_from_db()
        assert protein.name == "p47"
        # Having seen that, the same form goes through.
        assert f'name="seen" value="{Revision.objects.order_by("-id")[0].pk}"' in text

    @pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
    def test_who_may_not_change_records(self, protein: Protein, role: str) -> None:
        rename(protein, "p33")
        person = make_person("cy", role)
        person.user_permissions.add(*Permission.objects.filter(codename="view_protein"))
        client = browser_of(person)
        assert "Revert to this version" not in text_of(client, version(protein, 0))
        assert self.post(client, protein, 0, reason="x").status_code == 403
        protein.refresh_from_db()
        assert protein.name == "p33"

    def test_who_may_not_look(self, protein: Protein) -> None:
        without_role = User.objects.create_user("nobody", is_staff=True)
        for url in (history(protein), version(protein, 0)):
            assert browser_of(without_role).get(url).status_code == 403
            assert Client().get(url).status_code == 302

    def test_without_a_token(self, protein: Protein) -> None:
        rename(protein, "p33")
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_person("senior"))
        assert client.post(version(protein, 0), {"reason": "x"}).status_code == 403

    def test_a_version_that_says_the_same(self, senior: Client, protein: Protein) -> None:
        last = rename(protein, "p33").pk
        text = text_of(senior, version(protein, last))
        assert "Its values are the same now." in text
        assert "Revert to this version" not in text
        answer = self.post(senior, protein, last, reason="x")
        assert "The record is already as it was then." in answer.content.decode()

    def test_what_curators_cannot_change_stays(self, senior: Client) -> None:
        interaction = make_interaction(make_protein("P04637"), make_protein("Q07812"))
        actions.dispute_interaction(
            user=make_person("ada"), interaction=interaction, reason="One paper only."
        )
        Revision.objects.create(
            kind=RecordKind.INTERACTION,
            record_id=interaction.pk,
            record_key=interaction.key,
            verb=Verb.REMOVED,
            changes={"reporting": [0, 1]},
        )
        Interaction.objects.update(reporting=1)
        text = text_of(senior, version(interaction, 0))
        assert "stays as it is now: whether it is reported." in text
        assert "<del>unreviewed</del>" in text
        self.post(senior, interaction, 0, reason="x")  # type: ignore[arg-type]
        interaction.refresh_from_db()
        assert (interaction.status, interaction.reporting) == (ReviewStatus.UNREVIEWED, 1)


class TestCommenting:
    def test_a_comment_is_part_of_the_history(self, senior: Client, protein: Protein) -> None:
        answer = senior.post(history(protein), {"text": "<b>Really?</b>"})
        assert answer.status_code == 302
        text = text_of(senior, history(protein))
        assert "senior commented" in text
        assert "&lt;b&gt;Really?&lt;/b&gt;" in text

    def test_an_empty_one_is_refused(self, senior: Client, protein: Protein) -> None:
        text = senior.post(history(protein), {"text": " "}).content.decode()
        assert "Write something first." in text
        assert not Comment.objects.exists()

    def test_who_may_not(self, protein: Protein) -> None:
        person = make_person("admin", ADMINISTRATOR)
        client = browser_of(person)
        assert "Comment on this" not in text_of(client, history(protein))
        assert client.post(history(protein), {"text": "x"}).status_code == 403


def many(protein: Protein, number: int) -> None:
    person = make_person("ada")
    Revision.objects.bulk_create(
        Revision(
            kind=RecordKind.PROTEIN,
            record_id=protein.pk,
            record_key=protein.accession,
            verb=Verb.AMENDED,
            changes={"name": [f"n{place}", f"n{place + 1}"]},
            user=person,
        )
        for place in range(number)
    )
    for place in range(number // 10):
        Comment.objects.create(
            kind=RecordKind.PROTEIN,
            record_id=protein.pk,
            record_key=protein.accession,
            author=person,
            text=f"c{place}",
        )


@pytest.mark.parametrize("number", [1, 200])
def test_queries_do_not_grow_with_a_history(senior: Client, protein: Protein, number: int) -> None:
    many(protein, number)
    senior.get(history(protein))
    with CaptureQueriesContext(connection) as queries:
        text = text_of(senior, history(protein) + "?day=2026-01-01")
    assert len(queries) <= HISTORY_QUERIES
    assert text.count('class="history-entry"') <= 50
    with CaptureQueriesContext(connection) as queries:
        text_of(senior, version(protein, Revision.objects.order_by("id")[0].pk))
    assert len(queries) <= VERSION_QUERIES


def test_a_long_history_has_pages(senior: Client, protein: Protein) -> None:
    many(protein, 100)
    first, last = (text_of(senior, f"{history(protein)}?p={number}") for number in (1, 3))
    assert "Page 1 of 3, 110 entries" in first
    assert "No import and no person" not in first
    assert last.count('class="history-entry"') == 10
    assert "No import and no person" in last
    for wrong in ("0", "99", "x"):
        assert 'class="history-entry"' in text_of(senior, f"{history(protein)}?p={wrong}")


def test_every_verb_has_its_words() -> None:
    """A dashboard or a history that lacked one would not open."""
    assert VERB_PHRASES.keys() == set(Verb)
