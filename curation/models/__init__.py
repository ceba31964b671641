"""How knowledge gets in or changes: the public face of the models."""

from curation.models.batch import Batch, BatchJob, BatchKind
from curation.models.group import GroupFold
from curation.models.import_run import (
    FORMER_ACCESSION,
    ImportRun,
    RunChunk,
    RunState,
    SitePart,
    SourcePage,
    SourceTable,
)
from curation.models.removed_name import RemovedName
from curation.models.report import (
    MAX_MESSAGE,
    MAX_PMIDS,
    MIN_MESSAGE,
    PublicReport,
    ReportCategory,
)
from curation.models.researcher import Researcher, orcid_of
from curation.models.review import (
    MAX_COMMENT,
    UNDECIDED,
    Comment,
    Endorsement,
    Origin,
    Pin,
    Proposal,
    ProposalState,
    RecordKind,
    VocabularyKind,
)
from curation.models.revision import Revision, Verb
from curation.models.stored_result import RETENTION, StoredResult
from curation.models.submission import Submission
from curation.models.upload import Job, JobState, ReleaseOrder, RunUndo, Upload, UploadKind

__all__ = [
    "FORMER_ACCESSION",
    "MAX_COMMENT",
    "MAX_MESSAGE",
    "MAX_PMIDS",
    "MIN_MESSAGE",
    "RETENTION",
    "UNDECIDED",
    "Batch",
    "BatchJob",
    "BatchKind",
    "Comment",
    "Endorsement",
    "GroupFold",
    "ImportRun",
    "Job",
    "JobState",
    "Origin",
    "Pin",
    "Proposal",
    "ProposalState",
    "PublicReport",
    "RecordKind",
    "ReleaseOrder",
    "RemovedName",
    "ReportCategory",
    "Researcher",
    "Revision",
    "RunChunk",
    "RunState",
    "RunUndo",
    "SitePart",
    "SourcePage",
    "SourceTable",
    "StoredResult",
    "Submission",
    "Upload",
    "UploadKind",
    "Verb",
    "VocabularyKind",
    "orcid_of",
]
