from __future__ import annotations

import pytest

from proteins.models import Interaction, Protein
from tests.factories import make_interaction, make_protein


@pytest.fixture
def interaction(db: None) -> Interaction:
    return make_interaction(make_protein("Q9UK53", "ING1"), make_protein("Q07812", "BAX"))


@pytest.fixture
def protein(interaction: Interaction) -> Protein:
    return interaction.tf
