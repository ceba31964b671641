"""The page of the regulators of a list of genes."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from proteins.limits import analyses
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db
URL = "/enrichment/"


@pytest.fixture
def genes() -> None:
    """Two TFs of the first six of sixty genes, two of the rest: each gene has as many."""
    tfs = [make_protein(f"P1000{n}", f"TF{n}") for n in range(4)]
    for number in range(60):
        gene = make_protein(f"P20{number:03d}", f"G{number}")
        for tf in tfs[::2] if number < 6 else tfs[1::2]:
            make_interaction(tf, gene)
    make_protein("P30000", "Mouse", code="Mm")


def page(client: Client, expect: int = 200, **values: Any) -> str:
    answer = client.post(URL, {"taxon": "9606", **values})
    assert answer.status_code == expect, answer.content[:500]
    return answer.content.decode()


@pytest.mark.usefixtures("genes")
class TestAnswer:
    def test_a_pasted_list(self, client: Client) -> None:
        text = page(client, identifiers="G0\nG1; g2, G3\tG0\nMouse\n<b>junk</b>")
        assert "2 of 4 TFs regulate more of these 4 genes than expected" in text
        assert '<a href="/protein/p10000/">TF0</a> or <a href="/protein/p10002/">TF2</a>' in text
        assert "cannot be distinguished" in text
        assert '<a href="/interaction/P10000-P20000/">G0</a>' in text
        assert "<bdi>G0</bdi> (as <bdi>G0</bdi>)" in text
        assert "<bdi>Mouse</bdi>" in text
        assert "<bdi>&lt;b&gt;junk&lt;/b&gt;</bdi>" in text
        assert text.count("<svg") == 3
        assert "TFLink: Regulators of a list of 7 genes. " in text

    def test_nothing_stands_out(self, client: Client) -> None:
        assert "No TF regulates these 1 genes" in page(client, identifiers="G30")

    def test_a_file(self, client: Client) -> None:
        file = SimpleUploadedFile("genes.txt", b"\xef\xbb\xbfG0\r\nG1\r\n")
        assert "What became of the 3 identifiers" in page(client, identifiers="G2", file=file)
        file = SimpleUploadedFile("genes.xls", b"\xd0\xcf\x11\xe0")
        assert "not UTF-8 text" in page(client, 400, file=file)

    def test_its_address_gives_the_same(self, client: Client) -> None:
        text = page(client, identifiers="G0\nG1\nG2", tier="single", unit="protein")
        url = text.split('To share: <a href="')[1].split('"')[0].replace("&amp;", "&")
        again = client.get(url)
        assert again["X-Robots-Tag"] == "noindex"
        assert "no-store" in again["Cache-Control"]
        answer = again.content.decode()
        assert answer.split('id="answer"')[1].split("To share")[0] in text
        long = page(client, identifiers="\n".join(f"G{n % 60}" for n in range(101)))
        assert "To share" not in long

    def test_a_background_of_ones_own(self, client: Client) -> None:
        listed = "\n".join(f"G{n}" for n in range(10))
        values: Any = {"background": "list", "background_identifiers": listed}
        assert "10 genes in the background" in page(client, identifiers="G0", **values)
        assert "background_identifiers: it must be given" in page(
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
