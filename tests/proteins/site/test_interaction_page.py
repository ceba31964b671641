"""The page of one interaction: what supports it, what is around it, what happened to it."""

from __future__ import annotations

import csv

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from curation.actions.interactions import (
    amend_interaction,
    confirm_interaction,
    dispute_interaction,
    reject_interaction,
    reopen_interaction,
)
from curation.models import Origin, Proposal
from curation.shared.support import support_for
from proteins import hooks
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role, SupportContent
from proteins.domain.tiers import Tier
from proteins.models import (
    Citation,
    Effect,
    Interaction,
    Reporting,
    ReviewStatus,
    SecondaryAccession,
)
from tests.curation.people import browser_of, make_person
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
PAGE = "/interaction/Q9UK53-Q07812/"
#: Two of them read whether there is a history, one what brought a record, five which documents
#: state it and what supports it (roles, evidence, databases, methods and publications), two
#: statements and what happened to them.
QUERIES = 14
QUERIES_AMONG_MANY = 17  # the names of shared targets, and more reads of content


@pytest.fixture
def interaction() -> Interaction:
    return make_interaction(
        make_protein("Q9UK53", "ING1"),
        make_protein("Q07812", "BAX"),
        sources=["TRRUST", "TFactS_via_DoRothEA"],
        methods=["inferred by curator"],
        pmids=[29087512, 15662138],
        small_scale=SmallScale.YES,
    )


class TestURL:
    @pytest.mark.parametrize(
        "url",
        [
            "/interaction/q9uk53-q07812/",
            "/interaction/Q9UK53-Q07812",
            "/interaction/%20Q9uk53-q07812/",
        ],
    )
    def test_other_spellings_redirect_for_good(
        self, client: Client, interaction: Interaction, url: str
    ) -> None:
        response = client.get(f"{url}?x=1")
        assert response.status_code == 301
        assert response["Location"] == PAGE

    def test_secondary_accessions_redirect(self, client: Client, interaction: Interaction) -> None:
        SecondaryAccession.objects.create(accession="P12345", protein=interaction.tf)
        SecondaryAccession.objects.create(accession="P12346", protein=interaction.target)
        for url in ("P12345-Q07812", "q9uk53-p12346", "P12345-P12346"):
            response = client.get(f"/interaction/{url}/")
            assert response.status_code == 301
            assert response["Location"] == PAGE

    def test_a_rejected_one_is_gone_with_what_the_public_may_know(self, client: Client) -> None:
        tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
        assert client.get(PAGE).status_code == 404
        make_interaction(tf, target, status=ReviewStatus.REJECTED)
        rejected = client.get(PAGE)
        assert rejected.status_code == 410
        assert b'href="/protein/q9uk53/"' in rejected.content
        assert b"no reason was published" in rejected.content
        assert b'<meta name="robots" content="noindex">' in rejected.content

    @pytest.mark.parametrize(
        "requested",
        ["hello", "Q9UK53", "Q9UK53-", "-", "%00-%00", "Q9UK53-Q07812-P04637", "%3Cscript%3E"],
    )
    def test_what_is_no_pair(self, client: Client, requested: str) -> None:
        response = client.get(f"/interaction/{requested}/")
        assert response.status_code == 404
        assert b"does not identify an interaction" in response.content
        assert b"<script>" not in response.content

    def test_only_reading_is_allowed(self, client: Client) -> None:
        assert client.post(PAGE).status_code == 405


