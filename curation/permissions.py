"""Roles of curators and the rights of each; the one place that says so.

Every action demands its right by itself (`demand`); pages only leave out what would be
refused. Roles are groups, set after every migrate (`set_roles`); a superuser may do all.
"""

from __future__ import annotations

import enum
import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS, transaction

from proteins.domain.fold import fold

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


logger = logging.getLogger(__name__)

CURATOR: Final = "Curator"
SENIOR_CURATOR: Final = "Senior curator"
ADMINISTRATOR: Final = "Administrator"


class Right(enum.Enum):
    """What a role may do; the value is the codename of a permission in `curation`."""

    PROPOSE = "propose_change"
    REVIEW = "review_interaction"
    COMMENT = "write_comment"
    CHANGE = "change_record"
    DECIDE = "decide_proposal"
    IMPORT = "run_import"
    RELEASE = "make_release"
    REMOVE_RESULT = "remove_result"

    @property
    def permission(self) -> str:
        """Its name as `User.has_perm` takes it."""
        return f"curation.{self.value}"

    @property
    def meaning(self) -> str:
        return MEANINGS[self]


MEANINGS: Final[Mapping[Right, str]] = {
    Right.PROPOSE: "Can propose changes",
    Right.REVIEW: "Can confirm and dispute interactions",
    Right.COMMENT: "Can comment and endorse proposals",
    Right.CHANGE: "Can change records directly",
    Right.DECIDE: "Can accept and reject proposals of others",
    Right.IMPORT: "Can import and undo imports",
    Right.RELEASE: "Can make releases",
    Right.REMOVE_RESULT: "Can delete results that readers keep",
}
_CURATOR_RIGHTS: Final = frozenset({Right.PROPOSE, Right.REVIEW, Right.COMMENT})
ROLES: Final[Mapping[str, frozenset[Right]]] = {
    CURATOR: _CURATOR_RIGHTS,
    SENIOR_CURATOR: _CURATOR_RIGHTS
    | {Right.CHANGE, Right.DECIDE, Right.IMPORT, Right.RELEASE, Right.REMOVE_RESULT},
    ADMINISTRATOR: frozenset({Right.REMOVE_RESULT}),
}
#: What each role is for, in words.
ROLE_MEANINGS: Final[Mapping[str, str]] = {
    CURATOR: (
        "proposes changes, confirms and disputes interactions, comments on proposals of others "
        "and endorses them"
    ),
    SENIOR_CURATOR: (
        "also changes records directly, decides proposals of others, imports, takes imports "
        "back, makes releases and deletes results that readers keep"
    ),
    ADMINISTRATOR: (
        "manages accounts and their roles, and deletes results that readers keep; changes no "
        "records"
    ),
}
#: What an Administrator does instead: accounts and the roles that they have. They are Django's
#: permissions, not ours: one that is dropped from here is not taken from the group by itself.
_ADMINISTRATOR_PERMISSIONS: Final = frozenset(
    {"auth.add_user", "auth.change_user", "auth.view_user", "auth.view_group"}
)
_OUR_APPS: Final = ("proteins", "curation")


def may(user: User | AnonymousUser | None, right: Right) -> bool:
    """Whether `user` (anonymous, where None) has a right; an inactive account has none."""
    return user is not None and user.has_perm(right.permission)


def demand(user: User | AnonymousUser | None, right: Right) -> None:
    """Raise `PermissionDenied`, naming the right, where `user` lacks it."""
    if not may(user, right):
        needed = right.meaning.removeprefix("Can ")
        raise PermissionDenied(f"Your role does not let you {needed}.")


def set_roles(models: Any, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the groups of the roles, and give each the permissions that this module states.

    Of our own permissions a role's group has these and no others, so that a right which is
    taken away in code is gone after the next migrate; changes are logged. Other groups, and
    permissions of other apps that were given to a role, stay. `models` are the models as
    they are now, or as a migration sees them; permissions that are not there yet are left out.
    """
    permissions = _permissions(models, using)
    for role in ROLES:
        group, created = (
            models.get_model("auth", "Group").objects.using(using).get_or_create(name=role)
        )
        _set_permissions(group, _wanted(role, permissions), permissions, created=created)
        _set_fold(models, group, using)


def set_roles_after_migrate(*, apps: Any = None, using: str, **_: Any) -> None:
    """Handle `post_migrate`: set the roles, where the tables of accounts exist."""
    from django.apps import apps as current

    models = apps or current
    try:
        models.get_model("auth", "Group")
    except LookupError:  # migrated only so far
        return
    with transaction.atomic(using=using):
        set_roles(models, using)


def _set_fold(models: Any, group: Any, using: str) -> None:
    """Store the fold of a role's name: what a migration sees of models sends no signals."""
    try:
        folds = models.get_model("curation", "GroupFold").objects.using(using)
    except LookupError:  # migrated only so far
        return
    folds.update_or_create(group_id=group.pk, defaults={"fold": fold(group.name)})


def _permissions(models: Any, using: str) -> dict[str, Any]:
    """Return all permissions, by `app.codename`."""
    rows = models.get_model("auth", "Permission").objects.using(using)
    return {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in rows.select_related("content_type")
    }


def _wanted(role: str, permissions: Mapping[str, Any]) -> set[str]:
    """Return the names of what a role may do; every role may look at every record."""
    names = {right.permission for right in ROLES[role]}
    names |= {name for name in permissions if _is_ours(name) and ".view_" in name}
    if role == ADMINISTRATOR:
        names |= _ADMINISTRATOR_PERMISSIONS
    return names & permissions.keys()


def _set_permissions(
    group: Any, wanted: set[str], permissions: Mapping[str, Any], *, created: bool
) -> None:
    names = {permission.pk: name for name, permission in permissions.items()}
    current = {names[pk] for pk in group.permissions.values_list("pk", flat=True)}
    given = wanted - current
    taken = {name for name in current - wanted if _is_ours(name)}
    group.permissions.add(*(permissions[name] for name in given))
    group.permissions.remove(*(permissions[name] for name in taken))
    if given or taken:
        logger.log(
            logging.INFO if created else logging.WARNING,
            "Role %s: given %s; taken away %s",
            group.name,
            ", ".join(sorted(given)) or "nothing",
            ", ".join(sorted(taken)) or "nothing",
        )


def _is_ours(name: str) -> bool:
    return name.partition(".")[0] in _OUR_APPS
