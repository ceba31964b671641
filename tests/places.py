"""Where the project and its data are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
#: The five documents of the default data.
PAGES: Final = ROOT / "fixtures" / "pages"
#: Part of a published page with binding sites, sequences and matrices.
EXCERPT: Final = ROOT / "tests" / "curation" / "importing" / "data" / "p04637-excerpt.md"
#: Published documents beside the project, which it does not hold: pages, downloads, tables.
SHARED: Final = Path(os.environ.get("TFLINK_SHARED") or ROOT.parent / "shared")
