"""What the API writes of each record: values of the field, never primary keys."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from proteins.api.fields import (
    Absent,
    LinkField,
    OptionalLinkField,
    OptionalUrlField,
    ReadOnlySerializer,
    UrlField,
    WrittenOnce,
)
from proteins.api.records import PUBMED_STATUS_WORDS
from proteins.domain import identifiers, links
from proteins.domain.binding_sites import SITE_FIELDS, Counting
from proteins.domain.evidence import SmallScale
from proteins.domain.methods import MethodClass
from proteins.domain.statements import Basis, Sign, StatementState
from proteins.domain.tiers import Tier
from proteins.models import (
    AccessionFate,
    Effect,
    Ortholog,
    Protein,
    ProteinName,
    Reporting,
    ReviewStatus,
)
from proteins.queries.protein_names import NamesOfProtein

NAME_KINDS = ProteinName.Kind.labels
FATES = AccessionFate.Fate.labels
SMALL_SCALE_WORDS = [scale.label for scale in SmallScale]
TIER_WORDS = [tier.label for tier in reversed(Tier)]
METHOD_CLASS_WORDS = [each.label for each in MethodClass]
EFFECT_WORDS = [effect.label for effect in Effect]
REPORTING_WORDS = [reporting.label for reporting in Reporting]
PUBLIC_STATUS_WORDS = [status.label for status in ReviewStatus if status != ReviewStatus.REJECTED]


def _uniprot(protein: Protein) -> str:
    return links.uniprot(protein.accession)


def _uniprot_of_ortholog(ortholog: Ortholog) -> str:
    is_accession = identifiers.is_accession(ortholog.identifier)
    return links.uniprot(ortholog.identifier) if is_accession else ""


class TaxonSerializer(WrittenOnce, ReadOnlySerializer):
    """A species."""

    ncbi_taxon_id = serializers.IntegerField()
    scientific_name = serializers.CharField()
    code = serializers.CharField(help_text="TFLink's two letters for the species.")
    url = UrlField("api-taxon-list", lambda taxon: str(taxon.ncbi_taxon_id))


class ProteinReferenceSerializer(WrittenOnce, ReadOnlySerializer):
    """A protein as another record names it."""

    accession = serializers.CharField(help_text="UniProt accession.")
    name = Absent(help_text="Gene or protein name; null where there is none.")
    gene_ids = serializers.SerializerMethodField(help_text="NCBI gene IDs.")
    url = UrlField("api-protein-list", lambda protein: protein.accession)
    uniprot = LinkField(_uniprot, help_text="Its entry at UniProt.")

    def get_gene_ids(self, protein: Protein) -> list[int]:
        return [gene.ncbi_gene_id for gene in protein.gene_ids.all()]


class OrthologSerializer(ReadOnlySerializer):
    """A protein of another species, as TFLink names it."""

    identifier = serializers.CharField(help_text="Often a UniProt accession, not always.")
    taxon = TaxonSerializer()
    in_tflink = serializers.BooleanField(help_text="TFLink lists it as a protein of its own.")
    url = OptionalUrlField(
        "api-protein-list",
        lambda ortholog: ortholog.identifier if ortholog.is_ours else "",
        help_text="Its record here, where there is one.",
    )
    uniprot = OptionalLinkField(
        _uniprot_of_ortholog,
        help_text="Its entry at UniProt, where the identifier is an accession.",
    )


class OrthologRecordSerializer(OrthologSerializer):
    """An ortholog, with the protein that it is one of."""

    begins_with = ("id", "protein", "taxon", "identifier", "in_tflink", "record")
    id = serializers.CharField(
        source="key", help_text="Protein, NCBI taxon ID and ortholog, joined by hyphens."
    )
    protein = ProteinReferenceSerializer()
    record = OptionalUrlField(
        "api-protein-list",
        lambda ortholog: ortholog.identifier if ortholog.is_ours else "",
        help_text="The ortholog's own record here, where there is one.",
    )
    url = UrlField(  # type: ignore[assignment]
        "api-ortholog-list", lambda ortholog: ortholog.key
    )


class ProteinSerializer(ReadOnlySerializer):
    """A transcription factor or target gene."""

    accession = serializers.CharField(help_text="UniProt accession.")
    name = Absent(help_text="Gene or protein name; null where there is none.")
    taxon = TaxonSerializer()
    gene_ids = serializers.SerializerMethodField(help_text="NCBI gene IDs.")
    is_tf = serializers.BooleanField(
        help_text="Known as a transcription factor: its page says so, or an interaction."
    )
    is_target = serializers.BooleanField(
        help_text="Known as a target gene: its page says so, or an interaction."
    )
    has_page = serializers.BooleanField(
        help_text="Described by a page of its own, not only named on others'."
    )
    declared_interactions = serializers.IntegerField(
        allow_null=True,
        help_text=(
            "The number that its page declares: as TF plus as target, a self-interaction "
            "counted twice. Null where the page declares none; often more than is listed."
        ),
    )
    target_count = serializers.IntegerField(help_text="How many targets listed here it regulates.")
    tf_count = serializers.IntegerField(help_text="How many TFs listed here regulate it.")
    jaspar_matrices = serializers.SerializerMethodField(help_text="JASPAR matrix IDs.")
    changed_at = serializers.DateTimeField()
    url = UrlField("api-protein-list", lambda protein: protein.accession)
    uniprot = LinkField(_uniprot, help_text="Its entry at UniProt.")

    def get_gene_ids(self, protein: Protein) -> list[int]:
        return [gene.ncbi_gene_id for gene in protein.gene_ids.all()]

    def get_jaspar_matrices(self, protein: Protein) -> list[str]:
        return [matrix.matrix_id for matrix in protein.jaspar_matrices.all()]


class NameSerializer(ReadOnlySerializer):
    """A name as one source states it."""

    kind = serializers.ChoiceField(NAME_KINDS, source="get_kind_display", help_text="Of what.")
    text = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]
        source="source.name", help_text="Who states it."
    )
    version = serializers.CharField(
        source="source.version", help_text="The version of the source; empty where it has none."
    )


class CrossReferenceSerializer(ReadOnlySerializer):
    """The protein's gene in another database."""

    database = serializers.CharField(source="get_database_display", help_text="Its name.")
    identifier = serializers.CharField(help_text="As the database writes it.")
    url = serializers.CharField(help_text="The page of the gene there.")
    source = serializers.CharField(  # type: ignore[assignment]
        source="source.name", default=None, allow_null=True
    )
    version = serializers.CharField(source="source.version", default=None, allow_null=True)


