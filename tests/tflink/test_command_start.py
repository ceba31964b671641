"""What a process loads at its start: a command only what it works with, the web service all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_settings import python

#: Parts that take long to load, each of use to some commands or to the web service only.
HEAVY = {
    "Bio",
    "curation.admin",
    "drf_spectacular.openapi",
    "numpy",
    "prometheus_client",
    "proteins.analysis.store",
    "proteins.api",
    "proteins.exports",
    "proteins.releases",
    "proteins.site",
    "psycopg",
    "requests",
    "rest_framework.compat",
    "rest_framework.views",
    "tflink.urls",
}


def loaded_after(folder: Path, program: str) -> set[str]:
    """Return which of the heavy modules a process of its own has loaded after a program."""
    whole = f"import json, sys\n{program}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    result = python(folder, "-c", whole, DJANGO_SETTINGS_MODULE="tflink.settings")
    assert result.returncode == 0, result.stderr
    return HEAVY & set(json.loads(result.stdout.splitlines()[-1]))


@pytest.mark.parametrize("command", ["import_pages --help", "migrate --plan --skip-checks"])
def test_a_command_loads_only_what_it_works_with(tmp_path: Path, command: str) -> None:
    program = (
        "from contextlib import suppress\n"
        "from tflink.command_line import run\n"
        f"with suppress(SystemExit): run(['manage.py', *{command.split()}])"
    )
    assert loaded_after(tmp_path, program) == set()


def test_the_check_of_the_admin_loads_its_lists(tmp_path: Path) -> None:
    program = (
        "import django; django.setup()\n"
        "from django.core import checks\n"
        "checks.run_checks(tags=[checks.Tags.admin])\n"
        "from django.contrib import admin; from curation.models import Upload\n"
        "assert admin.site.is_registered(Upload)"
    )
    assert "curation.admin" in loaded_after(tmp_path, program)


def test_the_web_service_loads_all_pages_before_the_first_request(tmp_path: Path) -> None:
    pages = {"curation.admin", "proteins.api", "proteins.site", "tflink.urls"}
    assert pages <= loaded_after(tmp_path, "import tflink.wsgi")
