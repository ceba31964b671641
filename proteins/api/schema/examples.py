"""True examples in the schema (a hook of its generator).

`examples.json` holds what the API responded to the URLs that it names; a test requests them
again. The value of a parameter is listed here, or is what its schema allows first.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from proteins.api.schema.described import operations_of

Schema = dict[str, Any]
EXAMPLES_FILE: Final = Path(__file__).with_name("examples.json")

#: By name; where resources differ, by the resource's path and the name.
_VALUES: Final[dict[str, Any]] = {
    "accession": ["Q9UK53", "P04637"],
    "after": 0,
    "assembly": "hg38",
    "author": "Shi",
    "changed_since": "2026-11-21",
    "chromosome": "chr14",
    "cell_line": "HeLa",
    "code": "Hs",
    "condition": "serum starvation",
    "curator": "Rosa Franklin",
    "dataset": ["Curated here"],
    "doi": "10.1093/nar/gkx1013",
    "eco": "ECO:0000096",
    "either": ["Q9UK53"],
    "end_max": 23670702,
    "gene_id": [3621],
    "identifier": "Q9UK53",
    "interaction": ["Q9UK53-Q07812"],
    "jaspar_matrix": "MA0106.1",
    "journal": "Nucleic acids research",
    "in_tflink": True,
    "kind": "name",
    "licence": "CC BY 4.0",
    "key": ["GTRD", "TRRUST"],
    "looked_up_since": "2026-11-21",
    "method": ["MI:0402"],
    "name": "ING1",
    "name_contains": "immunoprecipitation",
    "name_prefix": "IN",
    "ncbi_taxon_id": [9606],
    "orcid": "0000-0002-1825-0097",
    "pmid": [27924024],
    "psi_mi_id": "MI:0402",
    "region": "chr14:23,670,000-23,680,000",
    "q": "ING1",
    "release": "2026.12",
    "scientific_name": "Homo sapiens",
    "source": ["GTRD", "TRRUST"],
    "source_id": "S-1",
    "start_min": 23670688,
    "target": ["Q07812"],
    "taxon": [9606],
    "tissue": "cervix",
    "tf": ["Q9UK53"],
    "tf_name": "ING1",
    "target_name": "BAX",
    "tflink_id": ["TFLinkLS08541019"],
    "title": "database",
    "protein": ["Q9UK53"],
    "protein_taxon": [9606],
    "version": "20.06",
    "version_date": "2020-07",
    "via": "DoRothEA",
    "year_max": 2022,
    "year_min": 2016,
}
_OF_A_RESOURCE: Final[dict[str, Any]] = {
    **{
        f"{path} taxon": 9606
        for path in (
            "enrichment",
            "common-targets",
            "shared-regulators",
            "subnetwork",
            "paths",
            "feed-forward-loops",
            "loop-counts",
        )
    },
    "proteins target": "Q07812",
    "common-targets identifiers": "Q9UK53",
    "shared-regulators identifiers": "BAX",
    "subnetwork identifiers": "Q9UK53;BAX",
    "paths identifiers": "Q9UK53;BAX",
    "feed-forward-loops identifiers": "BAX",
    "enrichment identifiers": "BAX",
    "enrichment background_identifiers": "BAX;ING1",
    "enrichment fields": "tf,q_degree",
    "changes kind": "interaction",
    "orthologs taxon": [10090],
    "methods name": "chromatin immunoprecipitation assay",
    "sources name": "GTRD",
    "datasets name": "Curated here",
    "datasets version": "2",
    "interactions identifier": "Q9UK53-Q07812",
    "binding-sites identifier": "TFLinkLS08541019",
    "binding-sites tf": ["P04637"],
    "citations identifier": "27924024",
    "orthologs identifier": "Q9UK53-10090-Q9QXV3",
    "sources identifier": "GTRD",
    "methods identifier": "MI:0402",
    "taxa identifier": "9606",
    "statements identifier": "Q9UK53-Q07812-31d4252a3b222d41b39a52d022594704",
    "datasets identifier": "1",
}
#: What precedes the name of a filter that takes the same values.
_NEGATED: Final = re.compile("^(exclude|only)_")
#: A cursor is taken from an answer, never made up.
WITHOUT: Final = frozenset({"cursor"})


def _first_allowed(schema: Schema) -> Any:
    if schema.get("type") == "array":
        first = _first_allowed(schema.get("items", {}))
        return None if first is None else [first]
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("type") == "boolean":
        return True
    return schema.get("default", schema.get("minimum"))


def example_of(path: str, parameter: Schema) -> Any:
    """A value that the parameter may have; None where it cannot be predicted."""
    name = parameter["name"]
    if name in WITHOUT:
        return None
    resource = path.removeprefix("/api/v1/").split("/")[0]
    value = _OF_A_RESOURCE.get(f"{resource} {name}", _VALUES.get(_NEGATED.sub("", name)))
    schema = parameter["schema"]
    if value is None:
        return _first_allowed(schema)
    if isinstance(value, list) and schema.get("type") != "array":
        return value[0]
    if not isinstance(value, list) and schema.get("type") == "array":
        return [value]
    return value


@cache
def stored_examples() -> dict[str, Any]:
    """Stored responses: of operations by their ID, of errors by their status."""
    if not EXAMPLES_FILE.is_file():
        return {"operations": {}, "problems": {}}
    examples: dict[str, Any] = json.loads(EXAMPLES_FILE.read_text(encoding="utf-8"))
    return examples


def add_examples(result: Schema, **_: object) -> Schema:
    """Add an example of each parameter, body and answer."""
    for path, _method, operation in operations_of(result):
        for parameter in operation.get("parameters", []):
            if parameter["in"] in ("query", "path") and "example" not in parameter:
                value = example_of(path, parameter)
                if value is not None:
                    parameter["example"] = value
        answered = operation["responses"].get("200", {}).get("content", {})
        stored = stored_examples()["operations"].get(operation["operationId"], {})
        for media_type, example in stored.items():
            if media_type in answered:
                answered[media_type]["example"] = example["body"]
    for status, example in stored_examples()["problems"].items():
        described = result["components"]["responses"].get(f"Problem{status}", {})
        for content in described.get("content", {}).values():
            content["example"] = example["body"]
    return result
