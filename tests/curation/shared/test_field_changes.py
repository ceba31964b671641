"""What a proposal does to a field."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from curation import migrations
from curation.models import Proposal
from curation.shared.field_changes import (
    applied,
    conflict,
    difference,
    is_empty,
    sides,
    united_values,
)
from curation.shared.renamed_values import Renamed, rewrite_values

EVIDENCE = {"sources": ["A"], "methods": [], "pmids": [1], "small_scale": "no"}
LISTS = st.lists(st.integers(0, 9), unique=True).map(sorted)
VALUES = st.fixed_dictionaries({"a": LISTS, "b": st.sampled_from(["no", "yes"])})


def test_the_form_of_a_change() -> None:
    assert difference("x", "y") == ["x", "y"]
    assert difference([1, 2], [2, 3]) == {"added": [3], "removed": [1]}
    more = {**EVIDENCE, "sources": ["A", "B"], "small_scale": "yes"}
    assert difference(EVIDENCE, more) == {
        "sources": {"added": ["B"], "removed": []},
        "small_scale": ["no", "yes"],
    }
    assert sides(difference(EVIDENCE, more)) == [
        {"sources": [], "small_scale": "no"},
        {"sources": ["B"], "small_scale": "yes"},
    ]


@given(VALUES, VALUES, VALUES)
def test_changes_come_together(opened: Any, mine: Any, theirs: Any) -> None:
    change = difference(opened, mine)
    assert applied(change, opened) == mine
    assert is_empty(change) == (opened == mine)
    both = applied(change, theirs)
    assert set(both["a"]) == (set(theirs["a"]) - (set(opened["a"]) - set(mine["a"]))) | (
        set(mine["a"]) - set(opened["a"])
    )
    assert applied(change, both) == both
    assert united_values(mine, opened, theirs) == both
    # Of two values there is no third that could be in conflict.
    assert conflict(change, theirs) is None


@pytest.mark.parametrize(
    ("change", "now", "pair"),
    [
        (["x", "y"], "x", None),
        (["x", "y"], "y", None),
        (["x", "y"], "z", ["x", "z"]),
        ({"added": [3], "removed": [1]}, [7], None),
        ({"small_scale": ["no", "yes"]}, EVIDENCE, None),
        ({"small_scale": ["not stated", "yes"]}, EVIDENCE,
         [{"small_scale": "not stated"}, {"small_scale": "no"}]),
        ({"added": [["Mm", "P1", True]], "removed": [["Mm", "P1", False]]},
         [["Mm", "P2", False]], [[["Mm", "P1", False]], []]),
    ],
)  # fmt: skip
def test_what_is_in_conflict(change: Any, now: Any, pair: Any) -> None:
    assert conflict(change, now) == pair


def test_an_ortholog_is_in_tflink_where_any_says_so() -> None:
    there, listed = ["Mm", "P1", False], ["Mm", "P1", True]
    assert applied({"added": [listed], "removed": []}, [there]) == [listed]
    assert applied({"added": [there], "removed": []}, [listed]) == [listed]
    assert applied({"added": [there], "removed": [listed]}, [listed]) == [there]
    assert applied({"added": [], "removed": [there]}, [listed]) == []


@pytest.mark.django_db
def test_names_that_change_do_so_in_what_waits() -> None:
    changes: dict[str, Any] = {
        "evidence": {
            "sources": {"added": ["b", "C"], "removed": ["A"]},
            "small_scale": ["no", "yes"],
        },
        "orthologs": {"added": [["Mouse", "P1", False]], "removed": []},
    }
    of_record = {"kind": "interaction", "record_id": 1, "record_key": "x", "origin": "curator"}
    waiting = Proposal.objects.create(**of_record, changes=changes, state="returned")
    only = {"evidence": {"sources": {"added": ["B"], "removed": ["b"]}}}
    nothing_left = Proposal.objects.create(**of_record, changes=only)
    renamed = Renamed(sources={"b": "B"}, species={"Mouse": "Mus musculus"})
    rewrite_values(apps, renamed, [])
    waiting.refresh_from_db()
    assert waiting.changes == {
        "evidence": {
            "sources": {"added": ["B", "C"], "removed": ["A"]},
            "small_scale": ["no", "yes"],
        },
        "orthologs": {"added": [["Mus musculus", "P1", False]], "removed": []},
    }
    nothing_left.refresh_from_db()
    assert nothing_left.state == "superseded"


@pytest.mark.django_db
def test_proposals_that_waited_become_changes() -> None:
    (path,) = Path(migrations.__path__[0]).glob("*_proposals_of_changes.py")
    migration = import_module(f"{migrations.__name__}.{path.stem}")
    of_record: dict[str, Any] = {"kind": "protein", "record_id": 1, "record_key": "x"}
    stored = {"name": ["x", "y"], "gene_ids": [[1, 2], [2, 3]]}
    curators, decided, new = (
        Proposal.objects.create(**{**of_record, "origin": "curator", "changes": stored, **more})
        for more in ({}, {"state": "rejected"}, {"record_id": None})
    )
    for _ in range(2):  # once more changes nothing
        migration.as_changes(apps, None)
        for proposal in (curators, decided, new):
            proposal.refresh_from_db()
        assert decided.changes == new.changes == stored
        assert curators.changes == {
            "name": ["x", "y"],
            "gene_ids": {"added": [3], "removed": [1]},
        }
