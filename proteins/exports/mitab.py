"""Interactions as PSI-MITAB 2.8: 46 columns, the TF as A, its target as B.

The format: https://github.com/HUPO-PSI/miTab, "PSI-MI TAB 2.8 Format". Terms are those of
PSI-MI (psi-mi.obo, 2025-11-18). What was decided where the format leaves a choice:

- 5, 6: each name of a list of genes (`TEF1;TEF2`) is an alias, and what UniProt and NCBI call
  the gene; full names of proteins are none.
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

An interaction with statements has a line for each that is active, with the publication, the
method, the source and the effect of that one alone (8, 9, 7, 13, 46), its own identifier in 14
after that of the interaction; and one line for what supports the interaction and is in no
statement. An effect that a source infers is a comment (28) and no causal statement.

An empty column is `-`: there is no confidence score, no host organism,
no date of creation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from proteins.domain.evidence import SmallScale
from proteins.domain.names import NameKind, names_of
from proteins.exports.cells import NONE, tsv_text
from proteins.exports.lines import Lines
from proteins.exports.rows import Batch, Batches, InteractionFacts
from proteins.exports.stated import (
    Stated,
    StatedFacts,
    any_statements,
    read_stated,
    stated_texts,
)
from proteins.exports.values import NameFacts, ProteinFacts
from proteins.models import Effect, Reporting, ReviewStatus
from proteins.queries.evidence import CitationFacts, EvidenceFacts
from proteins.queries.reviews import ReviewFacts

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
    return _in_quotes(text)


def _in_quotes(text: str) -> str:
    """Text that is quoted whatever it holds, as comments are."""
    return '"' + " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"') + '"'


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
        _fields(_aliases(protein)),
        f"taxid:{protein.taxon.ncbi_taxon_id}({quoted(protein.taxon.scientific_name)})",
    )


#: How MITAB calls the kinds of names.
_ALIASES: Final = {
    NameKind.PRIMARY: "gene name",
    NameKind.SYNONYM: "gene name synonym",
    NameKind.ORDERED_LOCUS: "locus name",
    NameKind.ORF: "orf name",
    NameKind.MNEMONIC: "display_long",
}


def _aliases(protein: ProteinFacts) -> Iterator[str]:
    """Yield the names of its pages, then those by sources; each text once."""
    own = names_of(protein.name)
    yield from (f"uniprotkb:{quoted(name)}(gene name)" for name in own)
    texts = {*own}
    for name in protein.names:
        kind = _ALIASES.get(NameKind(name.kind))
        if kind is not None and name.text not in texts:
            texts.add(name.text)
            yield f"{_database_of(name)}:{quoted(name.text)}({kind})"


def _database_of(name: NameFacts) -> str:
    """Return in which database a name is one, as MITAB has it."""
    if name.kind == NameKind.MNEMONIC:
        return "psi-mi"
    return "entrez gene/locuslink" if name.source == "NCBI Gene" else "uniprotkb"


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


_Batch = Batch[InteractionFacts, tuple[str, str, str, str], _Support]


def _author(paper: CitationFacts) -> str:
    # No quotes: a column of names is read literally.
    name = " ".join(_RESERVED.sub(" ", paper.first_author).split())
    return f"{name} et al." + (f" ({paper.year})" if paper.year else "")


def _annotations(
    row: InteractionFacts, scale: str, comments: Iterable[str], review: ReviewFacts | None
) -> str:
    parts = [*([scale] if scale else []), *comments]
    if row.status != ReviewStatus.UNREVIEWED:
        parts.append(f'comment:"review status: {ReviewStatus(row.status).label}"')
        parts += _review_comments(review)
    if row.reporting != Reporting.REPORTED:
        parts.append(f'comment:"{Reporting(row.reporting).label}"')
    return _fields(parts)


def _review_comments(review: ReviewFacts | None) -> Iterator[str]:
    if review is None:
        return
    if review.why:
        yield f"comment:{_in_quotes(f'review reason: {review.why}')}"
    if review.pmid:
        yield f'comment:"review publication: pubmed {review.pmid}"'


def _date(moment: str) -> str:
    return moment[:10].replace("-", "/")


def _texts(batches: Batches[InteractionFacts]) -> Iterator[list[str]]:
    has_statements = any_statements()
    for batch in replace(batches, with_names=True).made(_protein, _evidence):
        pairs = ((row.pk, row.evidence) for row in batch.rows)
        stated = read_stated(pairs) if has_statements else {}
        yield [tsv_text(_lines(row, batch, stated)) for row in batch.rows]


#: A header line, then the lines of each interaction.
mitab: Final = Lines(tsv_text([HEADER]), _texts)


def _lines(
    row: InteractionFacts, batch: _Batch, stated: Mapping[int, Stated]
) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one interaction."""
    tf, target = batch.proteins[row.tf], batch.proteins[row.target]
    review = batch.reviews.get(row.pk)
    if row.pk not in stated:
        yield _cells(row, tf, target, batch.evidence[row.evidence], review)
        return
    of_row = stated[row.pk]
    for statement in of_row.statements:
        yield _cells(row, tf, target, _evidence(statement.facts), review, statement)
    # What a curator sets against the statements is on no line of theirs.
    effect = row.effect if row.effect != of_row.effect else Effect.UNKNOWN.value
    if effect or not of_row.covers_all:
        yield _cells(row._replace(effect=effect), tf, target, _evidence(of_row.rest), review)


