"""The cells of tables that many rows share, as HTML.

Rows of a table repeat their support: it is written once for each distinct evidence. Of long
lists the first items are shown, some more are folded away, and beyond that their number
stands. Where that still would swell a page, the lists of all of its rows are cut shorter.
"""

from __future__ import annotations

import enum
import functools
from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proteins.domain import links
from proteins.drawing.method_mark import method_mark
from proteins.queries.evidence import CitationFacts, EvidenceFacts

#: Items shown; a rest of one takes no more room than the words that would fold it away.
SHOWN: Final = 4
#: Items that are folded away with a link each, and as numbers only.
FOLDED: Final = 6
FOLDED_NUMBERS: Final = 60
#: PubMed IDs in one URL of PubMed.
MAX_REQUESTED: Final = 30
#: Characters of such cells on one page before they are cut shorter: pages stay under 100 KB,
#: also where 25 rows of every table cite dozens of publications.
MOST_WRITTEN: Final = 12_000

_EMPTY: Final = SafeString("")


class Cut(enum.Enum):
    """How short lists are: folded, cut, or down to their first item."""

    FOLDED = enum.auto()
    SHORT = enum.auto()
    SHORTEST = enum.auto()


@functools.lru_cache(maxsize=4_000)
def support_in_short(evidence: EvidenceFacts, constant: frozenset[str] = frozenset()) -> SafeString:
    """The cells of a dense row: tier, classes of methods, databases, number of publications;
    without those that are `constant` (see `SideFacets`)."""
    primary = evidence.primary
    warnings = {word for paper in primary for word in paper.warnings}
    tier, sources = evidence.tier.label, [source.label for source in evidence.sources]
    cells = {
        "tier": format_html(
            '<td role="cell" class="first"><span class="tier {}">{}</span></td>\n', tier, tier
        ),
        "methods": format_html(
            '<td role="cell" class="drop">{}</td>\n', method_mark(evidence.method_classes)
        ),
        "sources": format_html(
            '<td role="cell" class="drop list">{}</td>\n', _names(sources, Cut.SHORT)
        ),
    }
    return format_html(
        '{}<td role="cell" class="second end number" data-label="Publications">{}{}</td>',
        SafeString("".join(cell for name, cell in cells.items() if name not in constant)),
        f"{len(primary):,}",
        _tags(sorted(warnings)),
    )


def support_cells(
    support: Mapping[int, EvidenceFacts], evidence: Mapping[int, int]
) -> dict[int, SafeString]:
    """The cells of databases, methods and publications by evidence, of which so many rows are."""
    for cut in Cut:
        cells = {key: _support_cells(support[key], cut) for key in evidence}
        if sum(len(cells[key]) * number for key, number in evidence.items()) <= MOST_WRITTEN:
            break
    return cells


@functools.lru_cache(maxsize=2_000)
def _support_cells(evidence: EvidenceFacts, cut: Cut) -> SafeString:
    # Nothing but what is given makes them, so that they are kept from page to page.
    return format_html(
        '<td role="cell" data-label="Databases">{}</td>\n'
        '<td role="cell" data-label="Methods">{}</td>\n'
        '<td role="cell" data-label="Publications">{}</td>',
        _names([source.label for source in evidence.sources], cut),
        _names([method.name for method in evidence.methods], cut),
        _publications(
            _flagged_first(evidence.primary), _flagged_first(evidence.database_papers), cut
        ),
    )


def _flagged_first(papers: Sequence[CitationFacts]) -> list[CitationFacts]:
    """By PubMed ID, but what calls for a look comes first."""
    return sorted(papers, key=lambda paper: (not paper.warnings, paper.pmid))


def _names(names: Sequence[str], cut: Cut) -> str:
    end = len(names) if cut is Cut.FOLDED else _end(names, cut)
    more = f" and {len(names) - end} more" if end < len(names) else ""
    return (", ".join(names[:end]) or "not stated") + more


