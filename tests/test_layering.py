"""The directions of the house: rooms, the floors of their folders, and no two folders that import
each other (the contracts are in pyproject.toml).

That a breach is found is tried on a synthetic copy: all modules, empty.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.places import ROOT

PACKAGES = ("tflink", "curation", "proteins")
CONFIGURATION = ROOT / "pyproject.toml"
#: Modules beside the folders at the top of a room, at most.
TOP_MODULES = 12
#: The querysets are a part of the models that is written apart.
ONE_FOLDER = {"proteins.models.querysets": "proteins.models"}
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


def folders_that_import_each_other(graph: grimp.ImportGraph) -> set[tuple[str, str]]:
    """Return the pairs of folders, at any depth, of which each has a module that imports one
    of the other."""
    packages = {module for module in graph.modules if graph.find_children(module)}

    def folder(module: str) -> str:
        folder_of = module if module in packages else module.rpartition(".")[0]
        # At the top of a room each module is by itself.
        folder_of = module if folder_of in PACKAGES else folder_of
        return ONE_FOLDER.get(folder_of, folder_of)

    arrows = {
        (folder(importer), folder(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    return {(one, other) for one, other in arrows if one < other and (other, one) in arrows}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, cache_dir=None)


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All modules of the three packages, empty."""
    root = tmp_path_factory.mktemp("house")
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            module = root / path.relative_to(ROOT)
            module.parent.mkdir(parents=True, exist_ok=True)
            module.touch()
    return root


@pytest.fixture
def house(empty_house: Path) -> Iterator[Path]:
    """The same for one test, which may write in it."""
    yield empty_house
    for path in empty_house.rglob("*.py"):
        if path.stat().st_size:
            path.write_bytes(b"")


def test_imports_run_one_way() -> None:
    result = check_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_no_package_names_one_above_it() -> None:
    assert list(names_backwards(ROOT)) == []


def test_no_two_folders_import_each_other(graph: grimp.ImportGraph) -> None:
    assert folders_that_import_each_other(graph) == set()


def test_two_folders_that_import_each_other_are_found() -> None:
    graph = grimp.ImportGraph()
    for module in ("proteins", "proteins.b", "proteins.b.one", "proteins.c", "proteins.c.two"):
        graph.add_module(module)
    graph.add_import(importer="proteins.b.one", imported="proteins.c.two")
    assert folders_that_import_each_other(graph) == set()
    graph.add_import(importer="proteins.c", imported="proteins.b")
    assert folders_that_import_each_other(graph) == {("proteins.b", "proteins.c")}


@pytest.mark.parametrize("room", ["proteins", "curation"])
def test_few_modules_stand_at_the_top_of_a_room(room: str) -> None:
    modules = [path.name for path in (ROOT / room).glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= TOP_MODULES, sorted(modules)


@pytest.mark.parametrize("room", PACKAGES[1:])
def test_every_package_has_a_map(room: str) -> None:
    """Its `__init__` says what is where."""
    silent = [
        str(path.relative_to(ROOT))
        for path in (ROOT / room).rglob("__init__.py")
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        and "migrations" not in path.parts
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("module", "line", "message"),
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
        ("proteins/queries/home.py", "import proteins.site.home", "proteins.queries"),
        ("proteins/exports/rows.py", "import proteins.api.views", "proteins.exports"),
        ("curation/importing/run.py", "import curation.actions.records", "curation.importing"),
        ("curation/admin/base/links.py", "import curation.admin.inbox.view", "curation.admin"),
    ],
)
def test_an_import_that_runs_backwards_is_found(
    house: Path, module: str, line: str, message: str
) -> None:
    # The rule that parsers know no Django follows imports on their way.
    (house / "proteins/models/taxon.py").write_text("import django\n", encoding="utf-8")
    (house / "proteins/models/__init__.py").write_text(
        "from proteins.models.taxon import Taxon\n", encoding="utf-8"
    )
    (house / module).write_text(f"{line}\n", encoding="utf-8")
    result = check_imports(house)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout
    assert message in result.stdout


def test_a_module_at_the_top_of_a_room_needs_its_floor(house: Path) -> None:
    new = house / "proteins" / "nowhere.py"
    new.touch()
    try:
        assert "nowhere" in check_imports(house).stdout
    finally:
        new.unlink()


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("proteins/domain/links.py", 'PIN = "curation.Pin"'),
        ("proteins/domain/links.py", 'apps.get_model("curation", "Pin")'),
        ("proteins/domain/links.py", 'import_module("tflink.settings")'),
        ("curation/shared/evidence.py", 'import_module("tflink.settings")'),
    ],
)
def test_a_name_that_runs_backwards_is_found(house: Path, module: str, line: str) -> None:
    (house / module).write_text(f"{line}\n", encoding="utf-8")
    assert [breach.partition(":")[0] for breach in names_backwards(house)] == [module]
