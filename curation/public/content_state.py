"""What differs after anything was written by way of this package, for tags of public pages.

Each is read from the end of an index, or counted among few rows.
"""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Model, Subquery

from curation.models import ImportRun, Proposal, ProposalState, RunState
from proteins.caching.conditional import register_state


def _newest(model: type[Model]) -> Subquery:
    return Subquery(model._default_manager.order_by("-pk").values("pk")[:1])


def _number(model: type[Model], state: str) -> Subquery:
    of_state = model._default_manager.order_by().filter(state=state).values("state")
    return Subquery(of_state.annotate(number=Count("pk")).values("number"))


def register() -> None:
    # Records change under a number, which the state has already (`ChangeSet`).
    # The last thing that an import writes is what came of it; one runs at a time.
    newest = ImportRun.objects.order_by("-pk")
    register_state("import", Subquery(newest.values("finished_at")[:1]))
    register_state("undone", _number(ImportRun, RunState.UNDONE))
    # Open proposals on records.
    register_state("proposals", _newest(Proposal))
    register_state("open proposals", _number(Proposal, ProposalState.OPEN))
    # Vocabularies have no history of their own but the admin's.
    register_state("vocabularies", _newest(LogEntry))
