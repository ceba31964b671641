"""Interactions as PSI-MITAB 2.8: 46 columns, the TF as A, its target as B.

The format: https://github.com/HUPO-PSI/miTab, "PSI-MI TAB 2.8 Format". Terms are those of
PSI-MI (psi-mi.obo, 2025-11-18). What was decided where the format leaves a choice:

- 7: methods of interaction detection. One that PSI-MI has as a participant identification
  (western blot) is in column 42, the identification of B, as what was detected is what
  became of the target.
- 8, 9: publications that show the interaction. A database's own paper shows which database
  it came from and no interaction; counted as one experiment by programs that group rows by
  publication, it would unite a whole database. So it is a cross-reference (25, `see-also`).
- 12: functional association. That a TF regulates a gene does not say that it binds to it,
  and this is the type that the format has for a regulation by a mechanism (45).
- 13: databases by TFLink's own keys, as PSI-MI has no term for most of them.
- 21, 22: the TF is a protein and its target a gene, also where a TF regulates its own gene:
  the two differ, so that such a row names both.

An empty column is `-`: there is no confidence score, no host organism,
no date of creation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from proteins.domain.evidence import SmallScale
from proteins.exports.cells import NONE, tsv_text
from proteins.exports.rows import Batches, InteractionFacts
from proteins.exports.values import ProteinFacts
from proteins.models import Effect, Reporting, ReviewStatus
from proteins.queries.evidence import CitationFacts, EvidenceFacts

HEADER: Final = (
    "#ID(s) interactor A", "ID(s) interactor B", "Alt. ID(s) interactor A",
    "Alt. ID(s) interactor B", "Alias(es) interactor A", "Alias(es) interactor B",
    "Interaction detection method(s)", "Publication 1st author(s)",
    "Publication Identifier(s)", "Taxid interactor A", "Taxid interactor B",
    "Interaction type(s)", "Source database(s)", "Interaction identifier(s)",
    "Confidence value(s)", "Expansion method(s)", "Biological role(s) interactor A",
    "Biological role(s) interactor B", "Experimental role(s) interactor A",
    "Experimental role(s) interactor B", "Type(s) interactor A", "Type(s) interactor B",
    "Xref(s) interactor A", "Xref(s) interactor B", "Interaction Xref(s)",
    "Annotation(s) interactor A", "Annotation(s) interactor B", "Interaction annotation(s)",
    "Host organism(s)", "Interaction parameter(s)", "Creation date", "Update date",
    "Checksum(s) interactor A", "Checksum(s) interactor B", "Interaction Checksum(s)",
    "Negative", "Feature(s) interactor A", "Feature(s) interactor B",
    "Stoichiometry(s) interactor A", "Stoichiometry(s) interactor B",
    "Identification method participant A", "Identification method participant B",
    "Biological effect(s) interactor A", "Biological effect(s) interactor B",
    "Causal regulatory mechanism", "Causal statement",
)  # fmt: skip


def term(identifier: str, name: str) -> str:
    """A term of PSI-MI as MITAB writes it: `psi-mi:"MI:0402"(name)`."""
    return f'psi-mi:"{identifier}"({quoted(name)})'


_RESERVED = re.compile(r'[|():"\t]')


def quoted(text: str) -> str:
    """Text as a part of a field: quoted where it holds what MITAB gives a meaning to."""
    text = " ".join(text.split())
    if not _RESERVED.search(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


REGULATOR: Final = term("MI:2274", "regulator")
REGULATOR_TARGET: Final = term("MI:2275", "regulator target")
UNSPECIFIED_ROLE: Final = term("MI:0499", "unspecified role")
FUNCTIONAL_ASSOCIATION: Final = term("MI:2286", "functional association")
PROTEIN: Final = term("MI:0326", "protein")
GENE: Final = term("MI:0250", "gene")
TRANSCRIPTIONAL_REGULATION: Final = term("MI:2247", "transcriptional regulation")
_UP: Final = term("MI:2238", "up-regulates quantity by expression")
_DOWN: Final = term("MI:2243", "down-regulates quantity by repression")
STATEMENTS: Final = {
    Effect.UNKNOWN.value: NONE,
    Effect.ACTIVATION.value: _UP,
    Effect.REPRESSION.value: _DOWN,
    Effect.BOTH.value: f"{_UP}|{_DOWN}",
}


def _own(name: str) -> str:
    """What PSI-MI has no term for, by TFLink's name of it."""
    return f"tflink:{quoted(name)}({quoted(name)})"


