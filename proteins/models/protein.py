from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.functions import Left, Lower
from django.urls import reverse

from proteins.domain import facets, identifiers, names
from proteins.domain.names import MAX_NAME_LENGTH
from proteins.domain.tiers import Tier
from proteins.models import rules
from proteins.models.change import change_field
from proteins.models.names import NameField
from proteins.models.protein_names import source_field
from proteins.models.querysets import BROWSE_ORDERS, OrthologQuerySet, ProteinQuerySet

#: What a list of proteins in any order is filtered by, and its key: each order's index holds
#: all of it, so that rows are read only of what is shown.
BROWSED_BY = ("facet_bits", "taxon", "is_tf", "is_target", "id")


#: The numbers of interactions by tier of support; those of the lowest are the others.
TIER_COUNTERS = {
    Tier.STRONG: "strong_count",
    Tier.SUPPORTED: "supported_count",
    Tier.REPEATED: "repeated_count",
}

#: What the index of an order is called, where it is not by its key.
_INDEXED = {
    "-name": "name_down",
    "target_count": "targets",
    "tf_count": "regulators",
    "interaction_count": "interactions",
}


def _tier_counter() -> models.PositiveIntegerField[int, int]:
    return models.PositiveIntegerField(default=0, db_default=0, editable=False)


