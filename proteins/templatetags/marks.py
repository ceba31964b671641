"""Marks of evidence, for templates."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from proteins.domain.methods import classes_in
from proteins.domain.tiers import Tier
from proteins.drawing import method_mark as marks
from proteins.drawing import tier_bar as bars

register = template.Library()


@register.filter
def method_mark(mask: int) -> SafeString:
    """The mark of the classes of methods in a bit mask, as evidence stores it."""
    return marks.method_mark(classes_in(mask))


@register.simple_tag
def tier_bar(tiers: Mapping[Tier, int], most: int) -> SafeString:
    """The bar of interactions by tier of support, where `most` is as long as there is room."""
    return bars.tier_bar(tiers, most)
