"""The rows of `ProteinName` that follow from the name of a protein: its parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from curation.shared.bulk import Bulk
from proteins.domain.names import folded_name, names_of
from proteins.models import ProteinName

_COLUMNS: Final = ("protein_id", "kind", "position", "text", "folded")
_PRIMARY: Final = ProteinName.Kind.PRIMARY.value


def write_primary_names(bulk: Bulk, names: Mapping[int, str], *, new: bool = False) -> None:
    """Let proteins (by primary key) have the parts of these names as their primary names.

    Whoever writes `Protein.name` calls it, in the same transaction; `new` proteins have no
    names yet. What other sources call them stays.
    """
    if not new:
        stored = bulk.select(ProteinName, ("id", "source_id"), "protein_id", names)
        bulk.delete(ProteinName, "id", [key for key, source in stored if source is None])
    bulk.insert(
        ProteinName,
        _COLUMNS,
        [
            (protein, _PRIMARY, position, text, folded_name(text))
            for protein, name in names.items()
            for position, text in enumerate(names_of(name))
        ],
    )
