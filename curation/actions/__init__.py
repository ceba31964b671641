"""Every curator's write: one atomic function each, named by its verb.

Each demands its right, waits for the write lock, checks what it is given, writes, pins what it
changed and records who, when and why. Reads are in `curation.records.history`. One is the public's,
`report_error`: it has limits instead of a right.

`seen` is the version of the record (`history.version_of`) that the person had before them:
where the record was changed since, nothing is written and `StaleError` holds what happened.
Errors are `PermissionDenied`, `ValidationError` (its text is for the person; `ActionError`,
`StaleError` and `RecordGoneError` are such) and `BusyError` while an import is being written.

Of many records at once: `batches` (reviewed together, undone together) and `papers` (what one
publication says of many interactions), each with functions of its own.
"""

from curation.actions.fates import settle_accession, settle_gene_id
from curation.actions.interactions import (
    add_interaction,
    amend_interaction,
    confirm_interaction,
    dispute_interaction,
    reject_interaction,
    remove_interaction,
    reopen_interaction,
    why_not_removed,
)
from curation.actions.merge_plan import MergePlan, plan_merge, why_not_merged
from curation.actions.merging import merge_protein, merge_stated
from curation.actions.proposals import (
    accept_proposal,
    assign_proposal,
    comment,
    endorse_proposal,
    propose,
    propose_interaction,
    propose_statement,
    reject_proposal,
    resubmit_proposal,
    return_proposal,
    withdraw_proposal,
)
from curation.actions.propose_protein import propose_protein
from curation.actions.records import (
    add_record,
    amend_binding_site,
    amend_citation,
    amend_protein,
    keep_vocabulary,
    remove_record,
    remove_vocabulary,
    revert,
)
from curation.actions.reports import report_error
from curation.actions.results import remove_result
from curation.actions.statements import (
    add_statement,
    amend_statement,
    reinstate_statement,
    retract_statement,
)
from curation.actions.writing import ActionError, BusyError, StaleError

__all__ = [
    "ActionError",
    "BusyError",
    "MergePlan",
    "StaleError",
    "accept_proposal",
    "add_interaction",
    "add_record",
    "add_statement",
    "amend_binding_site",
    "amend_citation",
    "amend_interaction",
    "amend_protein",
    "amend_statement",
    "assign_proposal",
    "comment",
    "confirm_interaction",
    "dispute_interaction",
    "endorse_proposal",
    "keep_vocabulary",
    "merge_protein",
    "merge_stated",
    "plan_merge",
    "propose",
    "propose_interaction",
    "propose_protein",
    "propose_statement",
    "reinstate_statement",
    "reject_interaction",
    "reject_proposal",
    "remove_interaction",
    "remove_record",
    "remove_result",
    "remove_vocabulary",
    "reopen_interaction",
    "report_error",
    "resubmit_proposal",
    "retract_statement",
    "return_proposal",
    "revert",
    "settle_accession",
    "settle_gene_id",
    "why_not_merged",
    "why_not_removed",
    "withdraw_proposal",
]
