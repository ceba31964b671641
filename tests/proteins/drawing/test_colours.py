"""Colours of the network stand in one place, are distinguished by colour-blind readers, and
have contrast to their ground.

Vision without one of the three kinds of cone by Machado, Oliveira and Fernandes (2009), "A
Physiologically-based Model for Simulation of Color Vision Deficiency", severity 1.0.
"""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from proteins.drawing.palette import PALETTES, STYLE_SHEET, style_sheet
from tests.places import ROOT

Colour = tuple[float, float, float]
VISIONS: dict[str, tuple[Colour, Colour, Colour]] = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
#: Steps of CIE 1976 L*a*b*; two are just seen side by side.
FAR_ENOUGH = 12
#: WCAG 2.2, 1.4.11: what is needed to understand a drawing.
CONTRAST = 3


def linear(text: str) -> Colour:
    parts = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return red, green, blue


def seen(text: str, vision: str) -> Colour:
    colour = linear(text)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, colour, strict=True))))
        for row in VISIONS[vision]
    )
    return red, green, blue


def luminance(colour: Colour) -> float:
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def lab(colour: Colour) -> Colour:
    red, green, blue = colour
    parts = (
        (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047,
        luminance(colour),
        (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883,
    )
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in parts)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def contrast(one: str, other: str) -> float:
    dark, light = sorted(luminance(linear(colour)) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize("vision", VISIONS)
def test_distinguished(theme: str, vision: str) -> None:
    palette = PALETTES[theme]
    for colours in (palette.effects, palette.roles):
        for one, other in combinations(colours, 2):
            places = (lab(seen(colours[name], vision)) for name in (one, other))
            assert math.dist(*places) > FAR_ENOUGH, (one, other)


@pytest.mark.parametrize("theme", PALETTES)
def test_contrast_to_the_ground(theme: str) -> None:
    palette = PALETTES[theme]
    # What fills a node need not be: it has an outline.
    for colour in (*palette.effects.values(), palette.outline, palette.text):
        assert contrast(colour, palette.ground) > CONTRAST, colour


def test_the_style_sheet_follows_the_palette() -> None:
    assert STYLE_SHEET.read_text(encoding="utf-8") == style_sheet(), (
        "run: python -m proteins.drawing.palette"
    )


def test_colours_of_networks_are_written_nowhere_else_but_as_tokens() -> None:
    colours = {
        colour
        for palette in PALETTES.values()
        for colour in (palette.outline, *palette.effects.values(), *palette.roles.values())
    }
    templates, static = ROOT / "templates" / "proteins", ROOT / "proteins" / "static" / "proteins"
    files = {*templates.glob("network*"), *static.iterdir(), *(ROOT / "proteins").rglob("*.py")}
    written = {
        file.name
        for file in files
        if not colours.isdisjoint(re.findall("#[0-9a-f]{6}", file.read_text(encoding="utf-8")))
    }
    assert written == {"palette.py", STYLE_SHEET.name, "site.css", "icon.svg"}


def test_what_means_the_same_has_the_colour_of_the_sites_token() -> None:
    sheet = (ROOT / "proteins" / "static" / "proteins" / "site.css").read_text(encoding="utf-8")
    pattern = r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)"
    tokens = {name: colours for name, *colours in re.findall(pattern, sheet)}
    for token, kind, name in (
        ("tf", "roles", "regulator"),
        ("target", "roles", "target"),
        ("activation", "effects", "activation"),
        ("repression", "effects", "repression"),
    ):
        assert tokens[token] == [getattr(PALETTES[each], kind)[name] for each in PALETTES], token


def test_scripts_and_templates_of_networks_write_no_colour() -> None:
    for file in (
        *(ROOT / "templates" / "proteins").glob("network*"),
        *(ROOT / "proteins" / "static" / "proteins").glob("*.js"),
    ):
        assert not re.search(r"#[0-9a-fA-F]{6}\b", file.read_text(encoding="utf-8")), file
