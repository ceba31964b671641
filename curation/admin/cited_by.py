"""What cites a publication, on its page: counts up to a limit, the first ones, links to all."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from curation.admin.base import change_list
from proteins.models import (
    BindingSite,
    Citation,
    Evidence,
    Interaction,
    SourceDatabase,
    Statement,
)

#: Interactions that the page names; a list has all.
LISTED: Final = 10


def cited_by_html(citation: Citation) -> SafeString | str:
    """Return what cites a publication as lines with links; a fixed number of queries."""
    evidence = list(Evidence.objects.citing(citation.pmid).values_list("pk", flat=True))
    interactions = Interaction.objects.filter(evidence__in=evidence)
    rows: list[tuple[str, QuerySet[Any], str]] = [
        ("interaction", interactions, f"?q=PMID+{citation.pmid}"),
        (
            "bindingsite",
            BindingSite.objects.filter(evidence__in=evidence),
            f"?q=PMID+{citation.pmid}",
        ),
        ("statement", Statement.objects.filter(citation=citation), f"?citation={citation.pk}"),
        (
            "sourcedatabase",
            SourceDatabase.objects.filter(publication=citation),
            f"?q={citation.pmid}",
        ),
    ]
    lines = [_line(model, records, query) for model, records, query in rows]
    shown = [line for line in lines if line]
    if not shown:
        return "nothing"
    named = interactions.select_related("tf", "target").order_by("pk")[:LISTED]
    links = (
        (reverse("admin:proteins_interaction_change", args=[item.pk]), str(item)) for item in named
    )
    return format_html(
        '{}<ul class="publications">{}</ul>',
        format_html_join(", ", "{}", ((line,) for line in shown)),
        format_html_join("", '<li><a href="{}">{}</a></li>', links),
    )


def _line(model: str, records: QuerySet[Any], query: str) -> SafeString | str:
    most = change_list.COUNTED
    number = records.order_by()[: most + 1].count()
    if not number:
        return ""
    meta = records.model._meta
    return format_html(
        '<a href="{}{}">{} {}</a>',
        reverse(f"admin:proteins_{model}_changelist"),
        query,
        f"more than {most:,}" if number > most else f"{number:,}",
        meta.verbose_name if number == 1 else meta.verbose_name_plural,
    )