def _cells(
    row: InteractionFacts,
    tf: tuple[str, str, str, str],
    target: tuple[str, str, str, str],
    support: _Support,
    review: ReviewFacts | None,
    statement: StatedFacts | None = None,
) -> tuple[str, ...]:
    key = "-".join(one[0].removeprefix("uniprotkb:") for one in (tf, target))
    identifiers, references = f"tflink:{key}", support.database_papers
    comments: list[str] = []
    effect, sources = row.effect, support.sources
    if statement is not None:
        identifiers = _fields(_identifiers(key, statement))
        comments = list(_comments(statement))
        effect = statement.stated_effect
        sources = sources if statement.source else _own(statement.dataset)
        if statement.eco:
            references = f"eco:{quoted(statement.eco)}(evidence code)"
    return (
        tf[0], target[0], tf[1], target[1], tf[2], target[2],
        support.methods, support.authors, support.publications, tf[3], target[3],
        FUNCTIONAL_ASSOCIATION, sources, identifiers, NONE, NONE,
        REGULATOR, REGULATOR_TARGET, UNSPECIFIED_ROLE, UNSPECIFIED_ROLE, PROTEIN, GENE,
        NONE, NONE, references, NONE, NONE, _annotations(row, support.annotation, comments, review),
        NONE, NONE, NONE, _date(row.changed), NONE, NONE, NONE, "false", NONE, NONE, NONE,
        NONE, NONE, support.identification, NONE, NONE, TRANSCRIPTIONAL_REGULATION,
        STATEMENTS[effect],
    )  # fmt: skip


def _identifiers(key: str, statement: StatedFacts) -> Iterator[str]:
    yield f"tflink:{key}"
    yield f"tflink:{key}-{statement.key}"
    if statement.source and statement.source_id:
        yield f"{_database(statement.source)}:{quoted(statement.source_id)}"


def _database(source: str) -> str:
    """A database as it is named before an identifier."""
    return _RESERVED.sub("_", "_".join(source.split())).lower()


def _comments(statement: StatedFacts) -> Iterator[str]:
    if statement.effect and not statement.stated_effect:
        words = Effect(statement.effect).label
        yield f'comment:"effect inferred by the source: {words}"'
    for name, text in stated_texts(statement):
        yield f"comment:{_in_quotes(f'{name}: {text}')}"
