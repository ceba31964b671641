"""Cells with publications, in every form that documents have them.

<a href="...pubmed/?term=PMID%5Buid%5D+OR+PMID%5Buid%5D">...Pubmed</a>           older pages
PMID%5Buid%5D+OR+PMID%5Buid%5D                                                   newest pages
https://.../pubmed/?term=PMID%5Buid%5D                                           downloads
PMID;PMID                                                                        tables
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qs, unquote_plus, urlsplit

from curation.importing.source.html_cells import read_html
from proteins.domain.identifiers import (
    IdentifierError,
    is_absent,
    parse_pmid,
    shown,
    without_invisible,
)

_ENCODED: Final = re.compile(r"[^0-9;-]")


def publications(text: str) -> tuple[int, ...]:
    """Return the PubMed IDs of a cell: a bare query, HTML or a URL with one, or `1;2`."""
    text = without_invisible(text)
    if is_absent(text):
        return ()
    bare = text.replace("%5Buid%5D+OR+", ";").removesuffix("%5Buid%5D")
    if not _ENCODED.search(bare):  # nearly every cell: what follows is three times slower
        return pmids(bare.split(";"))
    if "<" in text:
        queries = _queries(read_html(text, "publication cell").urls, text)
    elif "://" in text:
        queries = _queries([text], text)
    else:
        queries = [unquote_plus(text)]
    return pmids(
        item.strip().removesuffix("[uid]") for query in queries for item in query.split(" OR ")
    )


_pmid = lru_cache(maxsize=16_384)(parse_pmid)


def pmids(items: Iterable[str]) -> tuple[int, ...]:
    """Return PubMed IDs in ascending order, each once; `-` and empty ones are left out."""
    return tuple(sorted({_pmid(item) for item in items if not is_absent(item)}))


def _queries(urls: Iterable[str], text: str) -> list[str]:
    """Return the PubMed queries in the URLs of the publication cell `text`."""
    try:
        queries = [term for url in urls for term in parse_qs(urlsplit(url).query).get("term", [])]
    except ValueError:
        raise IdentifierError(f"the publication cell {shown(text)} holds a bad link") from None
    if not queries:
        raise IdentifierError(f"the publication cell {shown(text)} links to no PubMed query")
    return queries
