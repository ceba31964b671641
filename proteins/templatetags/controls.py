"""Controls of forms, as pages write them."""

from __future__ import annotations

import functools
from typing import Any, Final

from django import template
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register: Final = template.Library()


@register.simple_tag
def options(field: BoundField, what: str = "") -> SafeString:
    """The options of a choice, of which the one that the URL has is selected; the first says of
    `what` any will do, where the label is not seen."""
    choices: Any = getattr(field.field, "choices", ())
    written = tuple(map(tuple, choices))
    if what and written and not written[0][0]:
        written = (("", f"Any {what.lower()}"), *written[1:])
    return _options(written, field.value())


@functools.lru_cache(maxsize=512)
def _options(choices: tuple[tuple[str, str], ...], current: str | None) -> SafeString:
    """The lists of databases and methods are long, and most pages have the same ones."""
    written = []
    for value, label in choices:
        text = escape(label)
        own = f' value="{escape(value)}"' if value != label else ""
        selected = " selected" if value == current else ""
        written.append(f"<option{own}{selected}>{text}</option>")
    return mark_safe("".join(written))  # noqa: S308 (each part is escaped)
