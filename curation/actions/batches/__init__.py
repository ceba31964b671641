"""Changes of many records at once, each a batch: one change set, which has a page and an undo.

batch     what makes a change set a batch, and how many records it may concern
reviews   interactions confirmed, disputed, rejected or reopened, in whole lists
undo      a batch taken back, by its revisions; restoring one record is in `restoring`
"""

from curation.actions.batches.batch import LIMIT, batch
from curation.actions.batches.reviews import (
    BatchOutcome,
    Refusal,
    review_interactions,
    right_to_review,
)
from curation.actions.batches.undo import UndoOutcome, undo_batch

__all__ = [
    "LIMIT",
    "BatchOutcome",
    "Refusal",
    "UndoOutcome",
    "batch",
    "review_interactions",
    "right_to_review",
    "undo_batch",
]
