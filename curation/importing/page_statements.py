"""Statements on pages on their way into the database, with the pages of their chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from curation.importing.loading.load_statements import STATEMENTS, StatementLoader
from curation.importing.loading.report import Tally
from curation.importing.planning.stated import Entry, Reading, Stated
from curation.importing.session import ImportSession
from curation.importing.source.records import (
    PageDataset,
    PageRecord,
    PageStatement,
    Problem,
)
from curation.shared.evidence_rows import EvidenceRows
from proteins.domain.fold import fold
from proteins.models import Dataset


def load_page_statements(pages: Iterable[PageRecord], session: ImportSession) -> list[Problem]:
    """Write what pages state, and return what could not be: after their interactions, in the
    transaction of their chunk."""
    problems: list[Problem] = []
    for page in pages:
        if page.statements:
            session.report.tallies.setdefault(STATEMENTS, Tally())
            problems += _PageStatements(page, session).load()
    return problems


class _PageStatements:
    """The statements of one page."""

    def __init__(self, page: PageRecord, session: ImportSession) -> None:
        self._page = page
        self._session = session
        self._rows = EvidenceRows(session.bulk, session.journal)
        self._terms = {fold(dataset.name): dataset for dataset in page.datasets}

    def load(self) -> Iterator[Problem]:
        by_dataset: dict[str, list[PageStatement]] = {}
        for statement in self._page.statements:
            by_dataset.setdefault(fold(statement.dataset), []).append(statement)
        for key, statements in by_dataset.items():
            dataset = Dataset.objects.select_related("source").filter(fold=key).first()
            if dataset is None and key not in self._terms:
                yield self._problem(f"the dataset '{statements[0].dataset}' is not described")
                continue
            yield from self._write(dataset or self._create(self._terms[key]), statements)

    def _create(self, terms: PageDataset) -> Dataset:
        dataset = Dataset.objects.create(
            name=terms.name,
            source_id=self._rows.source(terms.source) if terms.source else None,
            version=terms.version,
            version_date=terms.version_date,
            licence=terms.licence,
            licence_url=terms.licence_url,
            is_share_alike=terms.is_share_alike,
            default_scale=terms.default_scale,
            default_basis=terms.default_basis,
        )
        self._session.journal.created(Dataset, [dataset.pk])
        return dataset

    def _write(self, dataset: Dataset, statements: list[PageStatement]) -> Iterator[Problem]:
        session = self._session
        loader = StatementLoader(
            session.bulk, session.report, session.journal, session.run, dataset
        )
        source = dataset.source.key if dataset.source else ""
        reading = Reading()
        for number, statement in enumerate(statements, 1):
            if not source and statement.content.pmid is None:
                yield self._problem("what is curated here needs a publication")
            else:
                reading.stated.append(self._stated(statement, dataset, source, number))
        for problem in loader.write(reading, self._page.path, new_interactions=False):
            yield self._problem(problem.reason)

    def _stated(
        self, statement: PageStatement, dataset: Dataset, source: str, number: int
    ) -> Stated:
        spellings, content = self._rows.spellings, statement.content
        if content.method:
            content = replace(content, method=spellings.method(content.method))
        evidence = spellings.canonical(content.evidence(source, statement.resources))
        former = self._session.store.former
        tf, target = self._page.accession, statement.target
        return Stated(
            (former.get(tf, tf), former.get(target, target)),
            statement.key or content.key(fold(dataset.name)),
            content,
            evidence,
            number,
            Entry(statement.curator, statement.orcid, statement.state, statement.state_reason),
        )

    def _problem(self, reason: str) -> Problem:
        return Problem(self._page.path, "statements", None, reason)
