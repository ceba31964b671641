"""Where the arrays of each species are: the folder of this host, and the tokens that it holds.

Beside `store`, which reads and writes them, so that what only looks for them loads no NumPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from proteins.models import SpeciesArrays


def folder() -> Path:
    return Path(settings.DATA_DIR) / "analysis"


def on_this_host(taxon: int) -> Iterator[SpeciesArrays]:
    """The arrays of a species that are in this host's folder, newest first."""
    for one in SpeciesArrays.objects.filter(taxon=taxon).order_by("-change_number", "-pk"):
        if (folder() / one.token).is_dir():
            yield one


def forget_all() -> None:
    """Let the database name no arrays: those of a copy are the original's."""
    SpeciesArrays.objects.all().delete()
