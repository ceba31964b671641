"""Pins: the fields that a curator has set, and the source's value at that time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import User

from curation.models import Pin, RecordKind
from curation.records import records_of


def pin_changes(
    *,
    kind: RecordKind,
    record_id: int,
    changes: Mapping[str, Sequence[Any]],
    user: User | None,
) -> None:
    """Pin each field that a curator changed (`[before, after]`), with the value before.

    A field that is pinned already retains its source's value; where the curator returns to
    what the source gives, the pin goes. The caller holds the transaction.
    """
    records = records_of(kind)
    for name in changes.keys() & records.pinnable:
        before, after = changes[name]
        pin = Pin.objects.filter(kind=kind, record_id=record_id, field=name).first()
        if pin is None:
            Pin.objects.create(
                kind=kind, record_id=record_id, field=name, source_value=before, pinned_by=user
            )
        elif records.source_now(record_id, name, pin.source_value) == after:
            pin.delete()


def release_pins(kind: RecordKind, record_id: int, fields: Sequence[str] | None = None) -> None:
    """Delete the pins of a record, or of these fields of it."""
    pins = Pin.objects.filter(kind=kind, record_id=record_id)
    if fields is not None:
        pins = pins.filter(field__in=fields)
    released = list(pins.values_list("field", flat=True))
    pins.delete()
    for name in released:
        records_of(kind).pin_released(record_id, name)


def move_pin(kind: RecordKind, record_id: int, field: str, source_value: Any) -> None:
    """Store, for a field that is pinned, its source's present value: a curator has seen it and
    confirms what is here."""
    Pin.objects.filter(kind=kind, record_id=record_id, field=field).update(
        source_value=source_value
    )
