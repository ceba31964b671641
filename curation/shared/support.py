"""Support of interactions: what follows from it, `Interaction.evidence`, is written here only.

Support rows are looked up or made by content, in whole lists. `write_roles` changes what roles
say of interactions; imports and merges, which write other columns as well, take the primary
keys of support and evidence from `SupportRows` together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, NamedTuple

from curation.shared.bulk import Bulk, bulk_for
from curation.shared.changes import this_change
from curation.shared.evidence_rows import Creations, EvidenceRows
from proteins.domain.evidence import EvidenceContent
from proteins.domain.support import Role, SupportContent
from proteins.models import Interaction, Support, SupportPart

#: Interactions that are read and written at once.
_BATCH: Final = 10_000

#: What roles say of one interaction; None takes away what a role says.
Roles = Mapping[Role, EvidenceContent | None]


class SupportChange(NamedTuple):
    """The support of one interaction before and after a change."""

    before: SupportContent
    after: SupportContent


class SupportRows:
    """Reads and makes Support rows; `contents` and `ids` cache what was read.

    Callers hold the write lock. An interaction is given `ids[content]` as its support and
    `evidence_id(content)` as its evidence, together.
    """

    def __init__(
        self,
        bulk: Bulk,
        creations: Creations | None = None,
        evidence: EvidenceRows | None = None,
    ) -> None:
        self.bulk = bulk
        self.evidence = evidence or EvidenceRows(bulk, creations)
        self.ids: dict[SupportContent, int] = {}
        self.contents: dict[int, SupportContent] = {}

    def evidence_id(self, content: SupportContent) -> int:
        return self.evidence.ids[content.evidence]

    def read(self, ids: Iterable[int]) -> None:
        """Read the content of those of these rows that have not been read."""
        unread = [key for key in ids if key not in self.contents]
        columns = ("support_id", "role", "evidence_id")
        rows = self.bulk.select(SupportPart, columns, "support_id", unread)
        self.evidence.read({evidence for *_, evidence in rows})
        contents = self.evidence.contents
        parts: dict[int, dict[Role, EvidenceContent]] = {key: {} for key in unread}
        for key, role, evidence in rows:
            parts[key][Role(role)] = contents[evidence]
        for key, stated in parts.items():
            self._cache(key, SupportContent.of(stated))

    def _cache(self, key: int, content: SupportContent) -> None:
        self.contents[key] = content
        self.ids[content] = key

    def _forget(self, key: int) -> None:
        content = self.contents.pop(key, None)
        if content is not None:
            self.ids.pop(content, None)

    def write(self, contents: Iterable[SupportContent]) -> None:
        """Let `ids` have a row for each content, in canonical spellings, made where there is
        none; and `evidence.ids` one for all that they say."""
        wanted = {content for content in set(contents) if content not in self.ids}
        self.evidence.write(_evidence_of(wanted))
        digests = {content.digest: content for content in wanted}
        for key, digest in self.bulk.select(Support, ("id", "digest"), "digest", digests):
            self._cache(key, digests[digest])
        new = sorted((content for content in wanted if content not in self.ids), key=_digest)
        keys = self.bulk.reserve_ids(Support, len(new))
        rows, parts = [], []
        for key, content in zip(keys, new, strict=True):
            rows.append((key, content.digest, self.evidence_id(content)))
            parts += [
                (key, role.value, self.evidence.ids[stated]) for role, stated in content.parts
            ]
            self._cache(key, content)
        self.bulk.insert(Support, ("id", "digest", "evidence_id"), rows)
        self.bulk.insert(SupportPart, ("support_id", "role", "evidence_id"), parts)

    def drop_unused(self, ids: Iterable[int]) -> None:
        """Delete those of these rows that no interaction has any more, and what evidence
        nothing else points at."""
        pairs = set(self.bulk.select(Support, ("evidence_id", "id"), "id", ids))
        # In the order of the index.
        unused = pairs - self.bulk.used_among(Interaction, ("evidence_id", "support_id"), pairs)
        keys = sorted(key for _, key in unused)
        parts = self.bulk.select(SupportPart, ("evidence_id",), "support_id", keys)
        self.bulk.delete(SupportPart, "support_id", keys)
        self.bulk.delete(Support, "id", keys)
        for key in keys:
            self._forget(key)
        self.evidence.drop_unused({evidence for evidence, _ in unused} | {key for (key,) in parts})

    def give(self, supports: Mapping[int, SupportContent]) -> None:
        """Give interactions, by their ids, this support and the evidence that follows from it."""
        self.write(supports.values())
        change = this_change()
        rows = [
            (self.ids[content], self.evidence_id(content), change, key)
            for key, content in supports.items()
        ]
        self.bulk.update(Interaction, ("support_id", "evidence_id", "change_id"), rows)

    def canonical(self, content: SupportContent) -> SupportContent:
        """Return `content` in canonical spellings."""
        spelled = self.evidence.spellings.canonical
        return SupportContent.of({role: spelled(stated) for role, stated in content.parts})


def _evidence_of(contents: Collection[SupportContent]) -> Iterator[EvidenceContent]:
    for content in contents:
        yield content.evidence
        for _, stated in content.parts:
            yield stated


def _digest(content: SupportContent) -> str:
    return content.digest


def support_for(content: SupportContent) -> Support:
    """Return the one row with this content, made first where there is none."""
    rows = SupportRows(bulk_for())
    canonical = rows.canonical(content)
    rows.write([canonical])
    return Support.objects.select_related("evidence").get(pk=rows.ids[canonical])


def write_roles(
    changes: Mapping[int, Roles], rows: SupportRows | None = None
) -> dict[int, SupportChange]:
    """Let roles say this of interactions, by their ids, from now on.

    Writes support, evidence and change of each interaction whose support becomes another, in a
    bounded number of queries a list, and returns those. Rows that nothing points at any more
    are dropped. Facets of proteins and histories are the caller's; so are the write lock and
    the change set.
    """
    rows = rows or SupportRows(bulk_for())
    written: dict[int, SupportChange] = {}
    replaced: set[int] = set()
    rest = iter(changes)
    while ids := list(islice(rest, _BATCH)):
        stored = support_ids(rows.bulk, ids)
        rows.read(set(stored.values()))
        changed = dict(_changed(rows, stored, changes))
        rows.give({key: change.after for key, change in changed.items()})
        replaced.update(stored[key] for key in changed)
        written |= changed
    rows.drop_unused(replaced)
    return written


def _changed(
    rows: SupportRows, stored: Mapping[int, int], changes: Mapping[int, Roles]
) -> Iterator[tuple[int, SupportChange]]:
    for key, support in stored.items():
        before = rows.contents[support]
        after = rows.canonical(before.with_roles(changes[key]))
        if after != before:
            yield key, SupportChange(before, after)


def support_ids(bulk: Bulk, interactions: Sequence[int]) -> dict[int, int]:
    """Return the support of each of these interactions that is there."""
    return dict(bulk.select(Interaction, ("id", "support_id"), "id", interactions))


def drop_unused_support(ids: Iterable[int]) -> None:
    """Delete those of these Support rows that no interaction has any more."""
    SupportRows(bulk_for()).drop_unused(ids)
