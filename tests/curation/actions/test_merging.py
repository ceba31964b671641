"""A secondary accession is merged into its primary: no data and no comment is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curation import actions
from curation.actions import ActionError, StaleError, plan_merge
from curation.checks import find_breaches
from curation.models import (
    Comment,
    ImportRun,
    Pin,
    Proposal,
    RecordKind,
    Revision,
    SourcePage,
    Verb,
)
from curation.permissions import ADMINISTRATOR, CURATOR
from curation.records import records_of
from curation.records.history import values_at_version, version_of
from curation.shared.evidence import evidence_for
from curation.shared.three_way import evidence_from_json
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.support import Role
from proteins.models import (
    BindingSite,
    Effect,
    FormerSiteID,
    Interaction,
    JasparMatrix,
    Ortholog,
    Protein,
    Reporting,
    ReviewStatus,
    SecondaryAccession,
    Support,
)
from tests.curation.people import make_person
from tests.factories import accession, make_interaction, make_protein, pin_evidence, taxon

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = "P00001", "Q9UK53", "Q07812"
METHODS = ["chromatin immunoprecipitation assay"]


@pytest.fixture
def old(db: None) -> Protein:
    return make_protein(OLD, "ING1-old", genes=[99, 3621])


@pytest.fixture
def new(db: None) -> Protein:
    return make_protein(NEW, "ING1", genes=[3621])


@pytest.fixture
def other(db: None) -> Protein:
    return make_protein(OTHER, "BAX")


def merge(old: Protein, new: Protein, reason: str = "One gene.", **more: Any) -> Revision:
    senior = make_person("senior")
    return actions.merge_protein(user=senior, secondary=old, primary=new, reason=reason, **more)


def counts(name: str) -> tuple[int, int]:
    protein = Protein.objects.get(accession=name)
    return protein.target_count, protein.tf_count


def history_is_whole() -> None:
    """The last thing that histories say of each field is what the record says."""
    assert list(find_breaches()) == []
    for kind in (RecordKind.PROTEIN, RecordKind.INTERACTION, RecordKind.BINDING_SITE):
        records = records_of(kind)
        after_by_record: dict[int, dict[str, Any]] = {}
        for revision in Revision.objects.filter(kind=kind).order_by("id"):
            after = {name: change[1] for name, change in revision.changes.items()}
            after_by_record.setdefault(revision.record_id, {}).update(after)
        for record_id, values in after_by_record.items():
            if all(value is None for value in values.values()) and values:
                assert not records.queryset().filter(pk=record_id).exists()
            else:
                now = records.values(records.get(record_id))
                assert values == {name: now[name] for name in values}


def test_one_physical_site_of_both_is_one_record(old: Protein, new: Protein) -> None:
    place = {"assembly": "ce10", "start": 3744956, "end": 3744965, "strand": "+"}
    evidence = [evidence_for(EvidenceContent.of(["ORegAnno"], pmids=[pmid])) for pmid in (1, 2)]
    newest, other = (
        BindingSite.objects.create(tflink_id=name, tf=tf, chromosome="chrIII", evidence=one, **more)
        for name, tf, one, more in (
            ("TFLinkSS00000001", new, evidence[0], place),
            ("TFLinkSS00000002", new, evidence[0], {**place, "start": 3744957}),
        )
    )
    theirs = BindingSite.objects.create(
        tflink_id="TFLinkLT0000009", tf=old, chromosome="III", evidence=evidence[1],
        sequence="TTACCCAAC", **place,
    )  # fmt: skip
    FormerSiteID.objects.create(tflink_id="TFLinkLT0000008", site=theirs)
    merge(old, new)
    assert {*BindingSite.objects.filter(tf=new)} == {newest, other}
    newest.refresh_from_db()
    assert [one.tflink_id for one in newest.former_ids.all()] == [
        "TFLinkLT0000008",
        "TFLinkLT0000009",
    ]
    assert (newest.sequence, newest.chromosome) == ("TTACCCAAC", "chrIII")
    assert newest.evidence.content().pmids == (1, 2)
    history_is_whole()


def test_a_pinned_site_stays_apart(old: Protein, new: Protein) -> None:
    evidence = evidence_for(EvidenceContent.of(["ORegAnno"]))
    place = {"chromosome": "chr1", "start": 1, "end": 9, "evidence": evidence}
    for tflink_id, tf in (("TFLinkSS00000001", new), ("TFLinkLT0000009", old)):
        site = BindingSite.objects.create(tflink_id=tflink_id, tf=tf, **place)
    Pin.objects.create(
        kind=RecordKind.BINDING_SITE, record_id=site.pk, field="strand", source_value="+"
    )
    merge(old, new)
    assert BindingSite.objects.filter(tf=new).count() == 2
    history_is_whole()


def test_all_of_a_protein_goes_over(old: Protein, new: Protein, other: Protein) -> None:
    JasparMatrix.objects.create(protein=old, matrix_id="MA0106.1")
    Ortholog.objects.create(protein=old, taxon=taxon("Mm"), identifier="Q9QXV3", in_tflink=True)
    Ortholog.objects.create(protein=new, taxon=taxon("Mm"), identifier="Q9QXV3")
    Ortholog.objects.create(protein=old, taxon=taxon("Rn"), identifier=NEW)
    Protein.objects.filter(pk=old.pk).update(declared_tf=True, declared_interactions=7)
    moved = make_interaction(old, other)
    site = BindingSite.objects.create(tflink_id="TFLinkLS08541019", tf=old, evidence=moved.evidence)
    run = ImportRun.objects.create(command="import_pages", state="finished")
    page = SourcePage.objects.create(
        path="p00001.md", sha256="0" * 64, generation=3, protein=old, run=run,
        imported_at=run.started_at, unknown_keys={"colour": "red"},
    )  # fmt: skip
    Protein.objects.filter(pk=old.pk).update(has_page=True)
    SecondaryAccession.objects.create(accession="P00002", protein=old)
    old_id = old.pk

    revision = merge(old, new, "UniProt merged them.")

    assert not Protein.objects.filter(accession=OLD).exists()
    former = SecondaryAccession.objects.filter(protein=new)
    assert [row.accession for row in former] == [OLD, "P00002"]
    values = records_of(RecordKind.PROTEIN).values(records_of(RecordKind.PROTEIN).get(new.pk))
    assert values == {
        "name": "ING1",
        "declared_tf": True,
        "declared_target": False,
        "declared_interactions": 7,
        "gene_ids": [99, 3621],
        "names": [],
        "jaspar_matrices": ["MA0106.1"],
        "orthologs": [["Mus musculus", "Q9QXV3", True]],
        "secondary_accessions": [OLD, "P00002"],
    }
    assert Interaction.objects.get(pk=moved.pk).key == f"{NEW}-{OTHER}"
    assert BindingSite.objects.get(pk=site.pk).tf == new
    page.refresh_from_db()
    assert page.protein == new
    assert page.unknown_keys == {"colour": "red", "uniprot_accession": OLD}
    assert Protein.objects.get(pk=new.pk).has_page
    assert (counts(NEW), counts(OTHER)) == ((1, 0), (0, 1))

    assert (revision.verb, revision.reason) == (Verb.MERGED, "UniProt merged them.")
    assert revision.user == make_person("senior")
    assert revision.record_key == NEW
    assert revision.changes["gene_ids"] == [[3621], [99, 3621]]
    assert revision.changes["secondary_accessions"] == [[], [OLD, "P00002"]]
    of_moved = Revision.objects.get(kind=RecordKind.INTERACTION)
    assert of_moved.changes == {"tf": [OLD, NEW]}
    assert (of_moved.record_key, of_moved.reason) == (f"{NEW}-{OTHER}", "UniProt merged them.")
    assert Revision.objects.get(kind=RecordKind.BINDING_SITE).changes == {"tf": [OLD, NEW]}
    gone = Revision.objects.get(kind=RecordKind.PROTEIN, record_id=old_id)
    assert gone.record_key == OLD
    assert gone.changes["name"] == ["ING1-old", None]
    assert gone.changes["gene_ids"] == [[99, 3621], None]
    history_is_whole()
    # What it was before is still in the history.
    assert values_at_version(RecordKind.PROTEIN, new.pk, 0)["gene_ids"] == [3621]
    assert values_at_version(RecordKind.INTERACTION, moved.pk, 0)["tf"] == OLD


def test_the_same_pair_is_united(old: Protein, new: Protein, other: Protein) -> None:
    absorbed = make_interaction(old, other, sources=["HTRI"], pmids=[5])
    stays = make_interaction(new, other, sources=["GTRD"], pmids=[7])
    merge(old, new)
    united = Interaction.objects.get()
    assert united.pk == stays.pk
    content = united.evidence.content()
    assert (content.sources, content.pmids) == (("GTRD", "HTRI"), (5, 7))
    # Those of the two are what documents say under each accession.
    assert united.support.content().by_role() == {
        Role.TABLE: EvidenceContent.of(["GTRD"], METHODS, [7], SmallScale.NO),
        Role.TABLE_PART: EvidenceContent.of(["HTRI"], METHODS, [5], SmallScale.NO),
    }
    assert Support.objects.get() == united.support
    assert (counts(NEW), counts(OTHER)) == ((1, 0), (0, 1))
    gone = Revision.objects.get(kind=RecordKind.INTERACTION, record_id=absorbed.pk)
    assert gone.record_key == f"{OLD}-{OTHER}"
    assert gone.changes["tf"] == [OLD, None]
    assert gone.changes["evidence"][0]["pmids"] == [5]
    revision = Revision.objects.get(kind=RecordKind.INTERACTION, record_id=stays.pk)
    assert revision.changes["evidence"][1]["pmids"] == [5, 7]
    history_is_whole()


UNREVIEWED, CONFIRMED = ReviewStatus.UNREVIEWED, ReviewStatus.CONFIRMED
DISPUTED, REJECTED = ReviewStatus.DISPUTED, ReviewStatus.REJECTED


@pytest.mark.parametrize(
    ("theirs", "ours", "stays", "conflicts"),
    [
        (UNREVIEWED, UNREVIEWED, UNREVIEWED, 0),
        (CONFIRMED, UNREVIEWED, CONFIRMED, 0),
        (UNREVIEWED, DISPUTED, DISPUTED, 0),
        (REJECTED, UNREVIEWED, REJECTED, 0),
        (CONFIRMED, CONFIRMED, CONFIRMED, 0),
        (CONFIRMED, DISPUTED, DISPUTED, 1),
        (REJECTED, CONFIRMED, REJECTED, 1),
        (DISPUTED, REJECTED, REJECTED, 1),
    ],
)
def test_the_more_severe_verdict_stays(
    old: Protein,
    new: Protein,
    other: Protein,
    theirs: ReviewStatus,
    ours: ReviewStatus,
    stays: ReviewStatus,
    conflicts: int,
) -> None:
    make_interaction(old, other, status=theirs)
    make_interaction(new, other, status=ours)
    plan = plan_merge(old, new)
    assert (plan.moved, plan.united, plan.conflicts) == (0, 1, conflicts)
    merge(old, new)
    assert Interaction.objects.get().status == stays
    public = 0 if stays == REJECTED else 1
    assert (counts(NEW), counts(OTHER)) == ((public, 0), (0, public))
    history_is_whole()


@pytest.mark.parametrize(
    ("theirs", "ours", "stays"),
    [
        (Effect.UNKNOWN, Effect.ACTIVATION, Effect.ACTIVATION),
        (Effect.REPRESSION, Effect.UNKNOWN, Effect.REPRESSION),
        (Effect.ACTIVATION, Effect.REPRESSION, Effect.BOTH),
        (Effect.BOTH, Effect.REPRESSION, Effect.BOTH),
        (Effect.ACTIVATION, Effect.ACTIVATION, Effect.ACTIVATION),
    ],
)
def test_both_effects_are_kept(
    old: Protein, new: Protein, other: Protein, theirs: Effect, ours: Effect, stays: Effect
) -> None:
    make_interaction(old, other, effect=theirs)
    make_interaction(new, other, effect=ours)
    merge(old, new)
    assert Interaction.objects.get().effect == stays


@pytest.mark.parametrize(
    ("theirs", "ours", "stays"),
    [
        (Reporting.REPORTED, Reporting.CURATED, Reporting.REPORTED),
        (Reporting.WITHDRAWN, Reporting.REPORTED, Reporting.REPORTED),
        (Reporting.WITHDRAWN, Reporting.CURATED, Reporting.WITHDRAWN),
        (Reporting.CURATED, Reporting.CURATED, Reporting.CURATED),
    ],
)
def test_what_one_is_reported_as_both_are(
    old: Protein, new: Protein, other: Protein, theirs: Reporting, ours: Reporting, stays: Reporting
) -> None:
    for tf, reporting in ((old, theirs), (new, ours)):
        made = make_interaction(tf, other)
        Interaction.objects.filter(pk=made.pk).update(reporting=reporting)
    merge(old, new)
    assert Interaction.objects.get().reporting == stays


@pytest.mark.parametrize("own", [True, False])
def test_self_interactions_become_one(old: Protein, new: Protein, own: bool) -> None:
    pairs = [(old, old), (old, new), (new, old)]
    made = [
        make_interaction(tf, target, pmids=[number])
        for number, (tf, target) in enumerate([*pairs, *([(new, new)] if own else [])], 1)
    ]
    merge(old, new)
    itself = Interaction.objects.get()
    assert itself.pk == (made[3] if own else made[0]).pk
    assert (itself.tf, itself.target) == (new, new)
    assert itself.evidence.content().pmids == tuple(range(1, len(made) + 1))
    assert counts(NEW) == (1, 1)
    history_is_whole()


def test_counts_follow_where_the_rejected_wins(old: Protein, new: Protein, other: Protein) -> None:
    make_interaction(other, old, status=REJECTED)
    make_interaction(other, new)
    third = make_protein("P04637", "TP53")
    make_interaction(third, old)
    merge(old, new)
    assert (counts(NEW), counts(OTHER), counts("P04637")) == ((0, 1), (0, 0), (1, 0))
    history_is_whole()


# Verdicts and comments of curators


def pin(kind: str, record_id: int, field: str, source: Any) -> Pin:
    if (kind, field) == ("interaction", "evidence"):
        pin_evidence(Interaction.objects.get(pk=record_id), evidence_from_json(source))
    return Pin.objects.create(
        kind=kind,
        record_id=record_id,
        field=field,
        source_value=source,
        pinned_by=make_person("curator", CURATOR),
    )


def test_pinned_evidence_stays_pinned(old: Protein, new: Protein, other: Protein) -> None:
    absorbed = make_interaction(old, other, sources=["HTRI"], methods=[], pmids=[])
    make_interaction(new, other, sources=["GTRD"], methods=[], pmids=[])
    source_value = {"sources": ["HTRI", "TRED"], "methods": [], "pmids": [], "small_scale": "no"}
    pin("interaction", absorbed.pk, "evidence", source_value)
    merge(old, new)
    moved, united = Pin.objects.get(), Interaction.objects.get()
    assert moved.record_id == united.pk
    assert moved.source_value == {**source_value, "sources": ["GTRD", "HTRI", "TRED"]}
    assert united.evidence.content().sources == ("GTRD", "HTRI")
    assert moved.pinned_by == make_person("curator", CURATOR)


def test_pins_of_both_become_one_and_go_where_nothing_differs(
    old: Protein, new: Protein, other: Protein
) -> None:
    rows = [
        make_interaction(tf, other, sources=[source], methods=[], pmids=[])
        for tf, source in ((old, "HTRI"), (new, "GTRD"))
    ]
    # Each source has what the curator gave the other: together, they agree.
    for row, source in zip(rows, ("GTRD", "HTRI"), strict=True):
        source_value = {"sources": [source], "methods": [], "pmids": [], "small_scale": "no"}
        pin("interaction", row.pk, "evidence", source_value)
    merge(old, new)
    assert not Pin.objects.exists()


def test_a_curators_word_on_either_protein_stays(old: Protein, new: Protein) -> None:
    Protein.objects.filter(pk=old.pk).update(declared_target=True)
    pin("protein", old.pk, "gene_ids", [22, 99, 3621])  # 22 was taken away
    pin("protein", new.pk, "declared_target", source=True)  # "not a target", by a curator
    pin("protein", new.pk, "name", "p33")
    pin("protein", old.pk, "name", "old name")
    merge(old, new)
    pins = {pin.field: pin.source_value for pin in Pin.objects.filter(record_id=new.pk)}
    assert pins == {"gene_ids": [22, 99, 3621], "declared_target": True, "name": "p33"}
    assert Pin.objects.count() == 3
    protein = Protein.objects.get(pk=new.pk)
    assert (protein.name, protein.declared_target) == ("ING1", False)
    history_is_whole()


def test_a_name_is_taken_where_there_is_none(old: Protein) -> None:
    nameless = make_protein(NEW)
    pin("protein", old.pk, "name", "what its source calls it")
    merge(old, nameless)
    assert Protein.objects.get(pk=nameless.pk).name == "ING1-old"
    assert Pin.objects.get().record_id == nameless.pk


def test_a_name_that_a_curator_took_away_stays_away(old: Protein) -> None:
    nameless = make_protein(NEW)
    pin("protein", nameless.pk, "name", "wrong")
    merge(old, nameless)
    assert Protein.objects.get(pk=nameless.pk).name == ""


def propose(kind: RecordKind, record_id: int | None, key: str, **more: Any) -> Proposal:
    return Proposal.objects.create(
        kind=kind,
        record_id=record_id,
        record_key=key,
        changes=more.pop("changes", {"name": ["a", "b"]}),
        origin="curator",
        author=make_person("curator", CURATOR),
        **more,
    )


def test_proposals_and_comments(old: Protein, new: Protein, other: Protein) -> None:
    absorbed, stays = make_interaction(old, other), make_interaction(new, other)
    moved = make_interaction(other, old)
    kind = RecordKind.INTERACTION
    proposals = {
        "for the old name": propose(RecordKind.PROTEIN, old.pk, OLD),
        "for what is absorbed": propose(kind, absorbed.pk, f"{OLD}-{OTHER}"),
        "for what stays": propose(kind, stays.pk, f"{NEW}-{OTHER}"),
        "for what moves": propose(kind, moved.pk, f"{OTHER}-{OLD}"),
        "a new one": propose(kind, None, f"{OLD}-{OLD}"),
        "a new one that is there": propose(kind, None, f"{OTHER}-{NEW}"),
        "decided": propose(RecordKind.PROTEIN, old.pk, OLD, state="rejected"),
    }
    senior = make_person("senior")
    for record_kind, record_id in (("protein", old.pk), ("interaction", absorbed.pk)):
        Comment.objects.create(
            kind=record_kind, record_id=record_id, record_key=OLD, author=senior, text="Hm."
        )
    merge(old, new)
    for proposal in proposals.values():
        proposal.refresh_from_db()
    states = {name: (proposal.state, proposal.record_key) for name, proposal in proposals.items()}
    assert states == {
        "for the old name": ("superseded", OLD),
        "for what is absorbed": ("superseded", f"{OLD}-{OTHER}"),
        "for what stays": ("open", f"{NEW}-{OTHER}"),
        "for what moves": ("open", f"{OTHER}-{NEW}"),
        "a new one": ("open", f"{NEW}-{NEW}"),
        "a new one that is there": ("open", f"{OTHER}-{NEW}"),
        "decided": ("rejected", OLD),
    }
    closed = proposals["for the old name"]
    assert closed.decision_reason == f"{OLD} has been merged into {NEW}."
    assert closed.decided_by == senior
    about = Comment.objects.order_by("id").values_list("record_id", "record_key")
    assert list(about) == [(new.pk, NEW), (stays.pk, f"{NEW}-{OTHER}")]
    history_is_whole()


# What is refused


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
def test_only_who_may_change_records_merges(old: Protein, new: Protein, role: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.merge_protein(
            user=make_person("x", role), secondary=old, primary=new, reason="Because."
        )
    with pytest.raises(PermissionDenied):
        actions.merge_protein(user=None, secondary=old, primary=new, reason="Because.")
    assert Protein.objects.filter(accession=OLD).exists()


def test_what_cannot_be_merged(old: Protein, new: Protein) -> None:
    mouse = make_protein("Q9QXV3", code="Mm")
    with pytest.raises(ActionError, match="a reason is needed to merge two proteins"):
        merge(old, new, "  ")
    with pytest.raises(ActionError, match=r"Homo sapiens.*Mus musculus.*two species"):
        merge(old, mouse)
    with pytest.raises(ActionError, match="into itself"):
        merge(old, Protein.objects.get(pk=old.pk))
    merge(old, new)
    with pytest.raises(ValidationError, match="removed meanwhile"):
        merge(old, new)


@pytest.mark.parametrize("which", ["old", "new"])
def test_what_changed_meanwhile_is_not_merged(old: Protein, new: Protein, which: str) -> None:
    seen = max(version_of(RecordKind.PROTEIN, one.pk) for one in (old, new))
    changed = {"old": old, "new": new}[which]
    actions.amend_protein(user=make_person("senior"), protein=changed, values={"name": "X"})
    with pytest.raises(StaleError):
        merge(old, new, seen=seen)
    assert Protein.objects.count() == 2
    merge(old, new, seen=Revision.objects.order_by("-id").values_list("id", flat=True)[0])


def test_an_error_half_way_leaves_nothing(
    old: Protein, new: Protein, other: Protein, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_interaction(old, other)
    monkeypatch.setattr("curation.actions.merging.recount", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        merge(old, new)
    assert Interaction.objects.get(pk=made.pk).tf == old
    assert Protein.objects.filter(accession=OLD).exists()
    assert not Revision.objects.exists()
    assert not SecondaryAccession.objects.exists()
    assert (counts(OLD), counts(OTHER)) == ((1, 0), (0, 1))


def test_a_secondary_accession_is_not_added_as_a_protein(old: Protein, new: Protein) -> None:
    merge(old, new)
    again = Protein(accession=OLD, taxon=taxon())
    with pytest.raises(ActionError, match=r"P00001 is a secondary accession of ING1 \(Q9UK53\)"):
        actions.add_record(user=make_person("senior"), record=again, values={})
    assert not Protein.objects.filter(accession=OLD).exists()


def test_merging_may_be_repeated_along_a_chain(old: Protein, new: Protein, other: Protein) -> None:
    merge(old, new)
    merge(new, other)
    former = SecondaryAccession.objects.filter(protein=other)
    assert [row.accession for row in former] == [OLD, NEW]
    history_is_whole()


def test_a_hub_takes_no_more_queries_than_its_lists_need(new: Protein) -> None:
    def queries(number_of_targets: int) -> int:
        hub = make_protein(accession(number_of_targets))
        for number in range(number_of_targets):
            target = make_protein(accession(1000 * number_of_targets + number))
            make_interaction(hub, target)
            if number % 2:
                make_interaction(new, target, sources=["HTRI"])
        with CaptureQueriesContext(connection) as queries:
            merge(hub, new)
        return len(queries)

    few, more = queries(4), queries(24)
    # Counted by the driver where it takes rows one by one; evidence is looked up by itself.
    assert more <= few + 10
    assert list(find_breaches()) == []
