"""Arrays of species: whose they are, and that what changes counts at the next request."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from curation.actions.interactions import reject_interaction, reopen_interaction
from curation.checks import find_breaches
from curation.importing.run import import_pages
from curation.importing.undo.run import undo_import
from proteins.analysis import enrichment, jobs, places, species, store
from proteins.analysis.core.edges import Kind, Row
from proteins.analysis.enrichment import Request
from proteins.models import Interaction, Protein, SpeciesArrays, Taxon
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, taxon
from tests.places import PAGES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    """A data folder of the test's own; what workers hold in memory is held here, too."""
    settings.DATA_DIR = tmp_path
    settings.PAGE_CACHE_BYTES = 1_000_000
    species._species.clear()
    return tmp_path / "analysis"


def results(names: list[str], taxon_of: Taxon | None = None) -> dict[str, tuple[int, int]]:
    """Overlap and targets of each TF that is tested."""
    request = Request(taxon_of or taxon("Hs"), names)
    return {row["tf"]: (row["overlap"], row["targets"]) for row in enrichment.enrich(request).rows}


@pytest.fixture
def few() -> list[Protein]:
    tf, *genes = (make_protein(f"P0000{number}", f"G{number}") for number in range(4))
    for gene in genes:
        make_interaction(tf, gene)
    return [tf, *genes]


def test_arrays_hold_what_the_tables_hold(few: list[Protein], folder: Path) -> None:
    from_tables = results(["G1", "G2"])
    arrays = store.lay_out(taxon().pk)
    assert arrays.rows == 3
    assert (folder / arrays.token / "target.i4").stat().st_size == 3 * 4
    assert (folder / arrays.token / "kind.u2").stat().st_size == 3 * 2
    species._species.clear()
    assert results(["G1", "G2"]) == from_tables == {"P00000": (2, 3)}


@pytest.mark.parametrize("kinds", [2**16, 2**16 + 1])
def test_kinds_are_numbered_by_two_bytes_where_that_is_enough(
    kinds: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [Row(1, number, Kind(number, 0, 0, 0)) for number in range(kinds)]
    monkeypatch.setattr(store, "public_rows", lambda _: iter(rows))
    edges = store.read(store.lay_out(taxon().pk).token)
    assert edges is not None
    assert edges.kind.itemsize == (2 if kinds == 2**16 else 4)
    assert edges.kind.tolist() == list(range(kinds))


def test_a_change_counts_at_the_next_request(few: list[Protein]) -> None:
    store.lay_out(taxon().pk)
    assert results(["G1", "G2"]) == {"P00000": (2, 3)}
    # A new interaction of a TF that had none, and a further target.
    make_interaction(few[1], few[2])
    new = make_protein("P00009", "G9")
    make_interaction(few[0], new)
    assert results(["G1", "G2", "G9"]) == {"P00000": (3, 4), "P00001": (1, 1)}
    assert list(find_breaches_of_arrays()) == []


def find_breaches_of_arrays() -> list[str]:
    return [str(breach) for breach in find_breaches() if "arrays" in str(breach)]


def test_a_rejected_interaction_is_out_and_comes_back(few: list[Protein]) -> None:
    store.lay_out(taxon().pk)
    interaction = Interaction.objects.get(tf=few[0], target=few[1])
    user = make_person("senior")
    reject_interaction(user=user, interaction=interaction, reason="No such binding")
    assert results(["G1", "G2"]) == {"P00000": (1, 2)}
    assert find_breaches_of_arrays() == []
    interaction.refresh_from_db()
    reopen_interaction(user=user, interaction=interaction, reason="There is")
    assert results(["G1", "G2"]) == {"P00000": (2, 3)}


def test_an_import_and_its_undo_count() -> None:
    human = taxon("Hs")
    store.lay_out(human.pk)
    assert results(["BAX"]) == {}
    report = import_pages([PAGES])
    after = results(["BAX"])
    assert after["Q9UK53"][0] == 1
    assert find_breaches_of_arrays() == []
    store.lay_out(human.pk)
    assert results(["BAX"]) == after
    assert report.run_id is not None
    undo_import(report.run_id, confirmed=True)
    assert results(["BAX"]) == {}
    assert find_breaches_of_arrays() == []


def test_only_arrays_whose_token_the_database_holds_are_read(
    few: list[Protein], folder: Path
) -> None:
    """Another database in the same folder, and a restored copy, have none."""
    arrays = store.lay_out(taxon().pk)
    places.forget_all()
    assert store.newest(taxon().pk) is None
    assert results(["G1", "G2"]) == {"P00000": (2, 3)}
    # Its next arrays leave the other's alone.
    own = store.lay_out(taxon().pk)
    assert {arrays.token, own.token} <= {path.name for path in folder.iterdir()}


def test_new_arrays_take_the_place_of_earlier_ones(few: list[Protein], folder: Path) -> None:
    earlier = store.lay_out(taxon().pk)
    edges = store.read(earlier.token)
    later = store.lay_out(taxon().pk)
    assert [path.name for path in folder.iterdir()] == [later.token]
    assert [one.token for one in SpeciesArrays.objects.all()] == [later.token]
    # Whoever reads the earlier ones goes on.
    assert edges is not None
    assert edges.target.tolist() == sorted(protein.pk for protein in few[1:])


def test_an_interrupted_job_leaves_nothing(
    few: list[Protein], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_write", fail)
    with pytest.raises(KeyboardInterrupt):
        store.lay_out(taxon().pk)
    assert list(folder.iterdir()) == []
    assert not SpeciesArrays.objects.exists()


def test_a_large_species_without_arrays_is_not_ready(
    few: list[Protein], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(species, "READ_AT_ONCE", 2)
    with pytest.raises(species.NotReadyError):
        results(["G1"])
    store.lay_out(taxon().pk)
    species._species.clear()
    assert results(["G1"]) == {"P00000": (1, 3)}


def test_the_job_lays_out_what_is_due(
    few: list[Protein], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("lay_out_arrays")
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(jobs, "WORTH_IT", 3)
    call_command("lay_out_arrays")
    assert "3 interactions of Homo sapiens" in capsys.readouterr().out
    assert list(jobs.due()) == []
    monkeypatch.setattr(jobs, "CHANGED", 0)
    make_interaction(few[1], few[2])
    assert [one.code for one in jobs.due()] == ["Hs"]


def test_wrong_arrays_are_found(few: list[Protein]) -> None:
    store.lay_out(taxon().pk)
    Interaction.objects.filter(tf=few[0], target=few[1]).delete()
    assert find_breaches_of_arrays() == [
        f"Homo sapiens: its arrays differ from the tables in the targets of protein {few[0].pk}"
    ]


def test_quality_lists_tfs_of_the_same_targets(capsys: pytest.CaptureFixture[str]) -> None:
    tfs = [make_protein(f"P1000{number}", f"T{number}") for number in range(3)]
    for number in range(6):
        gene = make_protein(f"P2000{number}")
        for tf in tfs[: 2 if number else 3]:
            make_interaction(tf, gene)
    call_command("check_records", "--quality")
    assert capsys.readouterr().out == (
        "Homo sapiens: T0 (P10000), T1 (P10001) have nearly the same targets "
        "(Jaccard: T0 and T1: 1.000)\n"
    )
