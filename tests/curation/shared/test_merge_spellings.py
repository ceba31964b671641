"""The migration that makes one row of all spellings of a name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from curation.checks import find_breaches
from curation.models import Pin, Proposal, Revision, RunChunk
from curation.records import records_of
from curation.shared.three_way import evidence_as_json
from proteins.domain import facets
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.models import (
    BindingSite,
    DetectionMethod,
    Evidence,
    Interaction,
    Ortholog,
    Protein,
    SourceDatabase,
    Taxon,
)
from tests.factories import accession

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = [("curation", "0007_release_order"), ("proteins", "0005_fold")]


def content_of(*sources: str, methods: tuple[str, ...] = ("selex",)) -> dict[str, Any]:
    return evidence_as_json(EvidenceContent.of(sources, methods, [1], SmallScale.NO))


class Schema:
    """The database of that time, empty, with its models: migrated back to once, and copied from
    there on SQLite, as each migration of all these takes seconds."""

    def __init__(self) -> None:
        self.models: Any = None
        self._empty = sqlite3.connect(":memory:")

    def put_in_place(self) -> Any:
        """Return the models."""
        if connection.vendor == "sqlite" and self.models is not None:
            connection.ensure_connection()
            self._empty.backup(connection.connection)
            return self.models
        self.models = MigrationExecutor(connection).migrate(BEFORE).apps
        if connection.vendor == "sqlite":
            connection.connection.backup(self._empty)
        return self.models


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema()


class Before:
    """The database as it was before the migration, written through its models of that time."""

    def __init__(self, models: Any) -> None:
        self.models = models
        self.human = self("Taxon").get(code="Hs")
        self.pmid = self.curated("Citation", "proteins").get_or_create(pmid=1)[0]

    def __call__(self, model: str) -> Any:
        return self.models.get_model("proteins", model).objects

    def curated(self, model: str, app: str = "curation") -> Any:
        return self.models.get_model(app, model).objects

    def protein(self, number: int) -> Any:
        return self("Protein").get_or_create(accession=accession(number), taxon=self.human)[0]

    def evidence(self, *sources: str, methods: tuple[str, ...] = ("selex",)) -> Any:
        content = EvidenceContent.of(sources, methods, [1], SmallScale.NO)
        row, made = self("Evidence").get_or_create(
            digest=content.digest,
            defaults={
                "small_scale": SmallScale.NO.value,
                "source_count": len(content.sources),
                "method_count": len(content.methods),
                "citation_count": 1,
            },
        )
        if made:
            for key in sources:
                source, _ = self("SourceDatabase").get_or_create(key=key, defaults={"name": key})
                self("EvidenceSource").create(evidence=row, source=source)
            for name in methods:
                method, _ = self("DetectionMethod").get_or_create(name=name)
                self("EvidenceMethod").create(evidence=row, method=method)
            self("EvidenceCitation").create(evidence=row, citation=self.pmid)
        return row

    def interaction(self, target: int, *sources: str, **more: Any) -> Any:
        self("Protein").filter(accession=accession(1)).update(target_count=0)
        tf, other = self.protein(1), self.protein(target)
        self("Protein").filter(pk=tf.pk).update(target_count=target - 1)
        self("Protein").filter(pk=other.pk).update(tf_count=1)
        return self("Interaction").create(
            tf=tf, target=other, evidence=self.evidence(*sources, **more)
        )


@pytest.fixture
def before(schema: Schema) -> Iterator[Before]:
    try:
        yield Before(schema.put_in_place())
    finally:
        migrate()


def migrate() -> None:
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def evidence_of(pk: int) -> dict[str, Any]:
    return evidence_as_json(Interaction.objects.get(pk=pk).evidence.content())


def test_the_spelling_of_the_vocabulary_stays_and_evidence_that_is_equal_becomes_one(
    before: Before,
) -> None:
    right = before.interaction(2, "TRRUST")
    odd = before.interaction(3, "trrust")
    both = before.interaction(4, "TRRUST", "tr\u200brust")
    other = before.interaction(5, "HTRI")
    site = before("BindingSite").create(
        tflink_id="TFLinkLS1", tf=before.protein(1), evidence=before.evidence("trrust")
    )
    migrate()
    assert SourceDatabase.objects.by_fold("TRRUST").get().key == "TRRUST"
    for pk in (right.pk, odd.pk, both.pk):
        assert evidence_of(pk) == content_of("TRRUST")
    assert evidence_of(other.pk) == content_of("HTRI")
    assert Evidence.objects.count() == 2
    assert BindingSite.objects.get(pk=site.pk).evidence.content().sources == ("TRRUST",)
    trrust = Evidence.objects.from_source("TRRUST")
    assert Interaction.objects.supported_by(trrust).count() == 3


def test_histories_facets_and_digests_are_sound_afterwards(before: Before) -> None:
    before.interaction(2, "TRRUST")
    odd = before.interaction(3, "trrust", methods=("SELEX", "selex"))
    refacet_before(before)
    migrate()
    assert list(find_breaches()) == []
    revision = Revision.objects.get(kind="interaction", record_id=odd.pk)
    assert revision.changes == {
        "evidence": [content_of("trrust", methods=("SELEX", "selex")), content_of("TRRUST")]
    }
    assert revision.reason == "Spellings of one name were merged."
    trrust = SourceDatabase.objects.get(key="TRRUST")
    assert f" s{trrust.pk} " in Protein.objects.get(accession=accession(3)).facets


def refacet_before(before: Before) -> None:
    """Fill facets as they were: of rows by their primary keys, in either spelling."""
    for interaction in before("Interaction").all():
        links = before("EvidenceSource").filter(evidence=interaction.evidence_id)
        words = [f"s{key}" for key in links.values_list("source", flat=True)]
        links = before("EvidenceMethod").filter(evidence=interaction.evidence_id)
        words += [f"m{key}" for key in links.values_list("method", flat=True)]
        for protein in (interaction.tf, interaction.target):
            row = before("Protein").get(pk=protein.pk)
            every = {*row.facets.split(), *words, "unreviewed"}
            before("Protein").filter(pk=protein.pk).update(
                facets=facets.text_of(every), facet_bits=facets.bits(every)
            )


def test_the_best_supported_stays_else_the_oldest(before: Before) -> None:
    before.interaction(2, "Novel")
    before.interaction(3, "NOVEL")
    before.interaction(4, "NOVEL")
    before("DetectionMethod").create(name="a  Guess")
    before("DetectionMethod").create(name="A GUESS")
    migrate()
    assert SourceDatabase.objects.by_fold("novel").get().key == "NOVEL"
    assert DetectionMethod.objects.by_fold("a guess").get().name == "a Guess"


def test_the_row_that_stays_takes_over_what_only_the_other_says(before: Before) -> None:
    before("SourceDatabase").create(key="novel", name="novel")
    gone = before("SourceDatabase").create(
        key="NOVEL", name="Novel", url="https://example.org/", publication=before.pmid
    )
    before("SourceDatabase").create(key="x_via_NOVEL", name="x", via=gone)
    before("DetectionMethod").create(name="guess")
    before("DetectionMethod").create(name="GUESS", psi_mi_id="MI:9999")
    migrate()
    novel = SourceDatabase.objects.by_fold("novel").select_related("publication").get()
    assert (novel.key, novel.url) == ("novel", "https://example.org/")
    assert novel.publication is not None
    assert novel.publication.pmid == 1
    assert SourceDatabase.objects.get(name="x").via == novel
    assert DetectionMethod.objects.by_fold("guess").get().psi_mi_id == "MI:9999"


def test_pins_proposals_and_journals_are_rewritten(before: Before) -> None:
    interaction = before.interaction(2, "HTRI")
    by_hand = before.interaction(3, "TRRUST")
    run = before.curated("ImportRun").create(command="import_tables")
    of_record = {"kind": "interaction", "record_id": interaction.pk}
    pins = before.curated("Pin")
    pins.create(**of_record, field="evidence", source_value=content_of("trrust"))
    pins.create(
        kind="interaction",
        record_id=by_hand.pk,
        field="evidence",
        source_value=content_of("trrust"),
    )
    changes = {"evidence": [content_of("HTRI"), content_of("trrust", "TRRUST")]}
    proposal = before.curated("Proposal").create(
        **of_record, record_key="x", changes=changes, origin="import", run=run
    )
    nothing = before.curated("Proposal").create(
        **of_record,
        record_key="x",
        changes={"evidence": [content_of("trrust"), content_of("TRRUST")]},
        origin="import",
        run=run,
    )
    entry = [
        "interaction",
        interaction.pk,
        "x",
        "evidence",
        content_of("HTRI"),
        content_of("trrust"),
    ]
    chunk = before.curated("RunChunk").create(run=run, changed=[entry])
    before("SourceDatabase").create(key="trrust", name="trrust")
    migrate()
    assert [pin.source_value for pin in Pin.objects.filter(record_id=interaction.pk)] == [
        content_of("TRRUST")
    ]
    assert Proposal.objects.get(pk=proposal.pk).changes == {
        "evidence": [content_of("HTRI"), content_of("TRRUST")]
    }
    assert Proposal.objects.get(pk=nothing.pk).state == "superseded"
    assert RunChunk.objects.get(pk=chunk.pk).changed == [[*entry[:5], content_of("TRRUST")]]


def test_a_pin_that_says_what_its_record_says_is_released(before: Before) -> None:
    interaction = before.interaction(2, "TRRUST", "trrust")
    before.curated("Pin").create(
        kind="interaction",
        record_id=interaction.pk,
        field="evidence",
        source_value=content_of("TRRUST"),
    )
    migrate()
    assert not Pin.objects.exists()


def test_species_and_their_orthologs(before: Before) -> None:
    odd = before("Taxon").create(ncbi_taxon_id=1, code="Zz", scientific_name="homo  sapiens\ufeff")
    protein = before.protein(1)
    stays = before("Protein").create(accession=accession(2), taxon=odd)
    for taxon, listed in ((before.human, False), (odd, True)):
        before("Ortholog").create(protein=protein, taxon=taxon, identifier="P1", in_tflink=listed)
    migrate()
    assert Protein.objects.get(pk=stays.pk).taxon == Taxon.objects.get(code="Hs")
    assert not Taxon.objects.filter(code="Zz").exists()
    assert Ortholog.objects.get().in_tflink
    revision = Revision.objects.get(kind="protein", record_id=protein.pk)
    records = records_of("protein")
    assert revision.changes["orthologs"][1] == [["Homo sapiens", "P1", True]]
    assert records.values(records.get(protein.pk))["orthologs"] == [["Homo sapiens", "P1", True]]


def test_groups_of_one_name_become_one(before: Before) -> None:
    users = before.curated("User", "auth")
    groups = before.curated("Group", "auth")
    groups.get_or_create(name="Curator")
    person = users.create(username="ann")
    person.groups.add(groups.create(name="curator "), groups.create(name="Guests"))
    migrate()
    names = person.groups.model.objects.filter(user=person.pk).values_list("name", flat=True)
    assert sorted(names) == ["Curator", "Guests"]
