"""Definitions beside terms of art: a button, and what it opens (`proteins.domain.glossary`)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from proteins.domain.glossary import GLOSSARY

register = template.Library()


@register.simple_tag
def help_on(key: str) -> SafeString:
    """A button beside a term that opens its definition; the page has it by `{% definitions %}`."""
    return format_html(
        '<button class="help" type="button" popovertarget="term-{}"'
        ' aria-label="Help: {}"></button>',
        key,
        GLOSSARY[key].name,
    )


@register.inclusion_tag("proteins/definitions.html")
def definitions(*keys: str) -> dict[str, Any]:
    """The definitions that the buttons of a page open, each once."""
    return {"terms": [GLOSSARY[key] for key in keys]}
