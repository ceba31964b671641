"""Each breach of an invariant is found where it is planted, and none is where none is."""

from __future__ import annotations

import io
import itertools

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from curation import actions, checks
from curation.checks import StoredProtein, breaches_of_protein, find_breaches, histories
from curation.models import (
    ImportRun,
    Origin,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    Revision,
    RunState,
    SourcePage,
    Verb,
)
from curation.records.facets import refacet
from curation.shared.changes import change_set
from curation.shared.evidence import evidence_for
from curation.shared.support import support_for, write_roles
from proteins.domain.evidence import EvidenceContent
from proteins.domain.methods import MethodClass
from proteins.domain.support import Role, SupportContent
from proteins.models import (
    ChangeKind,
    DetectionMethod,
    Evidence,
    EvidenceCitation,
    EvidenceMethod,
    EvidenceSource,
    GeneID,
    Interaction,
    Protein,
    ReviewStatus,
    SecondaryAccession,
    Support,
)
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, rename, taxon
from tests.proteins.page_export.round_trip import undone

pytestmark = pytest.mark.django_db


def check() -> tuple[int, list[str]]:
    """Return the command's exit status and its lines."""
    out = io.StringIO()
    try:
        call_command("check_records", stdout=out)
    except SystemExit as error:
        return int(str(error.code)), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def breaches() -> list[str]:
    return [str(breach) for breach in find_breaches()]


@pytest.fixture
def pair() -> Interaction:
    """P04637 regulates Q07812, as a database says; nothing else."""
    return make_interaction(make_protein("P04637", "TP53"), make_protein("Q07812", "BAX"))


@pytest.mark.usefixtures("five_pages")
def test_a_clean_database() -> None:
    status, lines = check()
    assert status == 0
    assert len(lines) == 1
    assert lines[0].startswith("393 proteins, 454 interactions, 0 binding sites, ")
    assert lines[0].endswith(" checked; no breach.")


@pytest.mark.usefixtures("pair")
def test_every_breach_is_a_line() -> None:
    Protein.objects.update(target_count=7)
    status, lines = check()
    assert status == 1
    assert lines[:2] == [
        "P04637: target_count is 7, and should be 1",
        "Q07812: target_count is 7, and should be 0",
    ]
    assert lines[2].endswith("checked; 2 breaches.")


@pytest.mark.usefixtures("pair")
def test_a_change_that_is_not_there() -> None:
    Interaction.objects.update(change=987654)
    assert breaches() == ["change 987654: 1 interactions name it, and it is not there"]


@pytest.mark.usefixtures("pair")
def test_rejected_interactions_are_not_counted() -> None:
    Interaction.objects.update(status=ReviewStatus.REJECTED)
    stored = Protein.objects.values_list("facets", flat=True)[0].strip()
    assert breaches() == [
        "P04637: target_count is 1, and should be 0",
        "Q07812: tf_count is 1, and should be 0",
        f"P04637: its facets are “{stored}”, and should be “”",
        f"Q07812: its facets are “{stored}”, and should be “”",
    ]
    Protein.objects.update(target_count=0, tf_count=0, facets="", facet_bits=0)
    assert breaches() == []


def test_generated_flags_follow_what_they_are_made_of() -> None:
    # No database lets a generated column be written, so that it cannot be planted.
    protein = StoredProtein(
        id=1,
        accession="P04637",
        target_count=1,
        tf_count=0,
        declared_tf=False,
        declared_target=True,
        is_tf=False,
        is_target=False,
    )
    assert [breach.reason for breach in breaches_of_protein(protein, 1, 0)] == [
        "is_tf is False, and should be True",
        "is_target is False, and should be True",
    ]


