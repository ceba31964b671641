"""Roles: what each may do, and that no other may."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.exceptions import PermissionDenied

from curation.permissions import (
    ADMINISTRATOR,
    CURATOR,
    ROLE_MEANINGS,
    ROLES,
    SENIOR_CURATOR,
    Right,
    demand,
    load_roles,
    may,
)
from tests.curation.people import make_person

pytestmark = pytest.mark.django_db

#: As the issue of the desk has it: written out, so that a slip in `ROLES` is found.
RIGHTS = {
    CURATOR: {"propose_change", "review_interaction", "write_comment"},
    SENIOR_CURATOR: {
        "propose_change",
        "review_interaction",
        "write_comment",
        "change_record",
        "decide_proposal",
        "run_import",
        "make_release",
    },
    ADMINISTRATOR: set(),
}


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("right", Right)
def test_each_role_has_its_rights_and_no_others(role: str, right: Right) -> None:
    person = make_person("somebody", role)
    expected = right.value in RIGHTS[role]
    assert may(person, right) is expected
    if expected:
        demand(person, right)
    else:
        with pytest.raises(PermissionDenied, match="Your role does not let you"):
            demand(person, right)


@pytest.mark.parametrize("right", Right)
def test_who_has_no_right(right: Right) -> None:
    left = make_person("left")
    left.is_active = False
    left.save()
    staff = User.objects.create_user("staff", is_staff=True)
    for without_right in (None, AnonymousUser(), User.objects.get(pk=left.pk), staff):
        assert not may(without_right, right)
        with pytest.raises(PermissionDenied):
            demand(without_right, right)
    assert may(User.objects.create_superuser("root"), right)


@pytest.mark.parametrize("role", RIGHTS)
def test_roles_may_look_at_records_and_change_no_rows(role: str) -> None:
    """Rows are changed by actions; no permission of Django's own lets a user past them."""
    codes = set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))
    assert {"view_protein", "view_interaction", "view_proposal", "view_revision"} <= codes
    accounts = {"add_user", "change_user"} if role == ADMINISTRATOR else set()
    writing = {code for code in codes if code.startswith(("add_", "change_", "delete_"))}
    assert writing - RIGHTS[role] == accounts


def test_every_role_is_explained() -> None:
    assert set(ROLE_MEANINGS) == set(ROLES) == set(RIGHTS)
    assert len({right.meaning for right in Right}) == len(Right)


def test_loading_the_roles_again_changes_nothing() -> None:
    def all_of_them() -> set[tuple[str, int]]:
        return set(Group.objects.values_list("name", "permissions"))

    before, permissions = all_of_them(), Permission.objects.count()
    load_roles(apps)
    assert (all_of_them(), Permission.objects.count()) == (before, permissions)
