"""Where the project and its data are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
#: The five documents of the default data.
PAGES: Final = ROOT / "fixtures" / "pages"
#: Part of a published page with binding sites, sequences and matrices.
EXCERPT: Final = ROOT / "tests" / "curation" / "importing" / "data" / "p04637-excerpt.md"
