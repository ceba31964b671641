"""The bar of a row: the interactions of one protein by tier of support, on a common scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proteins.domain.tiers import Tier
from proteins.drawing.figure import TIERS, number

#: Pixels: the longest bar. The page may stretch it.
_WIDTH: Final = 160
#: What is there is seen, however little.
_LEAST: Final = 1.0


def tier_bar(tiers: Mapping[Tier, int], most: int) -> SafeString:
    """A bar on a scale on which `most` interactions have the whole width."""
    counted = [(tier, tiers[tier]) for tier in TIERS if tiers[tier]]
    words = ", ".join(f"{count:,} {tier.label}" for tier, count in counted)
    return format_html(
        '<svg class="plot bar" viewBox="0 0 160 10" preserveAspectRatio="none" role="img">'
        "<title>{}</title>{}</svg>",
        words or "none",
        format_html_join(
            "", '<rect class="{}" x="{}" width="{}" height="10"/>', _parts(counted, most)
        ),
    )


def _parts(counted: list[tuple[Tier, int]], most: int) -> Iterator[tuple[str, str, str]]:
    x = 0.0
    for tier, count in counted:
        width = max(_LEAST, count * _WIDTH / most)
        yield tier.label, number(x), number(min(width, _WIDTH - x))
        x = min(x + width, _WIDTH - _LEAST)
