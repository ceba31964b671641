"""The page "Using the API": its recipes do what it promises, each run as a reader would run it."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from pytest_django.live_server_helper import LiveServer
from rest_framework.authtoken.models import Token

from proteins.api.schema import using
from proteins.api.tokens import digest_of
from tests.proteins.api import content

PROGRAMS: Final = {
    "sh": ("curl", "curl is missing: apt-get install curl"),
    "R": ("Rscript", "R is missing: apt-get install r-base-core"),
}
_COMMANDS: Final = {"sh": ["sh", "-e"], "R": ["Rscript", "--vanilla"]}
TOKEN: Final = "0123456789abcdef0123456789abcdef01234567"
#: What each must print; in a file of the name that is given, where it writes one.
PRINTS: Final = {
    "first.sh": '"id":"Q9UK53-Q07812"',
    "first.py": "ING1 -> BAX\nreported by TRRUST",
    "first.R": "Name.Target",
    "filter.sh": '"total":7,',
    "filter.py": "7 targets\n['BAX', ",
    "filter.R": '"BAX"',
    "regulators.sh": "AATF\tBAX",
    "regulators.py": "('ING1', 'BAX')",
    "regulators.R": "ING1",
    "pages.py": "267 of 267 TFs",
    "species.sh": "human.tsv",
    "species.py": "ING1",
    "species.R": "ING1",
    "gene-sets.sh": "EZH2_Q15910",
    "gene-sets.py": "1/1",
    "gene-sets.R": "ING1_Q9UK53",
    "look-up.sh": '"not_found":["nothing"]',
    "look-up.py": "not found: ['nothing']",
    "look-up.R": "Q07812",
    "network.sh": "",
    "network.py": "51 proteins, ",
    "network.R": "Q9UK53",
    "unchanged.sh": "200\n304\n",
    "unchanged.py": "304",
    "mirror.sh": '"number":',
    "mirror.py": " proteins, 454 interactions, at ",
    "statements.sh": '"effect":"activation"',
    "release.sh": "UniprotID.TF",
    "release.py": " interactions in release 2026.12",
    "release.R": " interactions in release 2026.12",
    "errors.sh": "there is no such parameter here",
    "errors.py": "400 Bad Request\n",
    "token.sh": " 200 OK",
}


def test_every_recipe_is_on_the_page_with_what_it_prints(client: Client, db: None) -> None:
    files = sorted(
        file.name for file in using.RECIPES.iterdir() if file.suffix[1:] in using.LANGUAGES
    )
    assert files == sorted(PRINTS)
    text = client.get("/api/v1/docs/using/").content.decode()
    assert text.count("<pre ") == len(files)
    assert len(text) < 100_000
    assert using.HOST not in text
    assert "http://testserver/api/v1/interactions/Q9UK53-Q07812/" in text


def test_r_reads_all_columns_as_text() -> None:
    """A gene called T is not TRUE, and one called NA is there."""
    for file in using.RECIPES.glob("*.R"):
        code = file.read_text("utf-8")
        readers = code.count("read.delim(") + code.count("read.table(")
        assert code.count('colClasses = "character"') == readers, file.name
        assert code.count("na.strings = ") == code.count('quote = ""') == readers, file.name


def test_rates_are_those_of_the_settings(client: Client, settings: Any, db: None) -> None:
    settings.API_RATES = {**settings.API_RATES, "files": "7/day", "files-token": ""}
    text = client.get("/api/v1/docs/using/").content.decode()
    assert "<td>7 a day</td><td>no limit</td>" in text


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("suffix", ["sh", "py", "R"])
def test_recipes_do_what_they_say(
    suffix: str, live_server: LiveServer, tmp_path: Path, settings: Any
) -> None:
    program, reason = PROGRAMS.get(suffix, (sys.executable, ""))
    if not shutil.which(program):
        pytest.skip(reason)
    settings.RELEASES_DIR = tmp_path / "releases"
    content.fill()
    call_command("make_release", using.RELEASE, stdout=io.StringIO())
    Token.objects.create(user=User.objects.create(username="researcher"), key=digest_of(TOKEN))
    names = [name for name in PRINTS if name.endswith(suffix)]
    for name in names:
        code = (using.RECIPES / name).read_text(encoding="utf-8")
        tmp_path.joinpath(name).write_text(code.replace(using.HOST, live_server.url), "utf-8")
    printed = _run_all(names, tmp_path) if suffix == "py" else _run_each(names, tmp_path)
    wrong = {name: printed[name] for name in names if PRINTS[name] not in printed[name]}
    assert wrong == {}
    if suffix == "sh":
        assert b"CXVersion" in (tmp_path / "ing1.cx2").read_bytes()


def _run_each(names: list[str], folder: Path) -> dict[str, str]:
    return {name: _run([*_COMMANDS[name.rpartition(".")[2]], name], folder) for name in names}


def _run_all(names: list[str], folder: Path) -> dict[str, str]:
    """In one process: to import pandas takes longer than all else."""
    runner = "import runpy, sys\nfor name in sys.argv[1:]:\n print(f'{name}:', flush=True)"
    runner += "\n runpy.run_path(name, run_name='__main__')\n print('\\f', flush=True)"
    printed = _run([sys.executable, "-c", runner, *names], folder).split("\f\n")
    return dict(zip(names, printed, strict=False))


def _run(command: list[str], folder: Path) -> str:
    """What a program prints; why it failed, where it does."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "MPLCONFIGDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, (command, done.stdout, done.stderr)
    return done.stdout
