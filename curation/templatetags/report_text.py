"""What readers wrote, for templates."""

from __future__ import annotations

from django import template

from curation.actions.report_message import shown

register = template.Library()
register.filter("visible", shown)
