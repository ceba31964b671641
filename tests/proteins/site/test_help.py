"""Help, the definitions beside terms, the indexes, citations of pages and former addresses."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings, settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from proteins.domain.glossary import GLOSSARY
from proteins.exports.citation import long_date
from proteins.releases.making import make_release
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein, make_site, make_statement
from tests.places import ROOT
from tests.proteins.reading import text_of

pytestmark = pytest.mark.django_db

TEMPLATES = ROOT / "templates" / "proteins"
#: Terms of art of public pages, as they are written there, and where each is defined in Help.
TERMS = {
    r"\b[Tt]ranscription factors?\b": "tf",
    r"\bTFs?\b": "tf",
    r"\b[Tt]argets?\b": "target",
    r"\b[Rr]egulators?\b": "regulator",
    r"\bRole\b": "role",
    r"\b[Ii]nteractions?\b": "interaction",
    r"\b[Aa]utoregulation\b|^itself$": "autoregulation",
    r"\b[Ee]vidence\b": "evidence",
    r"\b[Ss]tatements?\b": "statement",
    r"\b[Ss]upport\b": "tier",
    r"\b[Ss]mall-scale\b": "small-scale",
    r"\b[Nn]ot stated\b": "not-stated",
    r"\b[Aa]ggregator\b": "independent",
    r"\b[Mm]ethod class": "methods",
    r"\b[Pp]rimary publications?\b": "publications",
    r"\b[Dd]atabase papers?\b": "publications",
    r"\b[Ee]ffect\b": "effect",
    r"\b[Nn]ot reviewed\b": "review",
    r"\b[Nn]o longer reports?\b": "no-longer-reported",
    r"\b[Oo]rthologs?\b": "ortholog",
    r"\b[Bb]inding sites?\b": "site",
    r"\bJASPAR\b": "matrix",
    r"\b[Dd]atasets?\b": "dataset",
    r"\b[Dd]egree-adjusted\b": "degree-adjusted",
    r"\b[Ee]xpected\b": "expected",
    r"\b[Rr]eleases?\b": "release",
    r"\b[Ss]ource databases?\b|^Databases?$|^Imported through$": "source",
    r"\b[Dd]etection methods?\b|\bPSI-MI\b|^Methods?$|^Class$": "method",
    r"\b[Aa]ccessions?\b|\b[Gg]ene ID\b|^Identifier": "accession",
    r"\b[Ss]ynonym|\b[Ll]ocus\b": "names",
    r"\bTFLink ID\b|\b[Aa]ssembly\b|\b[Ss]trand\b|^Position$": "position",
    r"\bNetwork context\b|\b[Rr]everse regulation\b|\bregulates\b": "context",
    r"\b[Cc]onservation\b|^Answer$|^Testable$|^Reported$": "conservation",
    r"\b[Ff]eed-forward loops?\b": "loop",
    r"\b[Bb]ackground\b": "background",
    r"\bq value\b|^q$|^Adjusted q$": "q-value",
    r"\b[Oo]dds ratio\b": "odds-ratio",
    r"\b[Cc]urators?\b": "curator",
    r"\b[Ss]hare-alike\b": "share-alike",
    r"^Tier$": "tier",
    r"^Scale$": "small-scale",
    r"^Review$|^Rejected$": "review",
    r"^Reporting$": "no-longer-reported",
}
#: Heads of columns and labels of facts that need no definition.
PLAIN = {
    *("All species", "Authors", "Changes", "Changes since previous release", "Column", "Date"),
    *("Data as of", "Describes", "Details", "Only in this publication"),
    *("DOI", "Download", "Edit", "Entered by", "Files", "Format", "Genes"),
    *("Last change", "Licence", "Mark", "Meaning", "Metadata", "Name", "Note", "Overlapping sites"),
    *("Protein", "Proteins", "Publication", "Publications", "Published", "PubMed", "Quotation"),
    *("Read as", "Redistributes", "Rule", "Size", "Source", "Species", "Type", "UniProt name"),
    *("Version", "Website", "What is observed", "Why", "What would change that", "NCBI taxon"),
    # Context of a statement, as its source words it
    *("Cell line", "Condition", "Tissue"),
    # What became of the identifiers of a list
    *(
        "Ambiguous",
        "and more cannot be distinguished in the list",
        "Duplicate",
        "Gene",
        "Genes of the list",
        "Number",
        "Outcome",
        "Share of the list",
        "Not found",
        "Other species",
        "Used",
    ),
}


def shown_text(path: Path) -> str:
    """What a template shows, without its tags."""
    return without_tags(path.read_text(encoding="utf-8"))


def without_tags(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\{[{%#].*?[}%#]\}|<[^>]+>", " ", text))


def labels(path: Path) -> set[str]:
    """The heads of columns and rows, and the labels of facts, that a template has as text."""
    elements = re.findall(
        r"<(th|dt)\b[^>]*>(.*?)</\1>", path.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    texts = {re.sub(r"[^\w\s-]", " ", without_tags(inner)) for _, inner in elements}
    return {" ".join(text.split()) for text in texts if re.search(r"[A-Za-z]", text)}


def test_every_term_of_art_is_used_and_has_its_definition(client: Client) -> None:
    text = " ".join(shown_text(path) for path in sorted(TEMPLATES.glob("*.html")))
    html = client.get("/help/").text
    for pattern, key in TERMS.items():
        if key not in ("autoregulation", "no-longer-reported", "loop"):  # written by Python
            assert re.search(pattern.replace("^", r"\b").replace("$", r"\b"), text), pattern
        assert f'<div id="{key}"><dt>{GLOSSARY[key].name}' in html
    assert set(GLOSSARY) == set(TERMS.values())


def test_every_head_and_label_is_plain_or_has_its_definition() -> None:
    """So that a term that comes with a new column is defined, too."""
    undefined = {
        label: path.name
        for path in sorted(TEMPLATES.glob("*.html"))
        # Symbols of formulas are defined beside them.
        if not path.name.startswith(("api", "help_statistics"))
        for label in labels(path)
        if label not in PLAIN and not any(re.search(pattern, label) for pattern in TERMS)
    }
    assert not undefined, "define them in proteins/domain/glossary.py, or add them to PLAIN"


def test_every_button_of_help_has_its_definition_on_the_page(client: Client) -> None:
    tf, target = make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX")
    make_statement(make_interaction(tf, target, pmids=[7]))
    for url in (
        "/protein/q9uk53/",
        "/protein/q07812/",
        "/interaction/Q9UK53-Q07812/",
        "/source/GTRD/",
        "/publication/7/",
        "/methods/",
    ):
        html = client.get(url).text
        opened = set(re.findall(r'popovertarget="([^"]+)"', html))
        assert opened, url
        assert opened <= set(re.findall(r'<div id="([^"]+)" popover>', html)), url
        for anchor in re.findall(r'href="/help/#([\w-]+)"', html):
            assert f'id="{anchor}"' in client.get("/help/").text


def test_help_says_what_the_site_means(client: Client) -> None:
    text = text_of(client, "/help/")
    assert "A small-scale experiment examines one or a few interactions" in text
    assert "UniprotID.TF UniProt accession of the TF." in text
    assert "No data have been imported yet." in text
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"))
    assert "GTRD 20.06 2020-07 not stated" in text_of(client, "/help/")


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/download/", "/downloads/"),
        ("/faq/", "/help/"),
        ("/contact/", "/help/#contact"),
        ("/licence/", "/help/#licence"),
        ("/protein/q9uk53/index.html", "/protein/q9uk53/"),
        ("/data/TFLink_Homo_sapiens_interactions_All.tsv.gz", "/downloads/"),
        ("/index.html", "/"),
        ("/source/", "/sources/"),
        ("/method/", "/methods/"),
        ("/favicon.ico", f"{settings.STATIC_URL}proteins/icon.svg"),
    ],
)
def test_former_addresses_lead_on(client: Client, former: str, now: str) -> None:
    response = client.get(former)
    assert (response.status_code, response["Location"]) == (301, now)


def test_the_indexes(client: Client) -> None:
    for url in ("/sources/", "/methods/", "/species/"):
        assert "No data have been imported yet." in text_of(client, url)
    make_interaction(make_protein("Q9UK53"), make_protein("Q07812"), methods=["selex"])
    assert "GTRD 20.06 (2020-07) not counted yet PMID 27924024 not stated" in text_of(
        client, "/sources/"
    )
    assert "selex MI:0657 Binding in vitro" in text_of(client, "/methods/")
    assert "Homo sapiens" in text_of(client, "/species/")


class TestCitation:
    def test_every_record_has_one(self, client: Client) -> None:
        interaction = make_interaction(
            make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"), pmids=[7]
        )
        statement = make_statement(interaction)
        for url, title in (
            ("/protein/q9uk53/", "ING1 (Q9UK53), Homo sapiens"),
            ("/interaction/Q9UK53-Q07812/", "ING1 regulates BAX, Homo sapiens"),
            ("/source/GTRD/", "GTRD, source database"),
            ("/publication/7/", "PMID 7"),
            ("/species/Hs/", "Homo sapiens"),
            (statement.dataset.get_absolute_url(), f"{statement.dataset}, dataset"),
            ("/protein/q9uk53/network/?tier=strong", "Network of ING1 (Q9UK53), Homo sapiens"),
        ):
            html = client.get(url).text
            assert f"TFLink: {title}. Accessed " in html
            assert f" http://testserver{url}</pre>" in html
            file = re.search(r'href="(/cite\.bib\?of=[^"]+)"', html)
            assert file is not None
            assert f"http://testserver{url}" in client.get(file[1]).text
            assert "/proteins/copy.js" in html

    def test_binding_sites_and_analyses(self, client: Client) -> None:
        make_site(make_protein("Q9UK53", "ING1"), 1)
        url = "/sites/?tflink_id=TFLinkLS00000001"
        html = client.get(url).text
        assert "TFLink: Binding sites. Accessed " in html
        file = re.search(r'href="(/cite\.bib\?of=[^"]+)"', html)
        assert file is not None
        assert f"url     = {{http://testserver{url}}}" in client.get(file[1]).text

    def test_it_names_the_release_and_else_the_import(
        self, client: Client, settings: LazySettings, tmp_path: Path
    ) -> None:
        settings.RELEASES_DIR = tmp_path / "releases"
        url, file = "/protein/q9uk53/", "/cite.ris?of=/protein/q9uk53/"
        page = str(ROOT / "fixtures" / "pages" / "q9uk53.md")
        call_command("import_pages", page, verbosity=0)
        today = long_date(timezone.now().date())
        for _ in range(2):
            assert (
                f"Homo sapiens. Data imported on {today}. Accessed {today}." in client.get(url).text
            )
        assert f"ET  - Data imported on {today}\r\n" in client.get(file).text
        assert f"Data imported on {today}" in browser_of(make_person("ann")).get(url).text
        make_release("2026.12")
        assert f"Homo sapiens. Release 2026.12 of {today}. Accessed" in client.get(url).text
        assert f"ET  - Release 2026.12 of {today}\r\n" in client.get(file).text

    def test_its_files(self, client: Client) -> None:
        bib = client.get("/cite.bib?of=/protein/q9uk53/")
        assert bib["Content-Disposition"] == 'attachment; filename="tflink-q9uk53.bib"'
        assert "title   = {{TFLink: protein Q9UK53}}" in bib.text
        ris = client.get("/cite.ris?of=/interaction/Q9UK53-Q07812/").text
        assert "TY  - DBASE\r\n" in ris
        assert "UR  - http://testserver/interaction/Q9UK53-Q07812/\r\n" in ris

    @pytest.mark.parametrize(
        "path", ["/admin/", "/nowhere/", "https://example.org/", "//example.org/", "/" + "a" * 999]
    )
    def test_what_is_no_record_has_none(self, client: Client, path: str) -> None:
        assert client.get("/cite.bib", {"of": path}).status_code == 404

    def test_a_name_that_means_something_in_bibtex(self, client: Client) -> None:
        file = client.get("/cite.bib", {"of": "/method/a}{\\b/"}).text
        assert file.count("{") == file.count("}")
        assert "\\" not in file


def test_the_formulas_of_gene_lists(client: Client) -> None:
    """Each section has its formula with symbols, its source, and what it cannot say; the pages
    that use it lead there."""
    page = client.get("/help/statistics/")
    for anchor in ("enrichment", "odds", "corrections", "degree", "sets", "conservation", "twins"):
        section = page.text.split(f'<section id="{anchor}"')[1].split("</section>")[0]
        assert "<math" in section
        assert "<dl" in section or "Symbols as above" in section
        assert 'class="hint"' in section
    ElementTree.fromstring(re.findall(r"<main.*</main>", page.text, re.DOTALL)[0])
    for path in ("/enrichment/", "/analyse/"):
        assert f'href="{page.request["PATH_INFO"]}#' in client.get(path).text
    assert 'href="/help/statistics/"' in client.get("/help/").text
    assert "/help/statistics/" in client.get("/sitemap-pages.xml").text
