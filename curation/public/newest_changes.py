"""The newest changes of all records, for the public home page.

As in `curation.public.record_history`: plain words, no names, no reason. What
waits for a decision is left out; of an interaction that is rejected, that one was withdrawn
from view, not which. `LOOKED_AT` revisions are looked at, from the end of their primary key:
after an import that changed more records than that, what curators did before it is not found,
and the import is what is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db.models import Model, QuerySet

from curation.models import ImportRun, RecordKind, Revision, RunState, Verb
from curation.records import records_of
from curation.records.wording import statement_in_words
from curation.shared.species_counts import newest_runs
from proteins.hooks import Change
from proteins.models import BindingSite, Interaction, Protein, Statement
from proteins.queries.visibility import public_citations

LOOKED_AT: Final = 1_000

_VERB_PHRASES: Final = {
    Verb.ADDED: "was added",
    Verb.AMENDED: "was amended",
    Verb.CONFIRMED: "was confirmed",
    Verb.DISPUTED: "was disputed",
    Verb.REJECTED: "was withdrawn from view",
    Verb.REOPENED: "was reopened for review",
    Verb.REVERTED: "was reverted to an earlier version",
    Verb.MERGED: "was merged with another accession",
    Verb.REMOVED: "was removed",
    Verb.RETRACTED: "was retracted",
    Verb.REINSTATED: "was reinstated",
}
_DOCUMENTS: Final = {
    "import_tables": "whole-species tables",
    "import_sites": "files of binding sites",
}


class _Entry(NamedTuple):
    kind: str
    record_id: int
    verb: str
    by_a_person: bool
    at: datetime


def newest_changes(limit: int) -> tuple[Change, ...]:
    """Return the last changes that are public, imports among them."""
    changes = [*_of_records(limit), *_of_imports(limit)]
    changes.sort(key=lambda change: change.at, reverse=True)
    return tuple(changes[:limit])


def _of_imports(limit: int) -> list[Change]:
    runs = ((run, _what_it_did(run)) for run in newest_runs())
    return [Change(run.finished_at or run.started_at, text) for run, text in runs if text][:limit]


def _what_it_did(run: ImportRun) -> str:
    """Return it as a sentence; nothing where nothing came of it."""
    documents = _DOCUMENTS.get(run.command, "protein pages")
    parts = [
        f"{count[done]:,} {word} {kind if count[done] != 1 else kind.removesuffix('s')}"
        for kind, count in run.counts.items()
        for done, word in (("created", "new"), ("changed", "changed"))
        if kind in ("proteins", "interactions", "binding sites") and count.get(done)
    ]
    if not parts or run.state not in (RunState.FINISHED, RunState.UNDONE):
        return ""
    text = f"Import of {documents}: {', '.join(parts)}."
    return f"{text} It was taken back." if run.state == RunState.UNDONE else text


def _of_records(limit: int) -> list[Change]:
    """Return the last change of each record that a person or a command changed."""
    newest: dict[tuple[str, int], _Entry] = {}
    for entry in _entries():
        newest.setdefault(_distinct_key(entry), entry)
    changes: list[Change] = []
    entries = list(newest.values())
    # Some are not for the public, so that a few more than are wanted are looked up together.
    for start in range(0, len(entries), limit * 2):
        part = entries[start : start + limit * 2]
        changes += _public_changes(part)
        if len(changes) >= limit:
            break
    return changes[:limit]


def _entries() -> Iterator[_Entry]:
    rows = Revision.objects.order_by("-id").values_list(
        "kind", "record_id", "verb", "user_id", "at", "run_id"
    )
    for kind, record_id, verb, user_id, at, run_id in rows[:LOOKED_AT]:
        # Imports are reported as a whole, and statements rather than what follows from them.
        # Vocabularies are of interest at the desk.
        is_record = kind in RecordKind.values
        if run_id is None and verb != Verb.RESTATED and is_record:
            yield _Entry(kind, record_id, verb, user_id is not None, at)


def _distinct_key(entry: _Entry) -> tuple[str, int]:
    """Return the key under which entries count once: PubMed lookups come by the thousand."""
    if entry.verb == Verb.LOOKED_UP:
        return Verb.LOOKED_UP, 0
    return entry.kind, entry.record_id


def _public_changes(entries: Iterable[_Entry]) -> list[Change]:
    entries = list(entries)
    records = {kind: _public_records(kind, entries) for kind in RecordKind.values}
    changes = (_change(entry, records[entry.kind].get(entry.record_id)) for entry in entries)
    return [change for change in changes if change is not None]


def _public_records(kind: str, entries: list[_Entry]) -> dict[int, Any]:
    """Return those that the public may see, by id."""
    keys = [entry.record_id for entry in entries if entry.kind == kind]
    if not keys:
        return {}
    querysets: dict[str, QuerySet[Any]] = {
        RecordKind.PROTEIN: Protein.objects.all(),
        RecordKind.INTERACTION: Interaction.objects.public().select_related("tf", "target"),
        RecordKind.CITATION: public_citations(),
        RecordKind.BINDING_SITE: BindingSite.objects.select_related("tf"),
        RecordKind.STATEMENT: Statement.objects.public().with_details(),
    }
    return {record.pk: record for record in querysets[kind].filter(pk__in=keys)}


def _change(entry: _Entry, record: Model | None) -> Change | None:
    if entry.verb == Verb.LOOKED_UP:
        return Change(entry.at, "Publication details were retrieved from PubMed.")
    phrase = _VERB_PHRASES.get(Verb(entry.verb))
    if phrase is None:
        return None
    who = "a curator" if entry.by_a_person else "an administrator"
    if record is not None and entry.verb not in (Verb.REJECTED, Verb.REMOVED):
        return Change(entry.at, f"{phrase} by {who}.", *_name_and_url(record))
    if (entry.kind, entry.verb) == (RecordKind.INTERACTION, Verb.REJECTED):
        return Change(entry.at, f"An interaction {phrase} by {who}.")
    if (entry.kind, entry.verb) == (RecordKind.BINDING_SITE, Verb.REMOVED):
        return Change(entry.at, f"A binding site {phrase} by {who}.")
    return None


def _name_and_url(record: Any) -> tuple[str, str]:
    if isinstance(record, BindingSite):
        return f"Binding site {record} of {record.tf}", record.tf.get_absolute_url()
    if isinstance(record, Statement):
        name = f"{record.interaction.tf.label} → {record.interaction.target.label}"
        words = statement_in_words(records_of(RecordKind.STATEMENT).values(record))
        return f"Statement on {name}, {words},", record.get_absolute_url()
    return str(record), record.get_absolute_url()