@pytest.mark.parametrize("link", [EvidenceSource, EvidenceMethod, EvidenceCitation])
def test_evidence_that_changed(pair: Interaction, link: type[EvidenceSource]) -> None:
    link.objects.all().delete()
    refacet(Protein.objects.values_list("pk", flat=True))
    digest, counts, support = breaches()
    record = f"evidence {pair.evidence_id}: "
    assert digest == record + "its digest is not that of its content, which never changes"
    assert counts.startswith(record)
    column = link._meta.model_name.removeprefix("evidence")  # type: ignore[union-attr]
    assert f"{column}_count is" in counts
    assert ("method_classes is" in counts) == (column == "method")
    assert ("independent_sources is" in counts) == (column == "source")
    assert support.startswith(f"support {pair.support_id}: its digest is not that of its parts")


@pytest.mark.parametrize("column", ["tier", "method_classes", "independent_sources"])
def test_evidence_whose_columns_do_not_follow(pair: Interaction, column: str) -> None:
    right = getattr(pair.evidence, column)
    Evidence.objects.update(**{column: 3})
    refacet(Protein.objects.values_list("pk", flat=True))
    assert breaches() == [f"evidence {pair.evidence_id}: {column} is 3, and should be {right}"]


def test_evidence_whose_method_changed_its_class(pair: Interaction) -> None:
    (method,) = pair.evidence.methods.all()
    DetectionMethod.objects.filter(pk=method.pk).update(method_class=MethodClass.REPORTER)
    (breach,) = breaches()
    assert breach.endswith(f"and should be {MethodClass.REPORTER.bit}")


@pytest.mark.usefixtures("pair")
def test_evidence_of_another_scale() -> None:
    Evidence.objects.update(small_scale=2)
    refacet(Protein.objects.values_list("pk", flat=True))
    _, columns, _ = breaches()  # the last: the support that has it as a part
    assert columns.endswith("tier is 0, and should be 2")


def test_evidence_that_is_there_twice(pair: Interaction) -> None:
    first = evidence_for(EvidenceContent.of())
    second = Evidence.objects.create(
        digest="0" * 64,
        small_scale=0,
        source_count=0,
        method_count=0,
        citation_count=0,
        tier=0,
        method_classes=0,
        independent_sources=0,
    )
    assert f"evidence {second.pk}: it says the same as evidence {first.pk}" in breaches()
    Interaction.objects.filter(pk=pair.pk).update(evidence=first)
    why = f"its evidence is not that of support {pair.support_id}"
    assert f"P04637-Q07812: {why}" in breaches()


def test_support_that_does_not_agree(pair: Interaction) -> None:
    unused = support_for(SupportContent.of({Role.TABLE: EvidenceContent.of(["JASPAR"])}))
    assert breaches() == [f"support {unused.pk}: no interaction has it"]
    Support.objects.filter(pk=pair.support_id).update(evidence=unused.evidence)
    concluded = f"evidence {unused.evidence_id} is not what follows from its parts"
    assert f"support {pair.support_id}: {concluded}" in breaches()
    Interaction.objects.update(support_id=987_654)
    assert "P04637-Q07812: its support 987654 is not there" in breaches()


def test_a_curators_word_without_a_pin(pair: Interaction) -> None:
    with transaction.atomic(), change_set(ChangeKind.DESK):
        write_roles({pair.pk: {Role.PINNED: EvidenceContent.of(["JASPAR"])}})
    refacet([pair.tf_id, pair.target_id])
    (breach,) = breaches()
    assert breach.endswith("a curator's word is in place of its documents, without a pin")


@pytest.mark.usefixtures("pair")
def test_evidence_that_nothing_points_at() -> None:
    unused = evidence_for(EvidenceContent.of(["GTRD"]))
    assert breaches() == [
        f"evidence {unused.pk}: no support, statement or binding site points at it"
    ]


