"""The style sheet of the public pages: small, without rules for nothing, its colours legible in
both schemes."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.places import ROOT
from tests.proteins.drawing.test_colours import contrast

STATIC: Final = ROOT / "proteins" / "static" / "proteins"
SHEET: Final = (STATIC / "site.css").read_text(encoding="utf-8")
MOST_BYTES: Final = 30_000
SCHEMES: Final = ("light", "dark")
#: Least contrast by WCAG 2.2: of text (1.4.3), and of what is needed to understand a mark or a
#: control (1.4.11).
TEXT, MARK = 4.5, 3.0
#: Tokens by what they are on. `line` and `none` are decoration; `single` is never without a word
#: or a number beside it.
PAIRS: Final = [
    *(("text", ground, TEXT) for ground in ("ground", "sunk", "tint", "warn-tint")),
    *(("muted", ground, TEXT) for ground in ("ground", "sunk", "tint", "warn-tint")),
    *(("accent", ground, TEXT) for ground in ("ground", "sunk", "tint", "warn-tint")),
    ("on-accent", "accent", TEXT),
    ("warn", "warn-tint", TEXT),
    ("bad", "ground", TEXT),
    ("field", "ground", MARK),
    ("field", "sunk", MARK),
    *((token, "ground", TEXT) for token in ("tf", "target", "both", "activation", "repression")),
    *((token, "ground", TEXT) for token in ("strong", "supported")),
    ("repeated", "ground", MARK),
]


def hexadecimal(colour: str) -> str:
    digits = colour.removeprefix("#")
    return "#" + ("".join(digit * 2 for digit in digits) if len(digits) == 3 else digits)


def tokens() -> dict[str, tuple[str, str]]:
    pattern = r"--([\w-]+): light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\);"
    return {
        name: (hexadecimal(light), hexadecimal(dark))
        for name, light, dark in re.findall(pattern, SHEET)
    }


@pytest.mark.parametrize(("token", "ground", "least"), PAIRS)
def test_contrast(token: str, ground: str, least: float) -> None:
    for scheme, colour, beneath in zip(SCHEMES, tokens()[token], tokens()[ground], strict=True):
        assert contrast(colour, beneath) >= least, scheme


def test_every_colour_is_a_token() -> None:
    """But those that a scheme does not change: shadows, masks, paper, the console of the API."""
    rest = re.sub(r"--[\w-]+: light-dark\([^)]*\);|--pop:[^;]+;", "", SHEET)
    assert set(re.findall(r"#[0-9a-f]{3,8}\b", rest)) <= {"#000", "#444", "#999", "#fff"}


def test_it_is_small() -> None:
    assert len(SHEET.encode()) <= MOST_BYTES


def test_every_class_is_that_of_something() -> None:
    selectors = re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL))
    classes = {name for one in selectors for name in re.findall(r"\.([a-z][\w-]*)", one)}
    files = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "proteins").rglob("*.py"),
        *STATIC.glob("*.js"),
    ]
    words = {
        word
        for path in files
        if "admin" not in path.parts
        for word in re.findall(r"[\w-]+", path.read_text(encoding="utf-8"))
    }
    assert classes - words == {"renderedMarkdown"}  # of Swagger UI


def test_every_token_is_used() -> None:
    sheets = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.css"))
    assert {
        name for name in re.findall(r"(--[\w-]+):", SHEET) if f"var({name}" not in sheets
    } == set()
