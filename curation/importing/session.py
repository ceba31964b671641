"""One import while it runs: its lock, its record, its chunks, each a transaction."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import Any, TypeVar

from django.apps import apps
from django.db import Error, IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from curation.importing.loading.journal import Events, Journal, Silent
from curation.importing.loading.load import Loader
from curation.importing.loading.report import RunReport
from curation.importing.loading.store import Store
from curation.importing.planning.claims import Claims
from curation.importing.planning.plan import make_plan
from curation.importing.planning.planned import Plan
from curation.importing.planning.snapshot import Stored
from curation.importing.source.records import Problem
from curation.importing.source.rules import RULES, rules_with
from curation.models import Batch, BatchKind, ImportRun, RunState
from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import change_set
from curation.shared.lock import (
    IMPORT_PATIENCE,
    ImportLock,
    ImportLostError,
    import_lock,
    wait_for_curators,
    waiting_at_most,
)
from curation.shared.species_counts import (
    ALL_PUBLICATIONS,
    METHODS,
    PUBLICATIONS,
    SCALES,
    SITES,
    SOURCES,
    publication_counts,
)
from curation.shared.trial import trial
from proteins.models import ChangeKind, Citation, Protein, Taxon
from proteins.queries.species_counts import (
    publications_by_species,
    scales_by_species,
    sites_by_species,
    supported_by_vocabulary,
)

T = TypeVar("T")
OnProblem = Callable[[Problem], None]
OnStart = Callable[[ImportRun], None]

#: How often a chunk is tried that met another write on PostgreSQL.
ATTEMPTS = 3
#: Of so many interactions one must have changed, before what takes a pass over all of them
#: is done again: at 12 million it takes as long as to import 12,000.
WORTH_COUNTING = 1_000


class ImportSession:
    """What the chunks of one run share; `write` takes in one of them."""

    def __init__(
        self, run: ImportRun, lock: ImportLock, on_problem: OnProblem, events: Events
    ) -> None:
        self.run = run
        self._lock = lock
        self.report = RunReport(run_id=run.pk)
        self.bulk: Bulk = bulk_for()
        self.events = events
        self._on_problem = on_problem
        #: As they are when the import starts.
        self.species = Taxon.objects.species_names()
        self._rules = rules_with(self.species)
        self._begin()

    def _begin(self) -> None:
        self.journal = Journal(self.events)
        self.store = Store(self.bulk, self.journal)
        self.loader = Loader(self.bulk, self.store, self.report, self.journal, self.run)

    @contextmanager
    def change(self) -> Iterator[None]:
        """Hold a transaction, the write lock and a change set, for as long as the right to
        import is still this run's; raises `ImportLostError` where it is not."""
        with self._right(), change_set(ChangeKind.IMPORT, run=self.run.pk):
            yield

    @contextmanager
    def _right(self) -> Iterator[None]:
        with transaction.atomic():
            wait_for_curators()
            self._lock.confirm()
            # Who had the right in between has marked the run.
            if not ImportRun.objects.filter(pk=self.run.pk, state=RunState.RUNNING).exists():
                raise ImportLostError
            yield

    @property
    def present_rules(self) -> tuple[int, int]:
        """The versions of rules under which a file that is unchanged need not be read again."""
        return RULES, self._rules

    def rules_of(self, refused: int) -> int:
        """Return the version of the rules to record with a file, so much of which was refused."""
        return self._rules if refused else RULES

    def refuse(self, problem: Problem) -> None:
        self.report.refuse(problem)
        self._on_problem(problem)

    def write(
        self,
        claims_of: Callable[[Store], tuple[Claims, Stored]],
        then: Callable[[Plan, dict[str, int]], None] = lambda *_: None,
    ) -> Plan:
        """Take in one chunk, whole or not at all.

        `claims_of` reads it against what is stored, `then` writes what belongs to it, both
        within its transaction. Who wrote in between on PostgreSQL makes it start again.
        """

        def work() -> Plan:
            plan = make_plan(*claims_of(self.store))
            then(plan, self.loader.write(plan))
            return plan

        plan = self.attempt(work)
        for problem in plan.problems:
            self.refuse(problem)
        return plan

    def attempt(self, work: Callable[[], T]) -> T:
        """Do the work of a chunk, whole or not at all, and store its journal.

        Who wrote in between on PostgreSQL makes it start again, with another store and journal.
        """
        counted = self.report.counted()
        attempts = ATTEMPTS
        while True:
            attempts -= 1
            try:
                with self.change():
                    result = work()
                    self.journal.store(self.run)
                return result
            except (IntegrityError, OperationalError):
                if not attempts or connection.in_atomic_block:
                    raise
                self.report.restore(counted)
                self._begin()

    def finish(self, state: RunState) -> None:
        run, report = self.run, self.report
        run.state = state
        run.finished_at = timezone.now()
        run.pages_read = report.pages_read
        run.pages_refused = report.pages_refused
        run.rows_refused = report.rows_refused
        if state == RunState.FINISHED:
            self.before_all_is_read()
        run.counts = report.counts() | self._by_species(state)
        run.problems = report.refusals.lines()
        with self._right():
            run.save()
            self._record_batch()

    def _record_batch(self) -> None:
        """Let the run be in the list of batches, by its first change set."""
        first = self.run.chunks.order_by("id").values_list("change_id", flat=True).first()
        if first is not None:
            Batch.objects.get_or_create(
                run=self.run, defaults={"change_id": first, "kind": BatchKind.IMPORT}
            )

    def before_all_is_read(self) -> None:
        """Let PostgreSQL know how many rows there are, where many are new: until its own daemon
        looks, a minute later, it plans as for tables that are nearly empty, and takes minutes
        over what takes a second."""
        if connection.vendor == "postgresql" and self._changed_much():
            _analyze()

    def _by_species(self, state: RunState) -> dict[str, dict[str, Any]]:
        """Count what the home page and the API show of each species: a pass over everything,
        left to the next import where too little has changed to be worth it."""
        if state != RunState.FINISHED:
            return {}
        counted = publication_counts()
        if counted is not None and counted.sources is not None and not self._changed_much():
            return {}
        sources, methods = supported_by_vocabulary()
        return {
            PUBLICATIONS: publications_by_species(),
            ALL_PUBLICATIONS: {"all": Citation.objects.cited().count()},
            SITES: sites_by_species(),
            SCALES: scales_by_species(),
            SOURCES: sources,
            METHODS: methods,
        }

    def _changed_much(self) -> bool:
        counts = self.report.counts()
        changed = sum(
            counts[kind]["created"] + counts[kind]["changed"]
            for kind in ("interactions", "binding sites", "statements")
            if kind in counts
        )
        listed: int = Protein.objects.totals()["interactions"]
        return changed > 0 and changed * WORTH_COUNTING >= listed


