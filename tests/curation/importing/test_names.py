"""Names in imports: long ones, lists, and what older documents say of proteins without one."""

from __future__ import annotations

import re
from itertools import permutations
from pathlib import Path

import pytest

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.importing.undo.run import undo_import
from proteins.domain.names import MAX_NAME_LENGTH
from proteins.models import Interaction, Protein, ProteinName
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import link, page, query, row, write
from tests.curation.importing.test_tables import YEAST, table_row, take
from tests.curation.people import make_person
from tests.factories import accession

pytestmark = pytest.mark.django_db


def names_of(protein: str) -> list[str]:
    rows = ProteinName.objects.filter(protein__accession=protein)
    return list(rows.values_list("text", flat=True))


def histones(first: int, length: int = 350) -> str:
    """A name as those of histones are: a list of genes, joined by `;` or `; `."""
    joint = "; " if first % 2 else ";"
    genes = (f"His4:CG{31611 + first * 50 + number}" for number in range(length))
    name = next(genes)
    while len(name) < length:
        name += joint + next(genes)
    return name


def oldest(tf: str, target: str, organism: str = "Homo sapiens") -> str:
    """A page of the oldest generation: six cells a row, and no number of interactions."""
    rows = [row(tf, "P00001", publications=link(1), scale=None)]
    return page("P00002", target, tfs=rows, number_of_interactions=None, organism=organism)


def newest(tf: str, target: str) -> str:
    return page("P00002", target, tfs=[row(tf, "P00001", publications=query(1))])


def test_tables_of_histones_lose_no_row(tmp_path: Path) -> None:
    rows = [
        table_row(accession(number), accession(number + 1), **{
            "Name.TF": histones(number), "Name.Target": histones(number + 1)
        })
        for number in range(30)
    ]  # fmt: skip
    report = take(tmp_path / "t.tsv", *rows, table_row(**{"Name.TF": "x" * MAX_NAME_LENGTH}))
    assert report.problems == []
    assert Interaction.objects.count() == 31
    for number in range(31):
        name = Protein.objects.get(accession=accession(number)).name
        assert name == histones(number)
        assert names_of(accession(number)) == re.split("; ?", name)
    assert list(find_breaches()) == []


def test_names_follow_imports_and_their_undoing(tmp_path: Path) -> None:
    take(tmp_path / "t.tsv", table_row(**{"Name.TF": "TEF1;TEF2"}))
    before = content_digest()
    run = take(tmp_path / "u.tsv", table_row(**{"Name.TF": "TEF1; TEF3"}), table_row("P07244"))
    assert names_of("P38704") == ["TEF1", "TEF3"]
    undo_import(run.run_id)
    assert names_of("P38704") == ["TEF1", "TEF2"]
    assert content_digest() == before
    assert list(find_breaches()) == []


def test_names_do_not_count_in_the_digest(tmp_path: Path) -> None:
    take(tmp_path / "t.tsv", table_row(**{"Name.TF": "TEF1;TEF2"}))
    before = content_digest()
    ProteinName.objects.all().delete()
    assert content_digest() == before


def test_a_merge_leaves_the_names_of_the_primary(tmp_path: Path) -> None:
    take(tmp_path / "t.tsv", table_row(**{"Name.TF": "A1;A2", "Name.Target": "B1;B2"}))
    one, two = (Protein.objects.get(accession=each) for each in ("P38704", "P07244"))
    actions.merge_protein(user=make_person("ada"), secondary=one, primary=two, reason="one entry")
    assert list(ProteinName.objects.values_list("text", flat=True)) == ["B1", "B2"]
    assert list(find_breaches()) == []


@pytest.mark.parametrize("name", ["YD57W_YEAST", "-"])
def test_a_mnemonic_is_no_name(tmp_path: Path, name: str) -> None:
    import_pages([write(tmp_path / "pages", p00002=oldest(name, name))])
    assert not Protein.objects.exclude(name="").exists()


def test_genes_that_look_like_mnemonics_are_names(tmp_path: Path) -> None:
    import_pages([write(tmp_path / "pages", p00002=oldest("AI5_BETA", "Y_1"))])
    assert set(Protein.objects.values_list("name", flat=True)) == {"AI5_BETA", "Y_1"}


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_an_older_page_fills_in_no_name_that_a_newer_one_says_is_absent(
    tmp_path: Path, order: tuple[str, str], together: bool
) -> None:
    texts = {"a": oldest("FOO", "BAR"), "b": newest("FOO", "-")}
    folders = [
        write(tmp_path / name, **{f"{'ab'[position]}{name}": texts[name]})
        for position, name in enumerate(order)
    ]
    for paths in [folders] if together else [[folder] for folder in folders]:
        import_pages(paths)
    assert Protein.objects.get(accession="P00002").name == ""
    assert names_of("P00002") == []
    assert Protein.objects.get(accession="P00001").name == "FOO"


def test_an_older_row_fills_in_no_name_that_the_own_page_says_is_absent(tmp_path: Path) -> None:
    own = page("P00001", "-", targets=[row("BAR", "P00002")])
    for number, texts in enumerate(permutations([own, oldest("FOO", "BAR")])):
        files = {f"p{number}{position}": text for position, text in enumerate(texts)}
        report = import_pages([write(tmp_path / str(number), **files)])
        assert Protein.objects.get(accession="P00001").name == ""
        undo_import(report.run_id)


def test_an_older_page_fills_in_no_name_that_a_table_says_is_absent(tmp_path: Path) -> None:
    take(tmp_path / "t.tsv", table_row("P00001", "P00002", **{"Name.Target": "-"}))
    import_pages([write(tmp_path / "old", p00002=oldest("FOO", "BAR", YEAST))])
    assert Protein.objects.get(accession="P00002").name == ""
    newer = page("P00002", "BAZ", organism=YEAST)
    import_pages([write(tmp_path / "new", p00002=newer)])
    assert Protein.objects.get(accession="P00002").name == "BAZ"


def test_a_table_takes_away_the_name_that_an_older_page_gave(tmp_path: Path) -> None:
    import_pages([write(tmp_path / "old", p00002=oldest("FOO", "BAR", YEAST))])
    take(tmp_path / "t.tsv", table_row("P00001", "P00002", **{"Name.Target": "-"}))
    assert Protein.objects.get(accession="P00002").name == ""
    assert list(find_breaches()) == []


def test_a_row_of_a_page_as_new_fills_in_a_name(tmp_path: Path) -> None:
    rows = [row("BAR", "P00002")]
    files = {"a": page("P00002", "-"), "b": page("P00001", "FOO", targets=rows)}
    import_pages([write(tmp_path / "pages", **files)])
    assert Protein.objects.get(accession="P00002").name == "BAR"
