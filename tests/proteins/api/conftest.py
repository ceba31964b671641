from __future__ import annotations

from typing import Any, Protocol

import pytest
from django.test import Client

ROOT = "/api/v1/"


class Get(Protocol):
    def __call__(self, path: str, /, *, expect: int = 200, **query: Any) -> Any: ...


@pytest.fixture
def get(client: Client) -> Get:
    """Asks the API, checks the status, and returns what it says."""

    def ask(path: str, /, *, expect: int = 200, **query: Any) -> Any:
        response = client.get(
            path if path.startswith(("/", "http")) else ROOT + path, query or None
        )
        assert response.status_code == expect, response.content[:500]
        return response.json()

    return ask


def identifiers(page: Any, field: str = "accession") -> list[Any]:
    return [row[field] for row in page["results"]]
