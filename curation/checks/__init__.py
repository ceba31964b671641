"""Every invariant of the records that the database does not hold by a constraint, checked.

Each check is a few queries over whole tables; of what is in memory at once nothing grows
with the number of interactions. Nothing is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import Count, Exists, F, Model, OuterRef, Q, QuerySet

from curation.checks.facets import wrong_facets
from curation.checks.histories import broken_histories
from curation.checks.names import wrong_names
from curation.checks.statements import wrong_statements
from curation.checks.support import wrong_support
from curation.models import (
    UNDECIDED,
    Comment,
    ImportRun,
    Pin,
    Proposal,
    RecordKind,
    Revision,
    RunState,
    SourcePage,
)
from curation.shared.evidence_columns import EvidenceColumns
from curation.shared.evidence_rows import USERS
from proteins.domain.evidence import EvidenceContent
from proteins.domain.fold import fold
from proteins.models import (
    BindingSite,
    ChangeSet,
    Citation,
    DetectionMethod,
    Evidence,
    FormerSiteID,
    Gone,
    Interaction,
    Protein,
    ReviewStatus,
    SecondaryAccession,
    SourceDatabase,
    Statement,
    Support,
    Taxon,
    TaxonName,
)
from proteins.queries.evidence import read_evidence
from proteins.queries.snapshot import FETCH, consistent_read
from proteins.queries.support_rules import read_support_rules

#: The model of each kind of record that is curated.
MODELS: Final[dict[str, type[Model]]] = {
    RecordKind.PROTEIN: Protein,
    RecordKind.INTERACTION: Interaction,
    RecordKind.CITATION: Citation,
    RecordKind.BINDING_SITE: BindingSite,
    RecordKind.STATEMENT: Statement,
}
#: Rows of their own that are curated as one field of a record.
LISTS: Final[dict[str, frozenset[str]]] = {
    RecordKind.PROTEIN: frozenset({"gene_ids", "jaspar_matrices", "orthologs"}),
    RecordKind.STATEMENT: frozenset({"pmid"}),
}


#: Whose rows are unique by the fold of their name.
VOCABULARIES: Final = (SourceDatabase, DetectionMethod, Taxon, TaxonName)


class Breach(NamedTuple):
    """A record, by what people call it, and the rule that it breaks."""

    record: str
    reason: str

    def __str__(self) -> str:
        return f"{self.record}: {self.reason}"


class StoredProtein(NamedTuple):
    """The denormalised columns of a protein, and what they follow from."""

    id: int
    accession: str
    target_count: int
    tf_count: int
    declared_tf: bool
    declared_target: bool
    is_tf: bool
    is_target: bool


def find_breaches() -> Iterator[Breach]:
    """Yield each breach, read in one snapshot."""
    with consistent_read():
        yield from _dangling_references()
        yield from _wrong_proteins()
        for wrong in wrong_facets():
            yield Breach(*wrong)
        for wrong in wrong_names():
            yield Breach(*wrong)
        for wrong in wrong_statements():
            yield Breach(*wrong)
        yield from _wrong_folds()
        yield from _wrong_evidence()
        yield from _unused_evidence()
        for wrong in wrong_support():
            yield Breach(*wrong)
        yield from _pairs_of_two_species()
        yield from _orphans()
        yield from _unmarked_pages()
        yield from _accessions_of_two_kinds()
        yield from _site_ids_of_two_kinds()
        yield from _wrong_pins()
        yield from _lost_proposals()
        yield from _lost_changes()
        for breach in broken_histories():
            yield Breach(*breach)


def record_counts() -> dict[str, int]:
    """Return how many records of each kind there are to check."""
    models: dict[str, type[Model]] = {
        "proteins": Protein,
        "interactions": Interaction,
        "binding sites": BindingSite,
        "statements": Statement,
        "evidence rows": Evidence,
        "support rows": Support,
        "pins": Pin,
        "proposals": Proposal,
        "revisions": Revision,
    }
    return {name: model._default_manager.count() for name, model in models.items()}


def observations() -> list[str]:
    """Return what is no breach and yet worth a look: runs that did not end."""
    return [
        f"{run} is marked as running: unless it still does, it was interrupted, and the next "
        "import marks it as failed"
        for run in ImportRun.objects.filter(state=RunState.RUNNING).order_by("id")
    ]


def _dangling_references() -> Iterator[Breach]:
    """PostgreSQL holds foreign keys at any time; SQLite only where a connection turns it on."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for table, row, parent, _ in cursor.execute("PRAGMA foreign_key_check"):
            yield Breach(f"{table} {row}", f"it points at a row of {parent} that is not there")


