"""Colours of networks: of drawings, the interactive view, the legend and the style sheet.

They are the tokens of `site.css` where these have a colour of the same meaning; a test simulates
how colour-blind readers see them. `palette.css` is written from here, and a test compares the two:

    python -m proteins.drawing.palette
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

STYLE_SHEET: Final = Path(__file__).parents[1] / "static" / "proteins" / "palette.css"


@dataclass(frozen=True)
class Palette:
    ground: str
    text: str
    #: The label within the protein in the middle, on the colour of its role.
    centre_label: str
    outline: str
    effects: dict[str, str]
    roles: dict[str, str]


LIGHT = Palette(
    ground="#ffffff",
    text="#172026",
    centre_label="#ffffff",
    outline="#3b4650",
    effects={
        "unknown": "#7b8790",
        "activation": "#00563f",
        "repression": "#d1306c",
        "both-ways": "#7a4fd0",
    },
    roles={
        "centre": "#0b5a74",
        "regulator": "#a35200",
        "target": "#1f63c0",
        "both": "#b9cbd3",
    },
)
DARK = Palette(
    ground="#12181c",
    text="#e6ebee",
    centre_label="#0c242d",
    outline="#d3dbe0",
    effects={
        "unknown": "#a3b0b8",
        "activation": "#7debc8",
        "repression": "#ee5f96",
        "both-ways": "#a06cff",
    },
    roles={
        "centre": "#a8e1f2",
        "regulator": "#f0a95b",
        "target": "#7db4ff",
        "both": "#3b4650",
    },
)
PALETTES = {"light": LIGHT, "dark": DARK}


def style_sheet() -> str:
    """Return CSS that gives drawings within a page the colours of the reader's theme."""
    return "\n".join(
        [
            "/* Written by `python -m proteins.drawing.palette`: change the colours there. */\n",
            f":root {{\n{_variables()}}}\n",
            ".net-node {\n  stroke: var(--net-outline);\n}\n",
            ".net-sample {\n  stroke: var(--net-unknown);\n}\n",
            *map(_rules, LIGHT.effects),
        ]
    )


def _variables() -> str:
    light, dark = ({"outline": one.outline, **one.effects} for one in (LIGHT, DARK))
    return "".join(f"  --net-{name}: light-dark({light[name]}, {dark[name]});\n" for name in light)


def _rules(effect: str) -> str:
    colour = f"var(--net-{effect})"
    return (
        f".net-line.net-{effect},\n.net-head.net-{effect} {{\n  stroke: {colour};\n}}\n\n"
        f".net-head.net-{effect} {{\n  fill: {colour};\n}}\n"
    )


if __name__ == "__main__":
    STYLE_SHEET.write_text(style_sheet(), encoding="utf-8")
