"""Notes on the quality of a protein's data, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import urlencode

from django.template.defaultfilters import date
from django.urls import reverse

from proteins import hooks
from proteins.models import AccessionFate, Protein
from proteins.queries.protein_names import NamesOfProtein
from proteins.queries.protein_summary import SideTally, Tally


class Note(NamedTuple):
    text: str
    #: Where it can be seen, and what that is called.
    url: str = ""
    link: str = ""


#: Of each side: its name in URLs, and what one and many of its rows are called.
_SIDES: Final = (
    ("targets", "target", "targets"),
    ("tfs", "regulator", "regulators"),
)


def notes(
    protein: Protein,
    tally: Tally,
    reports: tuple[hooks.OpenReport, ...],
    names: NamesOfProtein,
) -> list[Note]:
    """Only what applies: mostly a line or two, often nothing."""
    return [
        *_about_accession(names),
        *_about_gene_ids(names),
        *(Note(f"{report.text} {date(report.at, 'j F Y')}") for report in reports),
        *_about_interactions_under_review(protein),
        *_about_declared(protein),
        *_about_side(protein, tally.targets, *_SIDES[0]),
        *_about_side(protein, tally.tfs, *_SIDES[1]),
        *_about_retracted(protein, tally),
    ]


def _about_accession(names: NamesOfProtein) -> Iterator[Note]:
    """What UniProt says of an accession that is no longer in use there."""
    own = names.protein.accession
    for fate in names.fates:
        if fate.fate == AccessionFate.Fate.DELETED:
            yield Note(f"{fate.source} deleted the entry {own}; its interactions stay in TFLink.")
    successors = names.successors
    if len(successors) == 1:
        one = successors[0]
        url, link = reverse("protein", args=[one.lower()]), f"Show {one}"
        yield Note(f"UniProt merged the entry {own} into {one}.", url, link)
    elif successors:
        yield Note(
            f"UniProt divided the entry {own} into {', '.join(successors)}; which of them is meant "
            "here has not been decided."
            if not all(fate.settled for fate in names.fates)
            else f"UniProt divided the entry {own} into {', '.join(successors)}."
        )


def _about_gene_ids(names: NamesOfProtein) -> Iterator[Note]:
    for fate in names.gene_fates:
        then = f" in favour of {fate.successor}" if fate.successor else ""
        yield Note(f"NCBI has discontinued the gene ID {fate.ncbi_gene_id}{then}.")


def _about_interactions_under_review(protein: Protein) -> Iterator[Note]:
    reported = hooks.interactions_under_review(protein.pk)
    if reported.number:
        more = "more than " if reported.is_more else ""
        one = reported.number == 1
        yield Note(
            f"{more}{reported.number:,} of its interactions "
            f"{'has' if one else 'have'} been reported or questioned and "
            f"{'is' if one else 'are'} under review.".capitalize()
        )


def _about_declared(protein: Protein) -> Iterator[Note]:
    listed, declared = protein.listed_interactions, protein.declared_interactions
    if not protein.has_page or declared is None or listed == declared:
        return
    are = "is" if listed == 1 else "are"
    if listed < declared:
        best = "best-supported" if listed == 1 else f"{listed:,} best-supported"
        of = _number(declared, "known interaction", "known interactions")
        yield Note(f"Only the {best} of {of} {are} included; the source page listed no more.")
    else:
        number = _number(listed, "interaction", "interactions")
        yield Note(
            f"{number} {are} included, more than the {declared:,} that the source page declares."
        )


def _about_side(
    protein: Protein, tally: SideTally, side: str, one: str, many: str
) -> Iterator[Note]:
    for number, statement, name, value in (
        (tally.disputed, "disputed by a curator", "status", "disputed"),
        (
            tally.not_reported,
            "no longer reported by the sources",
            "reporting",
            "no_longer_reported",
        ),
        (
            tally.both_effects,
            "both activated and repressed according to their sources"
            if side == "targets"
            else "reported both to activate and to repress it",
            "effect",
            "both",
        ),
    ):
        if number:
            are = "is" if number == 1 else "are"
            query = urlencode({f"{side}-{name}": value})
            yield Note(
                f"{_number(number, one, many)} {are} {statement}.",
                f"{protein.get_absolute_url()}?{query}#{side}",
                f"Show {'it' if number == 1 else 'them'} among the {many}",
            )


def _about_retracted(protein: Protein, tally: Tally) -> Iterator[Note]:
    if not tally.retracted:
        return
    papers = _number(len(tally.retracted), "retracted publication", "retracted publications")
    resting = _number(tally.on_retracted, "interaction cites", "interactions cite")
    yield Note(
        f"{resting} {papers}.",
        f"{reverse('protein-publications', args=[protein.accession.lower()])}?retracted=1",
        "Show the retracted publications",
    )


def _number(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
