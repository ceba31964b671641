"""The roles of the people who curate, and what each may do.

Every action demands its right by itself (`demand`); pages only leave out what would be
refused. Roles are groups, made by a migration; a superuser may do all.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser, User


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
}
_CURATOR_RIGHTS: Final = frozenset({Right.PROPOSE, Right.REVIEW, Right.COMMENT})
ROLES: Final[Mapping[str, frozenset[Right]]] = {
    CURATOR: _CURATOR_RIGHTS,
    SENIOR_CURATOR: _CURATOR_RIGHTS | {Right.CHANGE, Right.DECIDE, Right.IMPORT, Right.RELEASE},
    ADMINISTRATOR: frozenset(),
}
#: What each role is for, in words.
ROLE_MEANINGS: Final[Mapping[str, str]] = {
    CURATOR: (
        "proposes changes, confirms and disputes interactions, comments on proposals of others "
        "and endorses them"
    ),
    SENIOR_CURATOR: (
        "also changes records directly, decides proposals of others, imports, takes imports "
        "back and makes releases"
    ),
    ADMINISTRATOR: "manages accounts and their roles; changes no records",
}
#: What an Administrator does instead: accounts and the roles that they have.
ADMINISTRATOR_PERMISSIONS: Final = (
    ("auth", "user", "add_user", "Can add user"),
    ("auth", "user", "change_user", "Can change user"),
    ("auth", "user", "view_user", "Can view user"),
    ("auth", "group", "view_group", "Can view group"),
)


def may(user: User | AnonymousUser | None, right: Right) -> bool:
    """Whether `user` (nobody, where None) has a right; those who left have none."""
    return user is not None and user.has_perm(right.permission)


def demand(user: User | AnonymousUser | None, right: Right) -> None:
    """Raise `PermissionDenied`, which names the right that is missing."""
    if not may(user, right):
        needed = right.meaning.removeprefix("Can ")
        raise PermissionDenied(f"Your role does not let you {needed}.")


def load_roles(models: Any) -> None:
    """Make the groups and give each what it may do; what was given beside that stays.

    `models` are the models as they are now, or as a migration sees them. Everybody at the
    desk may look at every record.
    """
    rights = {
        right: _permission(models, "curation", "revision", right.value, right.meaning)
        for right in Right
    }
    looking = [
        _permission(
            models,
            model._meta.app_label,
            model._meta.model_name,
            f"view_{model._meta.model_name}",
            f"Can view {model._meta.verbose_name}",
        )
        for model in models.get_models()
        if model._meta.app_label in ("proteins", "curation")
    ]
    for role, theirs in ROLES.items():
        group, _ = models.get_model("auth", "Group").objects.get_or_create(name=role)
        group.permissions.add(*looking, *(rights[right] for right in theirs))
    administrators = models.get_model("auth", "Group").objects.get(name=ADMINISTRATOR)
    administrators.permissions.add(
        *(_permission(models, *names) for names in ADMINISTRATOR_PERMISSIONS)
    )


def _permission(models: Any, app: str, model: str, codename: str, name: str) -> Any:
    """Return a permission, made where Django has not come to make it yet."""
    content_type, _ = models.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    permission, _ = models.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": name}
    )
    return permission
