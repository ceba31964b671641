"""What a proposal does to a field: a value replaced, or items added to a list and removed.

A change is what JSON holds:

- of a plain value, and where a whole value is stated: `[before, after]`;
- of a list (gene IDs, orthologs): `{"added": [...], "removed": [...]}`;
- of a value with parts (evidence): a change for each part that differs, such as
  `{"sources": {"added": ["TRED"], "removed": []}, "small_scale": ["no", "yes"]}`.

A change of a list is applied to whatever the list holds by then, so that two people may each add
one item. An ortholog, `[species, identifier, in TFLink]`, is one item by its first two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

Change: TypeAlias = Sequence[Any] | Mapping[str, Any]

_OF_A_LIST: Final = {"added", "removed"}


def difference(before: Any, after: Any) -> Change:
    """Return the change that makes `after` of `before`."""
    if isinstance(before, list) and isinstance(after, list):
        return {"added": _without(after, before), "removed": _without(before, after)}
    if isinstance(before, dict) and isinstance(after, dict):
        return {
            name: difference(before.get(name), after.get(name))
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        }
    return [before, after]


def differences_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Change]:
    """Return the changes of the fields of `after` that differ from `before`."""
    return {
        name: difference(before[name], value)
        for name, value in after.items()
        if value != before[name]
    }


def applied(change: Change, now: Any) -> Any:
    """Return what a change makes of the present value."""
    if not isinstance(change, Mapping):
        return change[1]
    if not is_of_a_list(change):
        present = now or {}
        parts = {name: applied(part, present.get(name)) for name, part in change.items()}
        return {**present, **parts}
    gone = set(map(_identity, change["removed"]))
    items = {_identity(item): item for item in now or () if _identity(item) not in gone}
    for item in change["added"]:
        # An ortholog is in TFLink where any says so.
        items[_identity(item)] = max(items.get(_identity(item), item), item)
    return sorted(items.values())


def united_values(mine: Any, opened: Any, now: Any) -> Any:
    """Return `now` with what one person made of the value `opened`.

    Of a list, what the other person added comes and what they took away goes; of evidence, that
    holds for each of its parts. Any other value is mine where I changed it.
    """
    return now if mine == opened else applied(difference(opened, mine), now)


def conflict(change: Change, now: Any) -> list[Any] | None:
    """Return `[then, now]` of what another person changed otherwise meanwhile, or None.

    A plain value is in conflict where it is neither what it was nor what is proposed; an item of
    a list, where it was to become another one and is gone.
    """
    if not isinstance(change, Mapping):
        return None if now in change else [change[0], now]
    if is_of_a_list(change):
        there, replaced = set(map(_identity, now or ())), set(map(_identity, change["added"]))
        lost = [i for i in change["removed"] if _identity(i) in replaced - there]
        return [lost, []] if lost else None
    parts = {name: conflict(part, (now or {}).get(name)) for name, part in change.items()}
    met = {name: pair for name, pair in parts.items() if pair is not None}
    return [{name: pair[side] for name, pair in met.items()} for side in (0, 1)] if met else None


def sides(change: Change) -> list[Any]:
    """Return `[before, after]` of a change; of lists, with no more than what goes and comes."""
    if not isinstance(change, Mapping):
        return list(change)
    if is_of_a_list(change):
        return [list(change["removed"]), list(change["added"])]
    parts = {name: sides(part) for name, part in change.items()}
    return [{name: pair[side] for name, pair in parts.items()} for side in (0, 1)]


def is_of_a_list(change: Change) -> bool:
    return isinstance(change, Mapping) and change.keys() == _OF_A_LIST


def is_empty(change: Change) -> bool:
    """Whether a change changes nothing."""
    before, after = sides(change)
    return bool(before == after)


def _without(items: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    there = set(map(_whole, others))
    return [item for item in items if _whole(item) not in there]


def _whole(item: Any) -> Any:
    return tuple(item) if isinstance(item, list) else item


def _identity(item: Any) -> Any:
    """Return what makes an item of a list itself: an ortholog's flag does not."""
    return tuple(item[:2]) if isinstance(item, list) else item
