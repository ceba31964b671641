"""What is allowed and makes one doubt: warnings before something is saved, which block nothing.

Each function takes what is about to be saved (of a change, only what is new in it), looks it up in
a fixed number of bounded queries, and returns its doubts. A form shows them once and saves the
second time (`curation.admin.editing.doubts`); a preview lists them beside its rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils import timezone

from proteins.domain import identifiers, psi_mi
from proteins.domain.names import names_of
from proteins.models import (
    Citation,
    GeneID,
    Ortholog,
    Protein,
    PubMedStatus,
    SecondaryAccession,
)

#: Other records that a doubt names, and names of a list that are looked up.
_NAMED: Final = 3
_MOST_NAMES: Final = 30
#: PubMed's newest number on a day, by which it grows in a year, and what it may be ahead of that.
_PUBMED_DAY: Final = date(2025, 1, 1)
_PUBMED_THEN: Final = 39_800_000
_PUBMED_A_YEAR: Final = 1_800_000
_PUBMED_AHEAD: Final = 1_000_000


@dataclass(frozen=True)
class Doubt:
    """What a person should look at before it is saved; `field` is the record's, or empty."""

    field: str
    text: str


def doubts_about_gene_ids(
    gene_ids: Iterable[int], taxon_id: int, protein_id: int | None = None
) -> list[Doubt]:
    """Return which NCBI gene IDs another protein of the species has."""
    rows = GeneID.objects.filter(ncbi_gene_id__in=list(gene_ids), protein__taxon=taxon_id)
    theirs = rows.exclude(protein=protein_id).select_related("protein")
    return [
        Doubt("gene_ids", f"Gene ID {row.ncbi_gene_id} is that of {row.protein} already.")
        for row in theirs.order_by("ncbi_gene_id", "protein")[:_NAMED]
    ]


def doubts_about_name(name: str, taxon_id: int, protein_id: int | None = None) -> list[Doubt]:
    """Return which names of a list another protein of the species has."""
    doubts = []
    for part in list(names_of(name))[:_MOST_NAMES]:
        theirs = Protein.objects.called(part).filter(taxon=taxon_id)
        if protein_id is not None:
            theirs = theirs.exclude(pk=protein_id)
        doubts += [
            Doubt("name", f"{identifiers.shown(part)} is a name of {protein} already.")
            for protein in theirs.order_by("accession")[:1]
        ]
    return doubts[:_NAMED]


def doubts_about_accessions(accessions: Iterable[str], field: str = "accession") -> list[Doubt]:
    """Return which accessions have the form of one and are named by nothing here.

    What is no accession of UniProt by its form (an ortholog's may be any) is not looked at.
    """
    wanted = {text.upper() for text in accessions if identifiers.is_accession(text.upper())}
    named = set(Protein.objects.filter(accession__in=wanted).values_list("accession", flat=True))
    named |= set(
        SecondaryAccession.objects.filter(accession__in=wanted).values_list("accession", flat=True)
    )
    named |= set(
        Ortholog.objects.filter(identifier__in=wanted).values_list("identifier", flat=True)
    )
    return [
        Doubt(
            field,
            f"{accession} has the form of an accession, and no record here names it: look it up "
            f"at UniProt (https://www.uniprot.org/uniprotkb/{accession}).",
        )
        for accession in sorted(wanted - named)[:_NAMED]
    ]


def doubts_about_pmids(pmids: Iterable[int], field: str = "pmids") -> list[Doubt]:
    """Return which PubMed IDs are far above the newest."""
    newest = newest_pmid()
    return [
        Doubt(
            field,
            f"PMID {pmid} is far above the newest of PubMed, which is about {newest:,}: "
            "is a digit too many?",
        )
        for pmid in sorted(set(pmids))
        if pmid > newest
    ][:_NAMED]


def newest_pmid() -> int:
    """Return a number that no publication of today exceeds: by the calendar, or by the newest
    that PubMed itself has confirmed."""
    years = (timezone.now().date() - _PUBMED_DAY).days / 365.25
    by_calendar = _PUBMED_THEN + int(years * _PUBMED_A_YEAR) + _PUBMED_AHEAD
    confirmed = Citation.objects.filter(
        pmid__gt=by_calendar, pubmed_status=PubMedStatus.FOUND
    ).order_by("-pmid")
    return confirmed.values_list("pmid", flat=True).first() or by_calendar


def doubts_about_method(psi_mi_id: str, *, identifies_only: bool = False) -> list[Doubt]:
    """Return what is odd about the PSI-MI ID of a detection method."""
    term = psi_mi.terms().get(psi_mi_id)
    if not psi_mi_id:
        return []
    if term is None:
        text = f"{psi_mi_id} is no interaction detection method of PSI-MI."
    elif term.kind == psi_mi.TermKind.OBSOLETE:
        text = f"{psi_mi_id} ({term.name}) is obsolete in PSI-MI."
    elif term.kind.identifies and not term.kind.detects and not identifies_only:
        text = (
            f"{psi_mi_id} ({term.name}) is a participant identification method of PSI-MI, and no "
            "interaction detection method."
        )
    elif identifies_only and not term.kind.identifies:
        text = f"{psi_mi_id} ({term.name}) is an interaction detection method of PSI-MI."
    else:
        return []
    return [Doubt("psi_mi_id", text)]


def doubts_about_pair(tf: Protein, target: Protein) -> list[Doubt]:
    """Return whether the TF of an interaction that is to be added regulates nothing so far."""
    if tf.is_tf:
        return []
    text = f"{tf} is not annotated as a transcription factor, and regulates nothing so far."
    if target.is_tf and tf.pk != target.pk:
        text += f" {target} is one: are the two the other way round?"
    return [Doubt("tf", text)]


def doubts_about_pairs(pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Doubt]:
    """Return the doubts about interactions that are to be added, by the accessions of TF and
    target; for the rows of a preview, by one query."""
    accessions = {accession for pair in pairs for accession in pair}
    proteins = Protein.objects.in_bulk(sorted(accessions), field_name="accession")
    doubts = {
        pair: doubts_about_pair(proteins[pair[0]], proteins[pair[1]])
        for pair in pairs
        if pair[0] in proteins and pair[1] in proteins
    }
    return {pair: some[0] for pair, some in doubts.items() if some}
