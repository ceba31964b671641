"""What an interaction's page shows, read in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, NamedTuple

from django.db.models import Exists, OuterRef, Subquery, prefetch_related_objects

from proteins import hooks
from proteins.domain import identifiers, links
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MARKED, MethodClass
from proteins.domain.statements import Basis, StatementState
from proteins.models import (
    Citation,
    DetectionMethod,
    Effect,
    Evidence,
    Interaction,
    Protein,
    Reporting,
    ReviewStatus,
    SourceDatabase,
    Statement,
)
from proteins.queries.documents import Document, documents, roles_of
from proteins.queries.evidence import EvidenceFacts
from proteins.queries.interaction_context import Context, Route
from proteins.queries.reviews import ReviewFacts, review_of

#: Proteins that a line of neighbours names, and how far the others are counted.
NAMED: Final = 10
COUNTED: Final = 1_000
#: Statements that are listed; the API has the others.
SHOWN_STATEMENTS: Final = 200
#: Publications that are described one by one; of the others the PubMed IDs are listed.
DESCRIBED: Final = 60


class Neighbours(NamedTuple):
    """Proteins in the same relation to both, the first by name."""

    shown: Sequence[Protein]
    more: int
    #: Whether there are more still than were counted.
    is_bounded: bool


@dataclass(frozen=True)
class Publications:
    described: Sequence[Citation]
    others: Sequence[Citation]

    @classmethod
    def of(cls, citations: list[Citation]) -> Publications:
        # What calls for a look comes first, and is described.
        citations.sort(key=lambda citation: not citation.warnings)
        return cls(citations[:DESCRIBED], citations[DESCRIBED:])

    def __len__(self) -> int:
        return len(self.described) + len(self.others)

    def __iter__(self) -> Iterator[Citation]:
        return chain(self.described, self.others)

    @property
    def is_described(self) -> bool:
        """Whether more than their numbers can be shown of any."""
        return any(citation.title or citation.warnings for citation in self.described)


@dataclass(frozen=True)
class InteractionPage:
    interaction: Interaction
    is_itself: bool
    sources: list[SourceDatabase]
    methods: list[DetectionMethod]
    primary: Publications
    database_papers: Publications
    reverse: Interaction | None
    documents: list[Document]
    context: Context
    between: Neighbours
    regulate_both: Neighbours
    regulated_by_both: Neighbours
    history: hooks.History
    open_reports: tuple[hooks.OpenReport, ...]
    statements: Sequence[Statement]
    #: Why it has its review status; None where it is unreviewed.
    review: ReviewFacts | None

    @classmethod
    def read(cls, interaction: Interaction) -> InteractionPage:
        prefetch_related_objects([interaction.tf, interaction.target], "gene_ids")
        # What supports it, and what each document says of that, are read together.
        stated = roles_of(interaction.support_id)
        read = Evidence.objects.with_content().in_bulk({interaction.evidence_id, *stated.values()})
        evidence = read[interaction.evidence_id]
        papers: dict[bool, list[Citation]] = {False: [], True: []}
        for citation in evidence.citations.all():
            papers[citation.is_database_paper].append(citation)  # type: ignore[attr-defined]
        is_itself = interaction.tf_id == interaction.target_id
        context = Context.read(interaction)
        return cls(
            interaction,
            is_itself,
            list(evidence.sources.all()),
            list(evidence.methods.all()),
            Publications.of(papers[False]),
            Publications.of(papers[True]),
            _reverse(context),
            documents(stated, {key: EvidenceFacts.of(row) for key, row in read.items()}),
            context,
            _named(context.intermediate),
            _named(context.shared),
            _common_targets(context),
            hooks.history("interaction", interaction.pk),
            hooks.open_reports("interaction", interaction.pk),
            list(Statement.objects.of_interaction(interaction)[:SHOWN_STATEMENTS]),
            review_of(interaction),
        )

    @property
    def effect_statements(self) -> list[Statement]:
        """The statements that its effect follows from; none where a curator set it."""
        stated = [
            one
            for one in self.statements
            if one.state == StatementState.ACTIVE and one.basis == Basis.STATED and one.effect
        ]
        effect = 0
        for statement in stated:
            effect |= statement.effect
        return stated if effect == self.interaction.effect else []

    @property
    def by_class(self) -> list[tuple[MethodClass, list[DetectionMethod]]]:
        """The methods of each class, in the order of the marks; those of a class may be none."""
        classes = (*MARKED, *([MethodClass.OTHER] if self._of(MethodClass.OTHER) else []))
        return [(each, self._of(each)) for each in classes]

    def _of(self, method_class: MethodClass) -> list[DetectionMethod]:
        return [method for method in self.methods if method.method_class == method_class]

    @property
    def pubmed_url(self) -> str:
        """All primary publications at PubMed; empty where they are none, or too many for a URL."""
        papers = [*self.primary.described, *self.primary.others]
        if not 0 < len(papers) <= links.MAX_PUBMED:
            return ""
        return links.pubmed_list(sorted(paper.pmid for paper in papers))

    @property
    def sentence(self) -> str:
        """What is reported, by whom and on what grounds."""
        tf, target = self.interaction.tf.label, self.interaction.target.label
        names = [str(source) for source in self.sources]
        report = "reports" if len(names) == 1 else "report"
        what = f"that {tf} regulates {'itself (autoregulation)' if self.is_itself else target}"
        papers = len(self.primary)
        grounds = (
            f"The evidence comes from {papers:,} primary publication{'' if papers == 1 else 's'}"
            if papers
            else "No primary publication is cited"
        )
        scale = {
            SmallScale.YES: "and includes small-scale experiments",
            SmallScale.NO: "and includes no small-scale experiment",
            SmallScale.NOT_STATED: "; whether an experiment was small-scale is not stated",
        }[SmallScale(self.interaction.evidence.small_scale)]
        joint = "" if scale.startswith(";") else " "
        effect = {
            Effect.UNKNOWN: "No source reports activation or repression.",
            Effect.ACTIVATION: f"{tf} activates {target}.",
            Effect.REPRESSION: f"{tf} represses {target}.",
            Effect.BOTH: "Sources report both activation and repression.",
        }[Effect(self.interaction.effect)]
        by = f"{_listed(names)} {report}" if names else "It is reported"
        return f"{by} {what}. {grounds}{joint}{scale}. {effect}"

    @property
    def notes(self) -> list[str]:
        """What a reader should know before relying on it, in sentences."""
        notes = []
        if self.interaction.status == ReviewStatus.DISPUTED:
            notes.append("A curator disputes this interaction.")
        if self.interaction.reporting == Reporting.WITHDRAWN:
            notes.append(
                "The latest import of its sources no longer reports this interaction; its earlier "
                "evidence is shown."
            )
        if self.interaction.effect == Effect.BOTH:
            notes.append("Sources report both activation and repression.")
        retracted = [paper for paper in self.primary.described if paper.is_retracted]
        if retracted and len(retracted) == len(self.primary):
            notes.append("Every primary publication that supports it has been retracted.")
        return notes


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _reverse(context: Context) -> Interaction | None:
    """The regulation of the TF by its target, if there is one."""
    return Interaction(tf=context.target, target=context.tf) if context.reverse else None


def _named(routes: Sequence[Route]) -> Neighbours:
    proteins = sorted((route.protein for route in routes), key=_by_name)
    return Neighbours(proteins[:NAMED], max(0, len(proteins) - NAMED), is_bounded=False)


def _by_name(protein: Protein) -> tuple[str, str]:
    return protein.name_key, protein.accession


def _common_targets(context: Context) -> Neighbours:
    """What both regulate: an index scan of the interactions of the one of the two that has fewer,
    with a lookup in the index of pairs for the other."""
    tf, target = context.tf, context.target
    if tf == target or not tf.target_count or not target.target_count:
        return Neighbours((), 0, is_bounded=False)
    few, many = (tf, target) if tf.target_count <= target.target_count else (target, tf)
    public = Interaction.objects.public()
    other = public.filter(tf=many, target=OuterRef("target"))
    rows = public.filter(Exists(other), tf=few).exclude(target__in=(tf, target)).order_by()
    keys = list(rows.values_list("target", flat=True)[: COUNTED + 1])
    proteins = Protein.objects.filter(pk__in=keys).order_by("name_key", "accession")
    shown = list(proteins[:NAMED]) if keys else []
    return Neighbours(shown, min(len(keys), COUNTED) - len(shown), len(keys) > COUNTED)


def accessions_of(identifier: str) -> tuple[str, str] | None:
    """The two accessions of `TF-TARGET`, in capitals or not; None where it is no such text."""
    tf, _, target = identifier.partition("-")
    try:
        return identifiers.parse_accession(tf), identifiers.parse_accession(target)
    except identifiers.IdentifierError:
        return None


def interaction_of(tf: str, target: str) -> Interaction | None:
    """The interaction of two accessions, which may be secondary ones; None for a rejected one."""
    interaction = _pair(tf, target)
    if interaction is None:
        regulator, regulated = proteins_of(tf, target)
        if regulator and regulated and (regulator.accession, regulated.accession) != (tf, target):
            interaction = _pair(regulator.accession, regulated.accession)
    return interaction


def rejected_interaction(tf: str, target: str) -> Interaction | None:
    """The interaction of two accessions, which may be secondary ones, that was rejected; None
    where there is none such."""
    regulator, regulated = proteins_of(tf, target)
    if regulator is None or regulated is None:
        return None
    rejected = Interaction.objects.filter(status=ReviewStatus.REJECTED)
    pairs = rejected.filter(tf=regulator, target=regulated)
    return pairs.select_related("tf__taxon", "target__taxon", "change").first()


def _pair(tf: str, target: str) -> Interaction | None:
    """The interaction by the index of pairs; joined by accession, all of a hub's are read."""
    key = {
        name: Subquery(Protein.objects.filter(accession=accession).values("pk")[:1])
        for name, accession in (("tf", tf), ("target", target))
    }
    related = ("tf__taxon", "target__taxon", "evidence", "change")
    return Interaction.objects.public().select_related(*related).filter(**key).first()


def proteins_of(tf: str, target: str) -> tuple[Protein | None, Protein | None]:
    """The proteins of two accessions, which may be secondary ones."""
    return (
        Protein.objects.by_accession(tf).first(),
        Protein.objects.by_accession(target).first(),
    )
