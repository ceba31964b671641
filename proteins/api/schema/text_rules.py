"""What the schema says of texts in a query (a hook of its generator): patterns of identifiers."""

from __future__ import annotations

from typing import Any, Final

from proteins.api.schema.described import Schema, operations_of
from proteins.domain import identifiers

#: As `identifiers.ACCESSION_PATTERN`, in capitals or not.
_WITHIN: Final = (
    r"([OPQopq][0-9][A-Za-z0-9]{3}[0-9]|[A-NR-Za-nr-z][0-9]([A-Za-z][A-Za-z0-9]{2}[0-9]){1,2})"
)
_ACCESSION: Final = f"^{_WITHIN}$"
_SINCE: Final = (
    r"^(19|20)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z)?$"
)
_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
#: No control characters, and more than white space; within a list, no comma that divides it.
_TEXT: Final = rf"^[^{_CONTROL}]*[^\s{_CONTROL}][^{_CONTROL}]*$"
_LISTED_TEXT: Final = rf"^[^,\\{_CONTROL}]*[^,\\\s{_CONTROL}][^,\\{_CONTROL}]*$"
_BY_NAME: Final = {
    "accession": _ACCESSION,
    "interaction": f"^{_WITHIN}-{_WITHIN}$",
    "jaspar_matrix": identifiers.JASPAR_PATTERN.replace("\\Z", "$"),
    "psi_mi_id": identifiers.PSI_MI_PATTERN.replace("\\Z", "$"),
    "tflink_id": identifiers.TFLINK_SITE_PATTERN.replace("\\Z", "$"),
    "region": r"^[^\s:,\x00-\x1f\x7f-\x9f]{1,100}:[1-9][0-9]{0,8}(-[1-9][0-9]{0,8})?$",
    "changed_since": _SINCE,
    "looked_up_since": _SINCE,
}


def add_rules_of_text(result: Schema, **_: object) -> Schema:
    """Say of each parameter that is a text what such a text is."""
    for _path, _method, operation in operations_of(result):
        for parameter in operation.get("parameters", []):
            if parameter["in"] == "query":
                _add_rule(parameter)
    return result


def _add_rule(parameter: dict[str, Any]) -> None:
    schema = parameter["schema"]
    if "items" in schema:
        schema = parameter["schema"] = {**schema, "minItems": 1}
    value = schema.get("items", schema)
    if value.get("type") != "string" or value.keys() & {"enum", "format", "pattern"}:
        return
    otherwise = _LISTED_TEXT if "items" in schema else _TEXT
    # A schema may be shared by several parameters.
    ruled = {**value, "minLength": 1, "pattern": _BY_NAME.get(parameter["name"], otherwise)}
    parameter["schema"] = {**schema, "items": ruled} if "items" in schema else ruled
