"""Evidence as a person reads it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proteins.domain import links
from proteins.models import Citation, Evidence


def evidence_html(evidence: Evidence) -> SafeString:
    """Return databases, methods, publications, scale and tier as a list of headed lines.

    Reads what `EvidenceQuerySet.with_content` brings. The papers of databases are apart:
    they name the database that supports something, not the experiment.
    """
    owners = owners_of(evidence)
    primary: list[Citation] = []
    papers: list[Citation] = []
    for citation in evidence.citations.all():
        own = getattr(citation, "is_database_paper", citation.pk in owners)
        (papers if own else primary).append(citation)
    lines = [
        ("Databases", _joined(str(source) for source in evidence.sources.all())),
        ("Detection methods", _joined(str(method) for method in evidence.methods.all())),
        ("Primary publications", _publications(primary, {})),
        ("Papers of the databases themselves", _publications(papers, owners)),
        ("Small-scale evidence", evidence.get_small_scale_display()),
        ("Tier of support", f"{evidence.get_tier_display()}: {evidence.tier_rule}"),
    ]
    return format_html_join("", "<p><strong>{}:</strong> {}</p>", lines)


def owners_of(evidence: Evidence) -> dict[int, str]:
    """Return the databases whose own papers evidence may cite, by the paper's id."""
    sources = evidence.sources.all()
    return {source.publication_id: str(source) for source in sources if source.publication_id}


def _joined(texts: Iterable[str]) -> SafeString | str:
    return format_html_join(", ", "{}", ((text,) for text in texts)) or "none"


def _publications(citations: Iterable[Citation], owners: dict[int, str]) -> SafeString | str:
    shown = (
        (
            pubmed_link(citation),
            format_html(" ({})", owners[citation.pk]) if citation.pk in owners else "",
            warnings_html(citation),
        )
        for citation in citations
    )
    return format_html_join(", ", "{}{}{}", shown) or "none"


def warnings_html(citation: Citation) -> SafeString:
    """Return what calls for a look at a publication: retracted, or not in PubMed."""
    return format_html_join("", " <strong>({})</strong>", ((word,) for word in citation.warnings))


def pubmed_link(citation: Citation) -> SafeString:
    return format_html(
        '<a href="{}" title="{}" rel="noopener">{}</a>',
        links.pubmed(citation.pmid),
        citation.title,
        citation.pmid,
    )
