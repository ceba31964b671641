"""The mark of method classes in a table's row: five squares in a fixed order, filled or not.

The squares' outlines are drawn once a page (`proteins/method_mark_outline.html`), to which each
mark refers.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from proteins.domain.methods import MARKED, MethodClass

#: Pixels from one square to the next, and of a square.
_STEP: Final = 17
_SIDE: Final = 15


def method_mark(classes: Iterable[MethodClass]) -> SafeString:
    """The mark of some classes, with a label that names them; a dash where there is none."""
    return _mark(tuple(sorted(set(classes))))


@lru_cache(maxsize=128)
def _mark(classes: tuple[MethodClass, ...]) -> SafeString:
    if not classes:
        return SafeString('<span class="muted">not stated</span>')
    filled = [place for place, each in enumerate(MARKED) if each in classes]
    path = "".join(f"M{_STEP * place} 0h{_SIDE}v{_SIDE}h-{_SIDE}z" for place in filled)
    label = ", ".join(each.label for each in (*MARKED, MethodClass.OTHER) if each in classes)
    return format_html(
        '<svg class="ev" role="img" aria-label="{}"><use href="#ev"/>{}</svg>',
        label,
        format_html('<path class="on" d="{}"/>', path) if path else "",
    )
