"""What a protein's interactions add up to, in sentences and as a strip of tiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from proteins.domain.tiers import Tier
from proteins.drawing.support_strip import SupportStrip
from proteins.models import Protein
from proteins.queries.protein_summary import SideTally, Tally
from proteins.queries.side_facets import SideFacets
from proteins.site.protein.tables import InteractionTable, Tables

_SMALL_SCALE: Final = (Tier.STRONG, Tier.SUPPORTED)


@dataclass(frozen=True)
class Summary:
    """The overview of a protein's page."""

    sentences: tuple[str, ...]
    strip: SupportStrip
    small_scale: int
    databases: int

    @classmethod
    def of(cls, protein: Protein, tally: Tally, tables: Tables) -> Summary:
        by_tier = [
            ("Regulators", tally.facets(tally.tfs).tiers),
            ("Targets", tally.facets(tally.targets).tiers),
        ]
        every = SideFacets.of(tally.evidence, tally.described)
        return cls(
            tuple(_sentences(protein, tally, tables)),
            SupportStrip.of(by_tier),
            sum(every.tiers[tier] for tier in _SMALL_SCALE),
            len(every.sources),
        )


def _sentences(protein: Protein, tally: Tally, tables: Tables) -> Iterator[str]:
    label = protein.label
    targets, tfs = protein.target_count, protein.tf_count
    itself = ", including itself" if tally.regulates_itself else ""
    regulated = f"regulated by {_number(tfs, 'transcription factor')}{itself}"
    if targets and tfs:
        yield f"{label} regulates {_number(targets, 'gene')} in TFLink and is {regulated}."
    elif targets:
        yield f"{label} regulates {_number(targets, 'gene')} in TFLink."
    elif tfs:
        yield f"{label} is {regulated} in TFLink."
    else:
        yield f"TFLink lists no interaction of {label}."
    yield from _support("regulator", tfs, tally, tally.tfs, tables.tfs)
    yield from _support("target", targets, tally, tally.targets, tables.targets)
    yield from _missing(protein)


def _missing(protein: Protein) -> Iterator[str]:
    """What it is without, of targets and regulators."""
    label = protein.label
    if not protein.target_count:
        yield (
            f"{label} is annotated as a transcription factor, but TFLink lists none of its targets."
            if protein.is_tf
            else f"{label} is not annotated as a transcription factor in TFLink."
        )
    if not protein.tf_count:
        although = ", although its source describes it as a target" if protein.is_target else ""
        yield f"TFLink lists no regulators of {label}{although}."


def _support(
    noun: str, number: int, tally: Tally, side: SideTally, table: InteractionTable | None
) -> Iterator[str]:
    """What the interactions of one side rest on."""
    if not number:
        return
    alike = _alike(table, side)
    if alike is not None:
        every = f"All {number:,} {noun}s rest" if number > 1 else f"The {noun} rests"
        yield f"{every} on {alike}"
        return
    tiers = tally.facets(side).tiers
    small = sum(tiers[tier] for tier in _SMALL_SCALE)
    parts = []
    if small:
        verb = "supports" if small == 1 else "support"
        parts.append(f"small-scale experiments {verb} {small:,} of {number:,} {noun}s")
    if single := tiers[Tier.SINGLE]:
        rest = "rests" if single == 1 else "rest"
        of = "" if small else f" of {number:,} {noun}s"
        parts.append(f"{single:,}{of} {rest} on a single source without a small-scale experiment")
    if parts:
        text = "; ".join(parts)
        yield f"{text[0].upper()}{text[1:]}."


def _alike(table: InteractionTable | None, side: SideTally) -> str | None:
    """What all rest on where that is the same for each, as the end of a sentence."""
    if table is None or not table.rows or len(side.evidence) != 1:
        return None
    facts = table.rows[0].row.support
    sources = _listed([source.label for source in facts.sources]) or "no stated database"
    methods = f" ({_listed([method.name for method in facts.methods])})" if facts.methods else ""
    papers = len(facts.primary)
    cited = (
        f"with {_number(papers, 'primary publication')}"
        if papers
        else "without a primary publication"
    )
    return f"{sources}{methods}, {cited}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
