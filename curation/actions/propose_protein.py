"""A protein that is not there yet: proposed by a curator, added by who accepts it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from curation.actions.records import check_not_secondary, create_record
from curation.actions.writing import ActionError, ChangeContext, clean_reason, writing
from curation.models import Origin, Proposal, ProposalState, RecordKind
from curation.permissions import Right
from curation.records import records_of
from curation.shared.field_changes import Change
from proteins.models import Protein, Taxon


def propose_protein(
    *,
    user: User | None,
    accession: str,
    taxon: Taxon,
    values: Mapping[str, Any],
    reason: str = "",
) -> Proposal:
    """Propose a protein that is not there yet; `values` as `add_record` takes them."""
    with writing(user, Right.PROPOSE):
        return Proposal.objects.create(
            kind=RecordKind.PROTEIN,
            record_id=None,
            record_key=accession,
            changes=changes_of_new_protein(accession, taxon.pk, values),
            origin=Origin.CURATOR,
            author=user,
            comment=clean_reason(reason),
            taxon_id=taxon.pk,
        )


def changes_of_new_protein(
    accession: str, taxon_id: int | None, values: Mapping[str, Any]
) -> dict[str, Change]:
    """Return what a proposal of a protein holds; raises `ActionError` where it is there, or
    proposed already by another."""
    blank = _blank(accession, taxon_id)
    open_ones = Proposal.objects.filter(
        kind=RecordKind.PROTEIN, record_id=None, record_key=accession, state=ProposalState.OPEN
    )
    if waiting := open_ones.first():
        raise ActionError(f"Proposal {waiting.pk} proposes {accession} already.")
    cleaned = records_of(RecordKind.PROTEIN).clean(blank, values)
    return {name: [None, value] for name, value in cleaned.items()}


def create_proposed_protein(
    proposal: Proposal, values: Mapping[str, Any], context: ChangeContext
) -> Protein:
    """Add the protein of a proposal for any user; the caller is within `writing`."""
    protein = _blank(proposal.record_key, proposal.taxon_id)
    create_record(protein, values, context)
    return protein


def _blank(accession: str, taxon_id: int | None) -> Protein:
    """Return a protein that is not stored, checked as one that may be."""
    protein = Protein(accession=accession)
    if taxon_id is None or not Taxon.objects.filter(pk=taxon_id).exists():
        raise ActionError(f"The species of {accession} is not here.")
    protein.taxon_id = taxon_id
    check_not_secondary(accession)
    if Protein.objects.filter(accession=accession).exists():
        raise ActionError(f"{accession} is there already.")
    try:
        Protein._meta.get_field("accession").clean(accession, protein)
    except ValidationError as error:
        raise ActionError(" ".join(error.messages)) from error
    return protein