def _fields(values: Iterable[str]) -> str:
    return "|".join(values) or NONE


def _protein(protein: ProteinFacts) -> tuple[str, str, str, str]:
    """Columns of one interactor: its ID, other IDs, aliases and taxon."""
    return (
        f"uniprotkb:{protein.accession}",
        _fields(f"entrez gene/locuslink:{gene}" for gene in protein.gene_ids),
        f"uniprotkb:{quoted(protein.name)}(gene name)" if protein.name else NONE,
        f"taxid:{protein.taxon.ncbi_taxon_id}({quoted(protein.taxon.scientific_name)})",
    )


def _methods(evidence: EvidenceFacts, *, of_participants: bool) -> str:
    return _fields(
        # One that PSI-MI has no term for yet has its name alone.
        term(method.psi_mi_id, method.name) if method.psi_mi_id else _own(method.name)
        for method in evidence.methods
        if method.identifies_participant_only == of_participants
    )


class _Support(NamedTuple):
    """Columns that evidence fills, and its part of the annotations."""

    methods: str
    authors: str
    publications: str
    sources: str
    database_papers: str
    identification: str
    annotation: str


def _evidence(evidence: EvidenceFacts) -> _Support:
    primary = evidence.primary
    scale = "" if evidence.small_scale == SmallScale.NOT_STATED else evidence.small_scale.label
    return _Support(
        _methods(evidence, of_participants=False),
        _fields(_author(paper) for paper in primary if paper.first_author),
        _fields(f"pubmed:{paper.pmid}" for paper in primary),
        _fields(_own(source.key) for source in evidence.sources),
        _fields(f"pubmed:{paper.pmid}(see-also)" for paper in evidence.database_papers),
        _methods(evidence, of_participants=True),
        f'comment:"small-scale evidence: {scale}"' if scale else "",
    )


def _author(paper: CitationFacts) -> str:
    # No quotes: a column of names is read literally.
    name = " ".join(_RESERVED.sub(" ", paper.first_author).split())
    return f"{name} et al." + (f" ({paper.year})" if paper.year else "")


def _annotations(row: InteractionFacts, scale: str) -> str:
    parts = [scale] if scale else []
    if row.status != ReviewStatus.UNREVIEWED:
        parts.append(f'comment:"review status: {ReviewStatus(row.status).label}"')
    if row.reporting != Reporting.REPORTED:
        parts.append(f'comment:"{Reporting(row.reporting).label}"')
    return _fields(parts)


def _date(moment: str) -> str:
    return moment[:10].replace("-", "/")


def mitab(batches: Batches[InteractionFacts]) -> Iterator[str]:
    """A header line, then a line for each interaction."""
    yield tsv_text([HEADER])
    for batch in batches.made(_protein, _evidence):
        proteins, evidence = batch.proteins, batch.evidence
        yield tsv_text(
            _cells(row, proteins[row.tf], proteins[row.target], evidence[row.evidence])
            for row in batch.rows
        )


def _cells(
    row: InteractionFacts,
    tf: tuple[str, str, str, str],
    target: tuple[str, str, str, str],
    support: _Support,
) -> tuple[str, ...]:
    accessions = (one[0].removeprefix("uniprotkb:") for one in (tf, target))
    return (
        tf[0], target[0], tf[1], target[1], tf[2], target[2],
        support.methods, support.authors, support.publications, tf[3], target[3],
        FUNCTIONAL_ASSOCIATION, support.sources, "tflink:" + "-".join(accessions), NONE, NONE,
        REGULATOR, REGULATOR_TARGET, UNSPECIFIED_ROLE, UNSPECIFIED_ROLE, PROTEIN, GENE,
        NONE, NONE, support.database_papers, NONE, NONE, _annotations(row, support.annotation),
        NONE, NONE, NONE, _date(row.changed), NONE, NONE, NONE, "false", NONE, NONE, NONE,
        NONE, NONE, support.identification, NONE, NONE, TRANSCRIPTIONAL_REGULATION,
        STATEMENTS[row.effect],
    )  # fmt: skip
