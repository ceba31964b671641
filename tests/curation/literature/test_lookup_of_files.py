"""Publications from a file that PubMed saved, by the command and without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from proteins.models import Citation
from tests.curation.literature.looking_up import cite, run, standing
from tests.curation.literature.service import Service, article, article_set

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("only_these")]


def test_a_file_needs_neither_network_nor_address(
    service: Service, settings: LazySettings, tmp_path: Path
) -> None:
    settings.NCBI_EMAIL = ""
    cite(1, 2)
    path = tmp_path / "set.xml"
    path.write_text(article_set([article(1, retracted=True), article(99)]))
    output = run(f"--file={path}")
    assert service.requests == []
    assert "1 publication looked up: 1 found in PubMed" in output
    # The file is not all of PubMed: what it lacks is not unknown.
    assert standing(1, 2) == ["found", "not"]
    assert not Citation.objects.unknown_to_pubmed().exists()
    assert Citation.objects.get(pmid=1).is_retracted
    assert not Citation.objects.filter(pmid=99).exists()


def test_what_is_known_already_needs_asking_for(tmp_path: Path) -> None:
    cite(1, 2)
    Citation.objects.filter(pmid=1).update(pubmed_status=1)
    Citation.objects.filter(pmid=2).update(pubmed_status=2)
    path = tmp_path / "set.nbib"
    path.write_text("PMID- 1\nTI  - One\n\nPMID- 2\nTI  - Two\n")
    run(f"--file={path}")
    assert list(Citation.objects.filter(pmid__lt=3).values_list("title", flat=True)) == [
        "",
        "Two",
    ]
    run(f"--file={path}", "--all")
    assert Citation.objects.get(pmid=1).title == "One"


def test_a_broken_file_leaves_nothing_of_any(tmp_path: Path) -> None:
    cite(1)
    good, broken = tmp_path / "a.xml", tmp_path / "b.xml"
    good.write_text(article_set([article(1)]))
    broken.write_text(article_set([article(1)])[:-5])
    with pytest.raises(CommandError, match=r"b\.xml: not whole"):
        call_command("fetch_citations", f"--file={good}", f"--file={broken}")
    assert standing(1) == ["not"]
