"""Interactions as JSON text, quickly and for any number of rows.

What a row names (proteins, species, evidence) is written once by the resource's own
serializers and kept as text; a row is these texts put together. A test holds this against
the serializer, field by field, so that the two cannot part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import islice
from typing import Any, ClassVar, Final, Generic, NamedTuple, TypeVar
from urllib.parse import quote

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from rest_framework.request import Request
from rest_framework.utils.encoders import JSONEncoder

from proteins.api import serializers
from proteins.caching.shared import Remembered
from proteins.domain import links
from proteins.domain.evidence import SmallScale
from proteins.exports.rows import BATCH, KEPT, most_kept
from proteins.models import (
    Citation,
    DetectionMethod,
    Effect,
    Evidence,
    GeneID,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
    SourceDatabase,
    changed_at,
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
    "pk", "tf_id", "target_id", "evidence_id", "effect", "status", "reporting", changed_at(),
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
    """Texts by row number; those that are missing are read together, and the oldest dropped
    when there are too many."""

    def __init__(self, most: int = KEPT) -> None:
        self._texts: dict[int, Text] = {}
        self._most = most

    def of(self, ids: set[int], read: Callable[[set[int]], dict[int, Text]]) -> dict[int, Text]:
        texts = self._texts
        found = {key: text for key in ids if (text := texts.get(key)) is not None}
        if missing := ids.difference(found):
            new = read(missing)
            if (beyond := len(texts) + len(new) - self._most) > 0:
                # Others, as another thread may be reading those that were.
                left = list(texts.items())[max(beyond, self._most // 4) :]
                texts = self._texts = dict(left)
            texts.update(new)
            found.update(new)
        return found


class _Texts:
    """What rows name, written."""

    def __init__(self, most: int = KEPT) -> None:
        self.proteins: _Kept[_Protein] = _Kept(most)
        self.evidence: _Kept[_Support] = _Kept(most)
        self.parts: tuple[_Kept[str], ...] = tuple(_Kept(most) for _ in range(3))


#: Texts that the pages of one state of the content and one host share; a worker's memory for
#: them is some 20 MB at most.
KEPT_BY_ALL: Final = 10_000
_shared: Final = Remembered(lambda: _Texts(KEPT_BY_ALL))


class RecordWriter:
    """Writes what records name: a TF, and evidence; one for each answer."""

    #: The name of the address of their list.
    list_name: ClassVar[str]

    def __init__(self, request: Request) -> None:
        self._request = request
        self._context = {"request": request}
        self._list = request.build_absolute_uri(reverse(self.list_name))
        self._protein_list = request.build_absolute_uri(reverse("api-protein-list"))
        self._taxa: dict[int, str] = {}
        self._texts = _Texts()
        self._scales = _words(SmallScale)

    def begin_file(self, rows: object) -> None:
        """A file is of one moment, and shares nothing with others."""
        self._texts = _Texts(most_kept(rows))

    def proteins(self, ids: set[int]) -> Mapping[int, _Protein]:
        return self._texts.proteins.of(ids, self._read_proteins)

    def evidence(self, ids: set[int]) -> Mapping[int, _Support]:
        return self._texts.evidence.of(ids, self._read_evidence)

    def _read_proteins(self, ids: set[int]) -> dict[int, _Protein]:
        # Their serializer would take a third of the time of a page.
        genes: dict[int, list[str]] = {}
        rows = GeneID.objects.filter(protein__in=ids).order_by("protein", "ncbi_gene_id")
        for key, gene in rows.values_list("protein", "ncbi_gene_id"):
            genes.setdefault(key, []).append(str(gene))
        proteins = Protein.objects.filter(pk__in=ids).select_related("taxon").order_by()
        return {
            protein.pk: self._protein(protein, ",".join(genes.get(protein.pk, ())))
            for protein in proteins.only("accession", "name", "taxon")
        }

    def _protein(self, protein: Protein, genes: str) -> _Protein:
        accession = protein.accession
        written = (
            f'{{"accession":"{accession}","name":{as_json(protein.name or None)},'
            f'"gene_ids":[{genes}],"url":"{self._protein_list}{quote(accession)}/",'
            f'"uniprot":"{links.uniprot(accession)}"}}'
        )
        key = protein.taxon_id
        if key not in self._taxa:
            taxon = serializers.TaxonSerializer(context=self._context)
            self._taxa[key] = as_json(taxon.to_representation(protein.taxon))
        return _Protein(accession, written, self._taxa[key])

    def _read_evidence(self, ids: set[int]) -> dict[int, _Support]:
        scales = Evidence.objects.filter(pk__in=ids).order_by().values_list("pk", "small_scale")
        parts = [self._parts_of(ids, number) for number in range(len(_PARTS))]
        return {
            key: _Support(self._scales[scale], *(f"[{part.get(key, '')}]" for part in parts))
            for key, scale in scales
        }

    def _parts_of(self, ids: set[int], number: int) -> dict[int, str]:
        """The databases, or methods, or publications of evidence, by its row number."""
        records, serializer = _PARTS[number]()

        def read(missing: set[int]) -> dict[int, str]:
            written = serializer(context=self._context)
            found = records.filter(pk__in=missing)
            return {record.pk: as_json(written.to_representation(record)) for record in found}

        rows = list(records.filter(evidence__in=ids).values_list("evidence", "pk"))
        texts = self._texts.parts[number].of({key for _, key in rows}, read)
        found: dict[int, list[str]] = {}
        for key, part in rows:
            found.setdefault(key, []).append(texts[part])
        return {key: ",".join(written) for key, written in found.items()}


class InteractionWriter(RecordWriter):
    """Writes interactions as `InteractionSerializer` does."""

    list_name = "api-interaction-list"

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._zone = get_current_timezone()
        self._effects = _words(Effect)
        self._statuses = _words(ReviewStatus)
        self._reportings = _words(Reporting)

    def lines(self, queryset: QuerySet[Interaction]) -> Iterator[str]:
        """JSON Lines in the order of `queryset`, some rows at a time."""
        self.begin_file(queryset)
        rows = map(Row._make, queryset.values_list(*FIELDS).iterator(chunk_size=BATCH))
        while batch := list(islice(rows, BATCH)):
            yield "".join([f"{text}\n" for text in self.texts(batch)])

    def of_keys(self, keys: Sequence[int]) -> list[str]:
        """A JSON object for each row that is public, by row number and in the order given."""
        found = Interaction.objects.public().filter(pk__in=keys).order_by().values_list(*FIELDS)
        rows = {row.pk: row for row in map(Row._make, found)}
        self._texts = _shared.of(self._request, self._list)
        return self.texts([rows[key] for key in keys if key in rows])

    def texts(self, rows: Iterable[Row]) -> list[str]:
        """A JSON object for each row."""
        rows = list(rows)
        proteins = self.proteins({row.tf for row in rows} | {row.target for row in rows})
        evidence = self.evidence({row.evidence for row in rows})
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
            f'"changed_at":"{_moment(row.changed_at, self._zone)}",'
            f'"url":"{self._list}{quote(key)}/"}}'
        )


#: What evidence consists of, in the order of `_Support`, each in its order there.
_PARTS: Final[tuple[Callable[[], tuple[QuerySet[Any], Any]], ...]] = (
    lambda: (SourceDatabase.objects.with_publication(), serializers.SourceReferenceSerializer),
    lambda: (DetectionMethod.objects.all(), serializers.MethodReferenceSerializer),
    lambda: (Citation.objects.primary_first(), serializers.PublicationSerializer),
)


def _moment(moment: datetime, zone: tzinfo) -> str:
    """As serializers write it, which find out the zone each time."""
    text = moment.astimezone(zone).isoformat()
    return f"{text[:-6]}Z" if text.endswith("+00:00") else text


def _words(choices: Any) -> dict[int, str]:
    return {choice.value: as_json(choice.label) for choice in choices}
