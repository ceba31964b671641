"""Actions on proteins, publications, binding sites and vocabularies; reverting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError

from curation import actions
from curation.actions import ActionError, StaleError
from curation.checks import find_breaches
from curation.models import Pin, Proposal, RecordKind, Revision, Verb
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from curation.records import RecordGoneError, records_of
from curation.records.history import version_of
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent
from proteins.models import (
    BindingSite,
    Citation,
    DetectionMethod,
    Evidence,
    Interaction,
    Protein,
    ReviewStatus,
)
from tests.curation.people import make_person
from tests.factories import make_interaction, make_protein, taxon

pytestmark = pytest.mark.django_db
EVIDENCE = {"sources": ["JASPAR"], "methods": [], "pmids": [1], "small_scale": "yes"}


@pytest.fixture
def senior(db: None) -> User:
    return make_person("senior", SENIOR_CURATOR)


@pytest.fixture
def protein(db: None) -> Protein:
    return make_protein("Q9UK53", "ING1", genes=[3621])


@pytest.fixture
def site(protein: Protein) -> BindingSite:
    return BindingSite.objects.create(
        tflink_id="TFLinkLS08541019",
        tf=protein,
        evidence=evidence_for(EvidenceContent.of(["GTRD"])),
        assembly="hg38",
        chromosome="chr14",
        start=100,
        end=120,
    )


# Amending


def test_a_protein_its_pins_and_history(senior: User, protein: Protein) -> None:
    values = {
        "name": " p33 ",
        "gene_ids": [99, "3621"],
        "orthologs": [["Mus musculus", "Q9QXV3", True]],
        "declared_tf": True,
    }
    revision = actions.amend_protein(user=senior, protein=protein, values=values, reason="Read.")
    assert revision is not None
    assert revision.changes == {
        "name": ["ING1", "p33"],
        "gene_ids": [[3621], [99, 3621]],
        "orthologs": [[], [["Mus musculus", "Q9QXV3", True]]],
        "declared_tf": [False, True],
    }
    assert (revision.verb, revision.user, revision.reason) == (Verb.AMENDED, senior, "Read.")
    pins = dict(Pin.objects.values_list("field", "source_value"))
    assert pins == {"name": "ING1", "gene_ids": [3621], "orthologs": [], "declared_tf": False}
    # A second change leaves the source's value; going back to it releases the pin.
    actions.amend_protein(user=senior, protein=protein, values={"name": "p33ING1"})
    assert Pin.objects.get(field="name").source_value == "ING1"
    actions.amend_protein(user=senior, protein=protein, values={"name": "ING1"})
    assert not Pin.objects.filter(field="name").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "x" * 4001}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"gene_ids": [0]}, "gene_ids"),
        ({"gene_ids": [2**31]}, "gene_ids"),
        ({"gene_ids": "3621"}, "gene_ids"),
        ({"jaspar_matrices": ["MA0106"]}, "jaspar_matrices"),
        ({"orthologs": [["Pan troglodytes", "x", True]]}, "orthologs"),
        ({"declared_interactions": -1}, "declared_interactions"),
        ({"declared_interactions": 2**31}, "declared_interactions"),
        ({"accession": "P04637"}, "accession"),
        ({"secondary_accessions": ["P00001"]}, "secondary_accessions"),
        ({"target_count": 7}, "target_count"),
        ({"name": "fine", "gene_ids": [0]}, "gene_ids"),
    ],
)
def test_what_breaks_a_rule_is_refused_by_field(
    senior: User, protein: Protein, values: dict[str, Any], field: str
) -> None:
    before = records_of(RecordKind.PROTEIN).values(protein)
    with pytest.raises(ValidationError) as refused:
        actions.amend_protein(user=senior, protein=protein, values=values)
    assert list(refused.value.message_dict) == [field]
    stored = records_of(RecordKind.PROTEIN).get(protein.pk)
    assert records_of(RecordKind.PROTEIN).values(stored) == before
    assert not Revision.objects.exists()


def test_a_publication(senior: User) -> None:
    citation = Citation.objects.create(pmid=7)
    actions.amend_citation(
        user=senior, citation=citation, values={"title": "GTRD", "is_retracted": True}
    )
    citation.refresh_from_db()
    assert (citation.title, citation.is_retracted) == ("GTRD", True)
    assert set(Pin.objects.values_list("field", flat=True)) == {"title", "is_retracted"}
    assert Revision.objects.get().record_key == "7"
    with pytest.raises(ValidationError, match="Nobody may change the in PubMed"):
        actions.amend_citation(user=senior, citation=citation, values={"pubmed_status": 1})


def test_a_binding_site(senior: User, site: BindingSite) -> None:
    old = site.evidence_id
    actions.amend_binding_site(user=senior, site=site, values={"end": 119, "evidence": EVIDENCE})
    site.refresh_from_db()
    assert site.end == 119
    assert not Evidence.objects.filter(pk=old).exists()
    assert Revision.objects.get().changes["end"] == [120, 119]
    for values in ({"end": 99}, {"start": None}, {"strand": "?"}, {"sequence": "ACGT1"}):
        with pytest.raises(ValidationError):
            actions.amend_binding_site(user=senior, site=site, values=values)
    assert Revision.objects.count() == 1


# Adding and removing


def test_records_are_added_with_a_history(senior: User, protein: Protein) -> None:
    target = Protein(accession="Q07812", taxon=taxon())
    actions.add_record(user=senior, record=target, values={"name": "BAX", "gene_ids": [581]})
    site = BindingSite(tflink_id="TFLinkLS08541019", tf=protein)
    with pytest.raises(ValidationError, match="Say what supports it"):
        actions.add_record(user=senior, record=site, values={})
    actions.add_record(user=senior, record=site, values={"evidence": EVIDENCE}, reason="Table 1.")
    actions.add_record(user=senior, record=Citation(pmid=7), values={"title": "Seven"})
    revisions = Revision.objects.order_by("id").values_list("verb", "record_key", "reason")
    assert list(revisions) == [
        ("added", "Q07812", ""),
        ("added", "TFLinkLS08541019", "Table 1."),
        ("added", "7", ""),
    ]
    assert [gene.ncbi_gene_id for gene in target.gene_ids.all()] == [581]


def test_what_others_cite_is_not_removed(senior: User, protein: Protein) -> None:
    make_interaction(protein, protein)
    with pytest.raises(ProtectedError):
        actions.remove_record(user=senior, record=protein, reason="x")
    assert not Revision.objects.exists()
    assert Protein.objects.exists()


def test_what_is_removed_leaves_its_history_and_nothing_else(
    senior: User, protein: Protein, site: BindingSite
) -> None:
    key = site.pk
    Pin.objects.create(kind="binding site", record_id=key, field="end", source_value=1)
    proposal = actions.propose(
        user=make_person("curator", CURATOR),
        kind=RecordKind.BINDING_SITE,
        record_id=key,
        values={"end": 119},
    )
    actions.remove_record(user=senior, record=site, reason="A slip.")
    for model in (BindingSite, Pin, Evidence):
        assert not model._default_manager.exists()
    proposal.refresh_from_db()
    assert proposal.state == "superseded"
    last = Revision.objects.get()
    assert (last.verb, last.record_id, last.reason) == (Verb.REMOVED, key, "A slip.")
    assert last.changes["end"] == [120, None]
    with pytest.raises(RecordGoneError):
        actions.amend_binding_site(user=senior, site=BindingSite(pk=key), values={"end": 1})


# Reverting


def versions(senior: User, protein: Protein) -> list[int]:
    for name in ("one", "two"):
        actions.amend_protein(user=senior, protein=protein, values={"name": name})
    ids = Revision.objects.order_by("id").values_list("id", flat=True)
    return [0, *ids]


def revert(user: User, protein: Protein, version: int, **more: Any) -> Revision:
    given = {"reason": "Back.", **more}
    return actions.revert(
        user=user, kind=RecordKind.PROTEIN, record_id=protein.pk, version=version, **given
    )


@pytest.mark.parametrize(("which", "name"), [(0, "ING1"), (1, "one")])
def test_any_version_can_be_had_again(
    senior: User, protein: Protein, which: int, name: str
) -> None:
    version = versions(senior, protein)[which]
    revision = revert(senior, protein, version)
    assert (revision.verb, revision.reason) == (Verb.REVERTED, "Back.")
    assert revision.changes == {"name": ["two", name]}
    protein.refresh_from_db()
    assert protein.name == name
    assert Pin.objects.filter(field="name").exists() is (name != "ING1")
    # And forth again: what reverting did is a version as any.
    revert(senior, protein, revision.pk - 1)
    protein.refresh_from_db()
    assert protein.name == "two"


def test_what_is_not_reverted(senior: User, protein: Protein) -> None:
    numbers = versions(senior, protein)
    with pytest.raises(ActionError, match="a reason is needed to revert"):
        revert(senior, protein, numbers[1], reason=" ")
    with pytest.raises(ActionError, match="is already as it was then"):
        revert(senior, protein, numbers[2])
    with pytest.raises(ActionError, match="no such version"):
        revert(senior, protein, 999_999)
    with pytest.raises(StaleError):
        revert(senior, protein, numbers[1], seen=numbers[1])
    added = Protein(accession="Q07812", taxon=taxon())
    actions.add_record(user=senior, record=added, values={"name": "BAX"})
    with pytest.raises(ActionError, match="was not there yet"):
        revert(senior, added, 0)
    other = Revision.objects.filter(record_id=added.pk).latest("id")
    with pytest.raises(ActionError, match="no such version of this record"):
        revert(senior, protein, other.pk)


def test_a_verdict_reverted_is_counted(senior: User, protein: Protein) -> None:
    interaction = make_interaction(protein, protein)
    actions.reject_interaction(user=senior, interaction=interaction, reason="No.")
    actions.revert(
        user=senior,
        kind=RecordKind.INTERACTION,
        record_id=interaction.pk,
        version=0,
        reason="Yes after all.",
    )
    assert Interaction.objects.get().status == ReviewStatus.UNREVIEWED
    protein.refresh_from_db()
    assert (protein.target_count, protein.tf_count) == (1, 1)
    assert list(find_breaches()) == []


# For all of them


def operations(
    user: User | None, protein: Protein, site: BindingSite
) -> dict[str, Callable[[], Any]]:
    citation, _ = Citation.objects.get_or_create(pmid=27924024)
    method = DetectionMethod.objects.get(name="selex")
    revision = Revision.objects.filter(kind="protein", record_id=protein.pk).first()
    version = revision.pk if revision else 0
    return {
        "amend_protein": lambda: actions.amend_protein(
            user=user, protein=protein, values={"name": "x"}
        ),
        "amend_citation": lambda: actions.amend_citation(
            user=user, citation=citation, values={"title": "x"}
        ),
        "amend_binding_site": lambda: actions.amend_binding_site(
            user=user, site=site, values={"end": 119}
        ),
        "add_record": lambda: actions.add_record(
            user=user, record=Citation(pmid=7), values={"title": "x"}
        ),
        "remove_record": lambda: actions.remove_record(user=user, record=site),
        "revert": lambda: actions.revert(
            user=user, kind=RecordKind.PROTEIN, record_id=protein.pk, version=version - 1,
            reason="x",
        ),
        "keep_vocabulary": lambda: actions.keep_vocabulary(
            user=user, record=method, reason="x", changed=["name"]
        ),
        "remove_vocabulary": lambda: actions.remove_vocabulary(
            user=user, record=method, reason="x"
        ),
    }  # fmt: skip


OPERATIONS = (
    "amend_protein",
    "amend_citation",
    "amend_binding_site",
    "add_record",
    "remove_record",
    "keep_vocabulary",
    "remove_vocabulary",
    "revert",
)


@pytest.mark.parametrize("who", [CURATOR, ADMINISTRATOR, "inactive", "nobody"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_only_senior_curators_change_records(
    protein: Protein, site: BindingSite, who: str, operation: str
) -> None:
    user = (
        None if who == "nobody" else make_person("x", SENIOR_CURATOR if who == "inactive" else who)
    )
    if user is not None and who == "inactive":
        User.objects.update(is_active=False)
        user = User.objects.get(pk=user.pk)
    with pytest.raises(PermissionDenied):
        operations(user, protein, site)[operation]()
    protein.refresh_from_db()
    assert protein.name == "ING1"
    assert BindingSite.objects.get().end == 120
    assert not Revision.objects.exists()


@pytest.mark.parametrize(
    "operation", [operation for operation in OPERATIONS if operation != "revert"]
)
def test_an_error_half_way_leaves_nothing(
    senior: User,
    protein: Protein,
    site: BindingSite,
    operation: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    todo = operations(senior, protein, site)[operation]
    before = [list(model._default_manager.values()) for model in (Protein, Citation, BindingSite)]

    def fail(*args: Any, **keys: Any) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr("curation.actions.writing._supersede_what_is_done", fail)
    monkeypatch.setattr("curation.actions.records.drop_unused", fail)
    if operation == "add_record":
        monkeypatch.setattr("curation.actions.records.record_revision", fail)
    if operation == "keep_vocabulary":
        monkeypatch.setattr(DetectionMethod, "save", fail)
    if operation == "remove_vocabulary":
        monkeypatch.setattr("curation.actions.records.vocabulary_change", fail)
    with pytest.raises(RuntimeError):
        todo()
    after = [list(model._default_manager.values()) for model in (Protein, Citation, BindingSite)]
    assert after == before
    for model in (Revision, Pin, Proposal):
        assert not model._default_manager.exists()


def test_what_changed_meanwhile_is_not_written_over(
    senior: User, protein: Protein, site: BindingSite
) -> None:
    citation = Citation.objects.create(pmid=7)
    colleague = make_person("colleague")
    amended: list[tuple[Callable[..., Any], dict[str, Any], RecordKind, dict[str, Any]]] = [
        (actions.amend_protein, {"protein": protein}, RecordKind.PROTEIN, {"name": "x"}),
        (actions.amend_citation, {"citation": citation}, RecordKind.CITATION, {"title": "x"}),
        (actions.amend_binding_site, {"site": site}, RecordKind.BINDING_SITE, {"end": 119}),
    ]
    for operation, record, kind, values in amended:
        (instance,) = record.values()
        seen = version_of(kind, instance.pk)
        operation(user=colleague, **record, values=values)
        with pytest.raises(StaleError, match="by colleague"):
            operation(user=senior, **record, values=values, seen=seen)
        assert operation(user=senior, **record, values=values, seen=seen + 10**6) is None
