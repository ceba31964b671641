"""Decisions on accessions and gene IDs that are no longer in use at their sources."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.utils import timezone

from curation.actions.merging import merge_protein
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    clean_reason,
    record_revision,
    writing,
)
from curation.models import Comment, Origin, Proposal, ProposalState, RecordKind, Verb
from curation.permissions import Right
from curation.records import records_of
from curation.shared.changes import this_change
from proteins.models import AccessionFate, GeneID, GeneIDFate, Protein, SecondaryAccession


def settle_accession(
    *, user: User | None, accession: str, successor: str = "", reason: str
) -> None:
    """Decide what a former accession means: that of one `successor`, or, without one, that
    everything stays as it is.

    A protein that has the accession is merged into the successor; else the accession leads to it
    from then on. Raises `ActionError` where there is nothing to decide, without a reason, and for
    an entry that is not among those that took its place or is not here.
    """
    with writing(user, Right.DECIDE, reason):
        text = clean_reason(reason, demanded_for="decide on an accession")
        fates = list(AccessionFate.objects.filter(accession=accession))
        if not fates:
            raise ActionError(f"Nothing is known to have become of {accession}.")
        own = Protein.objects.filter(accession=accession).first()
        if not successor:
            _settle(accession, own, user, text)
            return
        if successor not in {fate.successor for fate in fates}:
            raise ActionError(f"{successor} is not among the entries that followed {accession}.")
        protein = Protein.objects.filter(accession=successor).first()
        if protein is None:
            raise ActionError(f"No protein {successor} is here.")
        if own is not None:
            merge_protein(user=user, secondary=own, primary=protein, reason=text)
        else:
            _lead(accession, protein, user, text)
        AccessionFate.objects.filter(accession=accession).update(settled=True)


def _settle(accession: str, own: Protein | None, user: User | None, reason: str) -> None:
    """Leave an accession as it is, with a comment on the protein that has it."""
    AccessionFate.objects.filter(accession=accession).update(settled=True)
    if own is None:
        return
    _comment(own, user, f"{accession} stays as it is, though its source says otherwise: {reason}")
    questions = Proposal.objects.filter(
        kind=RecordKind.PROTEIN, record_id=own.pk, origin=Origin.IMPORT, state=ProposalState.OPEN
    )
    for question in questions:
        if not question.changes:
            question.state = ProposalState.REJECTED
            question.decided_by, question.decided_at = user, timezone.now()
            question.decision_reason = reason
            question.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])


def _comment(protein: Protein, user: User | None, text: str) -> None:
    assert user is not None  # noqa: S101  (an anonymous user has no right)
    Comment.objects.create(
        kind=RecordKind.PROTEIN,
        record_id=protein.pk,
        record_key=protein.accession,
        author=user,
        text=text,
    )
    Protein.objects.filter(pk=protein.pk).update(change=this_change())


def _lead(accession: str, protein: Protein, user: User | None, reason: str) -> None:
    """Let a former accession lead to a protein."""
    records = records_of(RecordKind.PROTEIN)
    field = "secondary_accessions"
    before = records.values(records.get(protein.pk))[field]
    SecondaryAccession.objects.create(accession=accession, protein=protein)
    Protein.objects.filter(pk=protein.pk).update(change=this_change())
    after = records.values(records.get(protein.pk))[field]
    context = ChangeContext(verb=Verb.AMENDED, user=user, reason=reason)
    changes = {field: [before, after]}
    record_revision(RecordKind.PROTEIN, protein.pk, protein.accession, changes, context)


def settle_gene_id(*, user: User | None, gene_id: int, reason: str) -> None:
    """Let proteins have a discontinued gene ID as it is. Raises `ActionError` where there is
    nothing to decide, and without a reason."""
    with writing(user, Right.DECIDE, reason):
        text = clean_reason(reason, demanded_for="decide on a gene ID")
        if not GeneIDFate.objects.filter(ncbi_gene_id=gene_id).update(settled=True):
            raise ActionError(f"Nothing is known to have become of the gene ID {gene_id}.")
        owners = GeneID.objects.filter(ncbi_gene_id=gene_id).select_related("protein")
        for owner in owners:
            words = f"The gene ID {gene_id} stays, though NCBI has discontinued it: {text}"
            _comment(owner.protein, user, words)
