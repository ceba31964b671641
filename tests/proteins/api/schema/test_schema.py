"""The OpenAPI schema, and whether responses of the API conform to it."""

from __future__ import annotations

import io
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft4Validator  # type: ignore[import-untyped]

from proteins.api.schema import generator
from proteins.api.schema.generator import api_schema
from tests.proteins.api.conftest import Get


def test_the_generator_has_nothing_to_warn_of() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=io.StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "headers", "media_type"),
    [
        ("", {}, "application/vnd.oai.openapi"),
        ("?format=yaml", {}, "application/vnd.oai.openapi"),
        ("?format=json", {}, "application/vnd.oai.openapi+json"),
        ("", {"accept": "application/json"}, "application/json"),
        ("", {"accept": "application/yaml"}, "application/yaml"),
    ],
)
def test_it_is_served(client: Client, query: str, headers: dict[str, str], media_type: str) -> None:
    response = client.get(f"/api/v1/schema/{query}", headers=headers)
    assert response.status_code == 200
    assert response["Content-Type"].split(";")[0] == media_type
    read = json.loads if "json" in media_type else yaml.safe_load
    assert read(response.content)["info"]["title"] == "TFLink API"


def operations() -> list[tuple[str, dict[str, Any]]]:
    paths = api_schema()["paths"].items()
    return [(path, operation) for path, methods in paths for operation in methods.values()]


def test_it_is_complete() -> None:
    paths = [path for path, _ in operations()]
    for name in ("proteins", "interactions", "binding-sites", "citations", "sources", "methods"):
        assert f"/api/v1/{name}/" in paths
        assert f"/api/v1/{name}/{{identifier}}/" in paths
    for path, operation in operations():
        assert operation["summary"], path
        assert operation["description"], path
        assert {"200", "400", "406", "429", "500"} <= operation["responses"].keys(), path
        # An unknown release is nothing at all, too.
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("404" in operation["responses"]) == ("{" in path or "release" in names)
        for parameter in operation.get("parameters", []):
            assert parameter["description"], (path, parameter["name"])


def test_lists_in_a_parameter_are_joined_by_commas() -> None:
    for path, operation in operations():
        for parameter in operation.get("parameters", []):
            if parameter["schema"]["type"] == "array":
                assert parameter["explode"] is False, (path, parameter["name"])


def as_json_schema(schema: Any, components: dict[str, Any]) -> Any:
    """OpenAPI 3.0's dialect as JSON Schema: references put in place, `nullable` as a type."""
    if isinstance(schema, list):
        return [as_json_schema(part, components) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return as_json_schema(components[schema["$ref"].rsplit("/", 1)[-1]], components)
    converted = {key: as_json_schema(value, components) for key, value in schema.items()}
    if converted.pop("nullable", False) is True:
        return {"anyOf": [converted, {"type": "null"}]}
    if converted.get("type") == "object" and "properties" in converted:
        converted["additionalProperties"] = False
    return converted


@pytest.mark.usefixtures("five_pages")
def test_answers_are_what_the_schema_says_and_examples_are_true(get: Get) -> None:
    components = api_schema()["components"]["schemas"]
    for path, operation in operations():
        example = operation.get("x-example")
        if not example:
            continue
        answer = get(example)
        by_type = operation["responses"]["200"]["content"]
        content = by_type.get("application/json") or next(iter(by_type.values()))
        Draft4Validator(as_json_schema(content["schema"], components)).validate(answer)
        # The five documents hold no sequence of ING1, and no statements.
        if "results" in answer and not {"binding-sites", "statements"} & set(path.split("/")):
            assert answer["results"], example


@pytest.mark.django_db
def test_problems_are_what_the_schema_says(get: Get) -> None:
    components = api_schema()["components"]["schemas"]
    schema = as_json_schema(components["Problem"], components)
    for url, status in (("proteins/?x=1", 400), ("proteins/P99999/", 404)):
        Draft4Validator(schema).validate(get(url, expect=status))


def test_threads_that_ask_at_once_generate_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []

    def get_schema(*_: object, **__: object) -> dict[str, str]:
        begun.append(len(begun))
        time.sleep(0.05)
        return {"openapi": "3.0.3"}

    monkeypatch.setattr(SchemaGenerator, "get_schema", get_schema)
    generator._generated.cache_clear()
    try:
        with ThreadPoolExecutor(4) as pool:
            schemas = [made.result() for made in [pool.submit(api_schema) for _ in range(4)]]
    finally:
        generator._generated.cache_clear()
    assert begun == [0]
    assert schemas == [{"openapi": "3.0.3"}] * 4
