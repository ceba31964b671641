from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from proteins.models import Interaction
from tests.factories import make_interaction, make_protein


@pytest.fixture
def curator(db: None) -> Client:
    """A browser in which an administrator is logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    return client


@pytest.fixture
def interaction(db: None) -> Interaction:
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
