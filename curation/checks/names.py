"""Whether the primary names of proteins are the parts of their names."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from proteins.domain.names import folded_name, names_of
from proteins.models import Protein, ProteinName
from proteins.queries.snapshot import FETCH


def wrong_names() -> Iterator[tuple[str, str]]:
    """Yield the accession of each protein whose primary names are wrong, and what is wrong."""
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
