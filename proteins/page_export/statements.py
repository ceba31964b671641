"""Statements and their datasets as items of lists on the page of their TF: what is not stated
has no key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from proteins.domain.evidence import SmallScale
from proteins.domain.fold import fold
from proteins.domain.statements import Basis, Sign, StatementState, resources_among
from proteins.models import Dataset, EvidenceSource, Statement
from proteins.queries.snapshot import FETCH

Item = dict[str, Any]


class PageStatements:
    """The items of the pages of some TFs."""

    def __init__(self, tfs: Iterable[int], datasets: Mapping[int, Dataset]) -> None:
        self._datasets = datasets
        self.statements: defaultdict[int, list[Item]] = defaultdict(list)
        self._named: defaultdict[int, set[int]] = defaultdict(set)
        if datasets:
            self._read(list(tfs))

    def datasets(self, tf: int) -> list[Item]:
        """Return the datasets that the statements of a TF name."""
        named = [self._datasets[key] for key in self._named.get(tf, ())]
        return [dataset_item(dataset) for dataset in sorted(named, key=lambda one: one.fold)]

    def _read(self, tfs: list[int]) -> None:
        rows = Statement.objects.public().filter(interaction__tf__in=tfs)
        rows = rows.select_related("interaction__target", "citation", "method")
        links = EvidenceSource.objects.filter(evidence__statements__interaction__tf__in=tfs)
        sources: defaultdict[int, set[str]] = defaultdict(set)
        for evidence, key in links.values_list("evidence_id", "source__key").distinct():
            sources[evidence].add(key)
        for row in rows.order_by("pk").iterator(chunk_size=FETCH):
            row.dataset = self._datasets[row.dataset_id]
            tf = row.interaction.tf_id
            self._named[tf].add(row.dataset_id)
            self.statements[tf].append(statement_item(row, sorted(sources[row.evidence_id])))
        for items in self.statements.values():
            items.sort(key=lambda item: sorted(map(str, item.items())))


def stored_datasets() -> dict[int, Dataset]:
    """Return all datasets by primary key."""
    return {row.pk: row for row in Dataset.objects.with_source()}


def dataset_item(dataset: Dataset) -> Item:
    return _given(
        name=dataset.name,
        source=dataset.source.key if dataset.source else "",
        version=dataset.version,
        version_date=dataset.version_date,
        licence=dataset.licence,
        licence_url=dataset.licence_url,
        is_share_alike="yes" if dataset.is_share_alike else "",
        default_scale=_scale(dataset.default_scale),
        default_basis=Basis(dataset.default_basis).name.lower(),
    )


def statement_item(statement: Statement, sources: Iterable[str]) -> Item:
    """Return a statement; `sources` are the databases that it adds."""
    dataset = statement.dataset
    key = statement.content().key(fold(dataset.name))
    retracted = statement.state == StatementState.RETRACTED
    return _given(
        target=statement.interaction.target.accession,
        dataset=dataset.name,
        source_id=statement.source_id,
        pmid=statement.citation.pmid if statement.citation else None,
        method=statement.method.name if statement.method else "",
        eco=statement.eco,
        effect=Sign(statement.effect).name.lower() if statement.effect else "",
        basis=Basis(statement.basis).name.lower() if statement.basis else "",
        small_scale=_scale(statement.small_scale),
        cell_line=statement.cell_line,
        tissue=statement.tissue,
        condition=statement.condition,
        quotation=statement.quotation,
        resources=resources_among(sources, dataset.source.key if dataset.source else ""),
        curator=statement.curator,
        orcid=statement.orcid,
        state=StatementState(statement.state).name.lower() if statement.state else "",
        state_reason=statement.state_reason if retracted else "",
        key=statement.key if statement.key != key else "",
    )


def _scale(value: int) -> str:
    return SmallScale(value).label if value else ""


def _given(**values: Any) -> Item:
    return {name: value for name, value in values.items() if value not in ("", None, [])}
