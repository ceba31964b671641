"""What a release holds, and that it is there whole or not at all."""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from filelock import FileLock

from curation import actions
from proteins.api.formats import BINDING_SITES, INTERACTIONS
from proteins.models import Dataset, Interaction, Protein, SourceDatabase, Statement
from proteins.outages import NO_ROOM, outage_of
from proteins.release_store import latest_name
from proteins.releases import changes, freezing, making
from proteins.releases.writing import packing
from tests.curation.people import make_person
from tests.factories import change_at, make_protein, make_statement, taxon
from tests.proteins.releases.conftest import HOSTILE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def make(name: str = "2026.12") -> None:
    call_command("make_release", name, stdout=open(os.devnull, "w"))  # noqa: PTH123, SIM115


def unpacked(releases: Path, name: str) -> str:
    (path,) = releases.glob(f"*/{name}")
    return gzip.decompress(path.read_bytes()).decode()


def manifest_of(releases: Path, name: str = "2026.12") -> Any:
    return json.loads((releases / name / "manifest.json").read_text())


def test_a_file_for_each_species_class_and_format(releases: Path) -> None:
    SourceDatabase.objects.filter(key="GTRD").update(version="v21", licence="CC BY")
    make()
    folder = releases / "2026.12"
    manifest = manifest_of(releases)
    classes = ("all", "small-scale", "large-scale")
    expected = {
        f"TFLink_2026.12_{code}_interactions_{name}.{format_.suffix}.gz"
        for code in ("Hs", "Sc")
        for name in classes
        for format_ in INTERACTIONS
    }
    expected |= {
        f"TFLink_2026.12_Hs_binding-sites_{name}.{format_.suffix}.gz"
        for name in classes
        for format_ in BINDING_SITES
    }
    expected |= {
        f"TFLink_2026.12_{code}_{table}.gz"
        for code in ("Hs", "Sc")
        for table in ("proteins.tsv", "proteins.jsonl", "orthologs.tsv")
    }
    expected |= {"changelog.json", "CHANGELOG.md"}
    assert {file["name"] for file in manifest["files"]} == expected
    assert {path.name for path in folder.iterdir()} == expected | {"manifest.json", "SHA256SUMS"}
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder)
    assert checked.returncode == 0
    assert len((folder / "SHA256SUMS").read_text().splitlines()) == len(expected) + 1
    assert {oct(path.stat().st_mode)[-3:] for path in folder.iterdir()} == {"444"}
    assert oct(folder.stat().st_mode)[-3:] == "555"
    human, yeast = manifest["species"]
    assert human["interactions"] == {
        "all": 4, "small-scale": 1, "large-scale": 2, "not-stated": 1,
    }  # fmt: skip
    assert yeast["interactions"]["all"] == yeast["interactions"]["not-stated"] == 1
    assert (human["proteins"], human["orthologs"], human["binding_sites"]["all"]) == (3, 1, 1)
    sources = {
        row["key"]: (row["version"], row["version_date"], row["licence"])
        for row in manifest["sources"]
    }
    assert sources == {
        "GTRD": ("v21", "2020-07", "CC BY"),
        "TRED": ("by RegNetwork 2017", "2018-08-06", None),
        "JASPAR": ("2020", "2020-07-22", None),
    }
    assert [column["name"] for column in manifest["formats"]["interactions"]["tsv"]["columns"]][
        :2
    ] == ["UniprotID.TF", "UniprotID.Target"]
    assert all(
        column["meaning"]
        for resource in manifest["formats"].values()
        for format_ in resource.values()
        for column in format_.get("columns", ())
    )
    assert manifest["previous"] is None
    assert manifest["moment"].endswith("+00:00")


