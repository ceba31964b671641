from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from curation.permissions import CURATOR, SENIOR_CURATOR
from proteins.models import Interaction
from tests.curation.people import browser_of, make_person
from tests.factories import make_interaction, make_protein


@pytest.fixture
def curator(db: None) -> Client:
    """A browser in which an administrator is logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("curator"))
    return client


@pytest.fixture
def senior(db: None) -> Client:
    """A browser in which a senior curator is logged in."""
    return browser_of(make_person("senior", SENIOR_CURATOR))


@pytest.fixture
def proposer(db: None) -> Client:
    """A browser in which a user who is only a Curator is logged in."""
    return browser_of(make_person("proposer", CURATOR))


@pytest.fixture
def interaction(db: None) -> Interaction:
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))
