"""tflink -> curation -> proteins, never back (the contracts are in pyproject.toml)."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("tflink", "curation", "proteins")
CONFIGURATION = ROOT / "pyproject.toml"
#: The stages of an import that read or write the database; all others are free of Django.
WITH_DATABASE = {
    "bulk",
    "journal",
    "load",
    "load_evidence",
    "load_facets",
    "lock",
    "proposals",
    "run",
    "session",
    "store",
    "undo",
    "undo_changes",
    "undo_created",
    "undo_history",
    "withdraw",
}
#: What a package may not even name in a text, as Django allows (`apps.get_model("curation",
#: "Pin")`, `ForeignKey("curation.Pin")`, a dotted path to import).
NAMED_BACKWARDS = {
    "proteins": re.compile(r"curation(\.\w+)*|tflink\.\w+(\.\w+)*"),
    "curation": re.compile(r"tflink\.\w+(\.\w+)*"),
}


def check_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = (
        "import sys; from importlinter.cli import lint_imports; "
        f"sys.exit(lint_imports(config_filename={str(CONFIGURATION)!r}, no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )


def names_backwards(root: Path) -> Iterator[str]:
    for package, pattern in NAMED_BACKWARDS.items():
        for path in sorted((root / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
                    continue
                if pattern.fullmatch(node.value):
                    yield f"{path.relative_to(root)}:{node.lineno} names {node.value}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The three packages in a folder where they may be spoilt."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    return tmp_path


def test_imports_run_one_way() -> None:
    result = check_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_package_names_one_above_it() -> None:
    assert list(names_backwards(ROOT)) == []


@pytest.mark.parametrize(
    ("module", "line", "says"),
    [
        ("proteins/domain/links.py", "from curation import actions", "proteins is not allowed"),
        (
            "proteins/site/forms.py",
            "def late():\n    import tflink.settings",
            "proteins is not allowed",
        ),
        ("curation/shared/evidence.py", "import tflink.urls", "curation is not allowed"),
        ("proteins/domain/identifiers.py", "from django.db import models", "django"),
        ("curation/importing/source/normalise.py", "from proteins.models import Taxon", "django"),
    ],
)
def test_an_import_that_runs_backwards_is_found(
    copy: Path, module: str, line: str, says: str
) -> None:
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = check_imports(copy)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
    assert says in result.stdout


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("proteins/domain/links.py", 'PIN = "curation.Pin"'),
        ("proteins/domain/links.py", 'apps.get_model("curation", "Pin")'),
        ("proteins/domain/links.py", 'import_module("tflink.settings")'),
        ("curation/shared/evidence.py", 'import_module("tflink.settings")'),
    ],
)
def test_a_name_that_runs_backwards_is_found(copy: Path, module: str, line: str) -> None:
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    assert [found.partition(":")[0] for found in names_backwards(copy)] == [module]


def test_every_stage_of_an_import_is_free_of_django_or_meant_not_to_be() -> None:
    contracts = tomllib.loads(CONFIGURATION.read_text())["tool"]["importlinter"]["contracts"]
    listed = {
        module.rpartition(".")[2]
        for contract in contracts
        for module in contract.get("source_modules", ())
        if module.startswith("curation.importing.")
    }
    stages = {path.stem for path in (ROOT / "curation" / "importing").glob("*.py")}
    assert listed == stages - WITH_DATABASE - {"__init__"}
