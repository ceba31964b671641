"""Reference values that were computed by other programs; `data/README.md` says by which."""

from __future__ import annotations

import json
import lzma
from typing import Any

from tests.proteins.analysis.cuts import DATA


def reference(name: str) -> Any:
    packed = DATA / f"{name}.json.xz"
    if packed.exists():
        return json.loads(lzma.decompress(packed.read_bytes()))
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
