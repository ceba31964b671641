"""Statements in files: lines of MITAB, and the table that is imported again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from curation import actions
from curation.importing.run import StatementOptions, import_statements
from curation.permissions import SENIOR_CURATOR
from proteins.exports.mitab import mitab
from proteins.exports.rows import QueryRows, interactions
from proteins.models import (
    Dataset,
    DetectionMethod,
    Effect,
    Interaction,
    SourceDatabase,
    Statement,
)
from proteins.queries.content_digest import content_digest
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, make_statement
from tests.proteins.clients import mitab_parser
from tests.proteins.clients.mitab_parser import Field, Row
from tests.proteins.page_export.round_trip import undone

pytestmark = pytest.mark.django_db
UP: dict[str, Any] = {"effect": 1, "basis": 1}


@pytest.fixture
def interaction(db: None) -> Interaction:
    DetectionMethod.objects.create(name="reporter gene assay", psi_mi_id="MI:0999")
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))


def state(interaction: Interaction, **values: Any) -> Statement:
    return actions.add_statement(
        user=make_person("senior", SENIOR_CURATOR), interaction=interaction, values=values
    )


def lines() -> list[Row]:
    text = "".join(mitab(interactions(QueryRows(Interaction.objects.public().order_by("pk")))))
    return list(mitab_parser.rows(text))


def test_each_statement_has_a_line_and_what_none_covers_another(interaction: Interaction) -> None:
    state(
        interaction, pmid=11, method="reporter gene assay", cell_line="HeLa", eco="ECO:0000096",
        quotation='so|(it) "says"', **UP,
    )  # fmt: skip
    source = SourceDatabase.objects.create(key="SIGNOR", name="SIGNOR")
    dataset = Dataset.objects.create(name="SIGNOR", source=source)
    make_statement(interaction, dataset, source_id="SIGNOR-1", pmid=12, effect=2, basis=2)
    retracted = state(interaction, pmid=13)
    actions.retract_statement(
        user=make_person("senior", SENIOR_CURATOR), statement=retracted, reason="Wrong."
    )
    make_interaction(interaction.target, interaction.tf)
    first, second, rest, plain = lines_by_publication()
    assert [field.value for field in first[9]] == ["11"]
    assert first[7] == [Field("psi-mi", "MI:0999", "reporter gene assay")]
    assert first[13][0].value == "Curated here"
    assert [field.value for field in first[46]] == ["MI:2238"]
    assert {field.value for field in first[28]} == {"cell line: HeLa", 'quotation: so|(it) "says"'}
    assert first[25][0].value == "ECO:0000096"
    assert [field.value for field in second[9]] == ["12"]
    assert [field.database for field in second[14]] == ["tflink", "tflink", "signor"]
    assert second[46] == []
    assert "effect inferred by the source: repression" in {field.value for field in second[28]}
    assert [field.value for field in rest[9]] == []
    assert [field.value for field in rest[13]] == ["GTRD"]
    assert rest[46] == []
    assert plain[1][0].value == "Q07812"
    assert len({tuple(field.value for field in row[14]) for row in (first, second, rest)}) == 3


def lines_by_publication() -> list[Row]:
    """First the lines of ING1 → BAX, by what of it they name."""
    order = {"11": 0, "12": 1}
    return sorted(
        lines(),
        key=lambda row: (
            row[1][0].value != "Q9UK53",
            min((order.get(field.value, 2) for field in row[9]), default=2),
        ),
    )


def test_effect_of_a_curator_is_on_a_line_of_its_own(interaction: Interaction) -> None:
    state(interaction, pmid=11, **UP)
    actions.amend_interaction(
        user=make_person("senior", SENIOR_CURATOR),
        interaction=interaction,
        values={"effect": Effect.REPRESSION},
        reason="My judgement.",
    )
    signs = [[field.value for field in row[46]] for row in lines()]
    assert sorted(signs) == [["MI:2238"], ["MI:2243"]]


def test_lines_take_a_fixed_number_of_queries(
    interaction: Interaction, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):  # one of them for the names of a batch of proteins
        lines()
    for pmid in range(20, 40):
        state(interaction, pmid=pmid, **UP)
    with django_assert_num_queries(11):
        lines()


def test_exported_table_is_what_import_statements_reads(
    interaction: Interaction, tmp_path: Path
) -> None:
    file = tmp_path / "curated.csv"

    def write() -> None:
        state(
            interaction, pmid=11, method="reporter gene assay", cell_line='"He", La', **UP,
            eco="ECO:0000096", small_scale=1, quotation="=1+1; it says, 'so'", tissue="liver",
            condition="5 µM",
        )  # fmt: skip
        state(interaction, pmid=12, effect=2, basis=2)
        call_command("export_statements", str(file), verbosity=0)

    with undone():
        write()
        digest = content_digest()
    report = import_statements([file], StatementOptions())
    assert report.clean, report.problems
    assert content_digest() == digest
    with undone():
        assert import_statements([file], StatementOptions(), force=True).clean
        assert Statement.objects.count() == 2


def test_exported_table_of_an_aggregator_names_the_databases_that_it_has_it_from(
    interaction: Interaction, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    terms: dict[str, Any] = {"version": "1", "licence": "CC0", "dataset": "CollecTRI"}
    published = tmp_path / "CollecTRI.csv"
    published.write_text(
        "source,target,weight,resources,references,sign_decision\n"
        "Q9UK53,Q07812,1,ExTRI_CollecTRI;HTRI_CollecTRI,11;12,PMID\n"
    )
    with undone():
        assert import_statements([published], StatementOptions(**terms)).clean
        call_command("export_statements", str(file), dataset="CollecTRI", verbosity=0)
        digest = content_digest()
    assert "ExTRI;HTRI" in file.read_text()
    assert import_statements([file], StatementOptions(**terms)).clean
    sources = Statement.objects.first().evidence.sources  # type: ignore[union-attr]
    keys = {one.key for one in sources.all()}
    assert keys == {"CollecTRI", "ExTRI_via_CollecTRI", "HTRI_via_CollecTRI"}
    assert content_digest() == digest


def test_export_of_a_dataset_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no dataset 'Nothing'"):
        call_command("export_statements", str(tmp_path / "a.csv"), dataset="Nothing")
