"""The lists of a page that are JSON or YAML: orthologs, JASPAR matrices."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Final

from curation.importing.source.html_cells import read_html
from curation.importing.source.normalise import species_of
from curation.importing.source.problems import Problems
from curation.importing.source.records import OrthologRecord
from proteins.domain.identifiers import (
    MAX_ORTHOLOG_LENGTH,
    IdentifierError,
    is_absent,
    parse_jaspar_matrix,
    parse_text,
    shown,
)
from proteins.domain.species import SpeciesNames

#: The form of every linked ortholog published; any other HTML goes to html.parser.
_ORTHOLOG_LINK: Final = re.compile(r'^<a href="/protein/[0-9A-Za-z]+">([0-9A-Za-z]+)</a>\Z')


def ortholog(text: str, species: str) -> OrthologRecord:
    """Return one ortholog: an identifier, or a link to the page that TFLink has for it."""
    identifier, linked = text, False
    if "<" in text:
        match = _ORTHOLOG_LINK.match(text)
        if match is not None:
            identifier, linked = match[1], True
        else:
            html = read_html(text, "ortholog")
            identifier, linked = html.text, bool(html.urls)
    identifier = parse_text(identifier, "ortholog", MAX_ORTHOLOG_LENGTH)
    if not identifier:
        raise IdentifierError(f"the ortholog {shown(text)} has no identifier")
    return OrthologRecord(species, identifier, linked)


def orthologs(
    text: str, line: int | None, problems: Problems, species: SpeciesNames
) -> tuple[OrthologRecord, ...]:
    """Return the orthologs of a page's JSON text, each once; a bad item is left out."""
    if is_absent(text.strip()):
        return ()
    try:
        groups = json.loads(text)
    except (ValueError, RecursionError):
        problems.add("orthologs", line, f"{shown(text)} is not JSON")
        return ()
    records: dict[tuple[str, str], OrthologRecord] = {}
    for group in groups if isinstance(groups, list) else [groups]:
        for name, item in _ortholog_items(group, line, problems, species):
            try:
                record = ortholog(item, name)
            except IdentifierError as error:
                problems.add("orthologs", line, error)
                continue
            key = (name, record.identifier)
            if key not in records or record.in_tflink:
                records[key] = record
    return tuple(records.values())


def _ortholog_items(
    group: object, line: int | None, problems: Problems, species: SpeciesNames
) -> Iterable[tuple[str, str]]:
    """Yield species and raw identifier of one `{"species": ..., "id": [...]}`."""
    text = group.get("species") if isinstance(group, dict) else None
    items = group.get("id") if isinstance(group, dict) else None
    if not isinstance(text, str) or not isinstance(items, list):
        reason = 'an item does not have the form {"species": "...", "id": ["...", ...]}'
        problems.add("orthologs", line, reason)
        return
    try:
        name = species_of(text, species)
    except IdentifierError as error:
        problems.add("orthologs", line, error)
        return
    for item in items:
        if isinstance(item, str):
            yield name, item
        else:
            problems.add("orthologs", line, f"an ID of the species {name} is not a text")


def jaspar_matrices(content: object, line: int, problems: Problems) -> tuple[str, ...]:
    """Return the JASPAR matrix IDs of a list, in its order, each once."""
    if not isinstance(content, list):
        problems.add("jaspar_matrices", line, "it should be a list of JASPAR matrix IDs")
        return ()
    matrices: dict[str, None] = {}
    for item in content:
        try:
            text = item if isinstance(item, str) else "(not a text)"
            matrices[parse_jaspar_matrix(text)] = None
        except IdentifierError as error:
            problems.add("jaspar_matrices", line, error)
    return tuple(matrices)
