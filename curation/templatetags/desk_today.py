"""The dashboard, for the template of the admin's first page.

A tag, because Django makes the admin's site before there are models to query.
"""

from __future__ import annotations

from typing import Any

from django import template

from curation.admin.dashboard import today_of

register = template.Library()


@register.inclusion_tag("admin/curation/dashboard.html", takes_context=True)
def desk_today(context: template.Context) -> dict[str, Any]:
    """Show what waits, and what happened lately, to who is logged in."""
    return today_of(context["request"].user)
