"""One spelling for each name of a source database or detection method that documents use."""

from __future__ import annotations

from collections.abc import Iterable

from proteins.domain.evidence import EvidenceContent
from proteins.domain.fold import fold, tidy


class Spellings:
    """Canonical spellings: those of the database, and of a new name the first that is read."""

    def __init__(self, sources: Iterable[str] = (), methods: Iterable[str] = ()) -> None:
        self._sources = {fold(key): key for key in sources}
        self._methods = {fold(name): name for name in methods}
        # Millions of rows share a few thousand contents.
        self._canonical: dict[EvidenceContent, EvidenceContent] = {}

    def source(self, key: str) -> str:
        return self._sources.setdefault(fold(key), tidy(key))

    def method(self, name: str) -> str:
        return self._methods.setdefault(fold(name), tidy(name))

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
            canonical = self._canonical[content] = content if respelt == content else respelt
        return canonical