def _wrong_proteins() -> Iterator[Breach]:
    targets, tfs = _public_interactions("tf_id"), _public_interactions("target_id")
    rows = Protein.objects.order_by("pk").values_list(*StoredProtein._fields)
    for protein in map(StoredProtein._make, rows.iterator(chunk_size=FETCH)):
        yield from breaches_of_protein(protein, targets[protein.id], tfs[protein.id])


def _public_interactions(end: str) -> Counter[int]:
    """Return how many interactions that are not rejected each protein has at this `end`."""
    # All and rejected are counted apart, each from an index; together, each row is read.
    numbers = _number_by(Interaction.objects.all(), end)
    numbers.subtract(_number_by(Interaction.objects.filter(status=ReviewStatus.REJECTED), end))
    return numbers


def _number_by(interactions: QuerySet[Interaction], end: str) -> Counter[int]:
    return Counter(dict(interactions.order_by().values_list(end).annotate(Count("pk"))))


def breaches_of_protein(protein: StoredProtein, targets: int, tfs: int) -> Iterator[Breach]:
    """Yield what is wrong with the counters of a protein that has these targets and TFs."""
    facts = (
        ("target_count", protein.target_count, targets),
        ("tf_count", protein.tf_count, tfs),
        ("is_tf", protein.is_tf, protein.declared_tf or protein.target_count > 0),
        ("is_target", protein.is_target, protein.declared_target or protein.tf_count > 0),
    )
    for field, stored, right in facts:
        if stored != right:
            yield Breach(protein.accession, f"{field} is {stored}, and should be {right}")


def _wrong_folds() -> Iterator[Breach]:
    """Yield rows of vocabularies that are not looked up by their own name."""
    for model in VOCABULARIES:
        for row in model._default_manager.order_by("pk"):
            name = getattr(row, model.folded_field)
            if row.fold != fold(name):
                kind = model._meta.verbose_name
                yield Breach(f"{kind} {name}", "its fold is not that of its name")


def _wrong_evidence() -> Iterator[Breach]:
    """Yield rows that changed since they were made, or say what another one says."""
    evidence = read_evidence()
    first: dict[EvidenceContent, int] = {}
    rules = read_support_rules()
    rows = Evidence.objects.order_by("pk").values_list("id", *EvidenceColumns._fields)
    for key, *values in rows.iterator(chunk_size=FETCH):
        content = evidence[key].content
        stored, right = EvidenceColumns(*values), EvidenceColumns.of(content, rules)
        record = f"evidence {key}"
        if stored.digest != right.digest:
            yield Breach(record, "its digest is not that of its content, which never changes")
        if first.setdefault(content, key) != key:
            yield Breach(record, f"it says the same as evidence {first[content]}")
        if wrong := _differences(stored, right):
            yield Breach(record, "; ".join(wrong))


def _differences(stored: EvidenceColumns, right: EvidenceColumns) -> list[str]:
    """Return what is wrong with the columns that follow from content and vocabulary."""
    columns = right._replace(digest=stored.digest)._asdict().items()
    return [
        f"{name} is {getattr(stored, name)}, and should be {value}"
        for name, value in columns
        if getattr(stored, name) != value
    ]


def _unused_evidence() -> Iterator[Breach]:
    users = (user._default_manager.filter(evidence=OuterRef("pk")) for user in USERS)
    unused = Evidence.objects.filter(*(~Exists(rows) for rows in users))
    for key in unused.order_by("pk").values_list("pk", flat=True):
        yield Breach(f"evidence {key}", "no support, statement or binding site points at it")


def _pairs_of_two_species() -> Iterator[Breach]:
    mixed = Interaction.objects.exclude(tf__taxon=F("target__taxon")).values_list(
        "tf__accession", "target__accession", "tf__taxon__code", "target__taxon__code"
    )
    for tf, target, tf_code, target_code in mixed.order_by("pk").iterator(chunk_size=FETCH):
        yield Breach(f"{tf}-{target}", f"its TF is of {tf_code}, its target of {target_code}")