class FormerAccessionSerializer(ReadOnlySerializer):
    """An accession that the protein took the place of."""

    accession = serializers.CharField(help_text="UniProt accession.")
    others = serializers.ListField(
        child=serializers.CharField(),
        help_text="The other entries that it was divided into; mostly none.",
    )


class FateSerializer(ReadOnlySerializer):
    """What UniProt says of the protein's own accession, where it is no longer in use."""

    fate = serializers.ChoiceField(
        FATES, source="get_fate_display", help_text="What became of the entry."
    )
    successor = Absent(help_text="An entry that took its place; null where it was deleted.")
    source = serializers.CharField(  # type: ignore[assignment]
        source="source.name", default=None, allow_null=True
    )
    version = serializers.CharField(source="source.version", default=None, allow_null=True)


class ProteinDetailSerializer(ProteinSerializer):
    names = NameSerializer(
        many=True,
        source="stated.rows",
        help_text="What sources call it, beside the name of TFLink's documents.",
    )
    cross_references = CrossReferenceSerializer(many=True, source="stated.references")
    former_accessions = FormerAccessionSerializer(many=True, source="stated.former")
    accession_fates = FateSerializer(
        many=True,
        source="stated.fates",
        help_text="Of its own accession; empty as long as UniProt has the entry.",
    )
    orthologs = OrthologSerializer(many=True, source="known_orthologs")

    def to_representation(self, instance: Protein) -> Any:
        instance.stated = NamesOfProtein.read(instance)  # type: ignore[attr-defined]
        return super().to_representation(instance)


class SourceReferenceSerializer(WrittenOnce, ReadOnlySerializer):
    """A source database as evidence names it."""

    key = serializers.CharField(help_text="As the documents spell it.")
    name = serializers.CharField()
    via = serializers.CharField(
        source="via.key",
        default=None,
        allow_null=True,
        help_text="Key of the database through which TFLink took it, if any.",
    )


class MethodReferenceSerializer(WrittenOnce, ReadOnlySerializer):
    """A detection method as evidence names it."""

    name = serializers.CharField()
    psi_mi_id = serializers.CharField(allow_null=True, help_text="PSI-MI ID, such as MI:0402.")


class PubMedStatusField(serializers.ChoiceField):
    """What PubMed said, in a word or two for programs."""

    def __init__(self) -> None:
        super().__init__(
            PUBMED_STATUS_WORDS, help_text="What PubMed said when it was last looked up there."
        )

    def to_representation(self, value: Any) -> Any:
        return PUBMED_STATUS_WORDS[value]


