"""The documentation of the API, made from its schema."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from csp.decorators import csp_update
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from proteins.analysis import evidence
from proteins.api.pagination import MAX_PAGE_SIZE, PAGE_SIZE
from proteins.api.schema.described import ERRORS
from proteins.api.schema.generator import api_schema, below_prefix
from proteins.api.views import RESOURCES
from proteins.filters.evidence import EXCLUDING, EvidenceFilterSet
from proteins.filters.fields import MAX_VALUES, SEVERAL_VALUES

Schema = dict[str, Any]
#: Parameters that are described once for all lists.
EVERYWHERE: Final = {
    "cursor": "Where the page begins: taken from next and previous, never made up.",
    "page_size": f"The most rows of a page: 1 to {MAX_PAGE_SIZE:,}; {PAGE_SIZE} otherwise.",
    "sort": "The order; with a hyphen before its name, from the end.",
    "fields": "Names of the fields that are wanted, joined by commas or the parameter repeated; "
    "all otherwise. Lists and single records take it.",
    "format": "All rows as a file, without pages; the header Accept asks for the same.",
    "release": "Name of a release, or latest: the answer (302) is the way to its frozen file of "
    "the format, taxon and small_scale that are asked for with it.",
    **{
        name: f"Of interactions and binding sites. {EvidenceFilterSet.base_filters[name].about}"
        for name in (
            "tier",
            "method_class",
            "single_source",
            "only_source",
            "only_pmid",
            *EXCLUDING,
        )
    },
    "If-None-Match": "A header: the ETag of an earlier answer. As long as nothing has changed the "
    "answer is 304, without a body.",
}
#: The tag of questions about lists of genes.
QUESTIONS: Final = "Lists of genes"
_CONSOLE_SCRIPT = "vendor/swagger-ui/swagger-ui-bundle.js"


@dataclass(frozen=True)
class Row:
    """A parameter or a field, as a row of a table."""

    name: str
    type: str
    about: str
    #: The anchor of the record that the field holds, if any.
    record: str = ""


@dataclass(frozen=True)
class Operation:
    anchor: str
    #: With the method before it.
    path: str
    summary: str
    example: str
    parameters: list[Row]
    #: Values of parameters that are the same everywhere: their name, and what they take here.
    choices: list[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """A resource: its operations, and the fields of what they answer."""

    name: str
    anchor: str
    about: str
    operations: list[Operation]
    fields: list[Row]


@dataclass(frozen=True)
class Record:
    """What several resources hold, described once."""

    name: str
    anchor: str
    about: str
    fields: list[Row]


def _reference(schema: Schema) -> str:
    """The name of the component that a schema refers to, or holds, if any."""
    for part in (schema, schema.get("items", {}), *schema.get("allOf", [])):
        if "$ref" in part:
            return str(part["$ref"].rsplit("/", 1)[-1])
    return ""


def _type(schema: Schema, components: Schema) -> str:
    """The type of a value in words."""
    name = _reference(schema)
    target = components.get(name, {})
    if schema.get("type") == "array":
        words = f"list of {_type(schema['items'], components)}"
    elif "enum" in (described := schema if "enum" in schema else target):
        words = " | ".join(str(value) for value in described["enum"])
    else:
        words = _record_name(name) or schema.get("format") or schema.get("type", "")
    if "minimum" in schema and "maximum" in schema:
        words += f", {schema['minimum']} to {schema['maximum']}"
    return f"{words} or null" if schema.get("nullable") else words


def _record_name(component: str) -> str:
    spaced = "".join(f" {c.lower()}" if c.isupper() else c for c in component)
    return spaced.strip().replace("_", " ")


def _fields(schema: Schema, components: Schema) -> list[Row]:
    rows = []
    for name, field in schema.get("properties", {}).items():
        component = _reference(field)
        is_record = "properties" in components.get(component, {})
        about = field.get("description", "").split("\n\n*")[0]
        rows.append(
            Row(name, _type(field, components), about, f"record-{component}" if is_record else "")
        )
    return rows


def _is_of_interactions(operation: Schema, parameter: Schema) -> bool:
    """Whether a question takes it as the list of interactions does, where it is described."""
    return operation["tags"] == [QUESTIONS] and parameter["name"] in evidence.NAMES


def _about(parameter: Schema) -> str:
    """What a parameter means, without what is said of all lists of values at once."""
    return str(parameter.get("description", "")).removesuffix(SEVERAL_VALUES).rstrip()


def _choices(schema: Schema) -> list[str]:
    """The values of a parameter; of orders those from the start, as the hyphen is described."""
    return [value for value in schema["enum"] if not value.startswith("-")]


def _operation(path: str, operation: Schema, components: Schema) -> Operation:
    described = operation.get("parameters", [])
    parameters = [
        Row(parameter["name"], _type(parameter["schema"], components), _about(parameter))
        for parameter in described
        if parameter["name"] not in EVERYWHERE and not _is_of_interactions(operation, parameter)
    ]
    choices = [
        (parameter["name"], ", ".join(_choices(parameter["schema"])))
        for parameter in described
        if parameter["name"] in EVERYWHERE and "enum" in parameter["schema"]
    ]
    return Operation(
        anchor=operation["operationId"].replace("_", "-"),
        path=path,
        summary=operation["summary"],
        example=below_prefix(example) if (example := operation.get("x-example")) else "",
        parameters=parameters,
        choices=choices,
    )


def _answered(operation: Schema) -> Schema:
    content = operation["responses"]["200"]["content"]
    # JSON comes first; beside it there may be files.
    schema: Schema = next(iter(content.values()))["schema"]
    return schema


def sections(schema: Schema) -> list[Section]:
    """One a resource, in the order of the schema's tags."""
    components = schema["components"]["schemas"]
    by_tag: dict[str, list[tuple[str, Schema]]] = defaultdict(list)
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            by_tag[operation["tags"][0]].append((f"{method.upper()} {path}", operation))
    listed = []
    for tag, pairs in by_tag.items():
        # The record's own schema has all fields; the list's may have fewer.
        answered = _reference(_answered(pairs[-1][1]))
        listed.append(
            Section(
                name=tag,
                anchor=tag.lower().replace(" ", "-"),
                about=pairs[0][1].get("description", ""),
                operations=[_operation(path, operation, components) for path, operation in pairs],
                fields=_fields(components.get(answered, {}), components),
            )
        )
    return listed


