"""The page of the regulators of a list of genes."""

from __future__ import annotations

import gzip
import logging
import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from proteins.domain.evidence import SmallScale
from proteins.limits import analyses
from proteins.site import enrichment
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
URL = "/enrichment/"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def genes() -> None:
    """Two TFs of the first six of sixty genes, two of the rest: each gene has as many."""
    tfs = [make_protein(f"P1000{n}", f"TF{n}") for n in range(4)]
    for number in range(60):
        gene = make_protein(f"P20{number:03d}", f"G{number}")
        for tf in tfs[::2] if number < 6 else tfs[1::2]:
            is_small = SmallScale.YES if number == 0 else SmallScale.NOT_STATED
            make_interaction(tf, gene, small_scale=is_small)
    make_protein("P30000", "Mouse", code="Mm")


def page(client: Client, expect: int = 200, **values: Any) -> str:
    answer = client.post(URL, {"taxon": "9606", **values})
    assert answer.status_code == expect, answer.content[:500]
    return answer.content.decode()


@pytest.mark.usefixtures("genes")
class TestAnswer:
    def test_a_pasted_list(self, client: Client) -> None:
        text = page(client, identifiers="G0\nG1; g2, G3\tG0\nMouse\n<b>junk</b>")
        assert "2 of 4 transcription factors regulate these genes more often" in text
        both = '<strong><a href="/protein/p10000/">TF0</a></strong> or '
        assert f'{both}<strong><a href="/protein/p10002/">TF2</a></strong> ranks first' in text
        assert "cannot be distinguished" in text
        assert "<p>G0, G1, G2, G3</p>" in text
        assert "<bdi>G0</bdi> (as <bdi>G0</bdi>)" in text
        assert "<bdi>Mouse</bdi>" in text
        assert "<bdi>&lt;b&gt;junk&lt;/b&gt;</bdi>" in text
        assert text.count('class="plot" ') == 4
        assert "TFLink: Regulators of a list of 7 genes. " in text

    def test_a_png_of_each_plot_where_the_list_is_in_the_url(self, client: Client) -> None:
        text = client.get(URL, {"taxon": "9606", "identifiers": "G0;G1"}).text
        for plot in ("bars", "volcano", "matrix"):
            path = re.search(f'data-png="([^"]*format={plot}.svg)"', text)
            assert path, plot
            drawing = client.get(path[1].replace("&amp;", "&"))
            assert drawing["Content-Type"].startswith("image/svg+xml")
        assert "data-png" not in page(client, identifiers="G0;G1")

    def test_a_file_of_each_plot(self, client: Client) -> None:
        bars = page(client, identifiers="G0;G1", format="bars.svg")
        assert ElementTree.fromstring(bars).tag.endswith("svg")
        lines = page(client, identifiers="G0;G1", format="bars.tsv").splitlines()
        assert lines[0] == "tf\ttf_name\tq_degree\tq"
        matrix = page(client, identifiers="G0;G1", format="matrix.svg")
        assert "4 of 4 pairs of 2 TFs and 2 genes are reported" in matrix
        assert ElementTree.fromstring(page(client, identifiers="G0", format="volcano.svg"))
        assert '<path class="strong" d="M112 88h26v18h-26zM112 110h26v18h-26z"/>' in matrix
        assert '<path class="repeated" d="M142 88h26v18h-26zM142 110h26v18h-26z"/>' in matrix
        table = page(client, identifiers="G0;G1", format="matrix.tsv").splitlines()
        other = "large-scale or not stated"
        assert table[:2] == ["tf\ttf_name\tG0\tG1", f"P10000\tTF0\tsmall-scale\t{other}"]

    def test_the_evidence_of_the_hits_of_a_tf(self, client: Client) -> None:
        answer = client.post(
            f"{URL}hits/", {"taxon": "9606", "identifiers": "G1;G0;G30", "tf": "P10000"}
        )
        text = answer.content.decode()
        assert "2 interactions of P10000 with genes of the list" in text
        assert text.index("/interaction/P10000-P20001/") < text.index("P10000-P20000")
        assert '<span class="tier supported">supported</span>' in text
        none = client.post(f"{URL}hits/", {"taxon": "9606", "identifiers": "G1", "tf": "<b>"})
        assert "0 interactions of &lt;b&gt;" in none.content.decode()
        assert client.get(f"{URL}hits/").status_code == 405

    def test_an_ambiguous_name_is_chosen(self, client: Client) -> None:
        make_protein("P20099", "G0")
        text = page(client, identifiers="G0;G1")
        assert '<option value="P20000|G0">G0 (P20000)</option>' in text
        chosen = page(client, identifiers="G0;G1", choice="P20000|G0")
        assert "<textarea" in chosen
        assert "P20000\nG1</textarea>" in chosen
        assert "Regulators of 2 genes" in chosen

    def test_a_page_of_the_table(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(enrichment, "SHOWN", 1)
        first = page(client, identifiers="G0;G30")
        assert 'name="page" value="2"' in first
        # The two of the rest are one line, as are those of the first six.
        assert "2–2 of 2" in page(client, identifiers="G0;G30", page="9")

    def test_nothing_stands_out(self, client: Client) -> None:
        assert "No transcription factor regulates these" in page(client, identifiers="G30")

    def test_a_file(self, client: Client) -> None:
        file = SimpleUploadedFile("genes.txt", b"\xef\xbb\xbfG0\r\nG1\r\n")
        text = page(client, identifiers="G2", file=file)
        assert "Regulators of 3 genes" in text
        # The list goes on to other questions.
        assert "G2\nG0\nG1</textarea>" in text

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"\xd0\xcf\x11\xe0", "not UTF-8 text"),
            ("G0".encode("utf-16"), "not UTF-8 text"),
            (gzip.compress(b"G0", mtime=0), "is compressed"),
            (b"PK\x03\x04x", "is compressed, or a spreadsheet"),
            (b"G0\x00G1", "null characters"),
            (b"G" * 1_000_001, "more than 1,000,000 bytes"),
            (b";" * 10_000_000, "more than 1,000,000 bytes"),
            (b"G\n" * 5_001, "at most 5,000 are taken"),
        ],
    )
    def test_a_file_that_is_no_list(self, client: Client, content: bytes, reason: str) -> None:
        assert reason in page(client, 400, file=SimpleUploadedFile("genes.txt", content))

    @pytest.mark.parametrize("path", [URL, "/analyse/", f"{URL}hits/"])
    def test_ten_megabytes_are_refused(self, client: Client, path: str) -> None:
        answer = client.post(path, f"taxon=9606&identifiers={'G' * 10_000_000}", FORM)
        assert answer.status_code == 413
        assert "What was sent is too large" in answer.content.decode()
        fields = "&".join(f"x{n}=" for n in range(2_000))
        assert client.post(path, fields, FORM).status_code == 413

    def test_its_address_gives_the_same(self, client: Client) -> None:
        text = page(client, identifiers="G0\nG1\nG2", tier="single", unit="protein")
        url = "/enrichment/?" + text.split('<a href="/enrichment/?')[1].split('"')[0].replace(
            "&amp;", "&"
        )
        again = client.get(url)
        assert again["X-Robots-Tag"] == "noindex"
        assert "no-store" in again["Cache-Control"]
        answer = again.content.decode()
        assert answer.split('id="answer"')[1].split("Link to this")[0] in text
        long = page(client, identifiers="\n".join(f"G{n % 60}" for n in range(101)))
        assert "Link to this question" not in long

    def test_a_background_of_ones_own(self, client: Client) -> None:
        listed = "\n".join(f"G{n}" for n in range(10))
        values: Any = {"background": "list", "background_identifiers": listed}
        assert "background: 10 genes" in page(client, identifiers="G0", **values)
        assert "Genes of the background: it must be given" in page(
            client, 400, identifiers="G0", background="list"
        )

    def test_files_of_all_tfs(self, client: Client) -> None:
        lines = page(client, identifiers="G0", format="tsv").splitlines()
        assert lines[0].startswith("tf\ttf_name\t")
        assert len(lines) == 5


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"taxon": "1"}, "Select a valid choice"),
        ({"identifiers": "\n".join(["G"] * 5_001)}, "at most 5,000 are taken"),
        ({"tier": "certain"}, "Select a valid choice"),
        ({"identifiers": "G\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said(client: Client, values: dict[str, str], reason: str) -> None:
    make_interaction(make_protein("P10000"), make_protein("P20000"))
    assert reason in page(client, 400, **values)


def test_the_empty_form_and_an_empty_list(client: Client) -> None:
    make_interaction(make_protein("P10000"), make_protein("P20000"))
    assert '<option value="9606" selected>' in client.get(URL).content.decode()
    assert "nothing could be tested" in page(client, identifiers=" ")


def test_a_busy_site_says_when_to_come_again(client: Client, settings: LazySettings) -> None:
    make_interaction(make_protein("P10000"), make_protein("P20000"))
    settings.ANALYSIS_SLOTS = 1
    slot = analyses.slots.take("another")
    assert slot is not None
    answer = client.post(URL, {"taxon": "9606", "identifiers": "P20000"})
    slot.release()
    assert (answer.status_code, answer["Retry-After"]) == (503, str(analyses.RETRY_AFTER))
    # What was pasted is still there.
    assert "P20000</textarea>" in answer.content.decode()


@pytest.mark.parametrize("path", [URL, "/api/v1/enrichment/", "/api/v1/subnetwork/", "/cite.bib"])
def test_lists_are_not_logged(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    make_interaction(make_protein("P10000"), make_protein("P20000"))
    written: list[logging.LogRecord] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", written.append)
    log = logging.getLogger("tflink.access")
    monkeypatch.setattr(log, "handlers", [handler])
    monkeypatch.setattr(log, "level", logging.INFO)
    log.manager._clear_cache()  # type: ignore[attr-defined]
    values = {"taxon": "9606", "identifiers": "P20000"}
    if path == "/cite.bib":
        values = {"of": f"{URL}?{urlencode(values)}"}
    assert client.get(path, values).status_code == 200
    (record,) = written
    assert (record.access["path"], record.access["query"]) == (path, "")  # type: ignore[attr-defined]