class PublicationSerializer(ReadOnlySerializer):
    """A publication as evidence names it."""

    pmid = serializers.IntegerField(help_text="PubMed ID.")
    is_database_paper = serializers.BooleanField(
        help_text=(
            "The paper of a source database, which says which database supports a row and "
            "not which experiment; the others are primary publications, and come first."
        )
    )
    is_retracted = serializers.BooleanField(help_text="The publication has been retracted.")
    pubmed_status = PubMedStatusField()
    url = serializers.URLField()
    pubmed = serializers.URLField(help_text="At PubMed.")


class SupportSerializer(ReadOnlySerializer):
    """The evidence of a record; this one and those below describe what `proteins.api.records`
    makes."""

    small_scale = serializers.ChoiceField(
        SMALL_SCALE_WORDS,
        help_text="Whether a small-scale experiment supports it.",
    )
    sources = SourceReferenceSerializer(many=True)
    methods = MethodReferenceSerializer(many=True)
    publications = PublicationSerializer(many=True)
    tier = serializers.ChoiceField(
        TIER_WORDS,
        help_text="Tier of support, by the rule that the filter states.",
    )
    method_classes = serializers.ListField(
        child=serializers.ChoiceField(METHOD_CLASS_WORDS),
        help_text="The classes of its detection methods.",
    )


class InteractionSerializer(SupportSerializer):
    """Which TF regulates which target, and what supports that."""

    begins_with = ("id", "tf", "target", "taxon", "effect", "status", "reporting")
    id = serializers.CharField(help_text="TF and target by accession.")
    tf = ProteinReferenceSerializer()
    target = ProteinReferenceSerializer()
    taxon = TaxonSerializer(help_text="The species of the TF.")
    effect = serializers.ChoiceField(
        EFFECT_WORDS,
        help_text="What the TF does to the expression of the target.",
    )
    status = serializers.ChoiceField(
        PUBLIC_STATUS_WORDS, source="get_status_display", help_text="A curator's verdict."
    )
    reporting = serializers.ChoiceField(
        REPORTING_WORDS,
        help_text="Whether the sources still report it: a species' table is complete.",
    )
    changed_at = serializers.DateTimeField()
    url = serializers.URLField()


class DocumentSerializer(SupportSerializer):
    """What one document, or a curator, states of an interaction."""

    begins_with = ("role", "is_superseded")
    role = serializers.CharField(help_text="Which document, or who.")
    is_superseded = serializers.BooleanField(
        help_text="A newer page or a curator counts in its place."
    )


class InteractionDetailSerializer(InteractionSerializer):
    documents = DocumentSerializer(many=True, help_text="What each states; of single records only.")


class BindingSiteSerializer(SupportSerializer):
    """Where a TF binds, and what supports that."""

    begins_with = ("tflink_id", "tf", *SITE_FIELDS[:4], "counting", *SITE_FIELDS[4:])
    tflink_id = serializers.CharField(help_text="TFLink ID.")
    tf = ProteinReferenceSerializer()
    assembly = Absent(help_text="Genome assembly, such as hg38.")
    chromosome = Absent()
    start = serializers.IntegerField(
        allow_null=True, help_text="Where it starts (base pairs), as its source counts."
    )
    end = serializers.IntegerField(
        allow_null=True, help_text="Where it ends (base pairs), as its source counts."
    )
    counting = serializers.ChoiceField(
        [way.value for way in Counting],
        help_text="How its source counts: 0-based, the end not included; 1-based, both ends "
        "included; or not known, which files take as 1-based unless the sequence shows otherwise.",
    )
    strand = serializers.ChoiceField(["+", "-"], allow_null=True)
    overlaps = serializers.IntegerField(
        allow_null=True, help_text="How many other sites it overlaps, as TFLink counted."
    )
    sequence = Absent(help_text="DNA in IUPAC codes.")
    url = serializers.URLField()
    ucsc = serializers.URLField(
        allow_null=True, help_text="In UCSC's genome browser, where it is placed."
    )


class CitationSerializer(ReadOnlySerializer):
    """A publication."""

    pmid = serializers.IntegerField(help_text="PubMed ID.")
    title = Absent()
    authors = Absent(help_text="As PubMed gives them, joined by commas.")
    journal = Absent()
    year = serializers.IntegerField(allow_null=True)
    doi = Absent(help_text="DOI.")
    is_database_paper = serializers.BooleanField(help_text="The paper of a source database.")
    is_retracted = serializers.BooleanField(help_text="The publication has been retracted.")
    pubmed_status = PubMedStatusField()
    looked_up_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was last looked up in PubMed, if ever."
    )
    url = UrlField("api-citation-list", lambda citation: str(citation.pmid))
    pubmed = LinkField(lambda citation: links.pubmed(citation.pmid), help_text="At PubMed.")


