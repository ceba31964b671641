"""Some cases of schemathesis for each operation, both what the schema allows and what it does
not, with all checks; `contract.py` sends thousands, to a running site."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from proteins.api.schema.generator import api_schema
from tests.proteins.api import content
from tests.proteins.api.contract import CONFIG
from tests.proteins.api.contract_hooks import with_vocabularies
from tests.thoroughness import examples
from tflink.wsgi import application

pytestmark = pytest.mark.django_db
SOME = settings(
    max_examples=examples(5),
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module", autouse=True)
def _content(module_db: None) -> None:
    content.fill()


@contextmanager
def connection_stays_open() -> Iterator[None]:
    """As Django's own test client sees to: the site closes it before and after a request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _described(client: Client) -> Any:
    raw = api_schema()
    with_vocabularies(
        raw, lambda plural: client.get(f"/api/v1/{plural}/", {"page_size": 1000}).json()["results"]
    )
    schema = schemathesis.openapi.from_dict(raw, config=SchemathesisConfig.from_path(CONFIG))
    schema.app = application
    return schema


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_what_the_schema_says(client: Client, mode: GenerationMode) -> None:
    operations = [described.ok() for described in _described(client).get_all_operations()]
    assert len(operations) >= 20
    for operation in operations:
        if mode.is_negative and not list(operation.query):
            continue

        @SOME
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            case.call_and_validate(headers={"host": "localhost"})

        with connection_stays_open():
            send()
