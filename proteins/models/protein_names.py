"""What sources call a protein: its names, its identifiers in other databases, and what became of
accessions and gene IDs that are no longer in use."""

from __future__ import annotations

from typing import Any, Final, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from proteins.domain import identifiers, names
from proteins.domain.cross_references import Database, label_of, url_of
from proteins.domain.names import MAX_NAME_LENGTH, NameKind
from proteins.models import rules
from proteins.models.names import NameField

#: The source of names that curators add.
CURATED: Final = "curators"


class NameSource(models.Model):
    """A source of names in one version: `UniProt 2026_04`.

    What is of no such source is of TFLink's pages and tables.
    """

    name = NameField()
    version = NameField(blank=True, default="")

    class Meta:
        ordering = ["name", "version"]
        verbose_name = "source of names"
        verbose_name_plural = "sources of names"
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="namesource_unique"),
            models.CheckConstraint(name="namesource_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".strip()


def source_field() -> models.ForeignKey[Any, Any]:
    """The source of a name or an identifier; there are a few dozen, so that it has no index."""
    return models.ForeignKey(
        NameSource, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


class ProteinNameQuerySet(models.QuerySet["ProteinName"]):
    def of_pages(self) -> Self:
        """The parts of `Protein.name`."""
        return self.filter(source__isnull=True)


class ProteinName(models.Model):
    """One name of a protein: `TEF1;TEF2` is two.

    Those without a source are the parts of `Protein.name`, in its order, and follow from it:
    `curation.shared.protein_names` alone writes them. A name that several sources state is a
    row of each.
    """

    class Kind(models.IntegerChoices):
        PRIMARY = NameKind.PRIMARY.value, "primary"
        SYNONYM = NameKind.SYNONYM.value, "synonym"
        ORDERED_LOCUS = NameKind.ORDERED_LOCUS.value, "ordered locus"
        ORF = NameKind.ORF.value, "ORF"
        FULL_NAME = NameKind.FULL_NAME.value, "full protein name"
        MNEMONIC = NameKind.MNEMONIC.value, "mnemonic"

    protein = models.ForeignKey(
        "proteins.Protein", models.CASCADE, related_name="names", db_index=False
    )
    kind = models.PositiveSmallIntegerField(choices=Kind, default=Kind.PRIMARY)
    #: Which of the names of its kind and source it is, from 0.
    position = models.PositiveSmallIntegerField(default=0)
    text = NameField(max_length=MAX_NAME_LENGTH)
    #: What it is looked up by: `proteins.domain.names.folded_name` of the text.
    folded = NameField(max_length=names.KEY_LENGTH)
    source = source_field()

    objects = ProteinNameQuerySet.as_manager()

    class Meta:
        ordering = ["protein", "kind", "source", "position"]
        verbose_name = "name"
        indexes = [
            # For whole names and their beginnings, on both databases (see the lookup `prefix`).
            models.Index(
                fields=["folded"], name="proteinname_folded", opclasses=["varchar_pattern_ops"]
            ),
            # Beginnings of first names are those of whole names (`Protein.name_key`).
            models.Index(
                fields=["folded"],
                name="proteinname_further",
                condition=Q(source__isnull=True, position__gt=0),
                opclasses=["varchar_pattern_ops"],
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                F("protein"),
                F("kind"),
                Coalesce("source", 0),
                F("position"),
                name="proteinname_unique",
            ),
            models.CheckConstraint(name="proteinname_text", condition=~Q(text="")),
            models.CheckConstraint(
                name="proteinname_kind", condition=Q(kind__in=[kind.value for kind in NameKind])
            ),
            models.CheckConstraint(
                name="proteinname_of_pages", condition=Q(source__isnull=False) | Q(kind=0)
            ),
        ]

    def __str__(self) -> str:
        return self.text


class CrossReference(models.Model):
    """A protein's gene in another database, as NCBI Gene names it."""

    protein = models.ForeignKey(
        "proteins.Protein", models.CASCADE, related_name="cross_references", db_index=False
    )
    database = models.PositiveSmallIntegerField(
        choices=[(database.value, label_of(database)) for database in Database]
    )
    #: As the database writes it: `ENSG00000141510`, `HGNC:11998`, `S000000224`.
    identifier = models.CharField(max_length=40)
    source = source_field()

    class Meta:
        ordering = ["database", "identifier"]
        verbose_name = "cross-reference"
        indexes = [models.Index(fields=["identifier"], name="crossreference_identifiers")]
        constraints = [
            models.UniqueConstraint(
                fields=["protein", "database", "identifier"], name="crossreference_unique"
            ),
            models.CheckConstraint(
                name="crossreference_database",
                condition=Q(database__in=[database.value for database in Database]),
            ),
            models.CheckConstraint(name="crossreference_identifier", condition=~Q(identifier="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_database_display()} {self.identifier}"

    @property
    def url(self) -> str:
        """Its page there."""
        return url_of(Database(self.database), self.identifier)


class AccessionFate(models.Model):
    """What UniProt says of an accession that is no longer in use, of those that concern a
    protein here: it was merged into one entry, divided into several, or deleted.

    A row for each entry that took its place, whether that is a protein here or not. It never
    leads anywhere by itself: an accession that leads to one protein is a `SecondaryAccession`.
    Where the accession is a protein's own, the protein stays, and a person decides.
    """

    class Fate(models.IntegerChoices):
        MERGED = 0, "merged into another entry"
        DEMERGED = 1, "divided into several entries"
        DELETED = 2, "deleted"

    accession = models.CharField(max_length=10, validators=[rules.validate_accession])
    #: Empty where it was deleted.
    successor = models.CharField(max_length=10, blank=True, default="")
    fate = models.PositiveSmallIntegerField(choices=Fate)
    #: Whether a curator has decided what it means for the protein that has it.
    settled = models.BooleanField(default=False)
    source = source_field()

    class Meta:
        ordering = ["accession", "successor"]
        verbose_name = "fate of an accession"
        verbose_name_plural = "fates of accessions"
        indexes = [models.Index(fields=["successor"], name="accessionfate_successors")]
        constraints = [
            models.UniqueConstraint(fields=["accession", "successor"], name="accessionfate_unique"),
            models.CheckConstraint(
                name="accessionfate_accession",
                condition=Q(accession__matches=identifiers.ACCESSION_PATTERN),
            ),
            models.CheckConstraint(
                name="accessionfate_successor",
                condition=Q(fate=2, successor="")
                | Q(fate__in=[0, 1], successor__matches=identifiers.ACCESSION_PATTERN),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accession}: {self.get_fate_display()}"


class GeneIDFate(models.Model):
    """What NCBI says of a gene ID that is no longer in use, of those that concern a protein
    here: which one took its place, if any."""

    ncbi_gene_id = models.PositiveIntegerField(
        "NCBI gene ID", unique=True, validators=[rules.validate_gene_id]
    )
    #: None where it has no successor.
    successor = models.PositiveIntegerField(null=True, blank=True, db_index=True)
    #: Whether a curator has decided what it means for the proteins that have it.
    settled = models.BooleanField(default=False)
    source = source_field()

    class Meta:
        ordering = ["ncbi_gene_id"]
        verbose_name = "fate of a gene ID"
        verbose_name_plural = "fates of gene IDs"
        constraints = [
            models.CheckConstraint(
                name="geneidfate_positive",
                condition=Q(ncbi_gene_id__gt=0) & (Q(successor__isnull=True) | Q(successor__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ncbi_gene_id}: {self.successor or 'discontinued'}"
