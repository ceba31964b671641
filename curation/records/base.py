"""What every kind of record has in common."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models

from curation.models import RecordKind, VocabularyKind
from proteins.domain import identifiers

Record = TypeVar("Record", bound=models.Model)
#: Fields of a record and their values, as JSON holds them.
Values = dict[str, Any]


class RecordGoneError(ValidationError):
    """The record that was to be changed is not there any more."""


class RecordType(ABC, Generic[Record]):
    """Reads, checks and writes records of one kind.

    `labels` names every field that its history speaks of, in the order in which people read
    them; `writable` are those that a curator may change, `pinnable` those among them that
    documents speak of too.
    """

    kind: ClassVar[RecordKind | VocabularyKind]
    model: type[Record]
    labels: ClassVar[Mapping[str, str]]
    writable: ClassVar[frozenset[str]]
    pinnable: ClassVar[frozenset[str]]
    #: Fields that no person writes, and that follow from those that a person does (`following`).
    follows: ClassVar[frozenset[str]] = frozenset()
    #: What several records are read with beside what they point at (`records_among`).
    beside: ClassVar[tuple[str, ...]] = ()
    #: Columns of the model that are one field each.
    columns: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def key(self, record: Record) -> str:
        """Return its public identifier."""

    @abstractmethod
    def values(self, record: Record) -> Values:
        """Return its values in the database, one for each of `labels`."""

    @abstractmethod
    def taxon_id(self, record: Record) -> int | None:
        """Return its species."""

    def lists(self, record: Record, values: Mapping[str, Any], errors: Errors) -> Values:
        """Return the cleaned values of fields that are no column; problems go to `errors`."""
        return {}

    def queryset(self) -> models.QuerySet[Record]:
        """What `values` reads of several records, in a bounded number of queries."""
        return self.model._default_manager.all()

    def get(self, record_id: int) -> Record:
        """Return a record; raises `RecordGoneError` where it is not there."""
        record = self.queryset().filter(pk=record_id).first()
        if record is None:
            raise RecordGoneError(f"This {self.kind.label} has been removed meanwhile.")
        return record

    def clean(self, record: Record, values: Mapping[str, Any]) -> Values:
        """Return `values` in the form in which they are stored.

        Raises `ValidationError` with a list of messages for each field that breaks a rule,
        and for a field that is read-only.
        """
        errors: Errors = {}
        for name in values.keys() - self.writable:
            errors[name] = [f"Nobody may change the {self.labels.get(name, name)}."]
        given = {name: value for name, value in values.items() if name in self.writable}
        changed = copy.copy(record)
        cleaned = {}
        for name in self.columns:
            if name in given:
                field = self.model._meta.get_field(name)
                assert isinstance(field, models.Field)  # noqa: S101  (columns are)
                with noting(errors, name):
                    cleaned[name] = _within(field.clean(plain_text(given[name]), changed))
                    setattr(changed, name, cleaned[name])
        cleaned |= self.lists(record, given, errors)
        if errors:
            raise ValidationError(errors)
        self.check(changed, cleaned)
        return cleaned

    def check(self, changed: Record, cleaned: Values) -> None:
        """Raise `ValidationError` where cleaned values break a rule together."""

    def following(self, before: Values, cleaned: Values) -> Values:
        """Return the fields that no person writes and that become others with those of
        `cleaned`; the caller is within a change set."""
        return {}

    def source_now(self, record_id: int, name: str, then: Any) -> Any:
        """Return what the source gives for a pinned field now, of which it gave `then`."""
        return then

    def pin_released(self, record_id: int, name: str) -> None:
        """Let the source's value hold again in a field whose pin has gone."""

    @abstractmethod
    def write(self, record: Record, changes: Mapping[str, Any]) -> None:
        """Store cleaned values; the caller holds the transaction and the write lock."""

    def consequences(self, record: Record) -> Restated | None:
        """Write what follows for interactions from a record that was written."""
        return None


@dataclass
class Restated:
    """What restating changed: of each interaction its fields, `[before, after]`."""

    changes: dict[int, dict[str, list[Any]]] = field(default_factory=dict)
    #: Interactions whose support became another.
    supported: set[int] = field(default_factory=set)
    #: Effects of which statements say something new that a curator has pinned, by interaction:
    #: `[the curator's, the statements']`.
    conflicts: dict[int, list[int]] = field(default_factory=dict)
    #: Interactions whose statements caught up with the curator's effect.
    released: list[int] = field(default_factory=list)

    def record(self, interaction: int, name: str, before: Any, after: Any) -> None:
        self.changes.setdefault(interaction, {})[name] = [before, after]


Errors = dict[str, list[str]]


class noting:  # noqa: N801  (read as a verb: with noting(errors, "name"))
    """Collect what is wrong with a field in `errors` and go on."""

    def __init__(self, errors: Errors, name: str) -> None:
        self.errors, self.name = errors, name

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, ValidationError):
            self.errors.setdefault(self.name, []).extend(error.messages)
        elif isinstance(error, identifiers.IdentifierError):
            self.errors.setdefault(self.name, []).append(str(error))
        else:
            return False
        return True


def _within(value: Any) -> Any:
    """Return a value that every database can hold; SQLite would take larger numbers."""
    if isinstance(value, int) and value > identifiers.MAX_INTEGER:
        raise ValidationError(f"{value} is larger than {identifiers.MAX_INTEGER:,}.")
    return value


def plain_text(value: Any) -> Any:
    """Return text trimmed; raises `ValidationError` for what PostgreSQL cannot store."""
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise ValidationError("A NUL character cannot be stored.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValidationError("This is not text: half a surrogate pair is in it.") from None
    return value.strip()


def cleaned_list(value: Any, clean: Callable[[str], Any], errors: Errors, name: str) -> list[Any]:
    """Return the items of a list, each cleaned, in order and once."""
    if not isinstance(value, list | tuple | set | frozenset):
        errors.setdefault(name, []).append("This must be a list.")
        return []
    cleaned = set()
    for item in value:
        with noting(errors, name):
            cleaned.add(clean(str(item)))
    return sorted(cleaned)


def save_columns(record: models.Model, changes: Mapping[str, Any], columns: Iterable[str]) -> None:
    """Write those of `changes` that are columns, and nothing else of the row."""
    changed = [name for name in columns if name in changes]
    for name in changed:
        setattr(record, name, changes[name])
    if changed:
        record.save(update_fields=changed)
