"""No user overwrites a colleague unknowingly, and nothing that was typed is ever lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import Client

from curation import actions
from curation.models import Proposal, RecordKind, Revision
from curation.permissions import CURATOR, SENIOR_CURATOR
from curation.shared import lock
from proteins.models import BindingSite, Interaction, Protein
from tests.curation.admin.forms import edit, form_in, messages_of, open_form, page, press, problems
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def colleague(db: None) -> User:
    return make_person("anna")


@pytest.fixture
def protein(db: None) -> Protein:
    return make_protein("P04637", "TP53", genes=[7157])


def saved_meanwhile(protein: Protein, colleague: User, **values: Any) -> None:
    actions.amend_protein(user=colleague, protein=protein, values=values, reason="As HGNC has it")


@pytest.mark.parametrize("role", [CURATOR, SENIOR_CURATOR])
def test_the_second_is_told_and_loses_nothing(protein: Protein, colleague: User, role: str) -> None:
    browser = browser_of(make_person("berta", role))
    url = page("protein", "change", protein.pk)
    form = open_form(browser, url) | {
        "name": "p53",
        "jaspar_matrices": "MA0106.3",
        "reason": "My reason",
    }
    saved_meanwhile(protein, colleague, name="Tp53", gene_ids=[7157, 99])

    answer = browser.post(url, form)
    assert answer.status_code == 200
    assert "anna changed this record" in problems(answer)[0]
    assert "“As HGNC has it”" in answer.text
    name, genes = answer.context["conflicts"]
    assert (name.before, name.after, name.mine) == (["TP53"], ["Tp53"], ["p53"])
    assert not genes.is_mine
    again = form_in(answer.text)
    assert again["name"] == ["p53"], "what was typed is kept"
    assert again["jaspar_matrices"] == ["MA0106.3"]
    assert again["reason"] == ["My reason"]
    assert again["gene_ids"] == ["99; 7157"], "what was left alone is brought up to date"
    assert not genes.holds_both
    assert not name.holds_both
    assert Revision.objects.count() == 1
    assert not Proposal.objects.exists()

    press(browser, url, {"_save": "1", **again})
    if role == SENIOR_CURATOR:
        protein.refresh_from_db()
        assert protein.name == "p53"
        assert [gene.ncbi_gene_id for gene in protein.gene_ids.all()] == [99, 7157]
        assert Revision.objects.count() == 2
    else:
        assert Proposal.objects.get().changes == {
            "name": ["Tp53", "p53"],
            "jaspar_matrices": {"added": ["MA0106.3"], "removed": []},
        }


def test_a_third_change_is_told_as_well(senior: Client, protein: Protein, colleague: User) -> None:
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": "mine"}
    for name in ("second", "third"):
        saved_meanwhile(protein, colleague, name=name)
        answer = senior.post(url, form)
        assert [conflict.after for conflict in answer.context["conflicts"]] == [[name]]
        assert len(answer.context["meanwhile"]) == 1
        form = form_in(answer.text)
    assert form["name"] == ["mine"]


def test_evidence_is_compared_line_by_line(senior: Client, colleague: User) -> None:
    protein = make_protein("Q9UK53", "ING1")
    interaction = make_interaction(protein, protein, pmids=[1, 2])
    url = page("interaction", "change", interaction.pk)
    form = open_form(senior, url) | {"pmids": "1, 2, 3"}
    evidence = {"sources": ["HTRI"], "methods": [], "pmids": [1], "small_scale": "yes"}
    actions.amend_interaction(
        user=colleague, interaction=interaction, values={"evidence": evidence, "effect": 1}
    )
    answer = senior.post(url, form)
    text = answer.text
    assert "<del>database GTRD</del>" in text
    assert "<ins>database HTRI</ins>" in text
    assert "<strong>PMID 3</strong>" in text
    again = form_in(text)
    assert "holds your changes and theirs" in text
    # Mine: PMID 3. Theirs: HTRI for GTRD, no method, PMID 2 gone, small-scale, the effect.
    assert (again["sources"], again["methods"], again["small_scale"]) == (["HTRI"], [], ["yes"])
    assert (again["pmids"], again["effect"]) == (["1, 3"], ["1"])


def test_evidence_left_alone_is_brought_up_to_date(senior: Client, colleague: User) -> None:
    protein = make_protein("Q9UK53", "ING1")
    interaction = make_interaction(protein, protein, pmids=[1, 2])
    url = page("interaction", "change", interaction.pk)
    form = open_form(senior, url) | {"effect": "2"}
    evidence = {"sources": ["HTRI", "GTRD"], "methods": [], "pmids": [1], "small_scale": "yes"}
    actions.amend_interaction(
        user=colleague, interaction=interaction, values={"evidence": evidence}
    )
    again = form_in(senior.post(url, form).text)
    assert sorted(again["sources"]) == ["GTRD", "HTRI"]
    assert again["methods"] == []
    assert (again["pmids"], again["small_scale"], again["effect"]) == (["1"], ["yes"], ["2"])
    press(senior, url, {"_save": "1", **again})
    stored = Interaction.objects.get()
    assert (stored.effect, stored.evidence.content().pmids) == (2, (1,))


def test_a_box_that_a_colleague_unticked_is_unticked(
    senior: Client, protein: Protein, colleague: User
) -> None:
    Protein.objects.update(declared_tf=True)
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": "p53"}
    saved_meanwhile(protein, colleague, declared_tf=False)
    again = form_in(senior.post(url, form).text)
    press(senior, url, {"_save": "1", **again})
    protein.refresh_from_db()
    assert (protein.name, protein.declared_tf) == ("p53", False)


@pytest.mark.parametrize(
    "seen",
    [None, "", "x", "-1", "1e9", "9" * 9, "9" * 30, "9" * 5000, "\x00", "0", ["0", "x"]],
)
@pytest.mark.parametrize("role", [CURATOR, SENIOR_CURATOR])
def test_a_version_that_no_page_showed_does_not_get_by(
    protein: Protein, colleague: User, seen: Any, role: str
) -> None:
    browser = browser_of(make_person("berta", role))
    saved_meanwhile(protein, colleague, name="Tp53")
    url = page("protein", "change", protein.pk)
    form = open_form(browser, url) | {"name": "mine"}
    del form["seen"]
    answer = browser.post(url, form | ({} if seen is None else {"seen": seen}))
    assert answer.status_code == 200
    assert "anna changed this record" in problems(answer)[0]
    assert Revision.objects.count() == 1
    assert not Proposal.objects.exists()
    again = form_in(answer.text)
    assert again["name"] == ["mine"]
    assert again["seen"] == [str(Revision.objects.get().pk)]


def test_a_version_of_another_record_does_not_get_by(
    senior: Client, protein: Protein, colleague: User
) -> None:
    saved_meanwhile(protein, colleague, name="Tp53")
    saved_meanwhile(make_protein("Q9UK53", "ING1"), colleague, name="p33")
    url = page("protein", "change", protein.pk)
    newest = Revision.objects.latest("pk").pk
    answer = senior.post(url, open_form(senior, url) | {"name": "mine", "seen": newest})
    assert "anna changed this record" in problems(answer)[0]


def test_a_save_between_check_and_write_is_found(
    senior: Client, protein: Protein, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL, a colleague may save between the check of this form and its write lock."""
    amend = actions.amend_protein

    def overtaken(**arguments: Any) -> Any:
        monkeypatch.undo()
        with transaction.atomic():
            saved_meanwhile(protein, colleague, name="Tp53")
            return amend(**arguments)

    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": "mine", "reason": "My reason"}
    monkeypatch.setattr(actions, "amend_protein", overtaken)
    answer = senior.post(url, form)
    assert "changed meanwhile, by anna" in problems(answer)[0]
    assert form_in(answer.text)["name"] == ["mine"]
    assert form_in(answer.text)["reason"] == ["My reason"]