def _analyze() -> None:
    tables = (model._meta.db_table for model in apps.get_app_config("proteins").get_models())
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(map(connection.ops.quote_name, tables))}")


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for cycles among objects less often: an import makes millions of objects, none
    of them in a cycle, and Python would go through all of them again and again."""
    thresholds = gc.get_threshold()
    gc.set_threshold(200_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _mark_failed(session: ImportSession) -> None:
    """Mark a run as failed, on a new connection where the old one is broken.

    Where the database cannot be written to at all, the next import does it.
    """
    try:
        session.finish(RunState.FAILED)
    except Error:
        connection.close()
        with suppress(Error):
            session.finish(RunState.FAILED)


@contextmanager
def import_session(
    command: str,
    paths: list[str],
    *,
    on_problem: OnProblem,
    events: Events | None = None,
    dry_run: bool = False,
    brief: bool = False,
) -> Iterator[ImportSession]:
    """Hold the import lock and a run's record for as long as the run takes.

    A dry run is the real thing, on a copy of the records or rolled back (`trial`, which says what
    is `brief`). Raises `ImportBusyError` where another import is running, and `ImportLostError`
    where one was begun because this one had lost its connection.
    """
    with (
        import_lock() as lock,
        waiting_at_most(IMPORT_PATIENCE),
        _rare_collections(),
        trial(brief=brief) if dry_run else nullcontext(),
    ):
        run = ImportRun.objects.create(command=command, paths=paths)
        # What a dry run writes is stored nowhere: it needs no right to it.
        held = ImportLock() if dry_run else lock
        session = ImportSession(run, held, on_problem, events or Silent())
        try:
            yield session
        except ImportLostError:
            raise  # whoever has the right now has marked the run
        except BaseException:
            if not dry_run:
                _mark_failed(session)
            raise
        if not dry_run:
            session.finish(RunState.FINISHED)