def records(schema: Schema) -> list[Record]:
    """What resources hold, in order of name."""
    components = schema["components"]["schemas"]
    held = {
        row.record.removeprefix("record-")
        for component in components.values()
        for row in _fields(component, components)
        if row.record and not row.record.startswith("record-Paginated")
    }
    return [
        Record(
            name=_record_name(name).capitalize(),
            anchor=f"record-{name}",
            about=components[name].get("description", ""),
            fields=_fields(components[name], components),
        )
        for name in sorted(held)
    ]


def _formats() -> list[tuple[str, str, str]]:
    """Name, media type and meaning of each format; where it means several things, of which."""
    formats: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for prefix, view, _name in RESOURCES:
        for offered in view.formats:
            formats[offered.name, offered.media_type][offered.about].append(prefix)
    return [
        (*named, " ".join(abouts) if len(abouts) == 1 else _each(abouts))
        for named, abouts in formats.items()
    ]


def _each(abouts: dict[str, list[str]]) -> str:
    return " ".join(f"Of {', '.join(lists)}: {about}" for about, lists in abouts.items())


def console_is_installed() -> bool:
    return finders.find(_CONSOLE_SCRIPT) is not None


class DocsView(TemplateView):
    """The reference: every operation with its parameters, fields and an example."""

    template_name = "proteins/api_docs.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        schema = api_schema()
        return super().get_context_data(
            about=schema["info"]["description"],
            sections=sections(schema),
            records_url=reverse("api-records"),
            errors=ERRORS,
            everywhere=EVERYWHERE,
            headers=schema["components"]["headers"],
            formats=_formats(),
            page_size=PAGE_SIZE,
            max_page_size=MAX_PAGE_SIZE,
            max_values=MAX_VALUES,
            console=console_is_installed(),
            **kwargs,
        )


class RecordsView(TemplateView):
    """The fields of embedded records, to which the types of the reference link."""

    template_name = "proteins/api_records.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(records=records(api_schema()), records_url="", **kwargs)


# Its style sheet has icons within it.
@method_decorator(csp_update({"img-src": ["data:"]}), name="dispatch")
class ConsoleView(TemplateView):
    """Swagger UI from our own static files, or how to have it where it is not installed."""

    template_name = "proteins/api_console.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(console=console_is_installed(), **kwargs)
