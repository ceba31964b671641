from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from curation import actions
from curation.admin.base.admin import curator
from curation.admin.base.filters import FunctionFilter, SpeciesFilter
from curation.admin.editing.admin import RecordAdmin
from curation.admin.editing.form import RecordForm
from curation.admin.merge import MergePages
from curation.models import RecordKind, Revision
from curation.shared.name_rows import name_line, parse_line
from proteins.domain import identifiers
from proteins.models import AccessionFate, Ortholog, Protein, Taxon
from proteins.models.querysets import ProteinQuerySet

LIST = {"rows": 4, "cols": 60, "spellcheck": "false"}
#: Characters of a list; not given to the browser, which would cut what is pasted.
SHORT, LONG = MaxLengthValidator(10_000), MaxLengthValidator(50_000)


class ProteinForm(RecordForm[Protein]):
    kind = RecordKind.PROTEIN

    names = forms.CharField(
        label="Other names",
        required=False,
        widget=forms.Textarea(attrs=LIST),
        validators=[LONG],
        help_text=(
            "One a line, with its kind: synonym: OCT4. The kinds are primary, synonym, ordered "
            "locus, ORF, full protein name and mnemonic. What is taken out does not come back "
            "with an import."
        ),
    )
    gene_ids = forms.CharField(
        label="NCBI gene IDs",
        required=False,
        widget=forms.TextInput(attrs={"size": 60}),
        validators=[SHORT],
        help_text="Several are joined by semicolons: 110599583; 9718.",
    )
    jaspar_matrices = forms.CharField(
        label="JASPAR matrices",
        required=False,
        widget=forms.TextInput(attrs={"size": 60}),
        validators=[SHORT],
        help_text="Several are joined by semicolons: MA0106.1; MA0106.2.",
    )
    orthologs = forms.CharField(
        label="Orthologs",
        required=False,
        widget=forms.Textarea(attrs=LIST),
        validators=[LONG],
        help_text="One a line, the species by its two letters: Mm:Q9QXV3.",
    )

    class Meta:
        model = Protein
        fields = ("accession", "taxon", "name", "declared_tf", "declared_target")

    def shown(self, name: str, value: Any) -> dict[str, Any]:
        if name in ("gene_ids", "jaspar_matrices"):
            value = "; ".join(str(item) for item in value)
        elif name == "names":
            value = "\n".join(value)
        elif name == "orthologs":
            codes = dict(Taxon.objects.values_list("scientific_name", "code"))
            value = "\n".join(f"{codes[species]}:{identifier}" for species, identifier, _ in value)
        return super().shown(name, value)

    def clean_names(self) -> list[str]:
        lines = []
        for line in _parts(self.cleaned_data["names"]):
            try:
                lines.append(name_line(*parse_line(line)))
            except ValueError as error:
                raise ValidationError(f"{identifiers.shown(line)}: {error}.") from error
        return sorted(set(lines))

    def clean_gene_ids(self) -> list[int]:
        try:
            return list(identifiers.parse_gene_ids(self.cleaned_data["gene_ids"]))
        except identifiers.IdentifierError as error:
            raise ValidationError(str(error)) from error

    def clean_jaspar_matrices(self) -> list[str]:
        try:
            parts = _parts(self.cleaned_data["jaspar_matrices"].replace(";", "\n"))
            return sorted({identifiers.parse_jaspar_matrix(part) for part in parts})
        except identifiers.IdentifierError as error:
            raise ValidationError(str(error)) from error

    def clean_orthologs(self) -> list[list[Any]]:
        species = dict(Taxon.objects.values_list("code", "scientific_name"))
        stored = self._stored_orthologs()
        wanted: dict[tuple[str, str], None] = {}
        for line in _parts(self.cleaned_data["orthologs"]):
            code, colon, identifier = line.partition(":")
            name = species.get(code.strip())
            if not colon or name is None or not identifier.strip():
                codes = ", ".join(sorted(species))
                raise ValidationError(
                    f"{identifiers.shown(line)} is not an ortholog: write Mm:Q9QXV3, with one of "
                    f"{codes} before the colon."
                )
            wanted[name, identifier.strip()] = None
        new = [identifier for name, identifier in wanted if (name, identifier) not in stored]
        ours = set(Protein.objects.filter(accession__in=new).values_list("accession", flat=True))
        return sorted([*key, stored.get(key, key[1] in ours)] for key in wanted)

    def _stored_orthologs(self) -> dict[tuple[str, str], bool]:
        """Whether TFLink lists each ortholog that is there: the form has no place for it."""
        rows = Ortholog.objects.filter(protein=self.instance.pk)
        listed_rows = rows.values_list("taxon__scientific_name", "identifier", "in_tflink")
        return {(species, identifier): listed for species, identifier, listed in listed_rows}


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in text.splitlines() if part.strip())