def test_rows_are_in_the_order_of_accessions_and_of_their_class(releases: Path) -> None:
    make()
    pairs = {
        name: [
            "-".join(line.split("\t")[:2])
            for line in unpacked(releases, f"*_Hs_interactions_{name}.tsv.gz").splitlines()[1:]
        ]
        for name in ("all", "small-scale", "large-scale")
    }
    assert pairs["all"] == ["P04637-P04637", "P04637-Q07812", "Q9UK53-P04637", "Q9UK53-Q07812"]
    assert pairs["small-scale"] == ["Q9UK53-P04637"]
    assert pairs["large-scale"] == ["P04637-Q07812", "Q9UK53-Q07812"]
    lines = unpacked(releases, "*_Hs_interactions_all.jsonl.gz").splitlines()
    records = [json.loads(line) for line in lines]
    assert [record["id"] for record in records] == pairs["all"]
    assert records[0]["url"] == "/api/v1/interactions/P04637-P04637/"
    rows = {file["name"]: file["rows"] for file in manifest_of(releases)["files"]}
    assert rows["TFLink_2026.12_Hs_interactions_all.jsonl.gz"] == 4
    proteins = unpacked(releases, "*_Hs_proteins.tsv.gz").splitlines()
    assert proteins[1].split("\t") == [
        "P04637", "TP53", "9606", "7157", "-", "MA0106.1", "yes", "yes", "no", "-", "2", "2",
    ]  # fmt: skip
    orthologs = unpacked(releases, "*_Hs_orthologs.tsv.gz").splitlines()
    assert orthologs[1:] == ["P04637\tMm\tP02340\tyes"]
    assert "TFLinkLS08541019" in unpacked(releases, "*_Hs_binding-sites_small-scale.bed.gz")
    none = unpacked(releases, "*_Hs_binding-sites_large-scale.bed.gz").splitlines()
    assert all(line.startswith("#") for line in none)


def test_the_same_content_gives_the_same_bytes(releases: Path) -> None:
    make("2026.12")
    # Row numbers are not content: the first row gets another, and the rows another order.
    row = Interaction.objects.order_by("pk")[0]
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    row.delete()
    Interaction.objects.create(**values | {"id": 1_000_000})
    make("2026.12.1")
    files = [
        {
            file["name"].replace(name, ""): (file["size"], file["sha256"], file["rows"])
            for file in manifest_of(releases, name)["files"]
            if file["resource"] != "changelog"
        }
        for name in ("2026.12", "2026.12.1")
    ]
    assert files[0] == files[1]
    path = next((releases / "2026.12").glob("*_Hs_interactions_all.tsv.gz"))
    assert path.read_bytes()[3:8] == bytes(5), "neither a name nor a time"
    assert (
        hashlib.sha256(path.read_bytes()).hexdigest()
        in (releases / "2026.12" / "SHA256SUMS").read_text()
    )


def test_a_changelog_names_exactly_what_was_changed(releases: Path) -> None:
    make("2026.11")
    senior = make_person("senior")
    tp, ing, bax = (Protein.objects.get(accession=name) for name in ("P04637", "Q9UK53", "Q07812"))
    of = Interaction.objects.between
    evidence = {"sources": ["GTRD"], "methods": ["selex"], "pmids": [7], "small_scale": "yes"}
    actions.amend_protein(user=senior, protein=tp, values={"name": "P53*"})
    actions.amend_interaction(
        user=senior, interaction=of("P04637", "Q07812").get(), values={"effect": 2}
    )
    actions.reject_interaction(
        user=senior, interaction=of("Q9UK53", "Q07812").get(), reason="Not so."
    )
    actions.add_interaction(user=senior, tf=bax, target=ing, values={"evidence": evidence})
    actions.amend_interaction(
        user=senior, interaction=of("P04637", "P04637").get(), values={"evidence": evidence}
    )
    change_at("2030-01-01T00:00Z", Interaction.objects.filter(tf=ing))  # is no change
    make("2026.12")
    changelog = json.loads((releases / "2026.12" / "changelog.json").read_text())
    assert changelog == {
        "release": "2026.12",
        "previous": "2026.11",
        "counts": {
            "proteins": {"added": 0, "changed": 1, "withdrawn": 0},
            "interactions": {"added": 1, "changed": 2, "withdrawn": 1},
        },
        "species": {"added": [], "withdrawn": []},
        "proteins": {
            "added": [],
            "changed": [
                {
                    "species": "Hs",
                    "id": "P04637",
                    "name": "P53*",
                    "fields": {"name": ["TP53", "P53*"]},
                }
            ],
            "withdrawn": [],
        },
        "interactions": {
            "added": [{"species": "Hs", "id": "Q07812-Q9UK53"}],
            "changed": [
                {
                    "species": "Hs",
                    "id": "P04637-P04637",
                    "fields": {
                        "small_scale": ["not stated", "yes"],
                        "methods": [["chromatin immunoprecipitation assay"], ["selex"]],
                        "publications": [[27924024], [7]],
                    },
                },
                {
                    "species": "Hs",
                    "id": "P04637-Q07812",
                    "fields": {"effect": ["activation", "repression"]},
                },
            ],
            "withdrawn": [{"species": "Hs", "id": "Q9UK53-Q07812"}],
        },
    }
    assert manifest_of(releases)["changes"]["counts"] == changelog["counts"]
    text = (releases / "2026.12" / "CHANGELOG.md").read_text()
    assert "Compared with release 2026.11" in text
    assert "- P04637 P53\\* (Hs): name: TP53 -\\> P53\\*\n" in text
    assert "## Interactions withdrawn: 1\n\n- Q9UK53-Q07812 (Hs)\n" in text


