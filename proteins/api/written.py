"""Interactions as JSON text, quickly and for any number of rows.

What a row names (proteins, species, evidence) is written once by the resource's own
serializers and kept as text; a row is these texts put together. A test holds this against
the serializer, field by field, so that the two cannot part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, Generic, NamedTuple, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from proteins.api import serializers
from proteins.exports.facts import BATCH, KEPT
from proteins.models import (
    Effect,
    Evidence,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
)

Text = TypeVar("Text")


def as_json(value: Any) -> str:
    """JSON as the API writes it: compact, UTF-8, without the line ends of JavaScript."""
    text = json.dumps(value, cls=JSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def json_page(envelope: Mapping[str, Any], texts: Iterable[str]) -> str:
    """A page of a list, of rows that are JSON already; byte for byte as a renderer has it."""
    return f'{as_json(envelope)[:-1]},"results":[{",".join(texts)}]}}'


class Row(NamedTuple):
    """The columns of an interaction, by row number where they name something."""

    pk: int
    tf: int
    target: int
    evidence: int
    effect: int
    status: int
    reporting: int
    changed_at: datetime


FIELDS: Final = (
    "pk", "tf_id", "target_id", "evidence_id", "effect", "status", "reporting", "changed_at",
)  # fmt: skip


class _Protein(NamedTuple):
    accession: str
    reference: str
    taxon: str


class _Support(NamedTuple):
    small_scale: str
    sources: str
    methods: str
    publications: str


class _Kept(Generic[Text]):
    """Texts by row number; those that are missing are read together, and too many dropped."""

    def __init__(self, most: int = KEPT) -> None:
        self._texts: dict[int, Text] = {}
        self._most = most

    def of(self, ids: set[int], read: Callable[[set[int]], dict[int, Text]]) -> dict[int, Text]:
        texts = self._texts
        found = {key: text for key in ids if (text := texts.get(key)) is not None}
        if missing := ids.difference(found):
            new = read(missing)
            if len(texts) + len(new) > self._most:
                # Another thread may be reading those that were.
                texts = self._texts = {}
            texts.update(new)
            found.update(new)
        return found


class _Texts:
    """What rows name, written."""

    def __init__(self, most: int = KEPT) -> None:
        self.proteins: _Kept[_Protein] = _Kept(most)
        self.evidence: _Kept[_Support] = _Kept(most)


#: Texts that the pages of one state of the content share, and of which state and host; a
#: worker's memory for them is some 20 MB at most.
KEPT_BY_ALL: Final = 10_000
_shared: tuple[object, _Texts] = (None, _Texts())


def _shared_texts(request: Request, address: str) -> _Texts:
    """Those of the state that the request was met with, or of one that is newer."""
    global _shared
    version = getattr(request, "content_version", None)
    if version is None or not settings.PAGE_CACHE_BYTES:
        return _Texts()
    of = (version, address)
    known, texts = _shared
    if known != of:
        texts = _Texts(KEPT_BY_ALL)
        _shared = of, texts
    return texts


class InteractionWriter:
    """Writes interactions as `InteractionSerializer` does; one for each answer."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._context = {"request": request}
        self._list = request.build_absolute_uri(reverse("api-interaction-list"))
        # A file is of one moment, and shares nothing with others.
        self._texts = _Texts()
        self._moment = DateTimeField().to_representation
        self._effects = _words(Effect)
        self._statuses = _words(ReviewStatus)
        self._reportings = _words(Reporting)

    def lines(self, queryset: QuerySet[Interaction]) -> Iterator[str]:
        """JSON Lines in the order of `queryset`, some rows at a time."""
        rows = map(Row._make, queryset.values_list(*FIELDS).iterator(chunk_size=BATCH))
        while batch := list(islice(rows, BATCH)):
            yield "".join([f"{text}\n" for text in self.texts(batch)])

    def of_keys(self, keys: Sequence[int]) -> list[str]:
        """A JSON object for each row that is public, by row number and in the order given."""
        found = Interaction.objects.public().filter(pk__in=keys).order_by().values_list(*FIELDS)
        rows = {row.pk: row for row in map(Row._make, found)}
        self._texts = _shared_texts(self._request, self._list)
        return self.texts([rows[key] for key in keys if key in rows])

    def texts(self, rows: Iterable[Row]) -> list[str]:
        """A JSON object for each row."""
        rows = list(rows)
        named = {row.tf for row in rows} | {row.target for row in rows}
        proteins = self._texts.proteins.of(named, self._read_proteins)
        evidence = self._texts.evidence.of({row.evidence for row in rows}, self._read_evidence)
        return [
            self._text(row, proteins[row.tf], proteins[row.target], evidence[row.evidence])
            for row in rows
        ]

    def _text(self, row: Row, tf: _Protein, target: _Protein, support: _Support) -> str:
        key = f"{tf.accession}-{target.accession}"
        return (
            f'{{"id":"{key}","tf":{tf.reference},"target":{target.reference},"taxon":{tf.taxon},'
            f'"effect":{self._effects[row.effect]},"status":{self._statuses[row.status]},'
            f'"reporting":{self._reportings[row.reporting]},'
            f'"small_scale":{support.small_scale},"sources":{support.sources},'
            f'"methods":{support.methods},"publications":{support.publications},'
            f'"changed_at":"{self._moment(row.changed_at)}","url":"{self._list}{quote(key)}/"}}'
        )

    def _read_proteins(self, ids: set[int]) -> dict[int, _Protein]:
        written = serializers.ProteinReferenceSerializer(context=self._context)
        taxon = serializers.TaxonSerializer(context=self._context)
        found = Protein.objects.filter(pk__in=ids).with_row_details().order_by()
        return {
            protein.pk: _Protein(
                protein.accession,
                as_json(written.to_representation(protein)),
                as_json(taxon.to_representation(protein.taxon)),
            )
            for protein in found
        }

    def _read_evidence(self, ids: set[int]) -> dict[int, _Support]:
        found = Evidence.objects.filter(pk__in=ids).with_content().order_by()
        return {evidence.pk: self._support(evidence) for evidence in found}

    def _support(self, evidence: Evidence) -> _Support:
        written = serializers.SupportSerializer(Supported(evidence), context=self._context).data
        return _Support(*(as_json(written[name]) for name in _Support._fields))


class Supported(NamedTuple):
    """What stands in for a record of which only the evidence is written."""

    evidence: Evidence


def _words(choices: Any) -> dict[int, str]:
    return {choice.value: as_json(choice.label) for choice in choices}
