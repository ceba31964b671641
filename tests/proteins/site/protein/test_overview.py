"""What a protein's page says of the whole: publications, quality, history; one table alone."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.template.defaultfilters import date
from django.test import Client
from django.utils import timezone

from curation.actions import amend_protein
from curation.models import Origin, Proposal, RecordKind
from proteins.domain.evidence import SmallScale
from proteins.models import BindingSite, Citation, Effect, Protein, Reporting, ReviewStatus
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db

PAGE = "/protein/q9uk53/"


@pytest.fixture
def tf() -> Protein:
    """A TF that regulates itself and three others; PMID 7 supports three of the four."""
    tf = make_protein("Q9UK53", "ING1")
    make_interaction(tf, tf, pmids=[7, 27924024])
    make_interaction(tf, make_protein("P00001", "A"), pmids=[7, 8, 27924024])
    make_interaction(tf, make_protein("P00002", "B"), pmids=[7, 9])
    make_interaction(tf, make_protein("P00003", "C"), pmids=[10])
    make_interaction(tf, make_protein("P00004", "D"), pmids=[7, 11], status=ReviewStatus.REJECTED)
    tf.refresh_from_db()
    return tf


class TestPublications:
    def test_most_citing_first_and_apart_from_databases_papers(
        self, client: Client, tf: Protein
    ) -> None:
        text = text_of(client, PAGE)
        assert (
            "Primary publications Those that support most interactions of ING1. "
            "PMID 7 3 interactions PMID 8 1 interaction PMID 9 1 interaction "
            "PMID 10 1 interaction Database papers"
        ) in text
        assert "Publications 5 All 5 publications TSV" in text
        assert "PMID 27924024 2 interactions" in text

    def test_all_of_them_page_by_page(self, client: Client, tf: Protein) -> None:
        make_interaction(tf, make_protein("P00005"), pmids=range(100, 200))
        page = f"{PAGE}publications/"
        assert "PMID 7 3 interactions" in text_of(client, page)
        last = text_of(client, f"{page}?page=3")
        assert "101 to 104 of 104" in last
        assert "PMID 199 1 interaction" in last
        assert "Database paper" not in last
        assert "There is no page 4: the last is 3." in text_of(client, f"{page}?page=4")
        assert text_of(client, f"{page}?x=1") == text_of(client, page)
        assert client.get("/protein/Q9UK53/publications/?page=2")["Location"] == f"{page}?page=2"
        assert client.get("/protein/p99999/publications/").status_code == 404

    def test_retracted_ones_alone(self, client: Client, tf: Protein) -> None:
        Citation.objects.filter(pmid=7).update(is_retracted=True)
        text = text_of(client, f"{PAGE}publications/?retracted=1")
        assert "PMID 7 retracted 3 interactions" in text
        assert "PMID 8" not in text


class TestQuality:
    def test_nothing_to_say(self, client: Client, tf: Protein) -> None:
        assert "Notes on data quality" not in text_of(client, PAGE)

    def test_each_note_leads_to_what_it_is_about(self, client: Client, tf: Protein) -> None:
        rows = tf.target_interactions
        rows.filter(target__name="A").update(status=ReviewStatus.DISPUTED)
        rows.filter(target__name="B").update(reporting=Reporting.WITHDRAWN)
        rows.filter(target__name__in=["B", "C"]).update(effect=Effect.BOTH)
        Citation.objects.filter(pmid__in=[7, 8, 11]).update(is_retracted=True)
        text = text_of(client, PAGE)
        for message in (
            "1 target is disputed by a curator. Show it among the targets",
            "1 target is no longer reported by the sources.",
            "2 targets are both activated and repressed according to their sources.",
            "3 interactions cite 2 retracted publications.",
        ):
            assert message in text
        html = client.get(PAGE).content.decode()
        quality = html.split('<div id="quality"')[1].split("</div>")[0]
        for url in re.findall(r'href="([^"#]*)', quality):
            assert client.get(url.replace("&amp;", "&")).status_code == 200
        shown = text_of(client, f"{PAGE}?targets-status=disputed")
        assert "1–1 of 1." in shown

    def test_what_is_under_review(self, client: Client, tf: Protein) -> None:
        about: list[tuple[RecordKind, int]] = [
            (RecordKind.PROTEIN, tf.pk),
            *((RecordKind.INTERACTION, row.pk) for row in tf.target_interactions.all()[:2]),
            (RecordKind.INTERACTION, tf.target_interactions.all()[0].pk),
        ]
        for kind, pk in about:
            Proposal.objects.create(
                kind=kind, record_id=pk, record_key="x", origin=Origin.PUBLIC, changes={}
            )
        text = text_of(client, PAGE)
        assert "under review" in text
        assert "2 of its interactions have been reported or questioned" in text


def test_last_change_and_review(client: Client, tf: Protein) -> None:
    assert "; not reviewed" in text_of(client, PAGE)
    keeper = User.objects.create_user("keeper", is_superuser=True)
    amend_protein(user=keeper, protein=tf, values={"name": "ING2"}, reason="as UniProt has it")
    today = date(timezone.now(), "j F Y")
    text = text_of(client, PAGE)
    assert f"Last change {today} ; reviewed by a curator on {today}" in text
    assert "Amended by a curator." in text
    assert "keeper" not in text


class TestOneTable:
    HTMX = {"HX-Request": "true", "HX-Target": "targets"}

    def test_it_alone_is_answered(self, client: Client, tf: Protein) -> None:
        response = client.get(f"{PAGE}?targets-sort=name&targets-q=&tfs-q=x", headers=self.HTMX)
        html = response.content.decode().strip()
        assert html.startswith('<section id="targets"')
        assert html.endswith("</section>")
        assert html.count("<section") == 1
        assert response["HX-Push-Url"] == f"{PAGE}?tfs-q=x&targets-sort=name#targets"
        assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))

    def test_a_page_says_that_it_varies(self, client: Client, tf: Protein) -> None:
        whole = client.get(PAGE)
        assert {"HX-Request", "HX-Target"} <= set(whole["Vary"].split(", "))
        part = client.get(PAGE, headers=self.HTMX)
        assert part["ETag"] != whole["ETag"]

    @pytest.mark.parametrize("target", ["main", "orthologs", "__class__", ""])
    def test_what_is_no_table_is_a_whole_page(
        self, client: Client, tf: Protein, target: str
    ) -> None:
        response = client.get(PAGE, headers={"HX-Request": "true", "HX-Target": target})
        assert b"<h1>" in response.content


def test_the_fattest_page_is_under_100_kb(client: Client) -> None:
    tf = make_protein("Q9UK53", "H4c2;Hist1h4m;H4f16", genes=range(1, 60))
    sources = ["GTRD", "ReMap", "TRED", "TRRUST", "HTRI", "ORegAnno", "PAZAR", "Yeastract"]
    methods = [f"a method of which the name is rather long, {number}" for number in range(12)]
    for number in range(26):
        partner = make_protein(accession(number), f"T{number}", genes=range(1, 60))
        for pair in ((tf, partner), (partner, tf)):
            evidence = make_interaction(
                *pair,
                sources=sources,
                methods=methods,
                pmids=range(30_000_000, 30_000_060 + number),
                small_scale=SmallScale.YES,
            ).evidence
        BindingSite.objects.create(
            tflink_id=f"TFLinkSS{number:08d}",
            tf=tf,
            evidence=evidence,
            assembly="hg38",
            chromosome="chr1",
            start=1000,
            end=1200,
            sequence="ACGT" * 50,
        )
    assert len(client.get(PAGE).content) < 100_000