class TestSupport:
    def test_what_supports_it(self, client: Client, interaction: Interaction) -> None:
        Citation.objects.filter(pmid=15662138).update(
            title="On ING1", journal="Cell", year=2004, is_retracted=True
        )
        text = text_of(client, PAGE)
        assert "→regulates BAX Homo sapiensQ9UK53-Q07812" in text
        assert "TFactS via DoRothEA and TRRUST report that ING1 regulates BAX." in text
        assert "Curated inferred by curator" in text
        assert "Open all in PubMed On ING1 retracted Cell, 2004 PubMed 15662138" in text
        assert "Database papers (1)" in text
        assert "Every primary publication that supports it has been retracted." in text
        html = client.get(PAGE).content.decode()
        for url in (
            "/protein/q9uk53/",
            "/source/TRRUST/",
            "/method/MI:0364/",
            "/publication/15662138/",
            "https://pubmed.ncbi.nlm.nih.gov/15662138/",
            "/species/Hs/",
            "/api/v1/interactions/Q9UK53-Q07812/",
        ):
            assert f'href="{url}"' in html

    def test_what_is_said_of_it(self, client: Client, interaction: Interaction) -> None:
        text = text_of(client, PAGE)
        assert "Review Not reviewed" in text
        assert "Effect Unknown (no source reports activation or repression)" in text
        Interaction.objects.update(
            effect=Effect.BOTH, status=ReviewStatus.DISPUTED, reporting=Reporting.WITHDRAWN
        )
        text = text_of(client, PAGE)
        assert "A curator disputes this interaction." in text
        assert "The latest import of its sources no longer reports this interaction" in text
        assert "Sources report both activation and repression." in text

    def test_many_publications(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=range(1, 1001))
        response = client.get(PAGE)
        assert response.content.count(b'href="/publication/') >= 1_000
        assert len(response.content) < 100_000

    def test_text_is_escaped(self, client: Client) -> None:
        name = "<script>alert(1)</script>\"'"
        tf = make_protein("Q9UK53", name)
        other = make_protein("Q07812", name)
        for pair in ((tf, other), (other, tf)):
            make_interaction(*pair, sources=[name], methods=[name], pmids=[5])
        Citation.objects.filter(pmid=5).update(title=name, journal=name)
        assert "<script>" not in client.get(PAGE).content.decode()


