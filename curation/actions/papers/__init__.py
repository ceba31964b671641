"""What one publication says of many interactions: all of it stored or proposed, or nothing.

plan         what a block of rows would add: read and compared, nothing is written
entering     the rows stored as one batch, or proposed as a submission, and corrected
submissions  rows of a submission accepted, rejected or sent back
rows         statements of many interactions, stored in whole lists
"""

from curation.actions.papers.entering import (
    AddedPaper,
    PaperError,
    add_from_publication,
    resubmit_publication,
    submit_publication,
)
from curation.actions.papers.plan import PaperPlan, plan_paper
from curation.actions.papers.submissions import (
    RowsError,
    accept_rows,
    reject_rows,
    return_rows,
)

__all__ = [
    "AddedPaper",
    "PaperError",
    "PaperPlan",
    "RowsError",
    "accept_rows",
    "add_from_publication",
    "plan_paper",
    "reject_rows",
    "resubmit_publication",
    "return_rows",
    "submit_publication",
]
