"""Where a front-end library from npm is served, if it is here."""

from __future__ import annotations

from functools import cache

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag(name="installed")
@cache
def url_where_installed(path: str) -> str:
    """The URL of a library's file; empty where it is not installed, or not collected yet.
    Every page calls it, so the result is cached for the life of the process."""
    if finders.find(path) is None:
        return ""
    try:
        return static(path)
    except ValueError:
        return ""
