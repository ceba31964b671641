"""Large changes: what concerns a large share of a species' interactions wants a confirmation
that states the number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Sum

from proteins.models import Interaction, Protein


class LargeChangeError(Exception):
    """An operation that would withdraw, reject or delete a large share of what is stored and
    was not confirmed; nothing was changed. Its text is for people."""


@dataclass(frozen=True)
class LargeChange:
    """A change that wants a confirmation: how many interactions it concerns, and why."""

    number: int
    reasons: tuple[str, ...]


def is_large(number: int, stored: int) -> bool:
    """Whether a change of `number` of `stored` interactions is beyond both limits (settings),
    so that it needs a confirmation."""
    return number > settings.LARGE_CHANGE_NUMBER and number > settings.LARGE_CHANGE_SHARE * stored


def is_typed(number: int, typed: str) -> bool:
    """Whether what was typed is the number, with commas or without."""
    return typed.strip().replace(",", "") == str(number)


def wanted(number: int) -> str:
    """Return the message where the number of a large change was not typed."""
    return (
        f"This is a large change: type {number:,}, the number of records that it concerns, "
        "to confirm it. Nothing was changed."
    )


def public_by_species() -> dict[str, int]:
    """Return how many interactions of each species are public, from the counters of proteins."""
    counters = Protein.objects.order_by().values_list("taxon__scientific_name")
    numbers = counters.annotate(number=Sum("target_count"))
    return {species: number or 0 for species, number in numbers}


def large_batch(number: int, most: int) -> LargeChange | None:
    """Return what is large about a batch of so many records; None of one of `most`, which a
    person has before their eyes."""
    if number <= most:
        return None
    return LargeChange(number, (f"It concerns {number:,} records.",))


def large_rejection(interactions: Collection[int]) -> LargeChange | None:
    """Return what is large about rejecting these interactions (by primary key), if anything."""
    if len(interactions) <= settings.LARGE_CHANGE_NUMBER:
        return None
    rows = Interaction.objects.public().filter(pk__in=interactions).order_by()
    numbers = dict(rows.values_list("tf__taxon__scientific_name").annotate(number=Count("pk")))
    stored = public_by_species()
    reasons = [
        f"It rejects {number:,} of the {stored[species]:,} interactions of {species}."
        for species, number in sorted(numbers.items())
        if is_large(number, stored[species])
    ]
    return LargeChange(sum(numbers.values()), tuple(reasons)) if reasons else None
