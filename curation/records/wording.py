"""What records hold, in the words that people read: for histories, proposals and exports.

Values are as `curation.records` reads them; nothing here queries the database.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django.db.models import BooleanField

from curation.models import RecordKind
from curation.records import RECORDS
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE, Basis, Sign

#: How a value that is not there is shown.
NOTHING: Final = "nothing"


def in_words(kind: str, field: str, value: Any) -> str:
    """Return the value of a record's field on one line."""
    lines = _lines(kind, field, value)
    between = "; " if field in ("evidence", "orthologs") else ", "
    return between.join(lines) if lines else NOTHING


def lines_of(kind: str, field: str, value: Any) -> list[str]:
    """Return the value of a record's field as lines, at least one.

    Evidence is a line for each database, method and publication and one for its scale, a
    list is a line for each of its items; what else a record holds is one line.
    """
    return _lines(kind, field, value) or [NOTHING]


def statement_in_words(values: Mapping[str, Any]) -> str:
    """Return a statement on one line: `activation (PMID 11), by reporter gene assay, in HeLa,
    stated by TRRUST`."""
    kind = RecordKind.STATEMENT
    effect = in_words(kind, "effect", values["effect"])
    is_inferred = values["basis"] == Basis.INFERRED
    inside = ["inferred"] if is_inferred else []
    inside += [f"PMID {values['pmid']}"] if values["pmid"] else []
    words = "an effect not stated" if values["effect"] == Sign.UNKNOWN else effect
    parts = [f"{words} ({', '.join(inside)})" if inside else words]
    parts += [f"by {values['method']}"] if values["method"] else []
    parts += [f"in {values[name]}" for name in ("cell_line", "tissue") if values[name]]
    parts += [values["condition"]] if values["condition"] else []
    is_ours = fold(values["dataset"]) == fold(CURATED_HERE)
    return ", ".join([*parts, f"stated by {'a curator' if is_ours else values['dataset']}"])


def _lines(kind: str, field: str, value: Any) -> list[str]:
    if field == "evidence" and isinstance(value, Mapping):
        return _evidence(value)
    if isinstance(value, list | tuple):
        line = _ortholog if field == "orthologs" else str
        return [line(item) for item in value]
    text = _one_line(kind, field, value)
    return [text] if text else []


def _evidence(value: Mapping[str, Any]) -> list[str]:
    lines = [f"database {_database(key)}" for key in value.get("sources") or ()]
    lines += [f"method {name}" for name in value.get("methods") or ()]
    lines += [f"PMID {pmid}" for pmid in value.get("pmids") or ()]
    if "small_scale" in value:
        lines.append(f"small-scale: {value['small_scale']}")
    return lines


def _database(key: Any) -> str:
    """Return a source database as people call it: `TFactS via DoRothEA`."""
    return str(key).replace("_via_", " via ")


def _ortholog(item: Any) -> str:
    if not isinstance(item, list | tuple) or len(item) != 3:
        return str(item)
    species, identifier, listed = item
    return f"{species}: {identifier}" + (" (in TFLink)" if listed else "")


def _one_line(kind: str, field: str, value: Any) -> str:
    column = _column(kind, field)
    if isinstance(value, bool) or (isinstance(column, BooleanField) and value in (0, 1)):
        return "yes" if value else "no"
    if (label := _choice(column, value)) is not None:
        return label
    if value is None or value == "":
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {item}" for name, item in value.items())
    return " ".join(str(value).split())


@lru_cache(maxsize=256)  # names in proposals may be any
def _column(kind: str, field: str) -> Any:
    """Return the column that a field is; None where it is none."""
    records = RECORDS.get(kind)
    columns = {} if records is None else {item.name: item for item in records.model._meta.fields}
    return columns.get(field)


def _choice(column: Any, value: Any) -> str | None:
    """Return the label of a choice; None where the column has none, or not this one."""
    if column is None or isinstance(value, Mapping):
        return None
    labels: dict[Any, Any] = dict(column.flatchoices)
    return str(labels[value]) if value in labels else None
