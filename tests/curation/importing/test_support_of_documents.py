"""What supports an interaction is what its documents say now, in whatever order they come."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from curation import actions
from curation.checks import find_breaches
from curation.importing.run import RunReport, import_pages, import_tables
from curation.importing.undo.run import undo_import
from curation.models import Pin, RecordKind, Revision
from curation.shared.changes import change_set
from curation.shared.support import write_roles
from curation.shared.three_way import evidence_as_json
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role, SupportContent
from proteins.models import ChangeKind, Interaction, Reporting
from proteins.queries.content_digest import content_digest
from tests.curation.importing.pages_for_tests import link, page, query, row, write
from tests.curation.importing.test_tables import table_row, write_table
from tests.curation.people import make_person
from tests.proteins.page_export.round_trip import undone

pytestmark = pytest.mark.django_db

Import = Callable[[], RunReport]
#: The order of imports, and their runs.
Order = tuple[tuple[int, ...], list[int]]
TF, TARGET, OTHER = "Q9UK53", "Q07812", "P04637"


def human_row(target: str, sources: str, scale: str = "No") -> list[str]:
    name = "ING1" if target == TF else f"of {target}"
    cells = {
        "UniprotID.TF": TF, "UniprotID.Target": target, "NCBI.GeneID.TF": "3621",
        "NCBI.GeneID.Target": "-", "Name.TF": "ING1", "Name.Target": name,
        "PubmedID": "7", "Organism": "Homo sapiens", "Source.database": sources,
        "Small-scale.evidence": scale, "TF.TFLink.ortho": "-", "Target.nonTFLink.ortho": "-",
    }  # fmt: skip
    return table_row(**cells)


@pytest.fixture
def documents(tmp_path: Path) -> list[Import]:
    """One page in three versions, the table of its species, and a part of another one."""
    oldest = page(
        TF,
        "ING1",
        targets=[
            row("BAX", TARGET, sources="TRRUST; HTRI", publications=link(1), scale=None),
            row("MYC", "P01106", sources="HTRI", publications=link(2), scale=None),
        ],
        number_of_interactions=None,
        jaspar_matrices=None,
    )
    middle = page(
        TF,
        "ING1",
        targets=[row("BAX", TARGET, sources="TRRUST; PAZAR", publications=link(3), scale="Yes")],
        jaspar_matrices=None,
    )
    newest = page(
        TF,
        "ING1",
        ncbi_gene_id="3621",
        jaspar_matrices=["MA0106.1"],
        targets=[
            row("BAX", TARGET, sources="GTRD", publications=query(4)),
            row("ING1", TF, sources="GTRD", publications=query(5)),
        ],
    )
    paths = [
        write(tmp_path / name, page=text)
        for name, text in (("1", oldest), ("2", middle), ("3", newest))
    ]
    whole = write_table(
        tmp_path / "TFLink_Homo_sapiens_interactions_All_simpleFormat_v1.0.tsv",
        human_row(TARGET, "GTRD;ReMap", "Yes"),
        human_row(OTHER, "ReMap", "Yes"),
        human_row("P01106", "ReMap"),
        human_row(TF, "GTRD"),
    )
    part = write_table(
        tmp_path / "TFLink_Homo_sapiens_interactions_SS_simpleFormat_v1.0.tsv",
        human_row(TARGET, "ORegAnno", "Yes"),
        human_row(OTHER, "ORegAnno", "Yes"),
    )
    return [
        *(partial(import_pages, [path]) for path in paths),
        *(partial(import_tables, [path], confirmed=True) for path in (whole, part)),
    ]


def supports() -> dict[str, SupportContent]:
    rows = Interaction.objects.select_related("tf", "target", "support")
    return {row.key: row.support.content() for row in rows}


def sources_of(target: str = TARGET) -> tuple[str, ...]:
    return Interaction.objects.between(TF, target).get().evidence.content().sources


def orders_of(imports: Sequence[Import]) -> Iterator[Order]:
    """Yield every order of imports with their runs, each in the database for that moment."""

    def after(
        done: tuple[int, ...], runs: list[int]
    ) -> Iterator[tuple[tuple[int, ...], list[int]]]:
        if len(done) == len(imports):
            yield done, runs
        for number in range(len(imports)):
            if number not in done:
                with undone():
                    run = imports[number]().run_id
                    yield from after((*done, number), [*runs, run])

    yield from after((), [])


def test_every_order_of_import_and_of_undo(documents: list[Import]) -> None:
    empty = content_digest()
    digests, contents, evidence = set(), [], set()
    undo_orders = itertools.islice(itertools.permutations(range(len(documents))), 0, None, 11)
    for number, (_, runs) in enumerate(orders_of(documents)):
        digests.add(content_digest())
        contents.append(supports())
        evidence.add(sources_of())
        if number % 12 == 0:
            with undone():
                for at in next(undo_orders):
                    undo_import(runs[at], confirmed=True)
                    assert list(find_breaches()) == []
                assert content_digest() == empty
    assert len(digests) == 1
    assert all(content == contents[0] for content in contents)
    # TRRUST, HTRI and PAZAR are in older versions only.
    assert evidence == {("GTRD", "ORegAnno", "ReMap")}


def test_undo_leaves_what_the_other_documents_say(documents: list[Import]) -> None:
    """Whatever is taken back, in whatever order it came, is as if it had never come."""
    without: dict[int, dict[str, SupportContent]] = {}
    for left_out in range(len(documents)):
        with undone():
            for number, imported in enumerate(documents):
                if number != left_out:
                    imported()
            without[left_out] = supports()
    for order in (range(len(documents)), reversed(range(len(documents)))):
        with undone():
            runs = {number: documents[number]().run_id for number in order}
            for left_out, run in runs.items():
                with undone():
                    undo_import(run, confirmed=True)
                    assert supports() == without[left_out]


@pytest.fixture
def newer(tmp_path: Path) -> tuple[Import, Import]:
    """A page, and a newer version that lacks a database, at the same path."""

    def version(sources: str) -> Import:
        text = page(TF, "ING1", targets=[row("BAX", TARGET, sources=sources)])
        return lambda: import_pages([write(tmp_path, page=text)])

    return version("GTRD; HTRI"), version("GTRD")


def test_a_dropped_database_is_in_the_history_only(newer: tuple[Import, Import]) -> None:
    first, second = newer
    first()
    run = second().run_id
    assert sources_of() == ("GTRD",)
    assert not Interaction.objects.filter(evidence__sources__key="HTRI").exists()
    (revision,) = Revision.objects.filter(kind=RecordKind.INTERACTION)
    before, after = revision.changes["evidence"]
    assert (before["sources"], after["sources"]) == (["GTRD", "HTRI"], ["GTRD"])
    assert list(find_breaches()) == []
    assert not second().changed_anything
    undo_import(run)
    assert sources_of() == ("GTRD", "HTRI")


def test_a_pin_survives_and_is_released(newer: tuple[Import, Import]) -> None:
    first, second = newer
    first()
    person, pair = make_person("ada"), Interaction.objects.get()
    stated = {"sources": ["GTRD"], "methods": [], "pmids": [27924024], "small_scale": "yes"}
    actions.amend_interaction(user=person, interaction=pair, values={"evidence": stated})
    assert second().proposed == 1
    content = Interaction.objects.get().support.content()
    assert content.by_role()[Role.PINNED] == Interaction.objects.get().evidence.content()
    assert content.documents.sources == ("GTRD",)
    then = Pin.objects.get().source_value
    assert then is not None
    assert then["sources"] == ["GTRD", "HTRI"]
    assert list(find_breaches()) == []
    # What the documents say now, by the curator's own hand: nothing is left to protect.
    after = {**stated, "methods": list(content.documents.methods), "small_scale": "no"}
    actions.amend_interaction(user=person, interaction=pair, values={"evidence": after})
    assert not Pin.objects.exists()
    assert not Interaction.objects.get().support.content().is_pinned
    assert list(find_breaches()) == []


def test_an_import_that_says_what_a_curator_said_releases_the_pin(
    newer: tuple[Import, Import],
) -> None:
    first, second = newer
    first()
    pair = Interaction.objects.get()
    stated = EvidenceContent.of(["GTRD"], ["chromatin immunoprecipitation assay"], [27924024])
    values = {"evidence": {**evidence_as_json(stated), "small_scale": "no"}}
    actions.amend_interaction(user=make_person("ada"), interaction=pair, values=values)
    run = second().run_id
    assert not Pin.objects.exists()
    assert not Interaction.objects.get().support.content().is_pinned
    undo_import(run)
    assert Pin.objects.exists()
    assert Interaction.objects.get().support.content().is_pinned
    assert list(find_breaches()) == []


EARLIER = EvidenceContent.of(["TRRUST"], [], [9], SmallScale.NO)


@pytest.fixture
def earlier(newer: tuple[Import, Import]) -> Interaction:
    """An interaction as it was stored before documents were distinguished, with a database that
    no document names now."""
    newer[1]()
    interaction = Interaction.objects.between(TF, TARGET).get()
    with change_set(ChangeKind.EARLIER):
        write_roles({interaction.pk: {Role.TF_PAGE_3: None, Role.EARLIER: EARLIER}})
    return interaction


def test_what_earlier_documents_said_leaves_with_a_whole_table(
    earlier: Interaction, documents: list[Import]
) -> None:
    before = content_digest()
    part, whole = documents[4], documents[3]
    part()
    assert sources_of() == ("ORegAnno", "TRRUST")
    run = whole().run_id
    assert sources_of() == ("GTRD", "ORegAnno", "ReMap")
    assert Role.EARLIER not in earlier_roles()
    assert Revision.objects.filter(kind=RecordKind.INTERACTION, run_id=run).exists()
    assert list(find_breaches()) == []
    undo_import(run, confirmed=True)
    assert sources_of() == ("ORegAnno", "TRRUST")
    undo_import(run - 1, confirmed=True)
    assert content_digest() == before


def earlier_roles() -> set[Role]:
    return {role for role, _ in supports()[f"{TF}-{TARGET}"].parts}


def test_it_leaves_once_the_pages_of_both_have_spoken(
    earlier: Interaction, documents: list[Import], tmp_path: Path
) -> None:
    documents[2]()
    assert sources_of() == ("GTRD", "TRRUST")
    of_target = page(TARGET, "BAX", tfs=[row("ING1", TF, sources="HTRI")])
    import_pages([write(tmp_path / "target", page=of_target)])
    assert sources_of() == ("GTRD", "HTRI")


def test_what_a_curator_may_have_said_stays(earlier: Interaction, documents: list[Import]) -> None:
    Interaction.objects.filter(pk=earlier.pk).update(reporting=Reporting.CURATED)
    documents[3]()
    assert sources_of() == ("GTRD", "ReMap", "TRRUST")
