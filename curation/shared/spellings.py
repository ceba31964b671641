"""One spelling for each name of a source database or detection method that documents use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from proteins.domain.evidence import EvidenceContent
from proteins.domain.fold import fold, tidy

#: Contents whose spelling is cached: those of statements hardly repeat.
_CACHED: Final = 50_000


class Spellings:
    """Canonical spellings: those of the database, and of a new name the first that is read."""

    def __init__(self, sources: Iterable[str] = (), methods: Iterable[str] = ()) -> None:
        self._sources = {fold(key): key for key in sources}
        self._methods = {fold(name): name for name in methods}
        # Millions of rows share a few thousand contents; where each has publications of its own,
        # these share a few names.
        self._canonical: dict[EvidenceContent, EvidenceContent] = {}
        self._source_spellings: dict[str, str] = {}
        self._method_spellings: dict[str, str] = {}

    def source(self, key: str) -> str:
        return _spelling(key, self._sources, self._source_spellings)

    def method(self, name: str) -> str:
        return _spelling(name, self._methods, self._method_spellings)

    def canonical(self, content: EvidenceContent) -> EvidenceContent:
        """Return `content` in canonical spellings."""
        canonical = self._canonical.get(content)
        if canonical is None:
            respelt = EvidenceContent.of(
                map(self.source, content.sources),
                map(self.method, content.methods),
                content.pmids,
                content.small_scale,
            )
            if len(self._canonical) >= _CACHED:
                self._canonical.clear()
            canonical = self._canonical[content] = content if respelt == content else respelt
        return canonical


def _spelling(name: str, by_fold: dict[str, str], by_name: dict[str, str]) -> str:
    """Return the canonical spelling of a name, folded the first time only."""
    spelling = by_name.get(name)
    if spelling is None:
        spelling = by_name[name] = by_fold.setdefault(fold(name), tidy(name))
    return spelling
