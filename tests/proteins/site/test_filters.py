"""One vocabulary of filters: what the API takes the pages take, by the same names and values."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.test import Client

from curation.records.facets import refacet
from proteins.api.views import BindingSiteView, InteractionView, ProteinView
from proteins.caching.conditional import cached_pages
from proteins.domain.evidence import SmallScale
from proteins.models import BindingSite, DetectionMethod, Protein
from proteins.site.browse_form import BrowseForm
from proteins.site.forms import FilterForm, InteractionTableForm, SiteTableForm, StateForm
from proteins.site.protein.table_choice import GIVEN
from tests.factories import make_interaction, make_protein
from tests.proteins.reading import names_in, text_of
from tests.proteins.site.test_browse import accessions

pytestmark = pytest.mark.django_db

#: Each list of the pages, with its prefix, its form and the view of the same resource.
LISTS = [
    ("/browse/", "", BrowseForm, ProteinView),
    ("/protein/q9uk53/", "targets-", InteractionTableForm, InteractionView),
    ("/protein/q9uk53/", "tfs-", InteractionTableForm, InteractionView),
    ("/protein/q9uk53/", "sites-", SiteTableForm, BindingSiteView),
]
PROTEIN = "/protein/q9uk53/"


@pytest.fixture(autouse=True)
def tf() -> Protein:
    tf = make_protein("Q9UK53", "ING1")
    method = DetectionMethod.objects.get(psi_mi_id="MI:0402")
    alpha = make_interaction(
        tf,
        make_protein("P00001", "alpha"),
        sources=["GTRD"],
        methods=[method.name],
        small_scale=SmallScale.YES,
        pmids=[1],
    )
    make_interaction(tf, make_protein("P00002", "beta"), sources=["JASPAR"], methods=[])
    make_interaction(tf, make_protein("P00003", "gamma", code="Mm"), sources=["TRED"], methods=[])
    make_interaction(make_protein("P00004", "delta"), tf, sources=["TRED"], methods=[])
    BindingSite.objects.create(tflink_id="TFLinkLS1", tf=tf, evidence=alpha.evidence)
    refacet([tf.pk])
    return tf


class TestOneVocabulary:
    @pytest.mark.parametrize(("path", "prefix", "form", "view"), LISTS)
    def test_pages_and_api_know_the_same_filters(
        self,
        client: Client,
        path: str,
        prefix: str,
        form: type[FilterForm],
        view: type[ProteinView],
    ) -> None:
        filters = set(view.filterset_class.base_filters)
        given = {GIVEN[prefix.removesuffix("-")]} if prefix else set()
        declared = set(form.base_fields) - form.not_filters
        assert declared == set(), "a filter of the page alone"
        for name in filters - given:
            # No value of any filter holds a NUL character.
            html = client.get(path, {f"{prefix}{name}": "\0"}).text
            assert f'id="id_{prefix}{name}_error"' in html, name

    def test_no_page_has_filters_in_another_way(self) -> None:
        others = {form for form in StateForm.__subclasses__() if not issubclass(form, FilterForm)}
        filters = {name: set(form.base_fields) - form.not_filters for form in others
                   if (name := form.__name__)}  # fmt: skip
        assert filters == {
            "PagedForm": set(),
            "NetworkForm": {"side", "tier", "effect"},
            # How a picture is drawn.
            "FigureForm": {"size", "theme"},
            "ThemeForm": {"theme"},
            "SearchForm": {"q", "taxon"},
            # Text in any cell of a table of a vocabulary, which is in memory.
            "IndexForm": {"q"},
        }

    def test_a_new_filter_of_interactions_is_on_the_page(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        filters = InteractionTableForm.filterset_class
        new = filters.base_filters["effect"]
        monkeypatch.setitem(filters.base_filters, "new_one", new)
        monkeypatch.setattr(filters, "controls", (*filters.controls, "new_one"))
        assert 'name="targets-new_one"' in client.get(PROTEIN).text
        assert "new_one" in {parameter["name"] for parameter in filters.parameters()}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("source=gtrd", ["alpha"]),
        ("source=GTRD,JASPAR", ["alpha", "beta"]),
        ("source=gtrd, jaspar", ["alpha", "beta"]),
        ("method=MI:0402", ["alpha"]),
        ("method=CHROMATIN IMMUNOPRECIPITATION ASSAY", ["alpha"]),
        ("small_scale=yes,not_stated", ["alpha"]),
        ("pmid=1", ["alpha"]),
        ("tier=supported", ["alpha"]),
        ("exclude_source=GTRD,JASPAR", ["gamma"]),
        ("single_source=true", ["alpha", "beta", "gamma"]),
        ("exclude_method_class=binding in vivo", ["beta", "gamma"]),
        ("target=P00002,P00003", ["beta", "gamma"]),
        ("taxon=10090", []),
        ("changed_since=2100-01-01", []),
    ],
)
def test_a_table_takes_what_the_api_takes(client: Client, query: str, names: list[str]) -> None:
    name, _, value = query.partition("=")
    result = names_in(client, f"{PROTEIN}?{urlencode({f'targets-{name}': value})}")
    answer = client.get("/api/v1/interactions/", {"tf": "Q9UK53", name: value}).json()
    assert sorted(result) == names
    assert sorted(row["target"]["name"] for row in answer["results"]) == names


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source=gtrd", ["P00001", "Q9UK53"]),
        ("source=gtrd,jaspar", ["P00001", "P00002", "Q9UK53"]),
        ("method=MI:0402", ["P00001", "Q9UK53"]),
        ("method_class=binding in vivo", ["P00001", "Q9UK53"]),
        ("method_class=expression,reporter", []),
        ("taxon=10090", ["P00003"]),
        ("has_binding_sites=true", ["Q9UK53"]),
        ("has_small_scale=false", ["P00002", "P00003", "P00004"]),
        ("target_count_min=2", ["Q9UK53"]),
        ("is_target=false", ["P00004"]),
        ("sort=-target_count&is_tf=true", ["Q9UK53", "P00004"]),
        ("accession=p00001,P00002", ["P00001", "P00002"]),
    ],
)
def test_browse_takes_what_the_api_takes(client: Client, query: str, expected: list[str]) -> None:
    order = "" if "sort=" in query else "sort=accession&"
    assert accessions(client.get(f"/browse/?{order}{query}").text) == expected
    answer = client.get(f"/api/v1/proteins/?{query}").json()
    assert [row["accession"] for row in answer["results"]] == expected


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("species=Mm", "taxon=10090"),
        ("function=tf", "is_tf=true"),
        ("function=target", "is_target=true"),
        ("function=both", "is_tf=true&is_target=true"),
        ("small_scale=no", "has_small_scale=false"),
        ("sites=yes", "has_binding_sites=true"),
        ("sort=-targets", "sort=-target_count"),
        ("sort=regulators", "sort=tf_count"),
        ("sort=-interactions", "sort=-interaction_count"),
    ],
)
def test_former_urls_show_the_same(client: Client, former: str, now: str) -> None:
    assert client.get(f"/browse/?{former}").text == client.get(f"/browse/?{now}").text


def test_the_form_has_the_spelling_of_the_vocabulary(client: Client) -> None:
    html = client.get(f"{PROTEIN}?targets-source=gtrd&targets-method=mi:0402").text
    assert re.findall(r"<option[^>]* selected>([^<]+)", html)[:2] == [
        "GTRD (1)",
        "chromatin immunoprecipitation assay",
    ]
    html = client.get(f"{PROTEIN}?targets-source=gtrd,JASPAR").text
    assert '<option value="GTRD,JASPAR" selected>GTRD, JASPAR</option>' in html


def test_a_filter_without_a_control_is_shown_while_it_has_a_value(client: Client) -> None:
    assert 'name="target_count_min"' not in client.get("/browse/").text
    html = client.get("/browse/?target_count_min=2").text
    assert '<input type="search" id="id_target_count_min" name="target_count_min" value="2"' in html
    assert "Proteins that match the filter" in html


class TestErrors:
    def test_a_value_is_named(self, client: Client) -> None:
        text = text_of(client, "/browse/?source=GTRD,Nowhere,There&taxon=5")
        assert "No source database is called “Nowhere”, “There”. It was left out." in text
        assert "Species: No species is called “5”. It was left out." in text
        assert len(accessions(client.get("/browse/?source=Nowhere").text)) == 5

    @pytest.mark.parametrize("path", ["/browse/", PROTEIN, "/", "/search/", "/species/Hs/",
                                      "/interaction/Q9UK53-P00001/", "/source/GTRD/",
                                      f"{PROTEIN}network/", f"{PROTEIN}publications/",
                                      "/downloads/", "/publication/1/"])  # fmt: skip
    def test_an_unknown_name_is_passed_over(self, client: Client, path: str) -> None:
        plain = client.get(path)
        assert plain.status_code == 200
        for query in ("utm_source=mail", "x=%00&x=%ff", "targets-database=GTRD&a-b=c", "=&&x"):
            answer = client.get(f"{path}?{query}")
            assert answer.content == plain.content, query

    def test_it_is_no_part_of_what_is_cached(self, client: Client, settings: LazySettings) -> None:
        settings.PAGE_CACHE_BYTES = 1_000_000
        cached_pages.clear()
        for path in ("/browse/?source=GTRD", f"{PROTEIN}?targets-source=GTRD"):
            tags = {
                client.get(f"{path}{more}")["ETag"]
                for more in ("", "&utm_source=mail", "&x=1&utm_campaign=a%20b")
            }
            assert len(tags) == 1
        assert len(cached_pages) == 2
        cached_pages.clear()

    def test_the_api_refuses_both(self, client: Client) -> None:
        for query in ("source=Nowhere", "utm_source=mail"):
            assert client.get(f"/api/v1/proteins/?{query}").status_code == 400

    def test_a_file_refuses_what_it_would_leave_out(self, client: Client) -> None:
        for query in ("targets-source=Nowhere", "targets-database=GTRD"):
            assert client.get(f"{PROTEIN}targets.tsv?{query}").status_code == 400
        answer = client.get(f"{PROTEIN}targets.tsv?targets-source=gtrd&utm_source=mail")
        assert b"".join(answer).count(b"\n") == 2


class TestPartnersByName:
    """`q`, which tables of a protein have, in the API."""

    @pytest.mark.parametrize(
        ("query", "ids"),
        [
            ("tf=Q9UK53&q=ALPH", ["Q9UK53-P00001"]),
            ("tf=Q9UK53&q=p0000", ["Q9UK53-P00001", "Q9UK53-P00002", "Q9UK53-P00003"]),
            ("target=Q9UK53&q=delt", ["P00004-Q9UK53"]),
            ("target=Q9UK53&q=ing", []),
        ],
    )
    def test_rows(self, client: Client, query: str, ids: list[str]) -> None:
        answer = client.get(f"/api/v1/interactions/?{query}").json()
        assert [row["id"] for row in answer["results"]] == ids
        assert answer["total"] == len(ids)

    def test_it_needs_a_protein(self, client: Client) -> None:
        answer = client.get("/api/v1/interactions/?q=alpha")
        assert answer.status_code == 400
        assert "it needs the parameter tf or target beside it" in answer.text