class Protein(models.Model):
    """A protein by UniProt accession, whether it has a page or is only named on another's.

    Counters and facets are maintained on each write and never counted on reading:
    `target_count` (how many targets it regulates), `tf_count` (how many TFs regulate it), the
    numbers by tier of support and `facets` (what supports them, see `proteins.domain.facets`),
    rejected interactions left out.
    """

    accession = models.CharField(max_length=10, unique=True, validators=[rules.validate_accession])
    name = NameField(
        max_length=MAX_NAME_LENGTH,
        blank=True,
        validators=[rules.validate_name],
        help_text="Gene or protein name; empty where there is none.",
    )
    #: What the whole name is sorted by and compared with; its parts are in `ProteinName`.
    name_key = models.GeneratedField(
        expression=Left(Lower("name"), names.KEY_LENGTH),
        output_field=NameField(max_length=names.KEY_LENGTH),
        db_persist=True,
        db_index=True,
    )
    taxon = models.ForeignKey(
        "proteins.Taxon", models.PROTECT, related_name="proteins", db_index=False
    )
    declared_tf = models.BooleanField(
        "declared a TF", default=False, help_text="Its page calls it a transcription factor."
    )
    declared_target = models.BooleanField(
        "declared a target", default=False, help_text="Its page calls it a target gene."
    )
    declared_interactions = models.PositiveIntegerField(
        null=True,
        blank=True,
        help_text=(
            "The number that its page declares: as TF plus as target, a self-interaction "
            "counted twice. Empty where the page declares none."
        ),
    )
    has_page = models.BooleanField(
        default=False, help_text="Described by a page of its own, not only named on others'."
    )
    in_table = models.BooleanField(
        default=False,
        editable=False,
        help_text="Named by a whole-species table, whose spelling of names leads.",
    )
    target_count = models.PositiveIntegerField(default=0, editable=False)
    tf_count = models.PositiveIntegerField("TF count", default=0, editable=False)
    is_tf = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(declared_tf=True) | Q(target_count__gt=0), models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="is a TF",
    )
    is_target = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(declared_target=True) | Q(tf_count__gt=0), models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
        verbose_name="is a target",
    )
    #: By the rule of `declared_interactions`: as TF plus as target.
    interaction_count = models.GeneratedField(
        expression=F("target_count") + F("tf_count"),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )
    #: So that those without a name follow the others where they are sorted by it.
    is_unnamed = models.GeneratedField(
        expression=ExpressionWrapper(Q(name=""), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    #: The same where names are read downwards.
    is_named = models.GeneratedField(
        expression=ExpressionWrapper(~Q(name=""), models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    #: By the same rule its interactions by tier of support; the rest is of the lowest.
    strong_count = _tier_counter()
    supported_count = _tier_counter()
    repeated_count = _tier_counter()
    facets = models.TextField(default="", blank=True, editable=False)
    facet_bits = models.BigIntegerField(default=0, editable=False)
    change = change_field()

    #: How a search read its text as this protein; set where it is a result of one.
    read_as = ""
    #: Its full name by a source; set by `with_names`.
    full_name = ""

    objects = ProteinQuerySet.as_manager()

    class Meta:
        ordering = ["accession"]
        indexes = [
            models.Index(fields=["taxon", "accession"], name="protein_taxon_accession"),
            models.Index(fields=["name_key", "accession"], name="protein_name_accession"),
            models.Index(fields=["change", "id"], name="protein_change"),
            # What species add up to: 8 bytes a protein on PostgreSQL, and a third of the time.
            models.Index(
                fields=["taxon", "is_tf", "is_target", "target_count", *TIER_COUNTERS.values()],
                name="protein_sums",
            ),
            *(
                models.Index(
                    fields=[*order, *BROWSED_BY], name=f"protein_by_{_INDEXED.get(name, name)}"
                )
                for name, order in BROWSE_ORDERS.items()
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="protein_accession_uniprot",
                condition=Q(accession__matches=identifiers.ACCESSION_PATTERN),
            ),
            models.CheckConstraint(name="protein_name_not_dash", condition=~Q(name="-")),
        ]

    def __str__(self) -> str:
        return f"{self.short_name} ({self.accession})" if self.name else self.accession

    def get_absolute_url(self) -> str:
        return reverse("protein", args=[self.accession.lower()])

    @property
    def short_name(self) -> str:
        """Its name as lists show it: `his-2 and 13 more`."""
        return names.short_name(self.name)

    @property
    def is_name_long(self) -> bool:
        """Whether `short_name` is not the whole name, which a title then has."""
        return self.short_name != self.name

    @property
    def title(self) -> str:
        """What a pointer over its name shows: the whole name where that is shortened, and the
        full name."""
        return names.title_of(self.name, self.full_name)

    @property
    def label(self) -> str:
        """What a line calls it: its name, shortened, or else its accession."""
        return self.short_name or self.accession

    @property
    def function(self) -> str:
        """Its function in the words of the documents; empty where neither is known."""
        words = [
            word
            for word, applies in (
                ("transcription factor", self.is_tf),
                ("target gene", self.is_target),
            )
            if applies
        ]
        return " and ".join(words)

    @property
    def listed_interactions(self) -> int:
        """How many interactions are here, by the rule of `declared_interactions`."""
        return self.target_count + self.tf_count

    @property
    def changed_at(self) -> datetime:
        """When it was last changed, by its change set."""
        at: datetime = self.change.at
        return at

    @property
    def has_small_scale(self) -> bool:
        """Whether an experiment of small scale supports one of its interactions."""
        return facets.SMALL_SCALE in facets.within(self.facets)

    @property
    def tiers(self) -> dict[Tier, int]:
        """Its interactions by tier of support, as TF plus as target."""
        counted = {tier: int(getattr(self, column)) for tier, column in TIER_COUNTERS.items()}
        return counted | {Tier.SINGLE: self.interaction_count - sum(counted.values())}

    @property
    def best_tier(self) -> str:
        """The highest tier of support of its interactions; empty where it has none."""
        held = facets.within(self.facets)
        return next((tier for tier in reversed(facets.TIERS) if tier in held), "")


class SecondaryAccession(models.Model):
    """An accession under which a protein used to be known (UniProt: "secondary accession").

    UniProt retains them when entries are merged. A query by one, or a document of one, means
    the protein that took its place. Where several did, it is an `AccessionFate`.
    """

    accession = models.CharField(max_length=10, unique=True, validators=[rules.validate_accession])
    protein = models.ForeignKey(
        Protein, models.PROTECT, related_name="secondary_accessions", verbose_name="now"
    )
    #: What says so; none where proteins were merged here.
    source = source_field()

    class Meta:
        ordering = ["accession"]
        verbose_name = "secondary accession"
        constraints = [
            models.CheckConstraint(
                name="secondary_accession_uniprot",
                condition=Q(accession__matches=identifiers.ACCESSION_PATTERN),
            ),
        ]

    def __str__(self) -> str:
        return self.accession


class GeneID(models.Model):
    """An NCBI gene ID of a protein: one gene may have two accessions, one accession dozens
    of genes (histones)."""

    protein = models.ForeignKey(Protein, models.CASCADE, related_name="gene_ids", db_index=False)
    ncbi_gene_id = models.PositiveIntegerField(
        "NCBI gene ID", db_index=True, validators=[rules.validate_gene_id]
    )

    class Meta:
        ordering = ["ncbi_gene_id"]
        verbose_name = "NCBI gene ID"
        constraints = [
            models.UniqueConstraint(
                fields=["protein", "ncbi_gene_id"], name="geneid_protein_gene_unique"
            ),
            models.CheckConstraint(name="geneid_positive", condition=Q(ncbi_gene_id__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.ncbi_gene_id)


class JasparMatrix(models.Model):
    """A JASPAR matrix (base ID and version) that describes what a TF binds."""

    protein = models.ForeignKey(
        Protein, models.CASCADE, related_name="jaspar_matrices", db_index=False
    )
    matrix_id = models.CharField(
        "JASPAR matrix ID",
        max_length=12,
        db_index=True,
        validators=[rules.validate_jaspar_matrix],
    )

    class Meta:
        ordering = ["matrix_id"]
        verbose_name = "JASPAR matrix"
        verbose_name_plural = "JASPAR matrices"
        constraints = [
            models.UniqueConstraint(
                fields=["protein", "matrix_id"], name="jaspar_protein_matrix_unique"
            ),
            models.CheckConstraint(
                name="jaspar_matrix_id", condition=Q(matrix_id__matches=identifiers.JASPAR_PATTERN)
            ),
        ]

    def __str__(self) -> str:
        return self.matrix_id


class Ortholog(models.Model):
    """An ortholog of a protein in another species.

    `identifier` may be any text (`MOUSE18100`); where it is the accession of a protein of
    ours, `OrthologQuerySet.with_protein` says so on reading, so that it is never stale.
    """

    protein = models.ForeignKey(Protein, models.CASCADE, related_name="orthologs", db_index=False)
    taxon = models.ForeignKey("proteins.Taxon", models.PROTECT, related_name="+", db_index=False)
    identifier = NameField(db_index=True)
    in_tflink = models.BooleanField(
        "in TFLink", default=False, help_text="Whether TFLink lists it as a protein of its own."
    )

    #: Whether it is a protein of ours; set by `with_protein`.
    is_ours: bool

    objects = OrthologQuerySet.as_manager()

    class Meta:
        ordering = ["taxon__scientific_name", "identifier"]
        constraints = [
            models.UniqueConstraint(
                fields=["protein", "taxon", "identifier"], name="ortholog_unique"
            ),
            models.CheckConstraint(name="ortholog_identifier", condition=~Q(identifier="")),
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def key(self) -> str:
        """The public identifier, `PROTEIN-TAXON-ORTHOLOG` (`P04637-10090-MOUSE18100`)."""
        return f"{self.protein.accession}-{self.taxon.ncbi_taxon_id}-{self.identifier}"
