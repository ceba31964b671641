"""The proteins that regulate both ends of an interaction, and those by way of which its TF
regulates its target, each with the evidence of its two interactions.

Both are exact, in two queries by the covering indexes: all interactions whose target is one of the
two, no more than twice the TFs of a species, and of the TF's own those with such a regulator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

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
        of_tf: dict[int, Leg] = {}
        of_target: dict[int, Leg] = {}
        names: dict[int, _Names] = {}
        if tf != target:
            for regulated, regulator, leg, named in _regulations(tf, target):
                (of_tf if regulated == tf.pk else of_target)[regulator] = leg
                names[regulator] = named
        reverse = of_tf.get(target.pk)
        for each in (of_tf, of_target):
            each.pop(tf.pk, None)
            each.pop(target.pk, None)
        by_tf = _regulated(tf, of_target)

        def routes(first: Mapping[int, Leg]) -> list[Route]:
            both = first.keys() & of_target.keys()
            return _strongest(Route(names[k].protein(k), first[k], of_target[k]) for k in both)

        return cls(tf, target, direct, reverse, routes(of_tf), routes(by_tf))


class _Names(NamedTuple):
    accession: str
    name: str
    name_key: str

    def protein(self, key: int) -> Protein:
        return Protein(pk=key, **self._asdict())


def _regulations(*targets: Protein) -> Iterator[tuple[int, int, Leg, _Names]]:
    """Of each interaction of these targets the target, the regulator by primary key, the evidence
    and what the regulator is called."""
    rows = Interaction.objects.public().filter(target__in=targets).order_by()
    columns = ("target_id", "tf_id", "effect", "evidence__tier")
    named = (f"tf__{name}" for name in _Names._fields)
    for regulated, regulator, effect, tier, *names in rows.values_list(*columns, *named):
        yield regulated, regulator, Leg(Effect(effect), Tier(tier)), _Names(*names)


def _regulated(tf: Protein, keys: Iterable[int]) -> dict[int, Leg]:
    """Which of some proteins a TF regulates, by primary key."""
    keys = list(keys)
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
