"""The examples in the schema are what the API answers, and there is one of everything.

After a change of what the API answers, `TFLINK_WRITE_EXAMPLES=1 pytest <this file>` writes
`proteins/api/schema/examples.json` anew; the change of that file shows what users will see.
"""

from __future__ import annotations

import json
import os
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.test import Client

from proteins.api.schema import examples
from proteins.api.schema.described import operations_of
from proteins.api.schema.generator import api_schema
from proteins.api.views import RESOURCES, SETS
from tests.proteins.api import content
from tests.proteins.api.schema.example_answers import made

pytestmark = pytest.mark.django_db
WRITE = os.environ.get("TFLINK_WRITE_EXAMPLES", "") == "1"


@pytest.fixture(scope="module", autouse=True)
def _content(module_db: None) -> None:
    content.fill()


def test_they_are_what_the_api_answers(client: Client) -> None:
    answers = made(client)
    if WRITE:
        text = json.dumps(answers, indent=1, ensure_ascii=False)
        examples.EXAMPLES_FILE.write_text(f"{text}\n", encoding="utf-8")
    assert examples.EXAMPLES_FILE.is_file()
    assert json.loads(examples.EXAMPLES_FILE.read_text(encoding="utf-8")) == answers


def test_every_answer_and_every_error_has_one() -> None:
    schema = api_schema()
    for path, method, operation in operations_of(schema):
        if path == "/api/v1/schema/":
            continue
        for media_type, answer in operation["responses"]["200"].get("content", {}).items():
            assert "example" in answer, (method, path, media_type)
    for name, response in schema["components"]["responses"].items():
        for described in response.get("content", {}).values():
            assert "example" in described or name in ("Problem500", "Problem503"), name


#: They take the filters of the list of interactions.
QUESTIONS: Final = {f"/api/v1/{name}/" for name in ("enrichment", "loop-counts", *SETS)}


def needed(path: str) -> dict[str, str]:
    """Parameters that others of a list need beside them."""
    if path in QUESTIONS:
        path = "/api/v1/interactions/"
    for prefix, view, _ in RESOURCES:
        if path == f"/api/v1/{prefix}/":
            return {name: any_of[0] for name, any_of in view.filterset_class.needs.items()}
    return {}


def written(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_every_parameter_has_one_that_is_taken(client: Client) -> None:
    """But for a cursor, which is taken from an answer, and for the name of a release."""
    for path, method, operation in operations_of(api_schema()):
        if method != "get":
            continue
        parameters = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
        for name, parameter in parameters.items():
            if name in examples.WITHOUT or parameter["in"] == "header":
                continue
            assert "example" in parameter, (path, name)
            if parameter["in"] != "query" or name == "release":
                continue
            required = [
                key
                for key, one in parameters.items()
                if one["in"] == "query" and one.get("required")
            ]
            together = [
                name,
                *required,
                *(other for key, other in needed(path).items() if key == name),
            ]
            values = {key: parameters[key]["example"] for key in together}
            if "page_size" in parameters and name != "format":
                values.setdefault("page_size", 1)
            query = "&".join(f"{key}={quote(written(value))}" for key, value in values.items())
            identified = parameters.get("identifier", {})
            url = path.replace("{identifier}", str(identified.get("example")))
            answer = client.get(f"{url}?{query}")
            assert answer.status_code == 200, (url, query, answer.content[:300])