def test_references_that_point_nowhere(pair: Interaction) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL holds foreign keys at any time")
    # The check of foreign keys at the end of a transaction does not come: it is taken back.
    with undone():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM proteins_evidencesource")
            cursor.execute(
                "INSERT INTO proteins_evidencesource (evidence_id, source_id) VALUES (%s, 987)",
                [pair.evidence_id],
            )
            cursor.execute("DELETE FROM proteins_protein WHERE accession = 'Q07812'")
        all_breaches = breaches()
    assert any("it points at a row of proteins_sourcedatabase" in line for line in all_breaches)
    assert (
        f"proteins_interaction {pair.pk}: it points at a row of proteins_protein that is not there"
        in all_breaches
    )


@pytest.mark.usefixtures("pair")
def test_a_pair_of_two_species() -> None:
    Protein.objects.filter(name="BAX").update(taxon=taxon("Mm"))
    assert breaches() == ["P04637-Q07812: its TF is of Hs, its target of Mm"]


@pytest.mark.usefixtures("pair")
def test_a_protein_that_nothing_mentions() -> None:
    orphan = make_protein("P00001")
    make_protein("P00002", has_page=True)
    make_protein("P00003", in_table=True)
    assert breaches() == ["P00001: it has no page, and nothing mentions it"]
    Pin.objects.create(kind=RecordKind.PROTEIN, record_id=orphan.pk, field="name")
    assert breaches() == []


@pytest.mark.usefixtures("five_pages")
def test_a_page_that_its_protein_does_not_know_of() -> None:
    Protein.objects.filter(accession="Q9UK53").update(has_page=False)
    path = SourcePage.objects.get(protein__accession="Q9UK53").path
    assert breaches() == [f"Q9UK53: its page {path} was imported, but has_page is False"]


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (RecordKind.PROTEIN, "name"),
        (RecordKind.PROTEIN, "gene_ids"),
        (RecordKind.INTERACTION, "evidence"),
        (RecordKind.CITATION, "title"),
    ],
)
@pytest.mark.usefixtures("pair")
def test_pins_that_point_nowhere(kind: RecordKind, field: str) -> None:
    there = checks.MODELS[kind]._default_manager.order_by("pk")[0].pk
    Pin.objects.create(kind=kind, record_id=there, field=field)
    if kind == RecordKind.INTERACTION:
        (breach,) = breaches()
        assert breach.endswith("its evidence is pinned, but no curator's word is in its support")
    else:
        assert breaches() == []
    Pin.objects.update(record_id=987_654)
    assert len(breaches()) == 1
    assert breaches()[0].endswith(f"({field} of {kind} 987654): there is no such {kind}")


@pytest.mark.parametrize("field", ["colour", "id", "is_tf", "target_count", "changed_at"])
def test_pins_of_fields_that_are_not_curated(pair: Interaction, field: str) -> None:
    Pin.objects.create(kind=RecordKind.PROTEIN, record_id=pair.tf_id, field=field)
    (breach,) = breaches()
    assert breach.endswith("a protein has no field of this name that is curated")


def test_proposals_for_records_that_are_gone(pair: Interaction) -> None:
    proposal = Proposal.objects.create(
        kind=RecordKind.INTERACTION,
        record_id=pair.pk,
        record_key=pair.key,
        changes={"effect": [0, 1]},
        origin=Origin.CURATOR,
    )
    Proposal.objects.create(
        kind=RecordKind.PROTEIN, record_id=None, record_key="P00009", origin=Origin.PUBLIC
    )
    assert breaches() == []
    Proposal.objects.filter(pk=proposal.pk).update(record_id=987_654)
    (breach,) = breaches()
    assert "(interaction P04637-Q07812: effect): there is no such interaction" in breach
    Proposal.objects.filter(pk=proposal.pk).update(state=ProposalState.WITHDRAWN)
    assert breaches() == []


@pytest.fixture
def with_history(pair: Interaction) -> Interaction:
    """The same, disputed and confirmed by a curator."""
    person = make_person("ada")
    actions.dispute_interaction(user=person, interaction=pair, reason="One paper only.")
    actions.confirm_interaction(user=person, interaction=pair)
    assert breaches() == []
    return pair


