from __future__ import annotations

from pathlib import Path

import pytest

from curation.importing.run import RunReport, import_pages

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def five_pages(db: None) -> RunReport:
    """The database with the five documents of `fixtures/pages` imported."""
    return import_pages([ROOT / "fixtures" / "pages"])
