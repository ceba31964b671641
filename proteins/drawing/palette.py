"""Colours of networks: of drawings, the interactive view, the legend and the style sheet.

They are those of Okabe and Ito, which colour-blind readers distinguish
(jfly.uni-koeln.de/color). `palette.css` is written from here, and a test compares the two:

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
    text="#1d2327",
    centre_label="#1d2327",
    outline="#3a4248",
    effects={
        "unknown": "#6b747b",
        "activation": "#0072b2",
        "repression": "#d55e00",
        "both-ways": "#cc79a7",
    },
    roles={
        "centre": "#f0e442",
        "regulator": "#e69f00",
        "target": "#56b4e9",
        "both": "#009e73",
    },
)
DARK = Palette(
    ground="#14181b",
    text="#e3e6e8",
    centre_label=LIGHT.centre_label,
    outline="#c9d0d5",
    effects={
        "unknown": "#97a1a9",
        "activation": "#56b4e9",
        "repression": "#d55e00",
        # To whoever sees no green, the purple of the light one is the grey of "unknown" here.
        "both-ways": "#f0e442",
    },
    roles=LIGHT.roles,
)
PALETTES = {"light": LIGHT, "dark": DARK}


def style_sheet() -> str:
    """Return CSS that gives drawings within a page the colours of the reader's theme."""
    return "\n".join(
        [
            "/* Written by `python -m proteins.drawing.palette`: change the colours there. */\n",
            f":root {{\n{_variables(LIGHT)}}}\n",
            "@media screen and (prefers-color-scheme: dark) {",
            f"  :root {{\n{_variables(DARK, indent=4)}  }}\n}}\n",
            ".net-node {\n  stroke: var(--net-outline);\n}\n",
            ".net-sample {\n  stroke: var(--net-unknown);\n}\n",
            *map(_rules, LIGHT.effects),
        ]
    )


def _variables(palette: Palette, indent: int = 2) -> str:
    colours = {"outline": palette.outline, **palette.effects}
    return "".join(f"{' ' * indent}--net-{name}: {value};\n" for name, value in colours.items())


def _rules(effect: str) -> str:
    colour = f"var(--net-{effect})"
    return (
        f".net-line.net-{effect},\n.net-head.net-{effect} {{\n  stroke: {colour};\n}}\n\n"
        f".net-head.net-{effect} {{\n  fill: {colour};\n}}\n"
    )


if __name__ == "__main__":
    STYLE_SHEET.write_text(style_sheet(), encoding="utf-8")
