"""What differs after anything was written by way of this package, for tags of public pages.

Each is read from the end of an index, or counted among few rows.
"""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.db.models import Count, Model, Subquery, Value

from curation.models import UNDECIDED, ImportRun, Proposal, RunState
from proteins.caching.conditional import IMPORT, register_state


def _newest(model: type[Model]) -> Subquery:
    return Subquery(model._default_manager.order_by("-pk").values("pk")[:1])


def _number(model: type[Model], *states: str) -> Subquery:
    of_states = model._default_manager.order_by().filter(state__in=states)
    all_of_them = of_states.annotate(one=Value(1)).values("one")
    return Subquery(all_of_them.annotate(number=Count("pk")).values("number"))


def register() -> None:
    # Records change under a number, which the state has already (`ChangeSet`).
    # The last thing that an import writes is what came of it; one runs at a time.
    newest = ImportRun.objects.order_by("-pk")
    register_state(IMPORT, Subquery(newest.values("finished_at")[:1]))
    register_state("undone", _number(ImportRun, RunState.UNDONE))
    # Proposals on records that are undecided, as pages of records show them.
    register_state("proposals", _newest(Proposal))
    register_state("open proposals", _number(Proposal, *UNDECIDED))
    # Vocabularies have no history of their own but the admin's.
    register_state("vocabularies", _newest(LogEntry))
