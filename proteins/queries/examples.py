"""Examples of what can be searched for, each chosen from what is stored, so that on any database
each leads to something."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Subquery

from proteins.domain.written_forms import Form, readings
from proteins.models import Citation, Evidence, EvidenceCitation, Interaction, Protein

#: Proteins with the most interactions, among which examples are chosen.
_CANDIDATES: Final = 300
#: Names of a list of genes.
_LISTED: Final = 3
#: A symbol such as `GCN4`, `daf-16`: one word, which no other form of identifier reads.
_SYMBOL: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[0-9]+)?", re.ASCII)
_MIN_SYMBOL: Final = 3


class Example(NamedTuple):
    """A text to search for, and what it is an example of."""

    text: str
    hint: str


class _Candidate(NamedTuple):
    name: str
    key: str
    taxon: int


def read_examples() -> tuple[Example, ...]:
    """A symbol, a gene in several species, a publication and a list; those that there are."""
    rows = Protein.objects.filter(is_named=True, interaction_count__gt=0)
    ordered = rows.in_browse_order("-interaction_count")
    columns = ordered.values_list("name", "name_key", "taxon")[:_CANDIDATES]
    candidates = [row for row in map(_Candidate._make, columns) if _is_symbol(row.name)]
    examples = (_of_symbol(candidates), _of_species(candidates), _of_publication())
    return tuple(example for some in (*examples, _of_list(candidates)) for example in some)


def _is_symbol(name: str) -> bool:
    forms = {reading.form for reading in readings(name)}
    return bool(_SYMBOL.fullmatch(name)) and len(name) >= _MIN_SYMBOL and forms == {Form.NAME}


def _of_symbol(candidates: Sequence[_Candidate]) -> Iterator[Example]:
    for one in candidates[:1]:
        yield Example(one.name, "gene symbol")


def _of_list(candidates: Sequence[_Candidate]) -> Iterator[Example]:
    """Names of one species."""
    same = [one for one in candidates if one.taxon == candidates[0].taxon]
    names = list({one.key: one.name for one in same}.values())
    if len(names) >= _LISTED:
        yield Example(", ".join(names[:_LISTED]), "gene list")


def _of_species(candidates: Sequence[_Candidate]) -> Iterator[Example]:
    """The first gene that several species have, another than that of the symbol if one has."""
    keys = {one.key for one in candidates}
    species: dict[str, set[int]] = {}
    rows = Protein.objects.filter(name_key__in=keys).order_by()
    for key, taxon in rows.values_list("name_key", "taxon").distinct():
        species.setdefault(key, set()).add(taxon)
    for one in [*candidates[1:], *candidates[:1]]:
        if (number := len(species[one.key])) > 1:
            yield Example(one.name, f"{number} species")
            return


def _of_publication() -> Iterator[Example]:
    """A publication of the evidence of the highest tier, a primary one where there is any."""
    public = Interaction.objects.public().filter(evidence=OuterRef("pk"))
    best = Evidence.objects.filter(Exists(public), citation_count__gt=0)
    first = best.order_by("-tier", "-citation_count", "pk").values("pk")[:1]
    links = EvidenceCitation.objects.filter(evidence=Subquery(first))
    citation = Citation.objects.filter(pk__in=links.values("citation")).primary_first().first()
    if citation is not None:
        yield Example(f"PMID {citation.pmid}", "publication")
