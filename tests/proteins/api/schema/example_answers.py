"""Makes the examples of the schema: what the API responds to URLs of its own.

Rules by which an answer becomes an example, so that it is the same each time:
- the host is `https://tflink.example.org`, and the present is noon of 1 December 2026;
- row and change numbers (a method's `id`, the inside of a cursor) are 1 and `WzAsMSwxXQ`;
- a list shows its first two entries, a long file its first three lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from proteins.api.problems import CONTENT_TYPE
from proteins.api.schema.described import operations_of
from proteins.api.schema.generator import api_schema
from proteins.models import AccessionFate

Json = Any
HOST: Final = "https://tflink.example.org"
NOW: Final = "2026-12-01T12:00:00Z"
_LONGEST: Final = 3_000
_NOON: Final = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*(Z|\+00:00)")
#: The filters of a list in an example of it as a file: few rows, so that it is short and whole.
FEW: Final = {
    "interactions": {"tf": "Q9UK53", "target": "Q07812"},
    "binding-sites": {"tf": "P04637"},
    "statements": {"source_id": "S-1"},
}
#: In a table, or in JSON Lines, whose records begin with it.
_ROW_NUMBER: Final = re.compile(r'^\d+(?=[\t,])|(?<=^{"id":)\d+', re.MULTILINE)
_REPLACED: Final = (
    (re.compile(r"http://testserver"), HOST),
    (re.compile(r"cursor=[\w%-]+"), "cursor=WzAsMSwxXQ"),
    (re.compile(r"/(methods|datasets)/\d+/"), r"/\1/1/"),
    (re.compile(r"available in \d+ seconds?"), "available in 27 seconds"),
    # As MITAB writes a date.
    (re.compile(r"\b20\d\d/\d\d/\d\d\b"), "2026/12/01"),
)


@dataclass(frozen=True)
class Wrong:
    """A request whose response is an error; `rate` is the number of requests allowed before it."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    rate: str = ""


#: One for each error, but for those of the server.
WRONG: Final = {
    300: Wrong("GET", "/api/v1/proteins/P99998/"),
    400: Wrong("GET", "/api/v1/interactions/?tf=TP53&scale=small"),
    401: Wrong("GET", "/api/v1/taxa/", {"authorization": "Token 0123"}),
    404: Wrong("GET", "/api/v1/proteins/P99999/"),
    405: Wrong("DELETE", "/api/v1/proteins/Q9UK53/"),
    406: Wrong("GET", "/api/v1/taxa/", {"accept": "image/png"}),
    410: Wrong("GET", "/api/v1/interactions/Q9UK53-P99991/"),
    413: Wrong("POST", "/api/v1/lookup/", {"content-type": "text/plain"}, "P04637\n" * 200_000),
    415: Wrong("POST", "/api/v1/lookup/", {"content-type": "text/html"}, "P04637"),
    429: Wrong("GET", "/api/v1/taxa/", rate="1/hour"),
}


def settled(answer: Json) -> Json:
    """An answer without what changes from one day to another, by the rules above."""
    if isinstance(answer, dict):
        return {name: _field(name, value) for name, value in answer.items()}
    if isinstance(answer, list):
        return [settled(entry) for entry in answer[:2]]
    if isinstance(answer, str):
        for pattern, replacement in _REPLACED:
            answer = pattern.sub(replacement, answer)
    return answer


def _field(name: str, value: Json) -> Json:
    if name.endswith("_at") and isinstance(value, str):
        return NOW
    if name in ("id", "change", "number", "change_number") and isinstance(value, int):
        return 1
    return settled(value)


def _text(content: str) -> str:
    if len(content) > _LONGEST:
        content = "".join(content.splitlines(keepends=True)[:3])
    if content.startswith(("id\t", "\ufeffid,", '{"id":')):
        content = _ROW_NUMBER.sub("1", content)
    return _NOON.sub(NOW, content)


def _urls(path: str, operation: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Media type and URL of each form in which an operation responds."""
    parameters = {parameter["name"]: parameter for parameter in operation.get("parameters", [])}
    # Of what the five documents lack, the documentation links to no record.
    requested = operation.get("x-example", "") or path.format(
        **{name: parameter.get("example") for name, parameter in parameters.items()}
    )
    few = FEW.get(path.removeprefix("/api/v1/").strip("/"))
    for media_type in operation["responses"]["200"]["content"]:
        if media_type == "application/json":
            size = (
                ("&" if "?" in requested else "?") + "page_size=1"
                if "page_size" in parameters
                else ""
            )
            yield media_type, requested + size
        elif media_type.endswith("+json") and "limit" in parameters:
            yield media_type, requested.replace("limit=20", "limit=1")
        else:
            yield media_type, f"{path}?{urlencode(few)}" if few else requested


def _of_operations(client: Client) -> Iterator[tuple[str, str, str, Json]]:
    """Operation, media type, URL and settled response."""
    for path, method, operation in operations_of(api_schema()):
        if path == "/api/v1/schema/":
            continue
        posted = _posted(operation)
        for media_type, url in _urls(path, operation):
            answer = client.generic(
                method.upper(),
                url,
                json.dumps(posted) if posted else "",
                content_type="application/json",
                headers={"accept": media_type},
            )
            assert answer.status_code == 200, (url, media_type, _content(answer)[:300])
            assert answer["Content-Type"].split(";")[0] == media_type, url
            named = f"{method.upper()} {url}"
            yield operation["operationId"], media_type, named, _body(answer, media_type)


def _posted(operation: Mapping[str, Any]) -> Json:
    """The example of what is sent, if anything is."""
    sent = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return next((example["value"] for example in sent.get("examples", {}).values()), None)


def _content(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def _body(answer: Any, media_type: str) -> Json:
    content = _content(answer)
    if media_type in ("application/json", CONTENT_TYPE):
        return settled(json.loads(content))
    text = settled(content.decode())
    return json.loads(_NOON.sub(NOW, text)) if media_type.endswith("+json") else _text(text)


def made(client: Client) -> dict[str, Json]:
    """What `proteins/api/schema/examples.json` holds."""
    operations: dict[str, Json] = {}
    for name, media_type, url, body in _of_operations(client):
        operations.setdefault(name, {})[media_type] = {"address": url, "body": body}
    for successor in ("P62805", "P68431"):  # no document has such an accession
        AccessionFate.objects.create(accession="P99998", successor=successor, fate=1)
    problems = {str(status): _problem(client, status, wrong) for status, wrong in WRONG.items()}
    return {"operations": operations, "problems": problems}


def _problem(client: Client, status: int, wrong: Wrong) -> dict[str, Json]:
    cache.clear()
    with override_settings(API_RATES=dict.fromkeys(settings.API_RATES, wrong.rate)):
        for _ in range(2):
            headers = dict(wrong.headers)
            kind = headers.pop("content-type", "application/json")
            answer = client.generic(
                wrong.method, wrong.url, wrong.body, content_type=kind, headers=headers
            )
    cache.clear()
    assert answer.status_code == status, (wrong.url, answer.content[:300])
    named = f"{wrong.method} {wrong.url}"
    return {"address": named, "body": _body(answer, CONTENT_TYPE)}