def test_what_was_typed_is_shown_as_text(senior: Client, protein: Protein, colleague: User) -> None:
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": HOSTILE}
    actions.amend_protein(
        user=colleague, protein=protein, values={"name": HOSTILE + "2"}, reason=HOSTILE
    )
    text = senior.post(url, form).text
    assert HOSTILE not in text
    assert text.count("&lt;script&gt;") >= 4


# Gone meanwhile


def test_what_was_typed_for_a_record_that_was_deleted_is_shown(
    senior: Client, protein: Protein, colleague: User
) -> None:
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": HOSTILE, "reason": "My reason", "_save": "1"}
    pk = protein.pk
    actions.remove_record(user=colleague, record=protein, reason="A duplicate")
    answer = senior.post(url, form)
    assert answer.status_code == 410
    assert "P04637 was removed by anna" in answer.text
    assert "“A duplicate”" in answer.text
    assert "My reason</pre>" in answer.text
    assert "&lt;script&gt;" in answer.text
    assert page("protein", "history", pk) in answer.text
    assert not Protein.objects.exists()
    for request in (senior.get, senior.post):
        followed = request(page("protein", "delete", pk), follow=True)
        assert "P04637 was removed by anna" in messages_of(followed)


def test_a_record_that_was_merged_leads_to_where_it_is(
    senior: Client, protein: Protein, colleague: User
) -> None:
    primary = make_protein("Q9UK53", "ING1")
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"name": "mine"}
    actions.merge_protein(
        user=colleague, secondary=protein, primary=primary, reason="UniProt 2026_04"
    )
    answer = senior.post(url, form)
    assert answer.status_code == 410
    assert "mine</pre>" in answer.text
    assert f'href="{page("protein", "change", primary.pk)}"' in answer.text
    followed = senior.get(url, follow=True)
    assert followed.request["PATH_INFO"] == page("protein", "change", primary.pk)
    assert "P04637 was merged by anna" in messages_of(followed)


