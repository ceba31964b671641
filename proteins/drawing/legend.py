"""The legend of a network, in the colours and strokes that the drawing has."""

from __future__ import annotations

from typing import NamedTuple

from proteins.domain.tiers import Tier
from proteins.drawing.palette import LIGHT, Palette
from proteins.drawing.svg import Stroke, stroke
from proteins.models import Effect


class LegendLine(NamedTuple):
    """A kind of line and what it means."""

    stroke: Stroke
    meaning: str


class Legend(NamedTuple):
    palette: Palette
    effects: list[LegendLine]
    tiers: list[LegendLine]


def legend() -> Legend:
    """Return what the template writes; in a page, the style sheet follows the reader's theme."""
    effects = {
        Effect.ACTIVATION: "activates",
        Effect.REPRESSION: "represses",
        Effect.BOTH: "activates and represses",
    }
    tiers = sorted(Tier, reverse=True)
    pale = stroke(LIGHT, Effect.UNKNOWN, Tier.STRONG, is_pale=True)
    return Legend(
        LIGHT,
        [
            LegendLine(stroke(LIGHT, effect, Tier.SUPPORTED), meaning)
            for effect, meaning in effects.items()
        ],
        [
            *(LegendLine(stroke(LIGHT, Effect.UNKNOWN, tier), tier.label) for tier in tiers),
            LegendLine(pale, "between neighbours (pale)"),
        ],
    )