def _publications(
    primary: Sequence[CitationFacts], database_papers: Sequence[CitationFacts], cut: Cut
) -> SafeString:
    """Primary publications, then databases' own papers, each with a link."""
    if not primary and not database_papers:
        return format_html('<span class="muted">{}</span>', "none")
    papers = _papers(primary or database_papers, cut)
    if cut is Cut.FOLDED:
        papers = format_html("{} {}", papers, _at_pubmed(primary or database_papers))
    if not primary:
        return format_html('<div class="muted inline">only database papers: {}</div>', papers)
    if not database_papers:
        return papers
    if cut is Cut.SHORTEST:
        return format_html("{}; database papers: {}", papers, len(database_papers))
    return format_html(
        '{}<div class="muted">database papers: {}</div>',
        papers,
        _papers(database_papers, cut),
    )


def gene_ids(genes: Sequence[int], cut: Cut = Cut.FOLDED) -> SafeString:
    """NCBI gene IDs: the first with a link each, the others (histones have dozens) as numbers."""
    if not genes:
        return format_html('<span class="muted">{}</span>', "none")
    end = _end(genes, cut)
    first = format_html_join(
        ", ", '<a href="{}">{}</a>', ((links.ncbi_gene(gene), gene) for gene in genes[:end])
    )
    rest = genes[end:]
    if not rest:
        return first
    if cut is not Cut.FOLDED:
        return format_html("{} and {} more", first, len(rest))
    numbers = ", ".join(map(str, rest[:FOLDED_NUMBERS]))
    return _folded(first, len(rest), numbers, len(rest) - FOLDED_NUMBERS)


def _papers(papers: Sequence[CitationFacts], cut: Cut) -> SafeString:
    end = _end(papers, cut)
    first, rest = _linked(papers[:end]), papers[end:]
    if not rest:
        return first
    if cut is not Cut.FOLDED:
        return format_html("{} and {} more", first, len(rest))
    return _folded(first, len(rest), _linked(rest[:FOLDED]), len(rest) - FOLDED)


def _end(items: Sequence[object], cut: Cut) -> int:
    """How many items are shown."""
    shown = 1 if cut is Cut.SHORTEST else SHOWN
    return shown if len(items) > shown + 1 else len(items)


def _folded(first: SafeString, number: int, rest: str, beyond: int) -> SafeString:
    more = f", and {beyond} more: see the details" if beyond > 0 else ""
    return format_html(
        "{}<details><summary>{} more</summary>{}{}</details>", first, number, rest, more
    )


def _linked(papers: Sequence[CitationFacts]) -> SafeString:
    return format_html_join(
        ", ",
        '<a href="{}"{}>{}</a>{}',
        (
            (_url(paper.pmid), _pmid_title(paper), paper.short, _tags(paper.warnings))
            for paper in papers
        ),
    )


def _pmid_title(paper: CitationFacts) -> SafeString:
    """The PubMed ID for a pointer over a link that names author and year."""
    return format_html(' title="PMID {}"', paper.pmid) if paper.authors else _EMPTY


def _tags(warnings: Sequence[str]) -> SafeString:
    if not warnings:
        return _EMPTY
    return format_html_join(
        "", ' <strong class="tag warning">{}</strong>', ((word,) for word in warnings)
    )


@functools.lru_cache(maxsize=20_000)
def _url(pmid: int) -> str:
    return reverse("publication", args=[pmid])


def _at_pubmed(papers: Sequence[CitationFacts]) -> SafeString:
    others = " and the others" if len(papers) > 1 else ""
    return format_html(
        '<a href="https://pubmed.ncbi.nlm.nih.gov/?term={}">PubMed'
        '<span class="visually-hidden">: {}{}</span></a>',
        ",".join(str(paper.pmid) for paper in papers[:MAX_REQUESTED]),
        papers[0].pmid,
        others,
    )
