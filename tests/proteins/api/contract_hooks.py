"""What schemathesis cannot read off the schema: which values are stored here, and the reasons for
which a question is refused that is well formed. (`contract.py` runs it.)"""

from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import schemathesis

#: Parameters whose values are the names of records: the list that has them, and the field.
VOCABULARIES: Final = {
    "taxon": ("taxa", "ncbi_taxon_id"),
    "source": ("sources", "key"),
    "method": ("methods", "name"),
    "dataset": ("datasets", "name"),
}
#: What no schema can express of a value, in the words of its refusal.
REASONS: Final = (
    # Of questions about lists: what a background is, how much a query holds.
    "they are a background only if",
    "it must be given, as a list",
    "a query takes at most",
    "; known: ",
    # Hyphens and blanks are no letters of a name.
    " letters of a name",
    "starts after its end",
    "it needs the parameter ",
    "not a cursor of this list",
    "a file holds all rows",
    " has columns of its own",
    " has an order of its own",
    "no index has this order",
    "files of a release are chosen by",
    "the release has no file of it",
)


#: The same, in a query: where commas part a list depends on which names are stored.
OF_QUERIES = ("are given; at most",)

#: Reads all of a list.
Rows = Callable[[str], list[dict[str, Any]]]


ACCESSION = "^([OPQ][0-9][A-Z0-9]{3}[0-9]|[A-NR-Z][0-9]([A-Z][A-Z0-9]{2}[0-9]){1,2})$"
#: Parameters that take what certainly means one protein, which no schema can express: of a name
#: only the database knows that. What has the form of an accession is always taken.
PROTEINS = ("tf", "target", "either", "protein")


def with_vocabularies(schema: dict[str, Any], rows: Rows) -> None:
    """Let the schema of a vocabulary's parameter be the values that are stored."""
    values_of = {
        name: [row[field] for row in rows(plural) if "," not in str(row[field])]
        for name, (plural, field) in VOCABULARIES.items()
    }
    for methods in schema["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["name"] in PROTEINS and parameter["in"] == "query":
                    parameter["schema"] |= {"items": {"type": "string", "pattern": ACCESSION}}
                if parameter["name"] in VOCABULARIES and parameter["in"] == "query":
                    values = {"enum": values_of[parameter["name"]]}
                    of_list = "items" in parameter["schema"]
                    parameter["schema"] |= {"items": values} if of_list else values


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    if host := os.environ.get("TFLINK_CONTRACT_HOST"):
        with_vocabularies(raw_schema, partial(_rows_of, host))


def _rows_of(host: str, plural: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{host}/api/v1/{plural}/?page_size=1000") as answer:
        rows: list[dict[str, Any]] = json.load(answer)["results"]
        return rows


@schemathesis.check
def refused_for_a_reason(ctx: Any, response: Any, case: Any) -> None:
    """A request that the schema allows is refused only for what no schema can express."""
    if response.status_code != 400 or not case.meta.generation.mode.is_positive:
        return
    for error in response.json()["errors"] or [{"parameter": "", "reason": ""}]:
        reasons = (*REASONS, *OF_QUERIES) if case.method == "GET" else REASONS
        is_expected = any(reason in error["reason"] for reason in reasons)
        assert is_expected, f"{error['parameter']}: {error['reason']}: the schema allows this value"
