"""The pages of source databases, detection methods and species."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from proteins.models import DetectionMethod, ReviewStatus, SourceDatabase
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db
SOURCE, METHOD, SPECIES = 11, 10, 5


@pytest.fixture
def rows() -> None:
    tf = make_protein("Q9UK53", "ING1")
    for number in range(120):
        target = make_protein(accession(number), f"T{number}")
        make_interaction(tf, target, pmids=[27924024, number + 1])


@pytest.mark.parametrize(
    "name", ["a\u00a0b", "a\u200bb", "\u202ea", "a/b", "a?b#c%2F", "MI:0402\\"]
)
def test_a_name_of_any_characters_that_imports_keep_has_a_page(client: Client, name: str) -> None:
    tf = make_protein("Q9UK53", "ING1")
    make_interaction(tf, tf, sources=[name], methods=[name])
    source = SourceDatabase.objects.by_fold(name).get()
    for record in (source, DetectionMethod.objects.by_fold(name).get()):
        assert client.get(record.get_absolute_url()).status_code == 200


class TestFilters:
    @pytest.mark.usefixtures("rows")
    def test_by_tier_over_several_pages(self, client: Client) -> None:
        tf = make_protein("P04637", "TP53")
        make_interaction(tf, tf, sources=["GTRD", "ReMap"])
        text = text_of(client, "/source/GTRD/?tier=repeated")
        assert "Interactions (1)" in text
        assert "ReMap" in text
        first = client.get("/source/GTRD/?tier=single&method_class=binding in vivo")
        (following,) = first.context["links"]
        assert "tier=single" in following[1]
        second = client.get(following[1])
        assert len(second.context["page"].supported.page.rows) == 50
        assert "?source=GTRD" not in second.text
        assert "source=GTRD" in second.text
        assert "noindex" in first.text

    @pytest.mark.usefixtures("rows")
    def test_what_no_filter_lets_through_is_public_still(self, client: Client) -> None:
        text = text_of(client, "/method/MI:0402/?tier=strong")
        assert "No interaction matches these filters. Clear filters" in text
        assert "Class binding in vivo: the TF binds the DNA in the cell" in text
        text = text_of(client, "/publication/7/?exclude_source=GTRD")
        assert "No interaction matches these filters" in text
        assert "No tier is called “best”. It was left out." in text_of(
            client, "/publication/7/?tier=best"
        )

    def test_an_aggregator_says_so(self, client: Client) -> None:
        assert "DoRothEA collects data of other databases" in text_of(client, "/source/DoRothEA/")
        assert "gathers" not in text_of(client, "/source/GTRD/")


class TestSource:
    @pytest.mark.usefixtures("rows")
    def test_what_it_is_and_supports(self, client: Client) -> None:
        text = text_of(client, "/source/GTRD/")
        assert "GTRD source database" in text
        assert "Database paper PMID 27924024" in text
        assert "Interactions (120)" in text
        html = client.get("/source/GTRD/").content.decode()
        assert html.count("/interaction/Q9UK53-") == 50
        assert 'href="https://gtrd.biouml.org/"' in html
        assert 'href="/api/v1/interactions/?source=GTRD"' in html

    @pytest.mark.usefixtures("rows")
    def test_version_and_licence_are_said_or_not_stated(self, client: Client) -> None:
        assert "Version 20.06 (2020-07) Licence not stated" in text_of(client, "/source/GTRD/")
        assert "Version not stated Licence not stated" in text_of(client, "/source/PAZAR/")
        stored = SourceDatabase.objects.filter(key="GTRD")
        stored.update(version="v21.12", licence="CC & BY", licence_url="https://gtrd.example/terms")
        assert "Version v21.12 (2020-07) Licence CC" in text_of(client, "/source/GTRD/")
        html = client.get("/source/GTRD/").text
        assert '<a href="https://gtrd.example/terms">CC &amp; BY</a>' in html
        stored.update(licence_url="javascript:alert(1)")
        assert "javascript:" not in client.get("/source/GTRD/").text
        result = client.get("/api/v1/sources/?licence=cc+%26+by&version=V21.12").json()["results"]
        assert [(row["key"], row["licence"], row["version"]) for row in result] == [
            ("GTRD", "CC & BY", "v21.12")
        ]

    def test_by_way_of_another(self, client: Client) -> None:
        text = text_of(client, "/source/TFactS_via_DoRothEA/")
        assert "Imported through DoRothEA, from which TFLink took the data of TFactS" in text
        assert "TFactS" in text_of(client, "/source/DoRothEA/")
        assert "TFLink has no interactions of this database." in text

    @pytest.mark.parametrize("url", ["/source/gtrd/", "/source/GTRD", "/source/Gtrd"])
    def test_other_spellings_redirect_for_good(self, client: Client, url: str) -> None:
        response = client.get(url)
        assert response.status_code == 301
        assert response["Location"] == "/source/GTRD/"

    @pytest.mark.parametrize("key", ["a/b", "a b", "ä?#%", "<script>", "a//b", "Gtrd"])
    def test_any_key_has_a_page(self, client: Client, key: str) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), sources=[key])
        url = SourceDatabase.objects.by_fold(key).get().get_absolute_url()
        response = client.get(url)
        assert response.status_code == 200
        assert b"<script>" not in response.content
        assert f'href="{url}"' in client.get("/interaction/Q9UK53-Q07812/").text

    def test_what_only_a_rejected_interaction_names_is_not_here(self, client: Client) -> None:
        make_interaction(
            make_protein("Q9UK53"),
            make_protein("Q07812"),
            sources=["Secret_via_DoRothEA"],
            methods=["secret method"],
            status=ReviewStatus.REJECTED,
        )
        assert client.get("/source/Secret_via_DoRothEA/").status_code == 404
        assert client.get("/method/secret%20method/").status_code == 404
        assert "Secret" not in text_of(client, "/source/DoRothEA/")

    @pytest.mark.parametrize("requested", ["nothing", "%00", "x" * 3000, "%3Cscript%3E"])
    def test_what_is_not_here(self, client: Client, requested: str) -> None:
        for kind in ("source", "method"):
            response = client.get(f"/{kind}/{requested}/")
            assert response.status_code == 404
            assert b" is called " in response.content
            assert b"<script>" not in response.content

    @pytest.mark.usefixtures("rows")
    def test_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(SOURCE):
            client.get("/source/GTRD/")


class TestMethod:
    @pytest.mark.usefixtures("rows")
    def test_what_it_is_and_supports(self, client: Client) -> None:
        text = text_of(client, "/method/MI:0402/")
        assert "Chromatin immunoprecipitation assay detection method" in text
        assert "PSI-MI term MI:0402" in text
        assert "Interactions (120)" in text

    def test_participants_only(self, client: Client) -> None:
        assert "identifies participants" in text_of(client, "/method/MI:0113/")

    @pytest.mark.parametrize("requested", ["mi:0402", "Chromatin immunoprecipitation ASSAY"])
    def test_names_redirect_to_the_term(self, client: Client, requested: str) -> None:
        response = client.get(f"/method/{quote(requested)}/")
        assert response.status_code == 301
        assert response["Location"] == "/method/MI:0402/"

    @pytest.mark.parametrize("name", ["a/b", "EMSA & more", "ä?#%", "<script>"])
    def test_one_without_a_term_is_found_by_its_name(self, client: Client, name: str) -> None:
        make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), methods=[name])
        url = DetectionMethod.objects.get(name=name).get_absolute_url()
        assert client.get(url).status_code == 200
        other = client.get(f"/method/{quote(name.swapcase(), safe='')}/")
        # SQLite folds the case of ASCII alone.
        if name.isascii():
            assert (other.status_code, other["Location"]) == (301, url)

    @pytest.mark.usefixtures("rows")
    def test_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(METHOD):
            client.get("/method/MI:0402/")


class TestSpecies:
    @pytest.mark.usefixtures("rows")
    def test_numbers(self, client: Client) -> None:
        text = text_of(client, "/species/Hs/")
        assert "121 proteins" in text
        assert "1 transcription factor Target" in text
        assert "120 target genes" in text
        assert "Interactions 120" in text
        assert "ING1: 120 targets" in text
        html = client.get("/species/Hs/").content.decode()
        assert 'href="/browse/?taxon=9606&amp;is_tf=true"' in html

    def test_rejected_ones_are_not_counted(self, client: Client) -> None:
        make_interaction(
            make_protein("Q9UK53"), make_protein("Q07812"), status=ReviewStatus.REJECTED
        )
        assert "Interactions 0" in text_of(client, "/species/Hs/")

    def test_none_yet(self, client: Client) -> None:
        assert "none yet" in text_of(client, "/species/Ce/")

    @pytest.mark.parametrize("url", ["/species/hs/", "/species/HS", "/species/Hs"])
    def test_other_spellings_redirect_for_good(self, client: Client, url: str) -> None:
        response = client.get(url)
        assert response.status_code == 301
        assert response["Location"] == "/species/Hs/"

    @pytest.mark.parametrize("requested", ["Xx", "%00", "human", "x" * 3000])
    def test_an_unknown_code_leads_to_those_that_are_known(
        self, client: Client, requested: str
    ) -> None:
        response = client.get(f"/species/{requested}/")
        assert response.status_code == 404
        assert b'href="/species/Hs/"' in response.content

    @pytest.mark.usefixtures("rows")
    def test_queries(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(SPECIES):
            client.get("/species/Hs/")

    def test_it_is_not_sent_again_unchanged(self, client: Client) -> None:
        tag = client.get("/species/Hs/")["ETag"]
        assert client.get("/species/Hs/", headers={"If-None-Match": tag}).status_code == 304
        make_protein("P12004", "PCNA")
        assert client.get("/species/Hs/", headers={"If-None-Match": tag}).status_code == 200
