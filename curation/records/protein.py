from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from curation.models import RecordKind
from curation.records.base import Errors, RecordType, Values, cleaned_list, noting, save_columns
from curation.shared.bulk import bulk_for
from curation.shared.changes import this_change
from curation.shared.name_rows import name_line, parse_line, write_names
from curation.shared.protein_names import write_primary_names
from proteins.domain import identifiers, names
from proteins.models import GeneID, JasparMatrix, Ortholog, Protein, Taxon


class ProteinRecords(RecordType[Protein]):
    kind = RecordKind.PROTEIN
    model = Protein
    labels = {
        "name": "name",
        "declared_tf": "declared a TF",
        "declared_target": "declared a target",
        "declared_interactions": "declared number of interactions",
        "names": "other names",
        "gene_ids": "NCBI gene IDs",
        "jaspar_matrices": "JASPAR matrices",
        "orthologs": "orthologs",
        "secondary_accessions": "secondary accessions",
    }
    columns = ("name", "declared_tf", "declared_target", "declared_interactions")
    # Secondary accessions come by merging, and stay.
    writable = frozenset(labels) - {"secondary_accessions"}
    # Names are rows by source: what a curator adds or removes is not of the others.
    pinnable = writable - {"names"}

    def queryset(self) -> models.QuerySet[Protein]:
        return Protein.objects.select_related("taxon").prefetch_related(
            "gene_ids", "jaspar_matrices", "orthologs__taxon", "secondary_accessions", "names"
        )

    def key(self, record: Protein) -> str:
        return record.accession

    def taxon_id(self, record: Protein) -> int:
        return record.taxon_id

    def values(self, record: Protein) -> Values:
        return {
            **{name: getattr(record, name) for name in self.columns},
            "names": sorted(
                {
                    name_line(name.kind, name.text)
                    for name in record.names.all()
                    if name.source_id is not None
                }
            ),
            "gene_ids": sorted(gene.ncbi_gene_id for gene in record.gene_ids.all()),
            "jaspar_matrices": sorted(matrix.matrix_id for matrix in record.jaspar_matrices.all()),
            "orthologs": sorted(
                [ortholog.taxon.scientific_name, ortholog.identifier, ortholog.in_tflink]
                for ortholog in record.orthologs.all()
            ),
            "secondary_accessions": sorted(
                former.accession for former in record.secondary_accessions.all()
            ),
        }

    def lists(self, record: Protein, values: Mapping[str, Any], errors: Errors) -> Values:
        cleaned: Values = {}
        for name, parse in (
            ("gene_ids", identifiers.parse_gene_id),
            ("jaspar_matrices", identifiers.parse_jaspar_matrix),
        ):
            if name in values:
                cleaned[name] = cleaned_list(values[name], parse, errors, name)
        if "names" in values:
            cleaned["names"] = cleaned_list(values["names"], _cleaned_name, errors, "names")
        if "orthologs" in values:
            with noting(errors, "orthologs"):
                cleaned["orthologs"] = _cleaned_orthologs(values["orthologs"])
        return cleaned

    def write(self, record: Protein, changes: Mapping[str, Any]) -> None:
        save_columns(record, changes, self.columns)
        if "name" in changes:
            write_primary_names(bulk_for(), {record.pk: changes["name"]})
        if "names" in changes:
            write_names(bulk_for(), record.pk, changes["names"])
        if "gene_ids" in changes:
            _write_items(GeneID, "ncbi_gene_id", record, changes["gene_ids"])
        if "jaspar_matrices" in changes:
            _write_items(JasparMatrix, "matrix_id", record, changes["jaspar_matrices"])
        if "orthologs" in changes:
            _write_orthologs(record, changes["orthologs"])
        Protein.objects.filter(pk=record.pk).update(change=this_change())


def _cleaned_name(line: str) -> str:
    """Return a name as it is stored; raises `ValidationError` where it is none."""
    try:
        kind, text = parse_line(line)
    except ValueError as error:
        raise ValidationError(f"{identifiers.shown(line)} is not a name: {error}.") from error
    parsed = names.parse_name(text)
    if not parsed:
        raise ValidationError(f"{identifiers.shown(line)} is not a name.")
    return name_line(kind, parsed)


def _cleaned_orthologs(value: Any) -> list[list[Any]]:
    """Return `[species, identifier, in TFLink]` of each ortholog, in order and once.

    Raises `ValidationError` for a species that is not here, or an identifier that no
    document could hold.
    """
    species = Taxon.objects.species_names()
    orthologs: dict[tuple[str, str], bool] = {}
    if not isinstance(value, list | tuple):
        raise ValidationError("This must be a list.")
    for item in value:
        if not isinstance(item, list | tuple) or len(item) != 3:
            raise ValidationError("An ortholog is a species, an identifier and yes or no.")
        name, identifier, listed = species.scientific(str(item[0])), str(item[1]), bool(item[2])
        if name is None:
            raise ValidationError(
                f"{identifiers.shown(str(item[0]))} is not one of the species here."
            )
        identifier = identifiers.parse_text(identifier, "ortholog")
        if not identifier:
            raise ValidationError(f"An ortholog of {name} has no identifier.")
        orthologs[name, identifier] = orthologs.get((name, identifier), False) or listed
    return sorted([*key, listed] for key, listed in orthologs.items())


def _write_items(
    model: type[GeneID | JasparMatrix], column: str, protein: Protein, wanted: list[Any]
) -> None:
    rows = model._default_manager.filter(protein=protein)
    stored = set(rows.values_list(column, flat=True))
    rows.filter(**{f"{column}__in": stored - set(wanted)}).delete()
    for item in wanted:
        if item not in stored:
            model._default_manager.create(protein=protein, **{column: item})


def _write_orthologs(protein: Protein, wanted: list[list[Any]]) -> None:
    taxa = dict(Taxon.objects.values_list("scientific_name", "id"))
    stored = {
        (ortholog.taxon_id, ortholog.identifier): ortholog
        for ortholog in Ortholog.objects.filter(protein=protein)
    }
    for species, identifier, listed in wanted:
        ortholog = stored.pop((taxa[species], identifier), None)
        if ortholog is None:
            Ortholog.objects.create(
                protein=protein, taxon_id=taxa[species], identifier=identifier, in_tflink=listed
            )
        elif ortholog.in_tflink != listed:
            ortholog.in_tflink = listed
            ortholog.save(update_fields=["in_tflink"])
    Ortholog.objects.filter(pk__in=[ortholog.pk for ortholog in stored.values()]).delete()
