"""What happened to a record, entry by entry, as its history shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from curation.admin.base.difference_html import difference_table
from curation.models import Comment, ImportRun, Proposal, Revision, Verb

#: What was done, as in the heading of an entry after the name of who did it.
VERB_PHRASES = {
    Verb.ADDED: "added it",
    Verb.AMENDED: "amended it",
    Verb.CONFIRMED: "confirmed it",
    Verb.DISPUTED: "disputed it",
    Verb.REJECTED: "rejected it",
    Verb.REOPENED: "reopened it",
    Verb.REVERTED: "reverted it to an earlier version",
    Verb.MERGED: "merged accessions",
    Verb.REMOVED: "removed it",
    Verb.RETRACTED: "retracted it",
    Verb.REINSTATED: "reinstated it",
    Verb.RESTATED: "changed it by its statements",
    Verb.LOOKED_UP: "looked it up in PubMed",
    Verb.IMPORTED: "changed it",
    Verb.UNDONE: "was undone",
}


@dataclass(frozen=True)
class Entry:
    """A change or a comment."""

    at: datetime
    who: str
    what: str
    #: The reason, or the comment.
    text: str
    #: What it did to each field; empty for a comment.
    table: SafeString | str = ""
    run: ImportRun | None = None
    proposal: Proposal | None = None
    #: The number under which the record as it was left then is found; 0 for a comment.
    version: int = 0


def entries_of(items: Iterable[tuple[datetime, str, int]]) -> list[Entry]:
    """Return the entries of a page of `history.timeline`, in its order, by two queries."""
    rows = list(items)
    revisions = {
        revision.pk: entry_of(revision)
        for revision in Revision.objects.filter(pk__in=_numbers(rows, "revision"))
        .select_related("user", "run", "proposal__author")
        .defer("run__problems", "run__counts", "run__paths")
    }
    comments = {
        comment.pk: _comment_entry(comment)
        for comment in Comment.objects.filter(pk__in=_numbers(rows, "comment")).select_related(
            "author", "proposal"
        )
    }
    both = {"revision": revisions, "comment": comments}
    return [both[what][key] for _, what, key in rows if key in both[what]]


def _numbers(rows: Iterable[tuple[datetime, str, int]], what: str) -> list[int]:
    return [key for _, kind, key in rows if kind == what]


def entry_of(revision: Revision) -> Entry:
    verb = Verb(revision.verb)
    return Entry(
        at=revision.at,
        who=who_did(revision),
        what=VERB_PHRASES[verb],
        text=revision.reason,
        table=difference_table(
            revision.kind, revision.changes, caption=f"What changed in version {revision.pk}"
        )
        if revision.changes
        else "",
        run=revision.run,
        proposal=revision.proposal,
        version=revision.pk,
    )


def _comment_entry(comment: Comment) -> Entry:
    return Entry(
        at=comment.written_at,
        who=str(comment.author),
        what="commented",
        text=comment.text,
        proposal=comment.proposal,
    )


def who_did(revision: Revision) -> str:
    """Return who did it: a person, an import, or a command that an operator ran."""
    if revision.user is not None:
        return revision.user.get_full_name() or revision.user.get_username()
    return f"Import run {revision.run_id}" if revision.run_id else "A command"
