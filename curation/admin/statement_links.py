"""The statements on an interaction, as its page at the desk lists them."""

from __future__ import annotations

from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.admin.editing.answers import admin_url
from curation.models import RecordKind
from curation.records import records_of
from curation.records.wording import statement_in_words
from proteins.domain.statements import StatementState
from proteins.models import Interaction, Statement

#: Statements that are listed; their own list has the others.
_LISTED: Final = 50


def statements_html(interaction: Interaction) -> SafeString | str:
    """Return links to the statements on an interaction, and to the form of a new one."""
    if not interaction.pk:
        return "none yet: they can be added once the interaction is there"
    records = records_of(RecordKind.STATEMENT)
    rows = list(Statement.objects.of_interaction(interaction)[: _LISTED + 1])
    items = format_html_join(
        "",
        '<li><a href="{}">{}</a>{}</li>',
        (
            (
                admin_url(Statement, "change", row.pk),
                statement_in_words(records.values(row)),
                "" if row.state == StatementState.ACTIVE else f": {row.get_state_display()}",
            )
            for row in rows[:_LISTED]
        ),
    )
    return format_html(
        '{}{}<p><a href="{}?interaction={}">Add what a publication says</a></p>',
        format_html("<ul>{}</ul>", items) if rows else "",
        _more(interaction) if len(rows) > _LISTED else "",
        admin_url(Statement, "add"),
        interaction.pk,
    )


def _more(interaction: Interaction) -> SafeString:
    url = admin_url(Statement, "changelist")
    return format_html('<p><a href="{}?q={}">All of them</a></p>', url, interaction.key)
