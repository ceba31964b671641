"""Files of statements through the real import: what they set, withdraw and leave, and undo."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import (
    RunReport,
    StatementOptions,
    import_files,
    import_statements,
    import_tables,
)
from curation.importing.undo.run import undo_import
from curation.models import ImportRun, Proposal, Revision
from curation.permissions import SENIOR_CURATOR
from curation.shared.large_changes import LargeChangeError
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.domain.tiers import Tier
from proteins.models import (
    Dataset,
    Effect,
    Interaction,
    Protein,
    Reporting,
    SourceDatabase,
    Statement,
)
from proteins.queries.content_digest import content_digest
from tests import statement_files as made
from tests.curation.importing.test_tables import table_row, write_table
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein

pytestmark = pytest.mark.django_db

TERMS = {"version": "2", "licence": "CC BY-SA 4.0"}
TRRUST = "trrust_rawdata.human.tsv"


@pytest.fixture
def pairs() -> list[made.Pair]:
    """Forty interactions of four TFs, of human."""
    tfs = [make_protein(f"P0000{n}", f"TF{n}") for n in range(1, 5)]
    targets = [make_protein(f"Q0000{n}", f"G{n}") for n in range(10)]
    for tf in tfs:
        for target in targets:
            make_interaction(tf, target)
    return [(tf.name, target.name) for tf in tfs for target in targets]


def write(folder: Path, text: str, name: str = TRRUST) -> Path:
    (folder / name).write_text(text)
    return folder / name


def take(folder: Path, text: str, name: str = TRRUST, **options: object) -> RunReport:
    confirmed = bool(options.pop("confirmed", False))
    dry_run = bool(options.pop("dry_run", False))
    return import_statements(
        [write(folder, text, name)],
        StatementOptions(**{**TERMS, **options}),  # type: ignore[arg-type]
        confirmed=confirmed,
        dry_run=dry_run,
    )


def effect(tf: str, target: str) -> Effect:
    return Effect(Interaction.objects.get(tf__name=tf, target__name=target).effect)


def sound() -> bool:
    assert [str(breach) for breach in find_breaches()] == []
    return True


def statements(report: RunReport) -> dict[str, int]:
    return report.counts()["statements"]


def pairs_of_a_table(folder: Path) -> list[made.Pair]:
    """Import a table of 1,200 interactions of 30 TFs, of human; return them by name."""
    targets = [(f"Q{n:05d}", f"G{n}") for n in range(100)]
    names = [(f"TF{tf}", name) for tf in range(30) for _, name in targets[tf : tf + 40]]
    rows = [
        table_row(
            f"P{tf:05d}", target, **{"Name.TF": f"TF{tf}", "Name.Target": name},
            Organism="Homo sapiens", PubmedID="27924024",
            **{"Source.database": "GTRD", "Small-scale.evidence": "No"},
        )
        for tf in range(30)
        for target, name in targets[tf : tf + 40]
    ]  # fmt: skip
    assert import_tables([write_table(folder / "table.tsv", *rows)]).clean
    return names


def effects() -> dict[made.Pair, Effect]:
    rows = Interaction.objects.values_list("tf__name", "target__name", "effect")
    return {(tf, target): Effect(number) for tf, target, number in rows}


def test_trrust(tmp_path: Path) -> None:
    pairs = pairs_of_a_table(tmp_path)
    before = content_digest()
    file = made.trrust(pairs, 1_800)
    assert len(file.lines) == 1_800
    report = take(tmp_path, file.text)
    assert [(one.line, one.reason) for one in report.problems] == [
        (file.bad_line, "'1724219e' is not a PubMed ID")
    ]
    assert statements(report)["created"] == Statement.objects.count() > 1_800
    stated = effects()
    assert {pair for pair in pairs if stated[pair] == Effect.BOTH} == file.both
    tf, target, *_ = file.lines[file.bad_line - 1].split("\t")
    nothing_set = {*file.unknown, (tf, target)}
    assert {pair for pair in pairs if stated[pair] == Effect.UNKNOWN} == nothing_set
    dataset = Dataset.objects.get(name="TRRUST")
    assert (dataset.version, dataset.licence, dataset.is_share_alike) == (
        "2",
        TERMS["licence"],
        True,
    )
    assert dataset.source == SourceDatabase.objects.get(key="TRRUST")
    assert "TRRUST" in Interaction.objects.first().evidence.content().sources  # type: ignore[union-attr]
    assert sound()

    after = content_digest()
    again = import_statements([tmp_path / TRRUST], StatementOptions(), force=True)
    assert not again.changed_anything
    assert content_digest() == after
    assert import_statements([tmp_path / TRRUST], StatementOptions()).pages_skipped == 1

    # A newer file lacks the first line, and one of the two signs of a pair.
    place = next(n for n, line in enumerate(file.lines) if tuple(line.split("\t")[:2]) in file.both)
    shorter = "".join(f"{line}\n" for n, line in enumerate(file.lines) if n not in (0, place))
    newer = take(tmp_path, shorter, version="3")
    lost = sum(file.lines[n].count(";") + 1 for n in (0, place))
    assert newer.withdrawn_statements == statements(newer)["changed"] == lost
    assert Statement.objects.filter(state=StatementState.WITHDRAWN).count() == lost
    undo_import(newer.run_id)
    assert content_digest() == after

    # What the second import states too stays until that is taken back as well.
    undo_import(report.run_id)
    assert content_digest() == after
    undo_import(again.run_id)
    assert sound()
    assert content_digest() == before
    assert not Dataset.objects.filter(name="TRRUST").exists()


def test_a_newer_file_withdraws_what_it_lacks(tmp_path: Path, pairs: list[made.Pair]) -> None:
    lines = [f"{tf}\t{target}\tActivation\t{n}" for n, (tf, target) in enumerate(pairs, 1)]
    take(tmp_path, "\n".join(lines))
    first = content_digest()
    # The line of the last pair is damaged, which does not withdraw it.
    newer = [*lines[2:-1], lines[-1] + "e"]
    report = take(tmp_path, "\n".join(newer), version="3")
    assert report.withdrawn_statements == 2
    assert statements(report) == {"created": 0, "changed": 2, "unchanged": len(lines) - 3}
    assert effect(*pairs[0]) == Effect.UNKNOWN
    assert effect(*pairs[2]) == effect(*pairs[-1]) == Effect.ACTIVATION
    assert Dataset.objects.get(name="TRRUST").version == "3"
    withdrawn = Statement.objects.filter(state=StatementState.WITHDRAWN)
    assert sorted(withdrawn.values_list("citation__pmid", flat=True)) == [1, 2]
    assert Revision.objects.filter(kind="statement", run=report.run_id).count() == 2
    assert sound()
    second = content_digest()

    stated_again = take(tmp_path, "\n".join(lines), version="4")
    assert statements(stated_again)["changed"] == 2
    assert effect(*pairs[0]) == Effect.ACTIVATION
    assert sound()
    undo_import(stated_again.run_id)
    assert content_digest() == second
    undo_import(report.run_id)
    assert content_digest() == first
    assert Dataset.objects.get(name="TRRUST").version == "2"
    assert sound()


def test_a_file_that_lacks_much_wants_a_confirmation(
    tmp_path: Path, pairs: list[made.Pair]
) -> None:
    lines = [f"{tf}\t{target}\tActivation\t{n}" for n, (tf, target) in enumerate(pairs, 1)]
    take(tmp_path, "\n".join(lines))
    before = content_digest()
    part = "\n".join(lines[:20])
    with pytest.raises(LargeChangeError) as error:
        take(tmp_path, part)
    assert str(error.value) == (
        f"{tmp_path / TRRUST} would withdraw 20 of the 40 statements of TRRUST on interactions "
        "of Homo sapiens."
    )
    assert content_digest() == before
    assert take(tmp_path, part, complete=False).withdrawn_statements == 0
    assert content_digest() == before
    # Of mice it says nothing.
    assert (
        take(tmp_path, "A\tB\tUnknown\t1\n", "trrust_rawdata.mouse.tsv").withdrawn_statements == 0
    )
    report = take(tmp_path, "\n".join(lines[:20]) + "\n", confirmed=True)
    assert report.withdrawn_statements == 20
    assert sound()


def test_pairs_that_are_not_here(tmp_path: Path, pairs: list[made.Pair]) -> None:
    before = content_digest()
    text = "G1\tG2\tActivation\t7;8\nTF1\tG1\tActivation\t9\n"
    report = take(tmp_path, text)
    assert [str(one) for one in report.problems] == [
        f"{tmp_path / TRRUST}:1: table: there is no interaction 'Q00001-Q00002'"
    ]
    # Read again, though the file has not changed: the pair may be here now.
    added = import_statements([tmp_path / TRRUST], StatementOptions(new_interactions=True))
    interaction = Interaction.objects.get(tf__name="G1", target__name="G2")
    assert (interaction.effect, interaction.reporting) == (Effect.ACTIVATION, Reporting.REPORTED)
    assert interaction.evidence.content().sources == ("TRRUST",)
    assert interaction.evidence.content().pmids == (7, 8)
    assert Protein.objects.get(name="G1").is_tf
    assert added.counts()["interactions"]["created"] == 1
    assert sound()
    # No longer stated, it is no longer reported, and stays.
    withdrawn = take(tmp_path, "TF1\tG1\tActivation\t9\n")
    interaction.refresh_from_db()
    assert (interaction.effect, interaction.reporting) == (Effect.UNKNOWN, Reporting.WITHDRAWN)
    assert sound()
    for run in (withdrawn, added, report):
        undo_import(run.run_id)
        assert sound()
    assert content_digest() == before


def test_only_publications_set_an_effect_of_collectri(
    tmp_path: Path, pairs: list[made.Pair]
) -> None:
    report = take(
        tmp_path, made.collectri(pairs[:4]), "c.csv", licence="CC BY 4.0", species="Homo sapiens"
    )
    assert {one.reason for one in report.problems} == {
        f"the TF '{name}' is a complex of proteins, not a protein" for name in ("AP1", "NFKB")
    }
    assert [effect(*pair) for pair in pairs[:4]] == [
        Effect.REPRESSION, Effect.UNKNOWN, Effect.ACTIVATION, Effect.UNKNOWN,
    ]  # fmt: skip
    content = Interaction.objects.get(tf__name="TF1", target__name="G0").evidence.content()
    assert {"CollecTRI", "ExTRI_via_CollecTRI", "TRRUST_via_CollecTRI"} <= {*content.sources}
    assert SourceDatabase.objects.get(key="ExTRI_via_CollecTRI").via.key == "CollecTRI"  # type: ignore[union-attr]
    dataset = Dataset.objects.get(name="CollecTRI")
    assert dataset.source is not None
    assert dataset.source.is_aggregator
    assert not dataset.is_share_alike
    inferred = Statement.objects.filter(basis=Basis.INFERRED)
    assert set(inferred.values_list("effect", flat=True)) == {Sign.ACTIVATION, Sign.REPRESSION}
    assert sound()


def test_what_collectri_passes_on_raises_no_tier(tmp_path: Path, pairs: list[made.Pair]) -> None:
    take(tmp_path, "TF1\tG0\tActivation\t1;2\nG1\tG2\tUnknown\t3\n", new_interactions=True)

    def tiers() -> list[tuple[str, str, int]]:
        rows = Interaction.objects.order_by("pk")
        return list(rows.values_list("tf__name", "target__name", "evidence__tier"))

    before = tiers()
    assert {("TF1", "G0", Tier.REPEATED), ("G1", "G2", Tier.SINGLE)} < {*before}
    rows = (made.COLLECTRI_HEADER, "TF1,G0,1,TRRUST,1;2,PMID", "G1,G2,1,TRRUST,3,default")
    report = take(tmp_path, "\n".join(rows), "c.csv", species="Homo sapiens")
    assert statements(report)["created"] == 3
    assert (tiers(), sound()) == (before, True)


def test_signor_in_each_of_its_forms(tmp_path: Path, pairs: list[made.Pair]) -> None:
    of_signor = [(f"P0000{tf}", f"Q0000{target}") for tf in (1, 2) for target in range(10)]
    first = take(tmp_path, made.signor(of_signor), "s.tsv")
    assert statements(first)["created"] == 20
    assert effect("TF1", "G0") == Effect.ACTIVATION
    assert effect("TF1", "G1") == Effect.REPRESSION
    before = content_digest()
    for header, empty_cell in ((False, False), (True, True), (False, True)):
        text = made.signor(of_signor, header=header, empty_cell=empty_cell)
        again = take(tmp_path, text, "s.tsv")
        assert (again.pages_skipped, again.changed_anything) == (0, False)
    assert (content_digest(), sound()) == (before, True)


def test_a_newer_signor_updates_a_statement_by_its_id(
    tmp_path: Path, pairs: list[made.Pair]
) -> None:
    row = made.signor_row("P00001", "Q00000")
    first = take(tmp_path, row, "s.tsv")
    changed = made.signor_row(
        "P00001", "Q00000", EFFECT="down-regulates quantity by repression", SENTENCE="No."
    )
    before = content_digest()
    report = take(tmp_path, changed, "s.tsv")
    assert statements(first)["created"] == statements(report)["changed"] == 1
    assert effect("TF1", "G0") == Effect.REPRESSION
    assert Statement.objects.get().quotation == "No."
    assert sound()
    undo_import(report.run_id)
    assert content_digest() == before
    assert sound()


def test_the_word_of_a_curator_outlives_an_import(tmp_path: Path, pairs: list[made.Pair]) -> None:
    senior = make_person("senior", SENIOR_CURATOR)
    lines = ["TF1\tG0\tActivation\t1", "TF1\tG1\tActivation\t1"]
    take(tmp_path, "\n".join(lines))
    statement = Statement.objects.get(interaction__target__name="G0")
    actions.retract_statement(user=senior, statement=statement, reason="It says the opposite.")
    assert effect("TF1", "G0") == Effect.UNKNOWN
    take(tmp_path, "\n".join([*lines, "TF1\tG2\tActivation\t1"]))
    statement.refresh_from_db()
    assert statement.state == StatementState.RETRACTED
    assert effect("TF1", "G0") == Effect.UNKNOWN
    assert sound()


def test_what_a_curator_amended_is_proposed(tmp_path: Path, pairs: list[made.Pair]) -> None:
    senior = make_person("senior", SENIOR_CURATOR)
    take(tmp_path, made.signor_row("P00001", "Q00000"), "s.tsv")
    statement = Statement.objects.get()
    actions.amend_statement(
        user=senior, statement=statement, values={"quotation": "Mine."}, reason="Read it."
    )
    report = take(tmp_path, made.signor_row("P00001", "Q00000", SENTENCE="Theirs."), "s.tsv")
    statement.refresh_from_db()
    assert statement.quotation == "Mine."
    assert report.proposed == 1
    assert Proposal.objects.get().changes == {"quotation": ["Mine.", "Theirs."]}
    assert sound()


def test_a_table_by_a_curator(tmp_path: Path, pairs: list[made.Pair]) -> None:
    rows = [
        made.CuratedRow("TF1", "G0", method="MI:0413", species="human", cell_line="HeLa"),
        made.CuratedRow("TF1", "G1", method="MI:9999", species="human"),
        made.CuratedRow("TF1", "G2", pmid="", species="human"),
        made.CuratedRow("TF1", "G3"),
    ]
    report = take(tmp_path, made.curated(rows), "paper.tsv")
    assert [(one.line, one.cell, one.reason) for one in report.problems] == [
        (3, "method", "no detection method here has the PSI-MI ID MI:9999"),
        (4, "", "what is curated here needs a publication"),
        (5, "", "the species of the name 'TF1' is not stated"),
    ]
    first, second = Statement.objects.order_by("pk")
    assert first.method is not None
    assert first.method.name == "electrophoretic mobility shift assay"
    assert (first.dataset.source, second.method) == (None, None)
    assert sound()


def test_a_new_dataset_needs_its_terms_once(tmp_path: Path, pairs: list[made.Pair]) -> None:
    file = write(tmp_path, "TF1\tG0\tActivation\t1\n")
    report = import_files([file])
    assert [one.reason for one in report.problems] == [
        "the dataset 'TRRUST' is new: import_statements needs its version and its licence "
        "(--of-version, --licence) this once"
    ]
    assert take(tmp_path, "TF1\tG0\tActivation\t1\n").clean
    # From then on any import knows it, the desk's as well.
    write(tmp_path, "TF1\tG0\tActivation\t1\nTF1\tG1\tRepression\t1\n")
    assert statements(import_files([file]))["created"] == 1
    assert effect("TF1", "G1") == Effect.REPRESSION


def test_the_command(
    tmp_path: Path, pairs: list[made.Pair], capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write(tmp_path, "TF1\tG0\tActivation\t1\n", "x.tsv"))
    terms = ("--dataset", "Ours", "--licence", "CC0", "--of-version", "1", "--species", "human")
    before = content_digest()
    call_command("import_statements", file, *terms, "--dry-run")
    assert "statements: 1 created, 0 changed, 0 unchanged" in capsys.readouterr().out
    assert content_digest() == before
    call_command("import_statements", file, *terms, "--date", "2024-05")
    dataset = Dataset.objects.get(name="Ours")
    assert (dataset.version_date, dataset.source.key) == ("2024-05", "Ours")  # type: ignore[union-attr]
    assert ImportRun.objects.get().command == "import_statements"
    for wrong in (("--species", "fox"), ("--date", "May")):
        with pytest.raises(CommandError):
            call_command("import_statements", file, *wrong)


def test_an_unchanged_file_is_read_for_another_dataset(
    tmp_path: Path, pairs: list[made.Pair]
) -> None:
    text = "TF1\tG0\tActivation\t1\n"
    take(tmp_path, text)
    before = content_digest()
    report = take(tmp_path, text, dataset="Lab", source="TRRUST")
    assert report.pages_skipped == 0
    assert statements(report)["created"] == 1
    names = Statement.objects.order_by("dataset__name").values_list("dataset__name", flat=True)
    assert list(names) == ["Lab", "TRRUST"]
    # The same again, in another spelling of its name.
    assert take(tmp_path, text, dataset="lab").pages_skipped == 1
    undo_import(report.run_id)
    assert content_digest() == before
    assert take(tmp_path, text).pages_skipped == 1
    assert sound()