@pytest.mark.parametrize("case", ["numbers", "none", "another database", "renamed", "many"])
def test_a_changelog_is_the_same_with_and_without_change_numbers(
    releases: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    make("2026.11")
    if case in ("none", "another database"):
        path = releases / "2026.11" / "manifest.json"
        content = json.loads(path.read_bytes())
        content["change"] = (
            None if case == "none" else {**content["change"], "at": "2020-01-01T00:00:00+00:00"}
        )
        path.chmod(0o644)
        path.write_text(json.dumps(content))
    if case == "many":
        monkeypatch.setattr(making, "MOST_WRITTEN", 1)
    senior = make_person("senior")
    of = Interaction.objects.between
    actions.reject_interaction(
        user=senior, interaction=of("Q9UK53", "Q07812").get(), reason="Not so."
    )
    actions.amend_interaction(
        user=senior, interaction=of("P04637", "Q07812").get(), values={"effect": 2}
    )
    yeast = Interaction.objects.get(tf__taxon__code="Sc")
    if case == "renamed":
        SourceDatabase.objects.filter(key="TRED").update(key="TRED2")
    opened: list[list[str]] = []
    read = changes._lines

    def lines(path: Path, *args: Any) -> Any:
        opened.append(path.name.split("_")[2:4])
        return read(path, *args)

    monkeypatch.setattr(changes, "_lines", lines)
    make("2026.12")
    changelog = json.loads((releases / "2026.12" / "changelog.json").read_text())
    fields: dict[str, Any] = {"effect": ["activation", "repression"]}
    if case == "renamed":
        fields["sources"] = [["TRED"], ["TRED2"]]
    assert changelog["interactions"] == {
        "added": [],
        "changed": [{"species": "Hs", "id": "P04637-Q07812", "fields": fields}],
        "withdrawn": [{"species": "Hs", "id": "Q9UK53-Q07812"}],
    }
    # Where numbers say that nothing was written the files are not even opened.
    assert (["Sc", "interactions"] in opened) == (case != "numbers")
    assert yeast.change_id < manifest_of(releases)["change"]["number"]


def test_interactions_of_a_protein_of_another_species_are_named(releases: Path) -> None:
    make("2026.11")
    Protein.objects.filter(accession="P00012").update(taxon=taxon("Hs"))
    make("2026.12")
    changelog = json.loads((releases / "2026.12" / "changelog.json").read_text())
    assert [each["id"] for each in changelog["interactions"]["added"]] == ["P00012-P00011"]
    assert [each["species"] for each in changelog["interactions"]["withdrawn"]] == ["Sc"]


def test_a_new_protein_and_a_new_species_are_named(releases: Path) -> None:
    make("2026.11")
    make_protein("P00099", HOSTILE)
    make_protein("P00098", code="Rn")
    make("2026.12")
    changelog = json.loads((releases / "2026.12" / "changelog.json").read_text())
    assert changelog["species"] == {"added": ["Rn"], "withdrawn": []}
    assert changelog["proteins"]["added"] == [{"species": "Hs", "id": "P00099", "name": HOSTILE}]
    assert changelog["counts"]["interactions"] == {"added": 0, "changed": 0, "withdrawn": 0}
    assert "\\<b\\>" in (releases / "2026.12" / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    "name", ["", "2026", "2026.13", "2026.1", "2026.12.0", "2026.12.01", "../2026.12", "v2026.12",
             "2026.12\n", "latest", "２０２６.12"]
)  # fmt: skip
def test_a_name_that_breaks_the_rule_is_refused(releases: Path, name: str) -> None:
    with pytest.raises(CommandError, match="is no name of a release"):
        make(name)
    assert not releases.exists()


def test_a_release_is_never_made_again_or_before_another(releases: Path) -> None:
    make("2026.12")
    before = {path: path.stat() for path in (releases / "2026.12").iterdir()}
    with pytest.raises(CommandError, match="is there already; releases never change"):
        make("2026.12")
    with pytest.raises(CommandError, match=r"would come before 2026\.12"):
        make("2026.11.3")
    assert {path: path.stat() for path in (releases / "2026.12").iterdir()} == before
    make("2026.12.10")
    assert latest_name() == "2026.12.10"
    with pytest.raises(CommandError, match=r"would come before 2026\.12\.10"):
        make("2026.12.9")


def test_only_one_is_made_at_a_time_and_dead_ones_are_cleared(releases: Path) -> None:
    dead = releases / ".2026.10.partial-1"
    dead.mkdir(parents=True)
    (dead / "half").touch()
    dead.chmod(0o555)
    with (
        FileLock(releases / ".lock"),
        pytest.raises(CommandError, match="Another release is being made"),
    ):
        make()
    assert dead.exists(), "whoever holds the lock may be writing there"
    make()
    assert sorted(path.name for path in releases.iterdir()) == [".lock", "2026.12"]


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No space left"),
        (OSError(errno.EIO, "Input/output error"), "could not be written"),
        (KeyboardInterrupt(), "Stopped; nothing of the release is left"),
    ],
)
def test_what_stops_it_leaves_nothing(
    releases: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, message: str
) -> None:
    written = 0

    def fail(*args: Any) -> Any:
        nonlocal written
        written += 1
        if written == 20:
            raise error
        return packing(*args)

    monkeypatch.setattr(freezing, "packing", fail)
    # A full disk is told of by the command line, as of every command.
    with pytest.raises((CommandError, OSError), match=message) as raised:
        make()
    assert (outage_of(raised.value) is NO_ROOM) == (message == "No space left")
    assert [path.name for path in releases.iterdir()] == [".lock"]
    assert latest_name() == ""


