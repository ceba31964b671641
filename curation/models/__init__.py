"""How knowledge gets in or changes: the public face of the models."""

from curation.models.import_run import ImportRun, RunChunk, RunState, SourcePage, SourceTable
from curation.models.review import (
    MAX_COMMENT,
    Comment,
    Endorsement,
    Origin,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
)
from curation.models.revision import Revision, Verb

__all__ = [
    "MAX_COMMENT",
    "Comment",
    "Endorsement",
    "ImportRun",
    "Origin",
    "Pin",
    "Proposal",
    "ProposalState",
    "RecordKind",
    "Revision",
    "RunChunk",
    "RunState",
    "SourcePage",
    "SourceTable",
    "Verb",
]
