from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from curation.importing.run import RunReport
from proteins.domain.evidence import SmallScale
from proteins.models import (
    Effect,
    JasparMatrix,
    Ortholog,
    ReviewStatus,
)
from tests.factories import make_interaction, make_protein, taxon
from tests.proteins.reading import names_in, text_of

pytestmark = pytest.mark.django_db


class TestURL:
    @pytest.mark.parametrize(
        "url",
        ["/protein/Q9UK53/", "/protein/Q9UK53", "/protein/q9uk53", "/protein/%20q9Uk53/"],
    )
    def test_other_spellings_redirect_for_good_in_one_step(self, client: Client, url: str) -> None:
        make_protein("Q9UK53", "ING1")
        response = client.get(url)
        assert response.status_code == 301
        assert response["Location"] == "/protein/q9uk53/"

    def test_redirect_keeps_the_query(self, client: Client) -> None:
        make_protein("Q9UK53")
        response = client.get("/protein/Q9UK53/?targets-sort=name&tfs-q=a%26b")
        assert response["Location"] == "/protein/q9uk53/?targets-sort=name&tfs-q=a%26b"

    def test_valid_accession_that_is_not_here(self, client: Client) -> None:
        response = client.get("/protein/p12345/")
        assert response.status_code == 404
        assert b"P12345 is a valid UniProt accession" in response.content
        assert b"https://www.uniprot.org/uniprotkb/P12345/entry" in response.content
        assert b'action="/search/"' in response.content

    @pytest.mark.parametrize(
        "requested",
        ["hello", "%00", "q9uk53%00", "%3Cscript%3E", "Q" * 5000, "%F0%9F%A7%AC", "%ff"],
    )
    def test_what_is_no_accession(self, client: Client, requested: str) -> None:
        response = client.get(f"/protein/{requested}/")
        assert response.status_code == 404
        assert b"is not a UniProt accession" in response.content
        assert b"<script>" not in response.content
        assert len(response.content) < 6000

    def test_a_name_in_place_of_an_accession_stands_in_the_search_box(self, client: Client) -> None:
        assert b'name="q" maxlength="4000" value="TP53"' in client.get("/protein/TP53/").content

    def test_only_reading_is_allowed(self, client: Client) -> None:
        make_protein("Q9UK53")
        assert client.post("/protein/q9uk53/").status_code == 405