def _fates(object_id: str) -> list[AccessionFate]:
    """Return what is undecided of the accession of a protein, one for all of its successors."""
    own = Protein.objects.filter(pk=object_id) if object_id.isdigit() else Protein.objects.none()
    fates = AccessionFate.objects.filter(
        accession__in=own.values("accession"), settled=False
    ).select_related("source")
    return list({fate.fate: fate for fate in fates}.values())


@admin.register(Protein)
class ProteinAdmin(MergePages, RecordAdmin[Protein]):
    kind = RecordKind.PROTEIN
    change_form_template = "admin/curation/protein_change_form.html"
    form = ProteinForm
    list_display = (
        "accession",
        "shown_name",
        "taxon",
        "genes",
        "function",
        "target_count",
        "tf_count",
    )
    list_filter = (SpeciesFilter, FunctionFilter, "has_page")
    list_select_related = ("taxon",)
    sortable_by = ("accession", "shown_name", "target_count", "tf_count")
    search_fields = ("accession",)  # `matching` says how it is done
    search_help_text = "The start of an accession or a name, or an NCBI gene ID."
    nothing_yet = "Proteins come with imports: upload pages or a table."
    autocomplete_fields = ("taxon",)
    fixed_once_made = ("accession", "taxon")
    readonly_fields = ("interactions", "declared_interactions", "has_page", "changed_at")
    fieldsets = (
        (None, {"fields": ("accession", "name", "taxon")}),
        ("Declared function", {"fields": ("declared_tf", "declared_target")}),
        ("Known elsewhere", {"fields": ("names", "gene_ids", "jaspar_matrices", "orthologs")}),
        (
            "As it stands",
            {"fields": ("interactions", "declared_interactions", "has_page", "changed_at")},
        ),
    )

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().change_view(
            request, object_id, form_url, {"fates": _fates(object_id), **(extra_context or {})}
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Protein]:
        return super().get_queryset(request).prefetch_related("gene_ids")

    def matching(
        self, request: HttpRequest, queryset: QuerySet[Protein], text: str
    ) -> ProteinQuerySet:
        assert isinstance(queryset, ProteinQuerySet)  # noqa: S101  (by the model's manager)
        return queryset.matching(text)

    def amend(
        self, request: HttpRequest, obj: Protein, form: RecordForm[Protein], reason: str
    ) -> Revision | None:
        return actions.amend_protein(
            user=curator(request),
            protein=obj,
            values=form.changes,
            reason=reason,
            seen=form.cleaned_data["seen"],
        )

    @admin.display(description="name", ordering="name_key")
    def shown_name(self, protein: Protein) -> SafeString | str:
        if not protein.is_name_long:
            return protein.name
        return format_html('<span title="{}">{}</span>', protein.name, protein.short_name)

    @admin.display(description="NCBI gene IDs")
    def genes(self, protein: Protein) -> str:
        return ", ".join(str(gene) for gene in protein.gene_ids.all())

    @admin.display(description="interactions")
    def interactions(self, protein: Protein) -> SafeString | str:
        if not protein.pk:
            return "-"
        return format_html(
            '<a href="{}?q={}">{} targets, {} TFs</a>',
            reverse("admin:proteins_interaction_changelist"),
            protein.accession,
            f"{protein.target_count:,}",
            f"{protein.tf_count:,}",
        )
