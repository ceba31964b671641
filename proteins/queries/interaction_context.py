"""The proteins that regulate both ends of an interaction, and those by way of which its TF
regulates its target, each with the evidence of its two interactions.

Both are exact, in two queries by the covering indexes: all interactions whose target is one of the
two, no more than twice the TFs of a species, and of the TF's own those with such a regulator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F

from proteins.domain.tiers import Tier
from proteins.models import Effect, Interaction, Protein


class Leg(NamedTuple):
    """One of the two interactions of a route."""

    effect: Effect
    tier: Tier


class Route(NamedTuple):
    """A protein with its interactions: of a shared regulator those with TF and target, of an
    intermediate one that from the TF and that with the target."""

    protein: Protein
    first: Leg
    second: Leg

    @property
    def strength(self) -> tuple[Tier, Tier]:
        """A route is as strong as its weaker interaction."""
        weaker, stronger = sorted((self.first.tier, self.second.tier))
        return weaker, stronger


@dataclass(frozen=True)
class Context:
    tf: Protein
    target: Protein
    direct: Leg
    #: The regulation of the TF by the target, if there is one.
    reverse: Leg | None
    #: The strongest first.
    shared: list[Route]
    intermediate: list[Route]

    @classmethod
    def read(cls, interaction: Interaction) -> Context:
        tf, target = interaction.tf, interaction.target
        direct = Leg(Effect(interaction.effect), Tier(interaction.evidence.tier))
        of_tf: dict[Protein, Leg] = {}
        of_target: dict[Protein, Leg] = {}
        if tf != target:
            for regulated, regulator, leg in _regulations(tf, target):
                (of_tf if regulated == tf.pk else of_target)[regulator] = leg
        reverse = of_tf.get(target)
        for each in (of_tf, of_target):
            each.pop(tf, None)
            each.pop(target, None)
        regulated_by_tf = _regulated(tf, of_target)
        return cls(
            tf,
            target,
            direct,
            reverse,
            _strongest(Route(one, of_tf[one], of_target[one]) for one in of_tf if one in of_target),
            _strongest(
                Route(one, regulated_by_tf[one.pk], leg)
                for one, leg in of_target.items()
                if one.pk in regulated_by_tf
            ),
        )


def _regulations(*targets: Protein) -> Iterator[tuple[int, Protein, Leg]]:
    """Of each interaction of these targets the target, the regulator and the evidence."""
    rows = Interaction.objects.public().filter(target__in=targets).order_by()
    columns = ("target_id", "effect", "evidence__tier", "tf_id")
    named = {name: F(f"tf__{name}") for name in ("accession", "name", "name_key")}
    values = rows.values_list(*columns, *named.values())
    for regulated, effect, tier, key, accession, name, name_key in values:
        regulator = Protein(pk=key, accession=accession, name=name, name_key=name_key)
        yield regulated, regulator, Leg(Effect(effect), Tier(tier))


def _regulated(tf: Protein, regulators: Iterable[Protein]) -> dict[int, Leg]:
    """Which of some proteins a TF regulates, by primary key."""
    keys = [one.pk for one in regulators]
    if not keys:
        return {}
    rows = Interaction.objects.public().of_tf(tf).filter(target__in=keys).order_by()
    values = rows.values_list("target_id", "effect", "evidence__tier")
    return {key: Leg(Effect(effect), Tier(tier)) for key, effect, tier in values}


def _strongest(routes: Iterable[Route]) -> list[Route]:
    def order(route: Route) -> tuple[int, int, str, str]:
        weaker, stronger = route.strength
        return -weaker, -stronger, route.protein.name_key, route.protein.accession

    return sorted(routes, key=order)
