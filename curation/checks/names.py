"""Whether the primary names of proteins are the parts of their names, what sources state is
looked up by its fold, and what a curator removed is gone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Exists, OuterRef

from curation.models import RemovedName
from proteins.domain.names import folded_name, names_of
from proteins.models import AccessionFate, Protein, ProteinName, SecondaryAccession
from proteins.queries.snapshot import FETCH


def wrong_names() -> Iterator[tuple[str, str]]:
    """Yield the accession of each protein whose names are wrong, and what is wrong."""
    yield from _wrong_primary_names()
    yield from _wrong_folds()
    yield from _removed_and_there()
    yield from _leading_and_divided()


def _wrong_folds() -> Iterator[tuple[str, str]]:
    rows = ProteinName.objects.filter(source__isnull=False).order_by("pk")
    columns = ("protein__accession", "text", "folded")
    for accession, text, folded in rows.values_list(*columns).iterator(chunk_size=FETCH):
        if folded != folded_name(text):
            yield accession, f"its name “{text}” is looked up as “{folded}”"


def _removed_and_there() -> Iterator[tuple[str, str]]:
    """Names that a curator removed, and that their source has brought back."""
    rows = RemovedName.objects.select_related("protein", "source").order_by("pk")
    for row in rows.iterator(chunk_size=FETCH):
        versions = ProteinName.objects.filter(source__name=row.source.name)
        if versions.filter(protein=row.protein_id, kind=row.kind, text=row.text).exists():
            yield row.protein.accession, f"a curator removed its name “{row.text}”, which is there"


def _leading_and_divided() -> Iterator[tuple[str, str]]:
    """Former accessions that were divided, and lead to one protein though no one decided that."""
    divided = AccessionFate.objects.filter(fate=AccessionFate.Fate.DEMERGED, settled=False).filter(
        Exists(SecondaryAccession.objects.filter(accession=OuterRef("accession")))
    )
    for accession in divided.order_by("accession").values_list("accession", flat=True).distinct():
        yield accession, "it was divided into several entries, and leads to one protein"


def _wrong_primary_names() -> Iterator[tuple[str, str]]:
    """Yield proteins whose primary names are not the parts of their name."""
    stored = _primary_names()
    key, texts = next(stored, (None, []))
    proteins = Protein.objects.order_by("pk").values_list("pk", "accession", "name")
    for protein, accession, name in proteins.iterator(chunk_size=FETCH):
        current: list[tuple[str, str]] = []
        if key == protein:
            current = texts
            key, texts = next(stored, (None, []))
        right = [(text, folded_name(text)) for text in names_of(name)]
        if current != right:
            names = ", ".join(text for text, _ in current) or "none"
            yield accession, f"its primary names are {names}, which are not those of “{name}”"


def _primary_names() -> Iterator[tuple[Any, list[tuple[str, str]]]]:
    """Yield each protein, by primary key in order, with texts and keys of its primary names."""
    rows = ProteinName.objects.filter(source__isnull=True)
    ordered = rows.order_by("protein_id", "position").values_list("protein_id", "text", "folded")
    for protein, names in groupby(ordered.iterator(chunk_size=FETCH), key=itemgetter(0)):
        yield protein, [(text, key) for _, text, key in names]