def test_a_record_that_never_was(senior: Client) -> None:
    for number in ("1", "0", "x", "9" * 30, "-1"):
        answer = senior.post(f"/admin/proteins/protein/{number}/change/", {"name": "x"})
        assert answer.status_code == 302


def test_a_save_as_the_record_goes_is_told(
    senior: Client, protein: Protein, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = BindingSite.objects.create(
        tflink_id="TFLinkLS1", tf=protein, evidence=make_interaction(protein, protein).evidence
    )
    amend = actions.amend_binding_site
    url = page("bindingsite", "change", site.pk)
    form = open_form(senior, url) | {"chromosome": "chr1"}

    def gone(**arguments: Any) -> Any:
        monkeypatch.undo()
        actions.remove_record(user=colleague, record=BindingSite.objects.get())
        return amend(**arguments)

    monkeypatch.setattr(actions, "amend_binding_site", gone)
    answer = senior.post(url, form)
    assert "has been removed meanwhile" in problems(answer)[0]


# Busy


@contextmanager
def write_lock_held() -> Iterator[None]:
    """Hold the write lock from another connection, as an import does."""
    holds, over = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                lock.wait_for_curators()
                holds.set()
                over.wait(60)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert holds.wait(20)
        yield
    finally:
        over.set()
        writer.join()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", [CURATOR, SENIOR_CURATOR])
def test_while_an_import_is_written_what_was_typed_stays(
    monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr(lock, "WRITE_LOCK_SECONDS", 1)
    browser = browser_of(make_person("berta", role))
    protein = make_protein("P04637", "TP53")
    url = page("protein", "change", protein.pk)
    form = open_form(browser, url) | {"name": "mine", "reason": "My reason", "_save": "1"}
    delete = {"reason": "A duplicate", "seen": "0"}
    with write_lock_held():
        answer = browser.post(url, form)
        deleting = browser.post(page("protein", "delete", protein.pk), delete)
    assert answer.status_code == 200
    assert "An import is being written" in problems(answer)[0]
    assert form_in(answer.text)["name"] == ["mine"]
    assert form_in(answer.text)["reason"] == ["My reason"]
    if role == SENIOR_CURATOR:
        assert "An import is being written" in deleting.text
        assert "A duplicate</textarea>" in deleting.text
    assert not Revision.objects.exists()
    assert press(browser, url, form_in(answer.text) | {"_save": "1"}).status_code == 200
    done = Revision.objects.exists() if role == SENIOR_CURATOR else Proposal.objects.exists()
    assert done


def test_two_who_edit_different_fields_at_once_both_succeed_in_turn(
    senior: Client, protein: Protein, colleague: User
) -> None:
    edit(senior, "protein", protein.pk, name="p53")
    edit(browser_of(colleague), "protein", protein.pk, gene_ids="1")
    kinds = Revision.objects.order_by("pk").values_list("kind", "user__username")
    assert list(kinds) == [(RecordKind.PROTEIN, "senior"), (RecordKind.PROTEIN, "anna")]


def test_two_who_add_to_one_list_both_add(
    senior: Client, protein: Protein, colleague: User
) -> None:
    url = page("protein", "change", protein.pk)
    form = open_form(senior, url) | {"gene_ids": "7157; 1"}
    saved_meanwhile(protein, colleague, gene_ids=[2])
    answer = senior.post(url, form)
    assert [conflict.holds_both for conflict in answer.context["conflicts"]] == [True]
    again = form_in(answer.text)
    assert again["gene_ids"] == ["1; 2"], "theirs: 7157 for 2; mine: 1"