def test_a_change_that_no_history_tells_of(with_history: Interaction) -> None:
    Interaction.objects.update(status=ReviewStatus.DISPUTED)
    refacet([with_history.tf_id, with_history.target_id])
    assert breaches() == [
        "interaction P04637-Q07812: its history does not lead to the status that it has"
    ]


def test_a_history_that_lacks_a_change(with_history: Interaction) -> None:
    Revision.objects.filter(verb=Verb.DISPUTED).delete()
    Revision.objects.create(
        kind=RecordKind.INTERACTION,
        record_id=with_history.pk,
        record_key=with_history.key,
        verb=Verb.CONFIRMED,
        changes={"status": [0, 1]},
    )
    assert breaches() == ["interaction P04637-Q07812: its history lacks a change of status"]


def test_a_history_of_what_is_not_there(with_history: Interaction) -> None:
    key = with_history.key
    Revision.objects.update(record_id=987_654)
    gone = f"interaction {key}: it is not there, and its history does not say that it went"
    assert breaches() == [gone]
    for verb in (Verb.REMOVED, Verb.MERGED):
        last = Revision.objects.create(
            kind=RecordKind.INTERACTION,
            record_id=987_654,
            record_key=key,
            verb=verb,
            changes={"status": [1, None]},
        )
        assert breaches() == []
        last.delete()


def test_a_record_that_is_there_and_was_removed(with_history: Interaction) -> None:
    Revision.objects.filter(verb=Verb.CONFIRMED).update(verb=Verb.REMOVED)
    assert breaches() == [
        "interaction P04637-Q07812: its history says that it was removed, and it is there"
    ]


def test_a_history_of_a_field_that_is_none(with_history: Interaction) -> None:
    Revision.objects.filter(verb=Verb.CONFIRMED).update(changes={"colour": [None, "red"]})
    assert breaches() == [
        "interaction P04637-Q07812: its history does not lead to the status that it has",
        "interaction P04637-Q07812: its history does not lead to the reviewed that it has",
        "interaction P04637-Q07812: its history tells of colour, which is no field of it",
    ]


def test_histories_of_many_records_of_two_kinds() -> None:
    person = make_person("ada")
    proteins = [make_protein(f"P{number:05d}", has_page=True) for number in range(7)]
    for tf, target in itertools.pairwise(proteins):
        stored = make_interaction(tf, target)
        actions.confirm_interaction(user=person, interaction=stored)
    for protein in proteins:
        actions.amend_protein(user=person, protein=protein, values={"gene_ids": [7]})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(histories, "AT_ONCE", 2)
        assert breaches() == []
        rename("P00006", "X")
        GeneID.objects.filter(protein__accession="P00004").delete()
        assert breaches() == [
            "protein P00004: its history does not lead to the gene_ids that it has"
        ]


def test_a_protein_that_a_person_added_is_no_orphan() -> None:
    added = Protein(accession="P04637", taxon=taxon())
    actions.add_record(user=make_person("ada"), record=added, values={"name": "TP53"})
    assert breaches() == []


@pytest.mark.usefixtures("pair")
def test_a_run_that_did_not_end_is_no_breach() -> None:
    run = ImportRun.objects.create(command="import_pages", state=RunState.RUNNING)
    status, lines = check()
    assert status == 0
    assert lines[0].startswith(f"Note: run {run.pk} of import_pages")


def test_a_secondary_accession_is_no_protein_of_its_own() -> None:
    primary = make_protein("P00001", has_page=True)
    SecondaryAccession.objects.create(accession="P00002", protein=primary)
    assert list(find_breaches()) == []
    make_protein("P00002", has_page=True)
    (breach,) = find_breaches()
    assert str(breach) == ("P00002: it is a secondary accession of P00001 and a protein as well")


def test_a_review_of_what_is_not_reviewed(with_history: Interaction) -> None:
    Interaction.objects.update(status=ReviewStatus.UNREVIEWED)
    assert "interaction P04637-Q07812: it has a review, and is unreviewed" in breaches()
