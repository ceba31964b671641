"""The exact versions that the README's commands and CI install."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.places import ROOT

CONSTRAINTS = ROOT / ".requirements" / "constraints.txt"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = {
    line
    for lines in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for line in lines
}
LINES = [
    line
    for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
PINS = [line.split("==") for line in LINES]
VERSIONS = {canonicalize_name(name): version for name, version in PINS}


def test_each_line_is_a_name_and_an_exact_version() -> None:
    for line in LINES:
        assert re.fullmatch(r"[a-z0-9._-]+==[0-9][0-9a-z.+!-]*", line), line
    assert len(VERSIONS) == len(LINES)


@pytest.mark.parametrize("line", sorted(REQUIREMENTS))
def test_each_requirement_has_a_version_that_it_allows(line: str) -> None:
    requirement = Requirement(line)
    version = VERSIONS[canonicalize_name(requirement.name)]
    assert requirement.specifier.contains(version), "run .requirements/refresh"


@pytest.mark.parametrize("file", ["README.md", ".ci/run"])
def test_every_installation_takes_these_versions(file: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    commands = re.findall(r"^.*/pip\"? install .*$", text, re.MULTILINE)
    locked = [line for line in commands if f"-c {CONSTRAINTS.relative_to(ROOT)} " in line]
    newest = [line for line in commands if '"$venv/bin/pip"' in line]
    assert locked
    assert len(locked) + len(newest) == len(commands)