class SourceSerializer(SourceReferenceSerializer):
    """A source database."""

    pmid = serializers.IntegerField(
        source="publication.pmid",
        default=None,
        allow_null=True,
        help_text="PubMed ID of the database's own paper.",
    )
    homepage = Absent(source="url", help_text="Its address.")
    version = Absent(help_text="Which version TFLink took; null is not stated.")
    version_date = Absent(
        help_text="Date of that version as far as it is stated: a day, month or year."
    )
    licence = Absent(help_text="Under which its data may be used; null is not stated.")
    licence_url = Absent(help_text="Where its terms can be read.")
    is_aggregator = serializers.BooleanField(help_text="It gathers what other databases publish.")
    url = UrlField("api-source-list", lambda source: source.key)


class MethodSerializer(MethodReferenceSerializer):
    """A detection method."""

    begins_with = ("id",)
    id = serializers.IntegerField(
        help_text="A number that stays, because names hold spaces and slashes."
    )
    identifies_participant_only = serializers.BooleanField(
        help_text=(
            "PSI-MI has it as a method of participant identification, not of interaction detection."
        )
    )
    method_class = serializers.ChoiceField(
        METHOD_CLASS_WORDS,
        source="get_method_class_display",
        help_text="What kind of observation it makes.",
    )
    url = UrlField("api-method-list", lambda method: str(method.pk))


class DatasetReferenceSerializer(WrittenOnce, ReadOnlySerializer):
    """A dataset as a statement names it."""

    name = serializers.CharField()
    source = serializers.CharField(  # type: ignore[assignment]
        source="source.key",
        default=None,
        allow_null=True,
        help_text="Key of the database that states it; null for what is curated here.",
    )
    version = Absent(help_text="Of the file that was imported last; null is not stated.")
    licence = Absent(help_text="Under which its data may be used; null is not stated.")
    url = UrlField("api-dataset-list", lambda dataset: str(dataset.pk))


class DatasetSerializer(DatasetReferenceSerializer):
    """Where statements come from, with its version and licence."""

    begins_with = ("id", "name", "source", "version", "version_date", "licence")
    id = serializers.IntegerField(help_text="A number that stays.")
    version_date = Absent(help_text="Date of that version, as far as it is stated.")
    licence_url = Absent(help_text="Where its terms can be read.")
    is_share_alike = serializers.BooleanField(
        help_text="Whoever passes it on does so under the same licence."
    )
    is_aggregator = serializers.BooleanField(
        source="source.is_aggregator",
        default=False,
        help_text="Its source database passes on what others state.",
    )


class LabelField(serializers.ChoiceField):
    """The label of a choice, null where there is none."""

    def __init__(self, choices: Iterable[enum.IntEnum], **kwargs: Any) -> None:
        self.labels = {choice.value: choice.name.lower() for choice in choices}
        super().__init__(list(self.labels.values()), **kwargs)

    def to_representation(self, value: Any) -> Any:
        return self.labels[value]


class StatementSerializer(ReadOnlySerializer):
    """What one dataset says of one interaction."""

    id = serializers.CharField(
        source="public_id", help_text="TF, target and the key of the statement, by hyphens."
    )
    interaction = serializers.CharField(
        source="interaction.key", help_text="TF and target by accession."
    )
    tf = ProteinReferenceSerializer(source="interaction.tf")
    target = ProteinReferenceSerializer(source="interaction.target")
    dataset = DatasetReferenceSerializer()
    source_id = Absent(help_text="Its ID at the source.")
    pmid = serializers.IntegerField(
        source="citation.pmid", default=None, allow_null=True, help_text="PubMed ID."
    )
    method = MethodReferenceSerializer(allow_null=True)
    eco = Absent(help_text="Evidence code (ECO).")
    effect = LabelField(Sign, help_text="What the TF does to the expression of the target.")
    basis = LabelField(
        Basis,
        allow_null=True,
        help_text="Whether the source states the effect or infers it; null where there is none.",
    )
    small_scale = serializers.ChoiceField(
        SMALL_SCALE_WORDS,
        source="get_small_scale_display",
        help_text="Whether it is of a small-scale experiment.",
    )
    cell_line = Absent()
    tissue = Absent()
    condition = Absent()
    quotation = Absent(help_text="What the publication says, word for word.")
    curator = Absent(help_text="Who entered it here.")
    orcid = Absent(help_text="ORCID of who entered it here.")
    state = LabelField(
        StatementState,
        help_text="Only active ones support anything; withdrawn: the newest file of its dataset "
        "lacks it; retracted: a curator says that it is wrong.",
    )
    state_reason = Absent(help_text="Why it is retracted.")
    url = UrlField("api-statement-list", lambda statement: statement.public_id)