class TestFacts:
    def test_what_the_five_pages_say(self, client: Client, five_pages: RunReport) -> None:
        ing1 = text_of(client, "/protein/q9uk53/")
        assert "107 of 636 interactions declared by the page are listed here." in ing1
        assert "Organism Homo sapiens" in ing1
        assert "transcription factor and target gene" in ing1
        assert "151 of 6,827 interactions declared" in text_of(client, "/protein/q06945/")
        runx2 = text_of(client, "/protein/q13950/")
        assert "44 interactions are listed here. Its page does not declare how many" in runx2
        assert "not stated" in runx2
        nameless = text_of(client, "/protein/a0a1b0gvj0/")
        assert "A0A1B0GVJ0 has no page of its own among the documents here" in nameless
        assert "1 interaction is listed" in nameless

    @pytest.mark.parametrize(
        ("declared", "message"),
        [
            (1, "1 interaction is listed here: all that the page declares."),
            (0, "1 interaction is listed here, more than the 0 declared by the page."),
            (9, "1 of 9 interactions declared by the page is listed here."),
        ],
    )
    def test_declared_and_listed_numbers(self, client: Client, declared: int, message: str) -> None:
        tf = make_protein("Q9UK53", "ING1", has_page=True, declared_interactions=declared)
        make_interaction(tf, make_protein("Q07812", "BAX"))
        assert message in text_of(client, "/protein/q9uk53/")

    def test_links_to_other_databases(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53", genes=[7157, 8])
        JasparMatrix.objects.create(protein=tf, matrix_id="MA0106.1")
        html = client.get("/protein/p04637/").content.decode()
        for url in (
            "https://www.uniprot.org/uniprotkb/P04637/entry",
            "https://www.ncbi.nlm.nih.gov/gene/7157",
            "https://jaspar.elixir.no/matrix/MA0106.1/",
        ):
            assert f'href="{url}"' in html

    def test_orthologs_by_species(self, client: Client) -> None:
        protein = make_protein("P04637", "TP53")
        make_protein("P02340", "Trp53", code="Mm")
        for code, identifier in (("Mm", "P02340"), ("Mm", "MOUSE18100"), ("Rn", "P10361")):
            Ortholog.objects.create(protein=protein, taxon=taxon(code), identifier=identifier)
        html = client.get("/protein/p04637/").content.decode()
        assert '<a href="/protein/p02340/">P02340</a>' in html
        assert '<a href="https://www.uniprot.org/uniprotkb/P10361/entry">P10361</a>' in html
        assert "MOUSE18100" in html
        assert "uniprotkb/MOUSE18100" not in html
        assert html.count("<i>Mus musculus</i>") == 1

    def test_nothing_known(self, client: Client) -> None:
        make_protein("P04637", "TP53")
        text = text_of(client, "/protein/p04637/")
        assert "TP53 is not known here as a transcription factor; no targets are listed." in text
        assert "No transcription factor is known here to regulate TP53." in text
        assert "No ortholog is listed." in text
        assert "Binding sites" not in text

    def test_function_declared_but_nothing_listed(self, client: Client) -> None:
        make_protein("P04637", "TP53", declared_tf=True, declared_target=True)
        text = text_of(client, "/protein/p04637/")
        assert "but none of its targets is listed here" in text
        assert "none of the transcription factors that regulate it is listed here" in text

    def test_text_is_escaped(self, client: Client) -> None:
        name = "<script>alert(1)</script>\"'"
        tf = make_protein("P04637", name)
        make_interaction(tf, tf, sources=[name], methods=[name])
        Ortholog.objects.create(protein=tf, taxon=taxon("Mm"), identifier=name)
        html = client.get("/protein/p04637/?targets-q=<script>&tfs-x=<script>").content.decode()
        assert "<script>" not in html
        assert escape(name) in html


class TestRows:
    def test_a_row(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1")
        make_interaction(
            tf,
            make_protein("Q07812", "BAX", genes=[581]),
            sources=["TRRUST", "TFactS_via_DoRothEA"],
            methods=["inferred by curator"],
            pmids=[29087512, 15662138, 30000000],
            small_scale=SmallScale.YES,
            status=ReviewStatus.CONFIRMED,
            effect=Effect.ACTIVATION,
        )
        text = text_of(client, "/protein/q9uk53/")
        assert (
            "BAX Q07812 581 TFactS via DoRothEA, TRRUST inferred by curator "
            "15662138, 30000000 PubMed: 15662138 and the others database papers: 29087512 "
            "yes strong confirmed effect: activation"
        ) in text
        both = b"https://pubmed.ncbi.nlm.nih.gov/?term=15662138,30000000"
        assert both in client.get("/protein/q9uk53/").content

    def test_only_database_papers(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[27924024])
        assert "only database papers: 27924024" in text_of(client, "/protein/q9uk53/")

    def test_long_lists_are_folded(self, client: Client) -> None:
        target = make_protein("Q07812", genes=range(1, 31))
        make_interaction(make_protein("Q9UK53"), target, pmids=range(1, 41))
        text = text_of(client, "/protein/q9uk53/")
        assert "1, 2, 3, 4 26 more 5, 6," in text
        assert "1, 2, 3, 4 36 more 5, 6," in text

    def test_nothing_stated(self, client: Client) -> None:
        make_interaction(
            make_protein("Q9UK53"),
            make_protein("Q07812"),
            sources=[],
            methods=[],
            pmids=[],
            small_scale=SmallScale.NOT_STATED,
        )
        text = text_of(client, "/protein/q9uk53/")
        assert "no name Q07812 none not stated not stated none not stated single unreviewed" in text

    def test_rejected_are_absent(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1", has_page=True)
        make_interaction(tf, make_protein("Q07812", "BAX"))
        make_interaction(tf, make_protein("P04637", "TP53"), status=ReviewStatus.REJECTED)
        text = text_of(client, "/protein/q9uk53/")
        assert "1 interaction is listed here" in text
        assert "TP53" not in text
        assert names_in(client, "/protein/q9uk53/?targets-q=T") == []
        assert "No review status is called “rejected”" in text_of(
            client, "/protein/q9uk53/?targets-status=rejected"
        )

    def test_self_regulation(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53", has_page=True, declared_interactions=2)
        make_interaction(tf, tf)
        text = text_of(client, "/protein/p04637/")
        assert "2 interactions are listed here: all that the page declares." in text
        assert "TP53 regulates itself, which counts twice" in text
        assert names_in(client, "/protein/p04637/", "targets") == ["TP53 itself"]
        assert names_in(client, "/protein/p04637/", "tfs") == ["TP53 itself"]
