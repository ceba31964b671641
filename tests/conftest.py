from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db.models.signals import post_migrate
from django.test import override_settings

from curation.importing.run import RunReport, import_pages
from curation.permissions import load_roles
from curation.vocabulary import load_vocabulary
from tests.components import (  # noqa: F401  (pytest's hooks)
    pytest_collection_modifyitems,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Put vocabularies and roles back whenever a test that commits has emptied the database,
    so that tests may run in any order."""
    post_migrate.connect(lambda **_: fill(), sender=apps.get_app_config("curation"), weak=False)


def fill() -> None:
    """Add what migrations bring: vocabularies and roles."""
    load_vocabulary(apps)
    load_roles(apps)


@pytest.fixture(autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords at once: Django's own hashing takes a third of a second, on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def no_kept_pages(settings: LazySettings) -> None:
    """Make each page anew: tests write behind the back of what tells that something changed."""
    settings.PAGE_CACHE_BYTES = 0


@pytest.fixture
def five_pages(db: None) -> RunReport:
    """The database with the five documents of `fixtures/pages` imported."""
    return import_pages([ROOT / "fixtures" / "pages"])
