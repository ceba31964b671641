"""The settings as a process of its own reads them from its environment."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.places import ROOT
from tflink.secret_key import stored_secret_key

#: What the settings read; a test sets what it is about and nothing else is set.
READ = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "tflink" / "settings.py").read_text()))
PRODUCTION = {
    "TFLINK_ENVIRONMENT": "production",
    "SECRET_KEY": "a-key-of-many-different-characters-0123456789-abcdefghij",
    "ALLOWED_HOSTS": "tflink.example.org",
}


def environment_of(folder: Path, **environment: str) -> dict[str, str]:
    """Return the environment of a process whose settings are those given here."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        # A browser's test, run before, may have allowed Django what production must not.
        if key not in READ and not key.startswith("DJANGO_")
    }
    return {**inherited, "TFLINK_DATA_DIR": str(folder), **environment}


def python(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment_of(folder, **environment),
        capture_output=True,
        text=True,
        check=False,
    )


def setting(folder: Path, expression: str, **environment: str) -> object:
    program = f"import json; from tflink import settings; print(json.dumps({expression}))"
    result = python(folder, "-c", program, **environment)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def test_development_asks_for_nothing(tmp_path: Path) -> None:
    expression = "[settings.DEBUG, settings.ALLOWED_HOSTS, settings.DATABASES['default']['NAME']]"
    assert setting(tmp_path, expression) == [
        False,
        ["localhost", "127.0.0.1", "[::1]"],
        str(tmp_path / "tflink.sqlite3"),
    ]
    assert setting(tmp_path, "settings.DEBUG", DEBUG="true") is True


def test_the_secret_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    first = setting(folder, "settings.SECRET_KEY")
    assert isinstance(first, str)
    assert len(first) >= 50
    assert setting(folder, "settings.SECRET_KEY") == first
    assert setting(tmp_path / "other", "settings.SECRET_KEY") != first
    assert stat.S_IMODE((folder / "secret_key").stat().st_mode) == 0o600
    assert setting(folder, "settings.SECRET_KEY", SECRET_KEY="given") == "given"


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as starts:
        keys = list(starts.map(lambda _: setting(tmp_path, "settings.SECRET_KEY"), range(4)))
    assert len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_a_kept_key_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("as it was")
    assert stored_secret_key(tmp_path / "key") == "as it was"


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_demands_its_key_and_its_names(tmp_path: Path, missing: str) -> None:
    given = {key: value for key, value in PRODUCTION.items() if key != missing}
    result = python(tmp_path, "manage.py", "check", **given)
    assert result.returncode != 0
    assert f"Set the {missing} environment variable" in result.stderr
    assert not (tmp_path / "secret_key").exists()


def test_an_unknown_environment_is_refused(tmp_path: Path) -> None:
    result = python(tmp_path, "manage.py", "check", TFLINK_ENVIRONMENT="staging")
    assert result.returncode != 0
    assert "it must be 'development' or 'production'" in result.stderr


def test_production_passes_the_deployment_check(tmp_path: Path) -> None:
    result = python(
        tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION
    )
    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_production_is_never_debugged(tmp_path: Path) -> None:
    result = python(tmp_path, "manage.py", "check", **PRODUCTION, DEBUG="on")
    assert result.returncode != 0
    assert "never in production" in result.stderr


def test_what_binds_other_sites_of_the_domain_is_a_choice(tmp_path: Path) -> None:
    names = ("SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    expression = f"[settings.{names[0]}, settings.{names[1]}]"
    assert setting(tmp_path, expression, **PRODUCTION) == [False, False]
    chosen = dict.fromkeys(names, "on")
    assert setting(tmp_path, expression, **PRODUCTION, **chosen) == [True, True]


def test_any_host_is_warned_of(tmp_path: Path) -> None:
    arguments = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    result = python(tmp_path, *arguments, **PRODUCTION | {"ALLOWED_HOSTS": "*"})
    assert result.returncode != 0
    assert "curation.W002" in result.stderr


def test_production_trusts_a_proxys_word_only_where_told(tmp_path: Path) -> None:
    expression = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None)"
    assert setting(tmp_path, expression, **PRODUCTION) is None
    assert setting(tmp_path, expression, **PRODUCTION, BEHIND_HTTPS_PROXY="true") == [
        "HTTP_X_FORWARDED_PROTO",
        "https",
    ]


def test_a_database_is_taken_from_its_address(tmp_path: Path) -> None:
    expression = "[settings.DATABASES['default'][key] for key in ('ENGINE', 'NAME', 'PORT')]"
    url = "postgres://user:p%40ss@db.example.org:5433/tflink"
    assert setting(tmp_path, expression, DATABASE_URL=url) == [
        "django.db.backends.postgresql",
        "tflink",
        5433,
    ]


def test_sqlite_is_set_up_for_readers_beside_a_writer(tmp_path: Path) -> None:
    program = """
import django, json
django.setup()
from django.db import connection
names = ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")
with connection.cursor() as cursor:
    values = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}
values["begins"] = connection.transaction_mode
print(json.dumps(values))
"""
    result = python(tmp_path, "-c", program, DJANGO_SETTINGS_MODULE="tflink.settings")
    assert json.loads(result.stdout) == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 1,
        "busy_timeout": 5_000,
        "begins": "IMMEDIATE",
    }


def test_a_sqlite_file_named_by_its_address_is_set_up_alike(tmp_path: Path) -> None:
    options = setting(
        tmp_path,
        "settings.DATABASES['default']['OPTIONS']",
        DATABASE_URL=f"sqlite:///{tmp_path}/other.sqlite3",
    )
    assert isinstance(options, dict)
    assert options["transaction_mode"] == "IMMEDIATE"


@pytest.mark.django_db
def test_the_tests_run_with_foreign_keys_on() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys")
            assert cursor.fetchone() == (1,)


def test_debug_is_off_unless_asked_for() -> None:
    assert settings.DEBUG is False


def test_a_path_prefix_is_that_of_the_server(tmp_path: Path) -> None:
    names = ("FORCE_SCRIPT_NAME", "STATIC_URL", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH")
    listed = f"[{', '.join(f'settings.{name}' for name in names)}]"
    below = ["/tflink", "/tflink/static/", "/tflink", "/tflink"]
    for value in ("/tflink", "/tflink/"):
        assert setting(tmp_path, listed, SCRIPT_NAME=value) == below
    assert setting(tmp_path, listed) == [None, "/static/", "/", "/"]
    refused = python(tmp_path, "manage.py", "check", SCRIPT_NAME="tflink")
    assert "SCRIPT_NAME begins with a slash" in refused.stderr