@pytest.mark.parametrize(
    ("step", "left", "message"),
    [
        ("mkdir", [".lock"], "Stopped; nothing of the release is left"),
        ("rename", [".lock", "2026.12"], r"Stopped; release 2026\.12 was whole already, and stays"),
    ],
)
def test_a_signal_that_comes_with_the_return_of_a_step_leaves_no_half(
    releases: Path, monkeypatch: pytest.MonkeyPatch, step: str, left: list[str], message: str
) -> None:
    real = getattr(Path, step)

    def and_stop(path: Path, *args: Any, **options: Any) -> Any:
        real(path, *args, **options)
        if ".partial-" in path.name:
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, step, and_stop)
    with pytest.raises(CommandError, match=message):
        make()
    assert sorted(path.name for path in releases.iterdir()) == left


def test_it_is_no_release_before_it_is_renamed(
    releases: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    seal = making._seal

    def look(folder: Path) -> None:
        seal(folder)
        seen.append((latest_name(), folder.name.startswith(".2026.12.partial-")))

    monkeypatch.setattr(making, "_seal", look)
    make()
    assert seen == [("", True)]
    assert latest_name() == "2026.12"


def test_statements_have_files_of_their_own_by_licence(releases: Path) -> None:
    interaction = Interaction.objects.between("Q9UK53", "Q07812").get()
    source = SourceDatabase.objects.get(key="GTRD")
    free = Dataset.objects.create(name="Free signs", source=source, licence="CC BY 4.0")
    shared = Dataset.objects.create(
        name="Shared signs", source=source, licence="CC BY-SA 4.0", is_share_alike=True
    )
    make_statement(interaction, free, pmid=11, effect=1, basis=1)
    make_statement(interaction, shared, pmid=12, quotation='"=1+1, he said"')
    retracted = make_statement(interaction, shared, pmid=13)
    Statement.objects.filter(pk=retracted.pk).update(state=2, state_reason="Wrong.")
    make()
    manifest = manifest_of(releases)
    files = {file["name"]: file for file in manifest["files"] if file["resource"] == "statements"}
    names = [
        "TFLink_2026.12_Hs_statements.csv.gz",
        "TFLink_2026.12_Hs_statements_shared-signs.csv.gz",
    ]
    assert list(files) == names
    assert [file["rows"] for file in files.values()] == [1, 1]
    assert "PMID" in unpacked(releases, names[0])
    assert '"""=1+1, he said"""' in unpacked(releases, names[1])
    assert ",13," not in unpacked(releases, names[1])
    assert "CC BY-SA 4.0" in manifest["formats"]["statements"]["csv-shared-signs"]["about"]
    assert [(row["name"], row["is_share_alike"]) for row in manifest["datasets"]] == [
        ("Free signs", False), ("Shared signs", True),
    ]  # fmt: skip
