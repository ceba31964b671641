"""The records that readers report errors of, and the state of a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse

from curation.actions.report_message import shown
from curation.models import ProposalState, PublicReport, RecordKind
from curation.public.record_history import history_since
from proteins import hooks
from proteins.models import Interaction, Protein, ReviewStatus
from proteins.queries.interaction_page import accessions_of, interaction_of


@dataclass(frozen=True)
class Subject:
    """A public record, with its name and URLs."""

    kind: RecordKind
    record: Protein | Interaction
    #: Its identifier in URLs.
    identifier: str
    name: str

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()

    @property
    def report_url(self) -> str:
        """The URL of the form that reports an error of it."""
        return reverse("report", args=[self.kind.value, self.identifier])

    @property
    def about(self) -> str:
        """What a form about it is signed for."""
        return f"{self.kind.value} {self.record.pk}"


def subject_of(kind: str, identifier: str) -> Subject | None:
    """Return the public record of an identifier, also of a former one; None where none is."""
    if kind == RecordKind.PROTEIN:
        protein = Protein.objects.by_accession(identifier).select_related("taxon").first()
        return _protein(protein) if protein else None
    pair = accessions_of(identifier) if kind == RecordKind.INTERACTION else None
    interaction = interaction_of(*pair) if pair else None
    return _interaction(interaction) if interaction else None


def _protein(protein: Protein) -> Subject:
    return Subject(RecordKind.PROTEIN, protein, protein.accession, str(protein))


def _interaction(interaction: Interaction) -> Subject:
    names = [protein.label for protein in (interaction.tf, interaction.target)]
    both = interaction.tf_id == interaction.target_id
    name = f"{names[0]} regulates {'itself' if both else names[1]}"
    return Subject(RecordKind.INTERACTION, interaction, interaction.key, name)


@dataclass(frozen=True)
class Standing:
    """A state in a word and a sentence."""

    word: str
    sentence: str


_WAITING: Final = Standing("Waiting", "It is waiting for a curator.")
_REVIEWED: Final = Standing("Under review", "A curator is working on it.")
_STANDINGS: Final = {
    ProposalState.ACCEPTED: Standing("Accepted", "A curator examined it, agreed and acted on it."),
    ProposalState.REJECTED: Standing(
        "Rejected", "A curator examined it and found no error in the record."
    ),
}
_CLOSED: Final = Standing(
    "Closed", "The record was removed or merged with another before a decision."
)


@dataclass(frozen=True)
class Followed:
    """A report as the holder of its token may read it."""

    report: PublicReport
    standing: Standing
    message: str
    #: The record as the public sees it; None where it does not.
    subject: Subject | None
    #: What happened to the record since.
    history: hooks.History
    decided_at: datetime | None

    @classmethod
    def by_token(cls, token: str) -> Followed | None:
        report = PublicReport.objects.filter(token=token).select_related("proposal").first()
        if report is None:
            return None
        proposal = report.proposal
        record_id = proposal.record_id or 0
        return cls(
            report,
            _standing_of(report),
            shown(proposal.comment),
            _subject_by_id(proposal.kind, record_id),
            history_since(proposal.kind, record_id, proposal.opened_at),
            proposal.decided_at,
        )

    @property
    def is_open(self) -> bool:
        return self.report.proposal.state == ProposalState.OPEN


def _standing_of(report: PublicReport) -> Standing:
    proposal = report.proposal
    if proposal.state == ProposalState.OPEN:
        return _WAITING if proposal.assigned_to_id is None else _REVIEWED
    return _STANDINGS.get(ProposalState(proposal.state), _CLOSED)


def _subject_by_id(kind: str, record_id: int) -> Subject | None:
    if kind == RecordKind.PROTEIN:
        protein = Protein.objects.filter(pk=record_id).select_related("taxon").first()
        return _protein(protein) if protein else None
    interactions = Interaction.objects.exclude(status=ReviewStatus.REJECTED)
    interaction = interactions.filter(pk=record_id).select_related("tf", "target").first()
    return _interaction(interaction) if interaction else None