def _orphans() -> Iterator[Breach]:
    """Yield proteins that nothing mentions: no document, no record, no curator."""
    of_protein = {"kind": RecordKind.PROTEIN, "record_id": OuterRef("pk")}
    orphans = Protein.objects.filter(
        ~Exists(Interaction.objects.filter(tf=OuterRef("pk"))),
        ~Exists(Interaction.objects.filter(target=OuterRef("pk"))),
        ~Exists(BindingSite.objects.filter(tf=OuterRef("pk"))),
        ~Exists(SourcePage.objects.filter(protein=OuterRef("pk"))),
        ~Exists(Pin.objects.filter(**of_protein)),
        ~Exists(Proposal.objects.filter(**of_protein)),
        ~Exists(Revision.objects.filter(**of_protein, user__isnull=False)),
        ~Exists(Comment.objects.filter(**of_protein)),
        has_page=False,
        in_table=False,
    )
    for accession in orphans.order_by("pk").values_list("accession", flat=True):
        yield Breach(accession, "it has no page, and nothing mentions it")


def _unmarked_pages() -> Iterator[Breach]:
    # The other way round is no breach: a curator may describe a protein, a file may change hands.
    pages = SourcePage.objects.filter(protein__has_page=False)
    for accession, path in pages.order_by("pk").values_list("protein__accession", "path"):
        yield Breach(accession, f"its page {path} was imported, but has_page is False")


def _accessions_of_two_kinds() -> Iterator[Breach]:
    """Yield secondary accessions that are proteins of their own: readers go to the primary."""
    proteins = Protein.objects.filter(accession=OuterRef("accession"))
    both = SecondaryAccession.objects.filter(Exists(proteins)).select_related("protein")
    for secondary in both.order_by("pk"):
        yield Breach(
            secondary.accession,
            f"it is a secondary accession of {secondary.protein.accession} and a protein as well",
        )


def _site_ids_of_two_kinds() -> Iterator[Breach]:
    """Yield former IDs of binding sites that are current IDs as well."""
    sites = BindingSite.objects.filter(tflink_id=OuterRef("tflink_id"))
    both = FormerSiteID.objects.filter(Exists(sites)).select_related("site")
    for former in both.order_by("pk"):
        reason = f"it is a former ID of {former.site} and the ID of a binding site as well"
        yield Breach(former.tflink_id, reason)


def _wrong_pins() -> Iterator[Breach]:
    for kind, model in MODELS.items():
        fields = _fields(kind)
        pins = Pin.objects.filter(kind=kind).annotate(is_there=_is_there(model))
        wrong = pins.filter(Q(is_there=False) | ~Q(field__in=fields)).order_by("pk")
        for pin in wrong.iterator(chunk_size=FETCH):
            record = f"pin {pin.pk} ({pin})"
            if not pin.is_there:
                yield Breach(record, f"there is no such {kind}")
            if pin.field not in fields:
                yield Breach(record, f"a {kind} has no field of this name that is curated")


def _fields(kind: str) -> frozenset[str]:
    """Return the names of what may be curated of a record of this kind."""
    fields = MODELS[kind]._meta.concrete_fields
    own = {field.name for field in fields if field.editable and not field.primary_key}
    return LISTS.get(kind, frozenset()) | own


def _lost_proposals() -> Iterator[Breach]:
    for kind, model in MODELS.items():
        proposals = Proposal.objects.filter(
            ~_is_there(model), kind=kind, state__in=UNDECIDED, record_id__isnull=False
        )
        for proposal in proposals.order_by("pk").iterator(chunk_size=FETCH):
            yield Breach(f"proposal {proposal.pk} ({proposal})", f"there is no such {kind}")


def _lost_changes() -> Iterator[Breach]:
    """Change numbers that no change set has: no constraint holds them, for the sake of imports."""
    there = set(ChangeSet.objects.order_by().values_list("pk", flat=True).iterator())
    for model in (Protein, Interaction, Gone):
        numbers = model._default_manager.order_by("change").values_list("change", flat=True)
        for number in numbers.distinct().iterator(chunk_size=FETCH):
            if number not in there:
                rows = model._default_manager.filter(change=number).count()
                name = model._meta.verbose_name_plural
                yield Breach(f"change {number}", f"{rows:,} {name} name it, and it is not there")


def _is_there(model: type[Model]) -> Exists:
    return Exists(model._default_manager.filter(pk=OuterRef("record_id")))
