"""The legend of a network, in the colours and strokes that the drawing has."""

from __future__ import annotations

from typing import NamedTuple

from proteins.domain.evidence import SmallScale
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
    scales: list[LegendLine]


def legend() -> Legend:
    """Return what the template writes; in a page, the style sheet follows the reader's theme."""
    effects = {
        Effect.ACTIVATION: "activates",
        Effect.REPRESSION: "represses",
        Effect.BOTH: "activates and represses",
        Effect.UNKNOWN: "regulates, effect not known",
    }
    scales = {
        SmallScale.YES: "small-scale evidence",
        SmallScale.NO: "large-scale evidence only",
        SmallScale.NOT_STATED: "scale not stated",
    }
    paler = stroke(LIGHT, Effect.UNKNOWN, SmallScale.YES, of_centre=False)
    return Legend(
        LIGHT,
        [
            LegendLine(stroke(LIGHT, effect, SmallScale.YES), meaning)
            for effect, meaning in effects.items()
        ],
        [
            *(
                LegendLine(stroke(LIGHT, Effect.UNKNOWN, scale), meaning)
                for scale, meaning in scales.items()
            ),
            LegendLine(paler, "between neighbours (paler)"),
        ],
    )
