"""Actions on proteins, publications, binding sites and vocabularies; reverting anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models

from curation.actions.interactions import close_proposals
from curation.actions.writing import (
    ActionError,
    ChangeContext,
    change_record,
    check_seen,
    clean_reason,
    record_revision,
    writing,
)
from curation.models import RecordKind, Revision, Verb, VocabularyKind
from curation.permissions import Right
from curation.records import records_of
from curation.records.facets import refacet, vocabulary_change
from curation.records.history import values_at_version, was_added
from curation.records.pins import release_pins
from curation.records.review import PUBLIC_FIELDS
from curation.shared.changes import record_gone, this_change
from curation.shared.evidence import drop_unused, evidence_for
from curation.shared.three_way import evidence_from_json
from proteins.models import (
    BindingSite,
    Citation,
    Dataset,
    DetectionMethod,
    GoneReason,
    Protein,
    ReviewReason,
    SecondaryAccession,
    SourceDatabase,
    Taxon,
)

Vocabulary = Taxon | SourceDatabase | Dataset | DetectionMethod | ReviewReason
VOCABULARY_KINDS: Final[Mapping[type[models.Model], VocabularyKind]] = {
    Taxon: VocabularyKind.TAXON,
    SourceDatabase: VocabularyKind.SOURCE,
    Dataset: VocabularyKind.DATASET,
    DetectionMethod: VocabularyKind.METHOD,
    ReviewReason: VocabularyKind.REVIEW_REASON,
}


def amend_protein(
    *,
    user: User | None,
    protein: Protein,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Revision | None:
    """Change fields of a protein (`curation.records`); None where nothing changes."""
    return _amend(RecordKind.PROTEIN, user, protein.pk, values, reason, seen)


def amend_citation(
    *,
    user: User | None,
    citation: Citation,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Revision | None:
    """Change fields of a publication; None where nothing changes."""
    return _amend(RecordKind.CITATION, user, citation.pk, values, reason, seen)


def amend_binding_site(
    *,
    user: User | None,
    site: BindingSite,
    values: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
) -> Revision | None:
    """Change fields of a binding site, its evidence among them; None where nothing changes."""
    return _amend(RecordKind.BINDING_SITE, user, site.pk, values, reason, seen)


def _amend(
    kind: RecordKind,
    user: User | None,
    record_id: int,
    values: Mapping[str, Any],
    reason: str,
    seen: int | None,
) -> Revision | None:
    with writing(user, Right.CHANGE, reason):
        context = ChangeContext(verb=Verb.AMENDED, user=user, reason=clean_reason(reason))
        return change_record(kind, record_id, values, context, seen=seen)


def revert(
    *,
    user: User | None,
    kind: RecordKind,
    record_id: int,
    version: int,
    reason: str,
    seen: int | None = None,
) -> Revision:
    """Make a record what its revision `version` left (0: what it was at first).

    The revision that this makes is part of the history like any other. What curators cannot
    change (whether a source reports it) stays as it is.
    """
    with writing(user, Right.CHANGE, reason):
        records = records_of(kind)
        if (
            version
            and not Revision.objects.filter(pk=version, kind=kind, record_id=record_id).exists()
        ):
            raise ActionError("There is no such version of this record.")
        if not version and was_added(kind, record_id):
            raise ActionError("The record was not there yet at that time.")
        now = records.values(records.get(record_id))
        then = values_at_version(kind, record_id, version)
        values = {name: then[name] for name in records.writable if then[name] != now[name]}
        beside = {}
        if kind == RecordKind.INTERACTION and values.keys() & {"status", *PUBLIC_FIELDS}:
            # The former review comes back whole: given by whom, and when.
            values |= {name: then[name] for name in PUBLIC_FIELDS}
            beside = {"reviewed": then["reviewed"]}
        context = ChangeContext(
            verb=Verb.REVERTED,
            user=user,
            reason=clean_reason(reason, demanded_for="revert a record"),
        )
        revision = change_record(kind, record_id, values, context, seen=seen, beside=beside)
        if revision is None:
            raise ActionError("The record is already as it was then.")
        return revision


def add_record(
    *,
    user: User | None,
    record: Protein | Citation | BindingSite,
    values: Mapping[str, Any],
    reason: str = "",
) -> None:
    """Store a new protein, publication or binding site with `values`.

    `record` holds what identifies it (an accession and species, a PubMed ID, a TFLink ID and
    TF), validated by its form.
    """
    with writing(user, Right.CHANGE, reason):
        context = ChangeContext(verb=Verb.ADDED, user=user, reason=clean_reason(reason))
        create_record(record, values, context)


def create_record(
    record: Protein | Citation | BindingSite, values: Mapping[str, Any], context: ChangeContext
) -> None:
    """Add a record for any user; the caller is within `writing`."""
    kind = _kind_of(record)
    records = records_of(kind)
    cleaned = records.clean(record, values)
    if isinstance(record, Protein):
        check_not_secondary(record.accession)
    if isinstance(record, BindingSite):
        if "evidence" not in cleaned:
            raise ValidationError({"evidence": ["Say what supports it."]})
        record.evidence = evidence_for(evidence_from_json(cleaned["evidence"]))
    if isinstance(record, Protein):
        record.change_id = this_change()
    record.save()
    records.write(record, cleaned)
    if isinstance(record, BindingSite):
        refacet([record.tf_id])
    stored = records.get(record.pk)
    changes = {name: [None, value] for name, value in records.values(stored).items()}
    record_revision(kind, record.pk, records.key(stored), changes, context)


def check_not_secondary(accession: str) -> None:
    """Raise `ActionError` where an accession was merged into another."""
    former = SecondaryAccession.objects.filter(accession=accession).select_related("protein")
    for secondary in former:
        raise ActionError(f"{accession} is a secondary accession of {secondary.protein}.")


def remove_record(
    *,
    user: User | None,
    record: Protein | Citation | BindingSite,
    reason: str = "",
    seen: int | None = None,
) -> None:
    """Delete a protein, publication or binding site that nothing refers to.

    Raises `ProtectedError` where something does. A document that names it brings it back.
    """
    with writing(user, Right.CHANGE, reason):
        kind = _kind_of(record)
        records = records_of(kind)
        stored = records.get(record.pk)
        check_seen(kind, stored.pk, seen)
        delete_record(
            stored, ChangeContext(verb=Verb.REMOVED, user=user, reason=clean_reason(reason))
        )


def delete_record(stored: Protein | Citation | BindingSite, context: ChangeContext) -> None:
    """Delete what nothing refers to, for any user; the caller is within `writing`."""
    kind = _kind_of(stored)
    records = records_of(kind)
    changes = {name: [value, None] for name, value in records.values(stored).items()}
    record_revision(kind, stored.pk, records.key(stored), changes, context)
    release_pins(kind, stored.pk)
    close_proposals(kind, stored.pk)
    if isinstance(stored, Protein):
        record_gone(kind, [stored.accession], GoneReason.REMOVED)
    stored.delete()
    if isinstance(stored, BindingSite):
        refacet([stored.tf_id])
        drop_unused([stored.evidence_id])


def _kind_of(record: Protein | Citation | BindingSite) -> RecordKind:
    kinds: dict[type[models.Model], RecordKind] = {
        Protein: RecordKind.PROTEIN,
        Citation: RecordKind.CITATION,
        BindingSite: RecordKind.BINDING_SITE,
    }
    return kinds[type(record)]


def keep_vocabulary(
    *,
    user: User | None,
    record: Vocabulary,
    reason: str,
    changed: Iterable[str] | None = None,
    write_parts: Callable[[], object] = lambda: None,
) -> Revision | None:
    """Store a species, source database, dataset or detection method, validated by its form.

    `changed` names the columns of one that is there already; `write_parts` stores rows of its own
    (the other names of a species). Returns None where nothing changed. No import overrules it.
    """
    with writing(user, Right.CHANGE, reason), vocabulary_change():
        why = clean_reason(reason, demanded_for="change a vocabulary")
        records = records_of(VOCABULARY_KINDS[type(record)])
        is_new = changed is None
        before = {} if is_new else records.values(records.get(record.pk))
        if changed is None:
            record.save()
        elif columns := list(changed):
            record.save(update_fields=columns)
        write_parts()
        after = records.values(records.get(record.pk))
        changes = {
            name: [before.get(name), value]
            for name, value in after.items()
            if is_new or before[name] != value
        }
        if not changes:
            return None
        verb = Verb.ADDED if is_new else Verb.AMENDED
        return _record_vocabulary(record, changes, ChangeContext(verb=verb, user=user, reason=why))


def remove_vocabulary(
    *, user: User | None, record: Vocabulary, reason: str, seen: int | None = None
) -> None:
    """Delete a species, source database, dataset or detection method that nothing names.

    Raises `ProtectedError` where something does.
    """
    with writing(user, Right.CHANGE, reason), vocabulary_change():
        why = clean_reason(reason, demanded_for="delete a part of a vocabulary")
        kind = VOCABULARY_KINDS[type(record)]
        records = records_of(kind)
        stored = records.get(record.pk)
        check_seen(kind, stored.pk, seen)
        changes = {name: [value, None] for name, value in records.values(stored).items()}
        _record_vocabulary(stored, changes, ChangeContext(verb=Verb.REMOVED, user=user, reason=why))
        stored.delete()


def _record_vocabulary(
    record: Vocabulary, changes: Mapping[str, Sequence[Any]], context: ChangeContext
) -> Revision:
    kind = VOCABULARY_KINDS[type(record)]
    return record_revision(kind, record.pk, records_of(kind).key(record), changes, context)
