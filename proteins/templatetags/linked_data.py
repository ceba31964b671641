"""JSON-LD within a page."""

from __future__ import annotations

import json
from typing import Any, Final

from django import template
from django.utils.safestring import SafeString

register = template.Library()

#: What could end the element, or begin another, is written in JSON by its code point.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@register.filter
def linked_data(document: dict[str, Any]) -> SafeString:
    """The content of a `<script type="application/ld+json">`, which browsers never run.

    HTML's own escaping would spoil JSON there, so what is special to HTML is escaped in JSON.
    """
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return SafeString(text.translate(_ESCAPES))
