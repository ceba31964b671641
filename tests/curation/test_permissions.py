"""Roles: what each may do, and that no other may."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db.migrations.state import StateApps

from curation import permissions
from curation.permissions import (
    ADMINISTRATOR,
    CURATOR,
    ROLE_MEANINGS,
    ROLES,
    SENIOR_CURATOR,
    Right,
    demand,
    may,
    set_roles,
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
        "remove_result",
    },
    ADMINISTRATOR: {"remove_result"},
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


def permissions_of(role: str) -> set[str]:
    rows = Group.objects.get(name=role).permissions
    return {
        f"{app}.{code}" for app, code in rows.values_list("content_type__app_label", "codename")
    }


def give(role: str, *names: str) -> None:
    for name in names:
        app, _, code = name.partition(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=code)
        Group.objects.get_or_create(name=role)[0].permissions.add(permission)


def migrate() -> None:
    call_command("migrate", verbosity=0, interactive=False)


def test_setting_the_roles_again_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def all_of_them() -> set[tuple[str, int]]:
        return set(Group.objects.values_list("name", "permissions"))

    before, permissions = all_of_them(), Permission.objects.count()
    set_roles(apps)
    assert (all_of_them(), Permission.objects.count()) == (before, permissions)
    assert caplog.messages == []


def test_a_right_taken_away_in_code_is_gone_after_migrate(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    without = ROLES[SENIOR_CURATOR] - {Right.RELEASE}
    monkeypatch.setattr(permissions, "ROLES", {**ROLES, SENIOR_CURATOR: without})
    before = permissions_of(SENIOR_CURATOR)
    migrate()
    assert permissions_of(SENIOR_CURATOR) == before - {"curation.make_release"}
    assert not may(make_person("somebody", SENIOR_CURATOR), Right.RELEASE)
    assert caplog.messages == [
        "Role Senior curator: given nothing; taken away curation.make_release"
    ]


def test_a_right_of_no_role_in_code_is_taken_away_and_a_missing_one_given() -> None:
    before = permissions_of(CURATOR)
    give(CURATOR, "curation.run_import", "proteins.delete_protein")
    Group.objects.get(name=CURATOR).permissions.filter(codename="propose_change").delete()
    migrate()
    assert permissions_of(CURATOR) == before


def test_what_an_administrator_added_stays() -> None:
    give(CURATOR, "auth.view_user")
    give("Guests", "proteins.change_protein", "curation.run_import")
    migrate()
    assert "auth.view_user" in permissions_of(CURATOR)
    assert permissions_of("Guests") == {"proteins.change_protein", "curation.run_import"}


def test_a_role_that_was_deleted_is_made_again() -> None:
    before = permissions_of(ADMINISTRATOR)
    Group.objects.get(name=ADMINISTRATOR).delete()
    migrate()
    assert permissions_of(ADMINISTRATOR) == before


def test_a_database_without_accounts_has_no_roles_yet() -> None:
    """As after `migrate proteins`."""
    Group.objects.all().delete()
    permissions.set_roles_after_migrate(apps=StateApps([], {}), using="default")
    assert not Group.objects.exists()
