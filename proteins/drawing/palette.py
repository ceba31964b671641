"""Colours of networks (drawings, the interactive view, the legend, the style sheet) and figures.

They are the tokens of `site.css` where these have a colour of the same meaning; a test simulates
how colour-blind readers see them. `palette.css` is written from here, and a test compares the two:

    python -m proteins.drawing.palette
"""

from __future__ import annotations

from collections.abc import Mapping
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
    #: Of lines whose effect is unknown.
    tiers: dict[str, str]
    roles: dict[str, str]

    @property
    def lines(self) -> dict[str, str]:
        return self.tiers | self.effects


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
    tiers={
        "single": "#b9cbd3",
        "repeated": "#6696ac",
        "supported": "#2f7d99",
        "strong": "#0b4f66",
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
    tiers={
        "single": "#2e5566",
        "repeated": "#3f8199",
        "supported": "#62b4cd",
        "strong": "#a8e1f2",
    },
    roles={
        "centre": "#a8e1f2",
        "regulator": "#f0a95b",
        "target": "#7db4ff",
        "both": "#3b4650",
    },
)
#: Tokens of `site.css` by name, in the light and in the dark theme: figures that are files of
#: their own have no other style sheet.
TOKENS: Final[Mapping[str, tuple[str, str]]] = {
    "ground": ("#ffffff", "#12181c"),
    "text": ("#172026", "#e6ebee"),
    "muted": ("#55616a", "#a3b0b8"),
    "line": ("#dfe5e8", "#2c373e"),
    "none": ("#e6ebee", "#263037"),
    "tf": ("#a35200", "#f0a95b"),
    "target": ("#1f63c0", "#7db4ff"),
    "strong": ("#0b4f66", "#a8e1f2"),
    "supported": ("#2f7d99", "#62b4cd"),
    "repeated": ("#6696ac", "#3f8199"),
    "single": ("#b9cbd3", "#2e5566"),
}
PALETTES = {"light": LIGHT, "dark": DARK}


def style_sheet() -> str:
    """Return CSS that gives drawings within a page the colours of the reader's theme."""
    return "\n".join(
        [
            "/* Written by `python -m proteins.drawing.palette`: change the colours there. */\n",
            f":root {{\n{_variables()}}}\n",
            ".net-node {\n  stroke: var(--net-outline);\n}\n",
            ".net-sample {\n  stroke: var(--net-unknown);\n}\n",
            *map(_rules, LIGHT.lines),
        ]
    )


def _variables() -> str:
    light, dark = ({"outline": one.outline, **one.lines} for one in (LIGHT, DARK))
    return "".join(f"  --net-{name}: light-dark({light[name]}, {dark[name]});\n" for name in light)


def _rules(effect: str) -> str:
    colour = f"var(--net-{effect})"
    return (
        f".net-line.net-{effect},\n.net-head.net-{effect} {{\n  stroke: {colour};\n}}\n\n"
        f".net-head.net-{effect} {{\n  fill: {colour};\n}}\n"
    )


if __name__ == "__main__":
    STYLE_SHEET.write_text(style_sheet(), encoding="utf-8")
