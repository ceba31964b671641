"""A list of genes as a biologist takes it through the site: from home to the evidence of the best
TF's hits, and a file of the answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from proteins.domain.evidence import SmallScale
from tests.browser.conftest import Visit
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(vocabulary: None) -> str:
    """Forty names: GCN4 regulates all of them, TF1 as many others."""
    best, other = make_protein("P10000", "GCN4"), make_protein("P10001", "TF1")
    genes = [make_protein(f"P20{number:03d}", f"GEN{number}") for number in range(160)]
    for number, gene in enumerate(genes):
        make_interaction(
            best if number < 40 else other,
            gene,
            sources=["GTRD"],
            methods=["chromatin immunoprecipitation assay"],
            pmids=[15662138],
            small_scale=SmallScale.YES if number < 5 else SmallScale.NO,
        )
    return "\n".join(f"GEN{number}" for number in range(40))


def _no_wider(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_biologist_with_forty_names(
    visit: Visit, listed: str, width: int, tmp_path: Path
) -> None:
    page = visit.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(visit.base_url)
    page.get_by_role("link", name="Analyse", exact=True).click()
    page.get_by_label("Genes", exact=True).fill(listed)
    page.get_by_role("button", name="Test the list").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regulators of 40 genes")
    answer = page.get_by_role("region", name="Answer")
    expect(answer).to_contain_text("1 of 2 transcription factors regulates these genes more often")
    expect(answer).to_contain_text("GCN4 ranks first")
    _no_wider(page)
    page.locator("details.unfold summary").first.click()
    evidence = page.get_by_role("region", name="Evidence of P10000, scrollable")
    rows = evidence.locator("tbody tr")
    expect(rows).to_have_count(40)
    expect(rows.first).to_contain_text("supported")
    expect(rows.first).to_contain_text("chromatin immunoprecipitation assay")
    expect(rows.first.get_by_role("link", name="15662138", exact=True)).to_be_visible()
    _no_wider(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="TSV", exact=True).first.click()
    download.value.save_as(tmp_path / "answer.tsv")
    lines = (tmp_path / "answer.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[1].startswith("P10000\tGCN4")
    page.get_by_role("button", name="Keep this result").click()
    expect(page.get_by_role("note")).to_contain_text("Whoever has the URL of this page can read")
    _no_wider(page)
