"""One database for a module, and every format of it downloaded once, as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from django.conf import settings
from django.http import StreamingHttpResponse
from django.test import Client, override_settings

from proteins.api.views import RESOURCES
from tests.proteins.clients import content

#: By the name of the list and of the format.
Files = Mapping[tuple[str, str], Path]


@pytest.fixture(scope="module")
def files(module_db: None, tmp_path_factory: pytest.TempPathFactory) -> Files:
    content.store()
    folder = tmp_path_factory.mktemp("files")
    # Fixtures of a module are made before those of a test, which take the limits away.
    rates = dict.fromkeys(getattr(settings, "API_RATES", {}), "")
    with override_settings(API_RATES=rates):
        return {
            (name, offered.name): _download(folder, name, offered)
            for name, view, _ in RESOURCES
            if name in ("interactions", "binding-sites")
            for offered in view.formats
        }


def _download(folder: Path, name: str, offered: Any) -> Path:
    answer = Client().get(f"/api/v1/{name}/", {"format": offered.name})
    assert answer.status_code == 200, answer.content
    file = folder / f"{name}.{offered.suffix}"
    file.write_bytes(b"".join(cast(StreamingHttpResponse, answer)))
    return file