class TestAround:
    def test_the_reverse_and_shared_partners(self, client: Client) -> None:
        tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
        middle, above, below = (
            make_protein(accession(number), name)
            for number, name in enumerate(("MID", "ABOVE", "BELOW"))
        )
        for pair in (
            (tf, target),
            (target, tf),
            (tf, middle),
            (middle, target),
            (above, tf),
            (above, target),
            (tf, below),
            (target, below),
            (tf, tf),
            (target, target),
        ):
            make_interaction(*pair)
        text = text_of(client, PAGE)
        assert "BAX regulates ING1 too" in text
        assert "Intermediate regulators MID (regulated by ING1, regulating BAX)" in text
        assert "Shared regulators ABOVE (" in text
        assert "Shared targets BELOW (" in text
        reject = Interaction.objects.exclude(tf=tf, target=target)
        reject.update(status=ReviewStatus.REJECTED)
        text = text_of(client, PAGE)
        assert "TFLink has no interaction BAX → ING1" in text
        for name in ("MID (", "ABOVE", "BELOW", "Intermediate", "Shared"):
            assert name not in text

    def test_more_than_are_named(self, client: Client) -> None:
        tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
        make_interaction(tf, target)
        for number in range(14):
            above = make_protein(accession(number), f"A{number:02d}")
            make_interaction(above, tf)
            make_interaction(above, target)
        assert "A08, A09 and 4 more" in text_of(client, PAGE)

    def test_self_regulation(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53")
        make_interaction(tf, tf)
        text = text_of(client, "/interaction/P04637-P04637/")
        assert "TP53 →regulates itself" in text
        assert "that TP53 regulates itself (autoregulation)." in text
        assert "Network context" not in text


class TestHistory:
    def test_in_plain_words_and_without_names(
        self, client: Client, interaction: Interaction
    ) -> None:
        ann = make_person("ann-of-the-desk")
        confirm_interaction(user=ann, interaction=interaction, reason="secret reason")
        interaction.refresh_from_db()
        dispute_interaction(user=ann, interaction=interaction, reason="secret reason")
        response = client.get(PAGE)
        text = text_of(client, PAGE)
        assert "Disputed by a curator. review status: confirmed → disputed" in text
        assert "Confirmed by a curator. review status: unreviewed → confirmed" in text
        assert b"ann-of" not in response.content
        assert b"secret" not in response.content

    def test_what_changed_of_the_evidence(self, client: Client, interaction: Interaction) -> None:
        evidence = {
            "sources": ["TRRUST"],
            "methods": ["selex"],
            "pmids": [29087512, 7],
            "small_scale": "yes",
        }
        amend_interaction(
            user=make_person("ann"),
            interaction=interaction,
            values={"evidence": evidence},
            reason="read",
            seen=0,
        )
        text = text_of(client, PAGE)
        assert "Amended by a curator. evidence, added: method selex, PMID 7" in text
        assert "evidence, taken out: database TFactS via DoRothEA" in text

    def test_a_report_is_told_and_not_what_it_says(
        self, client: Client, interaction: Interaction
    ) -> None:
        for origin, comment in ((Origin.PUBLIC, "vile words"), (Origin.CURATOR, "desk words")):
            Proposal.objects.create(
                kind="interaction",
                record_id=interaction.pk,
                record_key=interaction.key,
                origin=origin,
                comment=comment,
            )
        text = text_of(client, PAGE)
        assert "Reported by a reader, under review." in text
        assert "A change proposed by a curator" in text
        assert "words" not in text

    def test_it_is_bounded(self, client: Client, interaction: Interaction) -> None:
        ann = make_person("ann")
        for number in range(10):
            act = dispute_interaction if number % 2 else confirm_interaction
            act(user=ann, interaction=interaction, reason="again")
            interaction.refresh_from_db()
        text = text_of(client, PAGE)
        assert text.count("by a curator.") == 8
        assert "Older changes are not shown here." in text

    def test_rejecting_takes_the_page_away(self, client: Client, interaction: Interaction) -> None:
        assert client.get(PAGE).status_code == 200
        reject_interaction(user=make_person("ann"), interaction=interaction, reason="no")
        assert client.get(PAGE).status_code == 410

    def test_where_nobody_keeps_histories_the_page_stands(
        self, client: Client, interaction: Interaction, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hooks, "_history", [])
        monkeypatch.setattr(hooks, "_open_reports", [])
        assert "No changes since the first import." in text_of(client, PAGE)


def test_links_from_the_protein_page(client: Client, interaction: Interaction) -> None:
    for page in ("/protein/q9uk53/", "/protein/q07812/"):
        html = client.get(page).content.decode()
        assert f'href="{PAGE}"' in html
        assert 'href="/publication/15662138/"' in html
        assert 'href="https://pubmed.ncbi.nlm.nih.gov/?term=15662138"' in html


def test_a_curator_finds_the_way_to_the_record(client: Client, interaction: Interaction) -> None:
    edit = f'href="/admin/proteins/interaction/{interaction.pk}/change/"'
    page = browser_of(make_person("ann")).get(PAGE)
    assert edit in page.text
    assert page["Cache-Control"] == "private"
    assert edit not in client.get(PAGE).text


@pytest.mark.parametrize(("number", "queries"), [(0, QUERIES), (40, QUERIES_AMONG_MANY)])
def test_queries(
    client: Client,
    interaction: Interaction,
    number: int,
    queries: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for index in range(number):
        partner = make_protein(accession(index), genes=[1, 2])
        for pair in (
            (partner, interaction.tf),
            (partner, interaction.target),
            (interaction.tf, partner),
            (interaction.target, partner),
        ):
            make_interaction(*pair, pmids=[index + 1])
    cache.clear()
    with django_assert_num_queries(queries):
        client.get(PAGE)


def test_its_tier_with_the_rule_and_classes_of_its_methods(client: Client) -> None:
    tf = make_protein("P04637", "TP53")
    methods = ["selex", "northern blot"]
    record = make_interaction(tf, tf, methods=methods, small_scale=SmallScale.YES)
    text = text_of(client, record.get_absolute_url())
    assert f"Support Supported: {Tier.SUPPORTED.rule}" in text
    assert "Binding in vitro selex" in text
    assert "Expression northern blot" in text
    assert "Binding in vivo none reported" in text


def test_which_document_states_it(client: Client) -> None:
    """Newest page, an older one, and a table; what they say, apart from one another."""
    contents = {
        Role.TABLE: EvidenceContent.of(["ReMap"], pmids=[7]),
        Role.TF_PAGE_1: EvidenceContent.of(["TRRUST"]),
        Role.TF_PAGE_3: EvidenceContent.of(["GTRD"], ["selex"]),
    }
    support = support_for(SupportContent.of(contents))
    pair = make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
    Interaction.objects.filter(pk=pair.pk).update(support=support, evidence=support.evidence)
    text = client.get(PAGE).text.partition('id="documents"')[2].partition("</section>")[0]
    assert "The table of the species</dt><dd>Databases: ReMap." in text
    assert "oldest form</dt><dd><b>Superseded.</b> Databases: TRRUST." in text
    assert "The TF&#x27;s page</dt><dd>Databases: GTRD. Methods: selex." in text
    record = client.get("/api/v1/interactions/Q9UK53-Q07812/").json()
    assert [source["key"] for source in record["sources"]] == ["GTRD", "ReMap"]
    documents = [
        (one["role"], one["is_superseded"], [source["key"] for source in one["sources"]])
        for one in record["documents"]
    ]
    assert documents == [
        ("the table of the species", False, ["ReMap"]),
        ("the TF's page, oldest form", True, ["TRRUST"]),
        ("the TF's page", False, ["GTRD"]),
    ]
    assert [paper["pmid"] for paper in record["documents"][0]["publications"]] == [7]


REVIEW = {"review_reason": "wrong species", "public_reason": "Mouse <cells>.", "review_pmid": 11}


class TestReview:
    def test_a_disputed_one_says_why(self, client: Client, interaction: Interaction) -> None:
        dispute_interaction(
            user=make_person("ann"), interaction=interaction, reason="Private note.", public=REVIEW
        )
        text = client.get(PAGE).text
        assert '<dt id="review-reason">Why disputed</dt>' in text
        assert "wrong species: Mouse &lt;cells&gt;." in text
        assert 'href="https://pubmed.ncbi.nlm.nih.gov/11/"' in text
        assert "Private note." not in text
        record = client.get("/api/v1/interactions/Q9UK53-Q07812/").json()["review"]
        assert (record["reason"], record["text"], record["pmid"]) == tuple(REVIEW.values())
        table = client.get("/api/v1/interactions/?format=csv").getvalue().decode("utf-8-sig")
        rows = list(csv.reader(table.splitlines()))
        assert rows[1][-3:] == ["wrong species", "Mouse <cells>.", "11"]
        mitab = client.get("/api/v1/interactions/?format=mitab").getvalue().decode()
        assert 'comment:"review reason: wrong species: Mouse <cells>."' in mitab
        graph = client.get("/protein/q9uk53/network.graphml").content.decode()
        assert "wrong species: Mouse &lt;cells&gt;." in graph

    def test_a_rejected_one_is_gone_and_says_why(
        self, client: Client, interaction: Interaction
    ) -> None:
        senior = make_person("ann")
        reject_interaction(
            user=senior, interaction=interaction, reason="Private note.", public=REVIEW
        )
        page, record = client.get(PAGE), client.get("/api/v1/interactions/Q9UK53-Q07812/")
        assert page.status_code == record.status_code == 410
        assert "wrong species: Mouse &lt;cells&gt;." in page.text
        assert 'href="/report/protein/Q9UK53/"' in page.text
        assert record["Content-Type"] == "application/problem+json"
        assert record.json()["review"]["reason"] == "wrong species"
        for answer in (page, record):
            assert b"Private note." not in answer.content
        assert client.get("/api/v1/interactions/").json()["results"] == []
        reopen_interaction(user=senior, interaction=Interaction.objects.get(), reason="It holds.")
        assert client.get(PAGE).status_code == 200
