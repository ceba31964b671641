"""People of each role, and browsers in which they are logged in."""

from __future__ import annotations

from django.contrib.auth.models import Group, User
from django.test import Client

from curation.permissions import SENIOR_CURATOR


def make_person(username: str, role: str = SENIOR_CURATOR) -> User:
    """Return a user who may log in to the admin and has one role, made where needed."""
    user, _ = User.objects.get_or_create(username=username, defaults={"is_staff": True})
    user.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=user.pk)  # without permissions that were read before


def browser_of(user: User) -> Client:
    """Return a client in which `user` is logged in."""
    client = Client()
    client.force_login(user)
    return client
