"""Accounts: what an Administrator may do with them, and what no user may, as attacks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from rest_framework.authtoken.models import Token

from curation.models import Revision, Verb
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR, Right, may
from proteins.api.tokens import digest_of
from tests.curation.people import browser_of, make_person

pytestmark = pytest.mark.django_db
SECRET = "Ein-langes-Wort-7"


@pytest.fixture(autouse=True)
def quick_passwords(settings: LazySettings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def chief(db: None) -> User:
    return make_person("chief", ADMINISTRATOR)


@pytest.fixture
def administrator(chief: User) -> Client:
    return browser_of(chief)


@pytest.fixture
def root(db: None) -> User:
    return User.objects.create_superuser("root", password=SECRET)


def admin_url(page: str, *args: Any) -> str:
    return reverse(f"admin:auth_user_{page}", args=args)


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def fields(account: User, **more: Any) -> dict[str, Any]:
    """What the form of an account sends."""
    sent = {
        "username": account.username,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "email": account.email,
        "groups": [group.pk for group in account.groups.all()],
    }
    return sent | ({"is_active": "on"} if account.is_active else {}) | more


def roles_of(account: User) -> set[str]:
    return set(User.objects.get(pk=account.pk).groups.values_list("name", flat=True))


def test_somebody_is_added_with_a_role_and_may_log_in(administrator: Client) -> None:
    form = administrator.get(admin_url("add"))
    assert "Whoever has a role may log in to this desk" in form.text
    assert "proposes changes, confirms and disputes" in form.text
    sent = {
        "username": "ada", "usable_password": "true", "password1": SECRET, "password2": SECRET,
        "first_name": "Ada", "last_name": "", "email": "", "groups": [role(CURATOR).pk],
    }  # fmt: skip
    assert administrator.post(admin_url("add"), sent).status_code == 302
    ada = User.objects.get(username="ada")
    assert (ada.is_staff, ada.is_superuser, roles_of(ada)) == (True, False, {CURATOR})
    visitor = Client()
    assert visitor.login(username="ada", password=SECRET)
    assert visitor.get(reverse("admin:index")).status_code == 200


def test_who_has_no_role_may_not_log_in(administrator: Client) -> None:
    ada = make_person("ada", CURATOR)
    browser = browser_of(ada)
    sent = fields(ada, groups=[])
    assert administrator.post(admin_url("change", ada.pk), sent).status_code == 302
    ada.refresh_from_db()
    assert (ada.is_staff, roles_of(ada)) == (False, set())
    assert browser.get(reverse("admin:index")).status_code == 302


def test_roles_are_set_and_accounts_deactivated_at_once(administrator: Client) -> None:
    ada = make_person("ada", CURATOR)
    browser = browser_of(ada)
    sent = fields(ada, groups=[role(SENIOR_CURATOR).pk])
    assert administrator.post(admin_url("change", ada.pk), sent).status_code == 302
    assert may(User.objects.get(pk=ada.pk), Right.CHANGE)
    sent.pop("is_active")
    assert administrator.post(admin_url("change", ada.pk), sent).status_code == 302
    assert browser.get(reverse("admin:index")).status_code == 302
    assert not may(User.objects.get(pk=ada.pk), Right.PROPOSE)


FORGED = {
    "is_superuser": "on",
    "is_staff": "on",
    "user_permissions": ["1", "2"],
    "last_login_0": "2020-01-01",
}


def test_forged_fields_make_no_superuser(administrator: Client, chief: User) -> None:
    ada = make_person("ada", CURATOR)
    administrator.post(admin_url("change", ada.pk), fields(ada) | FORGED)
    administrator.post(admin_url("change", chief.pk), fields(chief) | FORGED)
    new = {"username": "eve", "usable_password": "true", "password1": SECRET, "password2": SECRET}
    administrator.post(admin_url("add"), new | FORGED)
    assert User.objects.filter(username="eve").exists()
    assert not User.objects.filter(is_superuser=True).exists()
    assert not Permission.objects.filter(user__isnull=False).exists()
    assert not User.objects.get(username="eve").is_staff


def test_nobody_changes_their_own_roles(administrator: Client, chief: User) -> None:
    form = administrator.get(admin_url("change", chief.pk))
    assert "nobody changes what they may do themselves" in form.text
    assert 'name="groups"' not in form.text
    sent = fields(chief, groups=[group.pk for group in Group.objects.all()], first_name="Chief")
    sent.pop("is_active")
    assert administrator.post(admin_url("change", chief.pk), sent).status_code == 302
    chief.refresh_from_db()
    assert (chief.first_name, chief.is_active) == ("Chief", True)
    assert roles_of(chief) == {ADMINISTRATOR}


def test_a_superuser_is_out_of_reach(administrator: Client, root: User) -> None:
    before = User.objects.filter(pk=root.pk).values().get()
    assert administrator.get(admin_url("change", root.pk)).status_code == 200  # to look at
    assert administrator.post(admin_url("change", root.pk), fields(root)).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert administrator.get(password).status_code == 403
    sent = {"password1": "x" + SECRET, "password2": "x" + SECRET, "usable_password": "true"}
    assert administrator.post(password, sent).status_code == 403
    assert administrator.post(admin_url("delete", root.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=root.pk).values().get() == before


def test_an_administrator_sets_passwords_of_others(administrator: Client) -> None:
    ada = make_person("ada", CURATOR)
    password = reverse("admin:auth_user_password_change", args=[ada.pk])
    sent = {"password1": SECRET, "password2": SECRET, "usable_password": "true"}
    assert administrator.post(password, sent).status_code == 302
    assert Client().login(username="ada", password=SECRET)


@pytest.mark.parametrize("name", [CURATOR, SENIOR_CURATOR])
def test_curators_have_nothing_to_do_with_accounts(name: str, root: User) -> None:
    ada = make_person("ada", name)
    client = browser_of(ada)
    sent = fields(ada, groups=[role(ADMINISTRATOR).pk])
    for answer in (
        client.get(admin_url("changelist")),
        client.get(admin_url("add")),
        client.post(
            admin_url("add"), {"username": "eve", "password1": SECRET, "password2": SECRET}
        ),
        client.post(admin_url("change", ada.pk), sent),
        client.post(admin_url("delete", root.pk), {"post": "yes"}),
        client.get(reverse("admin:auth_user_password_change", args=[root.pk])),
        client.get(reverse("admin:auth_user_export")),
        client.get(reverse("admin:auth_group_changelist")),
    ):
        assert answer.status_code == 403
    assert roles_of(ada) == {name}
    assert User.objects.count() == 2


def test_everybody_at_the_desk_changes_their_own_password(db: None) -> None:
    ada = make_person("ada", CURATOR)
    ada.set_password(SECRET)
    ada.save()
    client = browser_of(ada)
    sent = {"old_password": SECRET, "new_password1": SECRET + "8", "new_password2": SECRET + "8"}
    url = reverse("admin:password_change")
    assert client.post(url, sent | {"old_password": "wrong"}).status_code == 200
    assert client.post(url, sent).status_code == 302
    assert Client().login(username="ada", password=SECRET + "8")


def test_who_did_something_is_deactivated_and_not_deleted(root: User) -> None:
    client = browser_of(root)
    ada, idle = make_person("ada", CURATOR), make_person("idle", CURATOR)
    Revision.objects.create(
        kind="protein", record_id=1, record_key="P04637", verb=Verb.AMENDED, user=ada
    )
    answer = client.post(admin_url("delete", ada.pk), {"post": "yes"}, follow=True)
    assert "Take away “active” instead" in answer.text
    assert User.objects.filter(pk=ada.pk).exists()
    client.post(admin_url("delete", idle.pk), {"post": "yes"})
    assert not User.objects.filter(pk=idle.pk).exists()
    assert client.post(admin_url("delete", root.pk), {"post": "yes"}).status_code == 403
    actions = {"action": "delete_selected", "_selected_action": [ada.pk], "post": "yes"}
    client.post(admin_url("changelist"), actions)
    assert User.objects.filter(pk=ada.pk).exists()


def test_an_administrator_deletes_nobody(administrator: Client) -> None:
    idle = make_person("idle", CURATOR)
    assert administrator.post(admin_url("delete", idle.pk), {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=idle.pk).exists()


def test_a_superuser_makes_another_and_keeps_their_own(root: User) -> None:
    client = browser_of(root)
    ada = make_person("ada", CURATOR)
    client.post(admin_url("change", ada.pk), fields(ada, is_superuser="on"))
    ada.refresh_from_db()
    assert (ada.is_superuser, ada.is_staff) == (True, True)
    client.post(admin_url("change", root.pk), {"username": "root"})
    root.refresh_from_db()
    assert (root.is_superuser, root.is_active, root.is_staff) == (True, True, True)


@pytest.mark.parametrize("who", ["root", "chief"])
def test_roles_come_with_the_code(who: str, root: User, chief: User) -> None:
    client = browser_of({"root": root, "chief": chief}[who])
    group = role(CURATOR)
    before = set(group.permissions.values_list("pk", flat=True))
    page = client.get(reverse("admin:auth_group_change", args=[group.pk]))
    assert "Can propose changes" in page.text
    everything = {"name": "x", "permissions": [right.pk for right in Permission.objects.all()]}
    for name, args in (("add", ()), ("change", (group.pk,)), ("delete", (group.pk,))):
        answer = client.post(reverse(f"admin:auth_group_{name}", args=args), everything)
        assert answer.status_code == 403
    assert set(role(CURATOR).permissions.values_list("pk", flat=True)) == before
    assert Group.objects.count() == 3


def test_the_list_opens_and_is_searched(administrator: Client, root: User) -> None:
    make_person("ada", CURATOR)
    page = administrator.get(admin_url("changelist"), {"q": "ad"})
    assert {account.username for account in page.context["cl"].result_list} == {"ada"}
    assert administrator.get(reverse("admin:auth_user_export")).status_code == 200


def test_tokens_of_the_api_are_shown_once(administrator: Client, chief: User, root: User) -> None:
    """Only what makes them shows them; superusers are out of an administrator's reach."""
    ann = make_person("ann", CURATOR)
    chosen = {ACTION_CHECKBOX_NAME: [ann.pk, root.pk]}
    page = administrator.post(
        admin_url("changelist"), {"action": "make_token", **chosen}, follow=True
    ).text
    stored = Token.objects.get()
    assert stored.user == ann
    shown_once = re.search(r"The API token of ann is ([0-9a-f]{40})\.", page)
    assert shown_once
    token = shown_once[1]
    assert stored.key == digest_of(token)
    assert "Only a superuser changes root" in page
    logged = " ".join(f"{entry} {entry.object_repr}" for entry in LogEntry.objects.all())
    assert "An API token was made" in logged
    for shown in (
        administrator.get(admin_url("changelist")).text,
        administrator.get(admin_url("change", ann.pk)).text,
        logged,
    ):
        assert token not in shown
        assert stored.key not in shown
    assert "made on" in administrator.get(admin_url("change", ann.pk)).text
    headers = {"Authorization": f"Token {token}"}
    assert Client().get("/api/v1/", headers=headers).status_code == 200
    # What the database holds is no token.
    stolen = {"Authorization": f"Token {stored.key}"}
    assert Client().get("/api/v1/", headers=stolen).status_code == 401
    # It is no way into the desk.
    assert Client().get("/admin/", headers=headers).status_code == 302
    administrator.post(admin_url("changelist"), {"action": "make_token", **chosen})
    assert Client().get("/api/v1/", headers=headers).status_code == 401
    again = {"action": "take_token_back", **chosen}
    assert (
        "ann has no API token any more"
        in administrator.post(admin_url("changelist"), again, follow=True).text
    )
    assert (
        "ann has no API token."
        in administrator.post(admin_url("changelist"), again, follow=True).text
    )
    assert not Token.objects.exists()


def test_who_may_not_change_accounts_makes_no_token(root: User) -> None:
    ann = make_person("ann", CURATOR)
    data = {"action": "make_token", ACTION_CHECKBOX_NAME: [ann.pk]}
    assert browser_of(ann).post(admin_url("changelist"), data).status_code == 403
    assert not Token.objects.exists()
