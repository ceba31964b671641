"""Numbers as scientific texts write them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def scientific(value: float) -> SafeString:
    """A probability with two digits: 0.011, 4.4 × 10⁻²¹."""
    if value == 0 or value >= 0.001:
        return format_html("{}", f"{value:.2g}" if value else "0")
    digits, power = f"{value:.1e}".split("e")
    return format_html("{} × 10<sup>−{}</sup>", digits, abs(int(power)))


@register.filter
def share_of(value: int, whole: int) -> int:
    """A part of a whole, of the 104 pixels of a bar."""
    return round(104 * value / whole) if whole else 0


@register.filter
def first(values: list[Any], number: int) -> list[Any]:
    return values[:number]


@register.filter
def beyond(values: list[Any], number: int) -> int:
    """How many there are beyond the first."""
    return max(len(values) - number, 0)
