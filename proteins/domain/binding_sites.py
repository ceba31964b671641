"""Binding sites as the sources state them."""

from __future__ import annotations

from typing import Final

#: Fields of a binding site that documents speak of, beside its evidence.
SITE_FIELDS: Final = ("assembly", "chromosome", "start", "end", "strand", "overlaps", "sequence")
