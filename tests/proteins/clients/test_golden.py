"""Every format byte for byte; to change one is deliberate, and for the changelog.

    TFLINK_WRITE_GOLDEN=1 pytest tests/proteins/clients/test_golden.py

writes the files anew, for their difference to be read before it is committed.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proteins.clients.conftest import Files

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"


def test_every_format(files: Files) -> None:
    if os.environ.get("TFLINK_WRITE_GOLDEN"):
        for file in files.values():
            (GOLDEN / file.name).write_bytes(file.read_bytes())
    assert {file.name for file in GOLDEN.iterdir()} == {file.name for file in files.values()}
    differing = [
        file.name
        for file in files.values()
        if file.read_bytes() != (GOLDEN / file.name).read_bytes()
    ]
    assert differing == []
