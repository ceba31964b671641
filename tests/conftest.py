from __future__ import annotations

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.conf import settings as site_settings
from django.db import connection, transaction
from django.db.models.signals import post_migrate
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from curation.importing.run import RunReport, import_pages
from curation.vocabulary import (
    load_datasets,
    load_review_reasons,
    load_source_versions,
    load_species_names,
    load_vocabulary,
)
from proteins.caching import conditional, shared
from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE
from proteins.models import Dataset
from tests import migrated, thoroughness
from tests.components import (  # noqa: F401  (pytest's hooks)
    pytest_collection_modifyitems,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

# Cache compiled modules whatever the environment says: to compile them again is most of each
# worker's start (8 s against 3) and a fifth of that of each process that tests start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
thoroughness.load_profile()
ROOT = Path(__file__).resolve().parent.parent


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Run one worker more than there are cores (`-n auto`): the one that begins with tests of
    other processes and of the browser mostly waits, and left two fifths of two cores idle."""
    cores = yield
    return cores if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ else cores + 1


def pytest_configure() -> None:
    """Let all workers have one migrated database."""
    migrated.share()


def pytest_collection_finish() -> None:
    """Let Python look for garbage less often, and not among what was imported: it took a
    twelfth of the time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """Make tables without migrations where `django_db_setup` fills in a migrated database."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Fill the database of tests from a migrated one, and put vocabularies back whenever a test
    that commits has emptied it, so that tests may run in any order. (Roles come back by
    themselves.)"""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            migrated.fill(connection)
    post_migrate.connect(
        lambda **_: load_vocabularies(), sender=apps.get_app_config("curation"), weak=False
    )


def load_vocabularies() -> None:
    load_vocabulary(apps)
    load_species_names(apps)
    load_source_versions(apps)
    load_datasets(apps)
    # Emptying a table resets no sequence; the migration made it the first, as in examples.
    Dataset.objects.filter(fold=fold(CURATED_HERE)).update(id=1)
    load_review_reasons(apps)


def _database_of_scope(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


#: The database for fixtures of the scope of a module, or of a class: what they store is made
#: once, seen by all tests there, and taken back after the last. Each test takes back its own
#: as ever; one that commits (`transaction=True`) cannot be among them.
module_db = pytest.fixture(scope="module", name="module_db")(_database_of_scope)
class_db = pytest.fixture(scope="class", name="class_db")(_database_of_scope)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords at once: Django's own hashing takes a third of a second, on purpose."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_up_once() -> Iterator[None]:
    """Look for static files once: each test client makes all middleware anew, and WhiteNoise
    would look for the same few hundred files each time (a third of the time of many tests)."""
    look = WhiteNoiseMiddleware.add_files_from_finders
    files: dict[str, Any] = {}

    def look_once(middleware: WhiteNoiseMiddleware) -> None:
        if not files:
            look(middleware)
            files.update(middleware.files)
        middleware.files.update(files)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(WhiteNoiseMiddleware, "add_files_from_finders", look_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def no_releases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let those that somebody made here be none of the tests'."""
    with override_settings(RELEASES_DIR=tmp_path_factory.mktemp("releases") / "none"):
        yield


@pytest.fixture(autouse=True)
def no_cached_pages(settings: LazySettings) -> None:
    """Make each page anew: tests write behind the back of what tells that something changed."""
    settings.PAGE_CACHE_BYTES = settings.PAGE_STALE_SECONDS = 0
    # Numbers of changes that were rolled back come again.
    shared.forget()
    conditional.forget_pages()


@pytest.fixture(autouse=True, scope="session")
def no_limits() -> Iterator[None]:
    """Let tests, and fixtures of any scope, ask as often as they like."""
    with override_settings(
        API_RATES=dict.fromkeys(site_settings.API_RATES, ""),
        READER_RATES=dict.fromkeys(site_settings.READER_RATES, ""),
        **dict.fromkeys(
            (
                "ANALYSIS_SLOTS",
                "ANALYSIS_SLOTS_BY_CLIENT",
                "FILE_SLOTS",
                "FILE_SLOTS_BY_CLIENT",
                "LOGIN_SLOTS",
            ),
            0,
        ),
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def no_jobs_of_analysis() -> Iterator[None]:
    """Let imports start no process, which would look at the developer's own database."""
    with override_settings(ANALYSIS_JOBS=False):
        yield


@pytest.fixture(autouse=True)
def no_lockout(settings: LazySettings) -> None:
    """Let tests log in, rightly and wrongly, as often as they like."""
    settings.AXES_ENABLED = False


@pytest.fixture
def five_pages(db: None) -> RunReport:
    """The database with the five documents of `fixtures/pages` imported."""
    return import_pages([ROOT / "fixtures" / "pages"])


@pytest.fixture(autouse=True)
def alone_in_the_cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out of the state of the content who writes just now: on PostgreSQL that is anybody
    in the cluster, other workers of the tests among them. (Not for tests of just that.)"""
    if "among_writers" not in request.keywords:
        query = conditional._state_query("alone")
        monkeypatch.setattr(conditional, "_state_query", lambda _: query)
