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
from tests.factories import accession, make_interaction, make_protein, taxon
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
        assert "Only the 107 best-supported of 636 known interactions are included" in ing1
        assert "Homo sapiens" in ing1
        assert "transcription factor and target gene" in ing1
        assert "151 best-supported of 6,827 known" in text_of(client, "/protein/q06945/")
        runx2 = text_of(client, "/protein/q13950/")
        assert "44; its source page declares no total" in runx2
        assert "not stated" in runx2
        nameless = text_of(client, "/protein/a0a1b0gvj0/")
        assert "A0A1B0GVJ0 has no source page or table of its own" in nameless
        assert "A0A1B0GVJ0 is regulated by 1 transcription factor in TFLink." in nameless

    @pytest.mark.parametrize(
        ("declared", "message"),
        [
            (1, "1, all that its source page declares."),
            (0, "1 interaction is included, more than the 0 that the source page declares."),
            (9, "Only the best-supported of 9 known interactions is included; the source page"),
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
        assert "TP53 is not annotated as a transcription factor in TFLink." in text
        assert "TFLink lists no regulators of TP53." in text
        assert "No orthologs are listed." in text
        assert "Binding sites" not in text

    def test_function_declared_but_nothing_listed(self, client: Client) -> None:
        make_protein("P04637", "TP53", declared_tf=True, declared_target=True)
        text = text_of(client, "/protein/p04637/")
        assert "but TFLink lists none of its targets" in text
        assert "no regulators of TP53, although its source describes it as a target" in text

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
            "BAX confirmed Q07812 strong TFactS via DoRothEA, TRRUST 2 activation Details: BAX"
        ) in text
        html = client.get("/protein/q9uk53/").content.decode()
        assert "https://pubmed.ncbi.nlm.nih.gov/?term=15662138,30000000" in html
        assert '<svg class="ev" role="img" aria-label="curated">' in html
        assert 'href="/interaction/Q9UK53-Q07812/"' in html

    def test_database_papers_are_not_counted(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), pmids=[27924024])
        assert "single GTRD 0 Details" in text_of(client, "/protein/q9uk53/")

    def test_long_lists_are_folded(self, client: Client) -> None:
        target = make_protein("Q07812", genes=range(1, 31))
        sources = ["GTRD", "ReMap", "TRED", "TRRUST", "HTRI", "ORegAnno"]
        make_interaction(make_protein("Q9UK53"), target, sources=sources)
        assert "GTRD, HTRIdb, ORegAnno, ReMap and 2 more" in text_of(client, "/protein/q9uk53/")
        assert "1, 2, 3, 4 26 more 5, 6," in text_of(client, "/protein/q07812/")

    def test_no_column_for_what_no_row_has(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
        text = text_of(client, "/protein/q9uk53/")
        assert "No source states an effect. Not reviewed unless marked." in text

    def test_what_is_the_same_for_all_is_no_column(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1")
        for number in range(11):
            make_interaction(tf, make_protein(accession(number)), pmids=[number + 1])
        text = text_of(client, "/protein/q9uk53/")
        same = "The same for all 11: single support; binding in vivo; GTRD."
        assert same in text
        assert "Target Accession Publications Details P00000 P00000 1 Details" in text
        # A second database is a column again; the other two are told still.
        make_interaction(tf, make_protein("P04637"), sources=["TRRUST"], effect=Effect.ACTIVATION)
        for htmx in ({}, {"HX-Request": "true", "HX-Target": "targets"}):
            html = client.get("/protein/q9uk53/", headers=htmx).text
            assert "The same for all 12: single support; binding in vivo." in html
            assert "by-sources" in html
            assert "by-tier" not in html
            assert 'popovertarget="term-effect"' in html

    def test_a_filter_offers_methods_of_classes_that_are_there(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1")
        for target in ("Q07812", "P08047"):
            make_interaction(tf, make_protein(target), methods=["selex"])
        make_interaction(make_protein("P04637"), tf, methods=["northern blot"])
        targets = client.get("/protein/q9uk53/").text.partition('id="id_targets-method"')[2]
        options = targets.partition("</select>")[0]
        assert "selex" in options
        assert "northern blot" not in options

    def test_only_the_sides_that_are_there_are_sections(self, client: Client) -> None:
        make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
        tf, target = (client.get(f"/protein/{key}/").text for key in ("q9uk53", "q07812"))
        assert ('id="tfs"' in tf, 'id="targets"' in target) == (False, False)
        assert '<a href="#targets">Targets <b>1</b></a>' in tf
        assert '<a href="#tfs">Regulators <b>1</b></a>' in target
        assert "TFLink lists no regulators of ING1." in tf
        assert "BAX is not annotated as a transcription factor in TFLink." in target

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
        assert "Q07812 Q07812 single not stated not stated 0 Details" in text

    def test_rejected_are_absent(self, client: Client) -> None:
        tf = make_protein("Q9UK53", "ING1", has_page=True)
        make_interaction(tf, make_protein("Q07812", "BAX"))
        make_interaction(tf, make_protein("P04637", "TP53"), status=ReviewStatus.REJECTED)
        text = text_of(client, "/protein/q9uk53/")
        assert "ING1 regulates 1 gene in TFLink." in text
        assert "TP53" not in text
        assert names_in(client, "/protein/q9uk53/?targets-q=T") == []
        assert "No review status is called “rejected”" in text_of(
            client, "/protein/q9uk53/?targets-status=rejected"
        )

    def test_self_regulation(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53", has_page=True, declared_interactions=2)
        make_interaction(tf, tf)
        text = text_of(client, "/protein/p04637/")
        assert "2, all that its source page declares." in text
        assert "Includes autoregulation (counted once as regulator, once as target)." in text
        assert names_in(client, "/protein/p04637/", "targets") == ["TP53 itself"]
        assert names_in(client, "/protein/p04637/", "tfs") == ["TP53 itself"]
