"""In which orders each list can be read: those that an index answers at any size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Order:
    """An order that an index answers: the columns of a unique key, with their types."""

    name: str
    key: Mapping[str, type]
    #: By what, in words.
    about: str
    #: Parameters that its index does not hold: rows that match might be anywhere in it.
    not_with: tuple[str, ...] = ()
    #: Parameters with which few rows match: those are sorted.
    sorted_with: tuple[str, ...] = ()


#: The first of each list is the one it has unless another is requested.
TAXA: Final = (
    Order("ncbi_taxon_id", {"ncbi_taxon_id": int}, "NCBI taxon ID"),
    Order("scientific_name", {"scientific_name": str}, "scientific name"),
    Order("code", {"code": str}, "TFLink's two letters"),
)
PROTEINS: Final = (
    Order("accession", {"accession": str}, "accession"),
    Order(
        "name",
        {"is_unnamed": bool, "name_key": str, "accession": str},
        "name, in capitals or not, those without one last",
    ),
    Order("target_count", {"target_count": int, "accession": str}, "number of targets"),
    Order("tf_count", {"tf_count": int, "accession": str}, "number of TFs that regulate it"),
    Order(
        "interaction_count",
        {"interaction_count": int, "accession": str},
        "target_count and tf_count together",
    ),
)
INTERACTIONS: Final = (
    Order("tf", {"tf_id": int, "target_id": int}, "TF, each in one piece"),
    Order(
        "target",
        {"target_id": int, "tf_id": int},
        "target, each in one piece, and not together with taxon",
        not_with=("taxon",),
        sorted_with=("tf",),
    ),
)
BINDING_SITES: Final = (Order("tf", {"tf_id": int, "tflink_id": str}, "TF, each in one piece"),)
ORTHOLOGS: Final = (
    Order(
        "protein",
        {"protein_id": int, "taxon_id": int, "identifier": str},
        "protein, each in one piece",
    ),
    Order("identifier", {"identifier": str, "id": int}, "identifier"),
)
CITATIONS: Final = (Order("pmid", {"pmid": int}, "PubMed ID"),)
SOURCES: Final = (Order("key", {"key": str}, "key"),)
METHODS: Final = (
    Order("name", {"name": str}, "name"),
    Order("id", {"id": int}, "number"),
)
STATEMENTS: Final = (
    Order("interaction", {"interaction_id": int, "key": str}, "interaction, each in one piece"),
)
DATASETS: Final = (Order("name", {"name": str}, "name"),)
