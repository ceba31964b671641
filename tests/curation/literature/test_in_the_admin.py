"""The desk: looking up from lists and records, and flags on what cites a retracted paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from curation.models import Revision
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent
from proteins.models import BindingSite, Citation, Interaction, PubMedStatus, ReviewStatus
from tests.curation.literature.service import Answer, Service, article, article_set
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waiting")]
LIST = reverse("admin:proteins_citation_changelist")


@pytest.fixture
def citation(db: None) -> Citation:
    return Citation.objects.create(pmid=7)


@pytest.fixture
def senior(db: None) -> Client:
    return browser_of(make_person("senior", SENIOR_CURATOR))


def look_up(browser: Client, *citations: Citation, **more: str) -> tuple[int, list[str]]:
    """Choose the action in the list; return the status and the messages that follow."""
    chosen = {"action": "look_up", "_selected_action": [one.pk for one in citations], **more}
    response = browser.post(LIST, chosen, follow=True)
    return response.status_code, [str(message) for message in response.context["messages"]]


FILES = reverse("admin:proteins_citation_pubmed_files")


def upload(browser: Client, *files: tuple[str, str]) -> Any:
    sent = [SimpleUploadedFile(name, text.encode()) for name, text in files]
    return browser.post(FILES, {"files": sent}, follow=True)


def test_files_that_pubmed_saved_are_read_at_the_desk(
    senior: Client, citation: Citation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f'href="{FILES}"' in senior.get(LIST).text
    Citation.objects.create(pmid=8)
    medline = "PMID- 8\nTI  - Eight <b>\n\nPMID- 99\nTI  - Not cited\n"
    answer = upload(
        senior, ("a.xml", article_set([article(7, retracted=True)])), ("b.txt", medline)
    )
    assert [str(message) for message in answer.context["messages"]] == [
        "2 publications looked up: 2 found in PubMed, 0 not known to it, 2 records changed.",
        "Newly marked as retracted: 7.",
    ]
    assert Citation.objects.get(pmid=8).title == "Eight <b>"
    assert not Citation.objects.filter(pmid=99).exists()
    assert Revision.objects.latest("id").user == User.objects.get(username="senior")
    # A broken file changes nothing, and is named as the person knows it.
    broken = upload(senior, ("<i>.xml", article_set([article(8)])[:-5]))
    assert "Nothing was stored. &#x27;&lt;i&gt;.xml&#x27;: not whole" in broken.text
    assert "/tmp" not in broken.text
    assert "Choose at least one file." in senior.post(FILES).text
    # More than a page waits for is left for the next time.
    monkeypatch.setattr("curation.literature.lookup.DESK_FILE_LIMIT", 1)
    answer = upload(senior, ("b.txt", "PMID- 8\nTI  - 8\n\nPMID- 7\nTI  - 7\n"))
    assert "1 publication not looked up" in str(list(answer.context["messages"])[-1])


def test_only_senior_curators_upload_files(citation: Citation) -> None:
    for role in (CURATOR, ADMINISTRATOR):
        browser = browser_of(make_person(f"x{role}", role))
        assert FILES not in browser.get(LIST).text
        assert browser.get(FILES).status_code == 403
        assert upload(browser, ("b.txt", "PMID- 7\nTI  - 7\n")).status_code == 403
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(make_person("sam", SENIOR_CURATOR))
    assert upload(checked, ("b.txt", "PMID- 7\nTI  - 7\n")).status_code == 403
    assert Citation.objects.get(pmid=7).title == ""


def test_the_page_of_a_publication_leads_to_what_cites_it(senior: Client) -> None:
    interaction = make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    BindingSite.objects.create(
        tflink_id="TFLinkLS00000009", tf=interaction.tf, evidence=interaction.evidence
    )
    citation = interaction.evidence.citations.get()
    page = senior.get(reverse("admin:proteins_citation_change", args=[citation.pk])).text
    query = f"?q=PMID+{citation.pmid}"
    for model, number in (("interaction", "1 interaction"), ("bindingsite", "1 binding site")):
        url = reverse(f"admin:proteins_{model}_changelist")
        assert f'href="{url}{query}">{number}</a>' in page
        assert senior.get(url + query).context["cl"].result_count == 1
    change = reverse("admin:proteins_interaction_change", args=[interaction.pk])
    assert f'href="{change}"' in page
    alone = Citation.objects.create(pmid=5)
    page = senior.get(reverse("admin:proteins_citation_change", args=[alone.pk])).text
    assert re.search(r"Cited by:</label>\s*<div class=\"readonly\">nothing", page)


def test_retracted_publications_that_are_cited_are_on_the_first_page(senior: Client) -> None:
    interaction = make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    home = reverse("admin:index")
    assert "Retracted publications" not in senior.get(home).text
    citation = interaction.evidence.citations.get()
    Citation.objects.create(pmid=5, is_retracted=True)  # which nothing cites
    Citation.objects.filter(pk=citation.pk).update(is_retracted=True, title="On <b>")
    text = senior.get(home).text
    assert "Retracted publications that interactions still cite" in text
    assert f">PMID {citation.pmid}</a> On &lt;b&gt;" in text
    assert ">PMID 5</a>" not in text
    Interaction.objects.update(status=ReviewStatus.REJECTED)
    assert "Retracted publications" not in senior.get(home).text


def button(citation: Citation) -> str:
    return reverse("admin:proteins_citation_look_up", args=[citation.pk])


def test_those_chosen_in_the_list(service: Service, senior: Client, citation: Citation) -> None:
    other = Citation.objects.create(pmid=8)
    Citation.objects.create(pmid=9)
    service.unknown, service.retracted = {8}, {7}
    status, messages = look_up(senior, citation, other)
    assert status == 200
    assert messages == [
        "2 publications looked up: 1 found in PubMed, 1 not known to it, 2 records changed.",
        "Newly marked as retracted: 7.",
        "Not known to PubMed: 8.",
    ]
    assert service.batches() == [[7, 8], [8]]


def test_one_from_its_own_page(service: Service, senior: Client, citation: Citation) -> None:
    page = reverse("admin:proteins_citation_change", args=[citation.pk])
    html = senior.get(page).content.decode()
    assert f'<form action="{button(citation)}" method="post">' in html
    assert "not looked up yet" in html
    response = senior.post(button(citation), follow=True)
    assert response.redirect_chain == [(page, 302)]
    assert "found in PubMed" in response.content.decode()
    assert "Regulation of gene 7 by TP53." in response.content.decode()


def test_it_is_asked_for_by_post_alone(
    service: Service, senior: Client, citation: Citation
) -> None:
    assert senior.get(button(citation)).status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person("senior"))
    assert strict.post(button(citation)).status_code == 403
    assert service.requests == []


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
def test_others_may_not(service: Service, citation: Citation, role: str) -> None:
    browser = browser_of(make_person("attacker", role))
    assert browser.post(button(citation)).status_code == 403
    look_up_in_list = {"action": "look_up", "_selected_action": [citation.pk]}
    response = browser.post(LIST, look_up_in_list, follow=True)
    assert "looked up:" not in response.content.decode()
    page = browser.get(reverse("admin:proteins_citation_change", args=[citation.pk]))
    assert "Look up in PubMed" not in page.content.decode()
    assert "Look up in PubMed" not in browser.get(LIST).content.decode()
    assert service.requests == []
    citation.refresh_from_db()
    assert citation.looked_up_at is None


def test_nobody_who_is_not_logged_in(service: Service, citation: Citation) -> None:
    response = Client().post(button(citation))
    assert response.status_code == 302
    assert "login" in response["Location"]
    assert service.requests == []


def test_all_at_once_is_too_many(service: Service, senior: Client) -> None:
    Citation.objects.bulk_create(Citation(pmid=pmid) for pmid in range(1000, 1300))
    first = Citation.objects.get(pmid=1000)
    _, messages = look_up(senior, first, select_across="1")
    assert len(messages) == 1
    assert "200 at most are looked up at once" in messages[0]
    assert service.requests == []


def test_what_fails_is_said(service: Service, senior: Client, citation: Citation) -> None:
    service.answers = [Answer(503, "<b>down</b>")] * 9
    status, messages = look_up(senior, citation)
    assert status == 200
    assert len(messages) == 1
    assert messages[0].startswith("Not looked up: PubMed answered 503")
    assert messages[0].endswith("Try again in a moment.")
    response = senior.post(button(citation), follow=True)
    assert b"<b>down" not in response.content


def test_without_an_email_address(
    service: Service, settings: LazySettings, senior: Client, citation: Citation
) -> None:
    settings.NCBI_EMAIL = ""
    _, messages = look_up(senior, citation)
    assert len(messages) == 1
    assert "set NCBI_EMAIL" in messages[0]


def test_one_that_is_gone(service: Service, senior: Client, citation: Citation) -> None:
    url = button(citation)
    citation.delete()
    assert senior.post(url, follow=True).status_code == 200
    assert service.requests == []


def test_the_list_is_cut_by_what_pubmed_said(senior: Client) -> None:
    Citation.objects.bulk_create(
        [
            Citation(pmid=70000001),
            Citation(pmid=70000002, pubmed_status=PubMedStatus.FOUND, is_retracted=True),
            Citation(pmid=70000003, pubmed_status=PubMedStatus.NOT_FOUND),
        ]
    )

    def shown(**query: str) -> list[str]:
        html = senior.get(LIST, {"q": "", **query}).content.decode()
        return sorted(set(re.findall(r">(7000000\d)<", html)))

    assert shown(pubmed_status="2") == ["70000003"]
    assert shown(pubmed_status="1") == ["70000002"]
    assert shown(pubmed_status="retracted") == ["70000002"]
    assert "70000002" not in shown(pubmed_status="0")
    html = senior.get(LIST, {"pubmed_status": "retracted"}).content.decode()
    assert "<strong>retracted</strong>" in html


class TestFlags:
    @pytest.fixture
    def cited(self, db: None) -> dict[str, Interaction]:
        tf = make_protein("Q9UK53", "ING1")
        rows = {
            "retracted": make_interaction(tf, make_protein("P00001"), pmids=[71]),
            "unknown": make_interaction(tf, make_protein("P00002"), pmids=[72]),
            "sound": make_interaction(tf, make_protein("P00003"), pmids=[73]),
        }
        for number, pmid in enumerate((71, 72, 73), start=1):
            BindingSite.objects.create(
                tflink_id=f"TFLinkLS{number}",
                tf=tf,
                evidence=evidence_for(EvidenceContent.of(["JASPAR"], [], [pmid])),
            )
        Citation.objects.filter(pmid=71).update(is_retracted=True)
        Citation.objects.filter(pmid=72).update(pubmed_status=PubMedStatus.NOT_FOUND)
        return rows

    @pytest.mark.parametrize(
        ("choice", "target", "site"),
        [("retracted", "P00001", "TFLinkLS1"), ("unknown", "P00002", "TFLinkLS2")],
    )
    def test_records_are_found_by_what_they_cite(
        self, senior: Client, cited: object, choice: str, target: str, site: str
    ) -> None:
        def shown(model: str) -> str:
            url = reverse(f"admin:proteins_{model}_changelist")
            html = senior.get(url, {"literature": choice}).content.decode()
            return html.split("<tbody>")[1].split("</tbody>")[0]

        interactions, sites = shown("interaction"), shown("bindingsite")
        assert set(re.findall(r"P0000\d", interactions)) == {target}
        assert set(re.findall(r"TFLinkLS\d", sites)) == {site}

    def test_an_address_that_no_one_offers(self, senior: Client, cited: object) -> None:
        url = reverse("admin:proteins_interaction_changelist")
        html = senior.get(url, {"literature": "nonsense"}).content.decode()
        assert "P00001" not in html

    @pytest.mark.parametrize("model", ["interaction", "bindingsite"])
    def test_records_say_what_is_wrong_with_what_they_cite(
        self, senior: Client, cited: dict[str, Interaction], model: str
    ) -> None:
        def page(number: int) -> str:
            record: Model = list(cited.values())[number]
            if model == "bindingsite":
                record = BindingSite.objects.get(tflink_id=f"TFLinkLS{number + 1}")
            url = reverse(f"admin:proteins_{model}_change", args=[record.pk])
            return senior.get(url).content.decode()

        assert "<strong>(retracted)</strong>" in page(0)
        assert "<strong>(not known to PubMed)</strong>" in page(1)
        sound = page(2)
        assert "(retracted)" not in sound
        assert "(not known" not in sound
