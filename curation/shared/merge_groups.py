"""One group for all spellings of a name."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from curation.permissions import ROLES
from proteins.domain.fold import fold


def merge_groups(models: Any) -> None:
    """Merge groups whose names are one, and store the fold of each.

    The role of ours stays, else the oldest group; it gains the members of the others. Their
    rights are not united: what a role may do is what the code says.
    """
    group_fold = models.get_model("curation", "GroupFold").objects
    by_fold: dict[str, list[Any]] = defaultdict(list)
    for group in models.get_model("auth", "Group").objects.order_by("pk"):
        by_fold[fold(group.name)].append(group)
    for folded, groups in by_fold.items():
        survivor = next((group for group in groups if group.name in ROLES), groups[0])
        for other in groups:
            if other is not survivor:
                survivor.user_set.add(*other.user_set.all())
                other.delete()
        group_fold.update_or_create(group=survivor, defaults={"fold": folded})
