"""The cells of tables that many rows share, as HTML.

Rows of a table repeat their support: it is written once for each distinct evidence. Long
lists are cut three ways, so that no row can swell a page: the first items are shown, some
more are folded away, and beyond that their number stands, with where to find them.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from proteins import links
from proteins.reads.support import Paper, Support

#: Items shown; a rest of one takes no more room than the words that would fold it away.
SHOWN: Final = 4
#: Items that are folded away with a link each, and as numbers only.
FOLDED: Final = 6
FOLDED_NUMBERS: Final = 60
#: PubMed IDs that one address at PubMed asks for.
ASKED_FOR: Final = 30
#: Characters of such cells on one page before they are written shorter: pages stay under
#: 100 KB, also where 25 rows of every table cite dozens of publications.
MOST_WRITTEN: Final = 40_000

_EMPTY: Final = SafeString("")


def written(support: Mapping[int, Support], rows: Mapping[int, int]) -> dict[int, SafeString]:
    """The cells of databases, detection methods and publications of each evidence, of which
    there are so many `rows`; shorter where they would swell the page."""
    full = {key: _support_cells(*_content(one)) for key, one in support.items()}
    if sum(len(full[key]) * number for key, number in rows.items()) <= MOST_WRITTEN:
        return full
    return {key: _support_cells(*_content(one), is_short=True) for key, one in support.items()}


_Content = tuple[tuple[str, ...], tuple[str, ...], tuple[Paper, ...], tuple[Paper, ...]]


def _content(support: Support) -> _Content:
    return (
        tuple(map(str, support.sources)),
        tuple(map(str, support.methods)),
        support.primary,
        support.database_papers,
    )


@functools.lru_cache(maxsize=2_000)
def _support_cells(
    sources: tuple[str, ...],
    methods: tuple[str, ...],
    primary: tuple[Paper, ...],
    database_papers: tuple[Paper, ...],
    *,
    is_short: bool = False,
) -> SafeString:
    # Nothing but what is given makes them, so that they are kept from page to page.
    return format_html(
        '<td role="cell" data-label="Databases">{}</td>\n'
        '<td role="cell" data-label="Methods">{}</td>\n'
        '<td role="cell" data-label="Publications">{}</td>',
        _names(sources, is_short),
        _names(methods, is_short),
        _publications(primary, database_papers, is_short),
    )


def _names(names: Sequence[str], is_short: bool) -> str:
    if is_short and len(names) > SHOWN + 1:
        return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"
    return ", ".join(names) or "not stated"


def _publications(
    primary: Sequence[Paper], database_papers: Sequence[Paper], is_short: bool
) -> SafeString:
    """Primary publications, then databases' own papers, each with a link."""
    if not primary and not database_papers:
        return format_html('<span class="muted">{}</span>', "none")
    papers = _papers(primary or database_papers, is_short)
    if not is_short:
        papers = format_html("{} {}", papers, _at_pubmed(primary or database_papers))
    if not primary:
        return format_html('<div class="muted inline">only database papers: {}</div>', papers)
    if not database_papers:
        return papers
    return format_html(
        '{}<div class="muted">database papers: {}</div>',
        papers,
        _papers(database_papers, is_short),
    )


def gene_ids(genes: Sequence[int]) -> SafeString:
    """NCBI gene IDs: the first with a link each, the others (histones have dozens) as numbers."""
    if not genes:
        return format_html('<span class="muted">{}</span>', "none")
    cut = _cut(genes)
    first = format_html_join(
        ", ", '<a href="{}">{}</a>', ((links.ncbi_gene(gene), gene) for gene in genes[:cut])
    )
    rest = genes[cut:]
    if not rest:
        return first
    numbers = ", ".join(map(str, rest[:FOLDED_NUMBERS]))
    return _folded(first, len(rest), numbers, len(rest) - FOLDED_NUMBERS)


def _papers(papers: Sequence[Paper], is_short: bool) -> SafeString:
    cut = _cut(papers)
    first, rest = _linked(papers[:cut]), papers[cut:]
    if not rest:
        return first
    if is_short:
        return format_html("{} and {} more: see the details", first, len(rest))
    return _folded(first, len(rest), _linked(rest[:FOLDED]), len(rest) - FOLDED)


def _cut(items: Sequence[object]) -> int:
    return SHOWN if len(items) > SHOWN + 1 else len(items)


def _folded(first: SafeString, number: int, rest: str, beyond: int) -> SafeString:
    more = f", and {beyond} more: see the details" if beyond > 0 else ""
    return format_html(
        "{}<details><summary>{} more</summary>{}{}</details>", first, number, rest, more
    )


def _linked(papers: Sequence[Paper]) -> SafeString:
    return format_html_join(
        ", ",
        '<a href="{}">{}</a>{}',
        ((_address(paper.pmid), paper.pmid, _warnings(paper)) for paper in papers),
    )


def _warnings(paper: Paper) -> SafeString:
    if not paper.warnings:
        return _EMPTY
    return format_html_join(
        "", ' <strong class="tag warning">{}</strong>', ((word,) for word in paper.warnings)
    )


@functools.lru_cache(maxsize=20_000)
def _address(pmid: int) -> str:
    return reverse("publication", args=[pmid])


def _at_pubmed(papers: Sequence[Paper]) -> SafeString:
    others = " and the others" if len(papers) > 1 else ""
    return format_html(
        '<a href="https://pubmed.ncbi.nlm.nih.gov/?term={}">PubMed'
        '<span class="visually-hidden">: {}{}</span></a>',
        ",".join(str(paper.pmid) for paper in papers[:ASKED_FOR]),
        papers[0].pmid,
        others,
    )
