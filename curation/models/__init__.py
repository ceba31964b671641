"""How knowledge gets in or changes: the public face of the models."""

from curation.models.import_run import ImportRun, RunChunk, RunState, SourcePage, SourceTable
from curation.models.review import Origin, Pin, Proposal, ProposalState, RecordKind

__all__ = [
    "ImportRun",
    "Origin",
    "Pin",
    "Proposal",
    "ProposalState",
    "RecordKind",
    "RunChunk",
    "RunState",
    "SourcePage",
    "SourceTable",
]
