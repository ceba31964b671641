"""Marks of evidence, for templates."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from proteins.domain.methods import classes_in
from proteins.drawing import method_mark as marks

register = template.Library()


@register.filter
def method_mark(mask: int) -> SafeString:
    """The mark of the classes of methods in a bit mask, as evidence stores it."""
    return marks.method_mark(classes_in(mask))
