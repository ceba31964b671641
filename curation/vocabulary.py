"""Taxa, source databases and detection methods that are known before any document is."""

from __future__ import annotations

from typing import Any, Protocol

import yaml
from django.apps.registry import Apps
from django.conf import settings

from proteins.domain.fold import fold
from proteins.domain.statements import CURATED_HERE
from proteins.domain.tiers import split_source_key


class ModelRegistry(Protocol):
    """The models as they are now, or as a migration sees them."""

    def get_model(self, app_label: str, model_name: str) -> Any: ...


def read_vocabulary() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of `fixtures/vocabulary.yaml`."""
    text = (settings.BASE_DIR / "fixtures" / "vocabulary.yaml").read_text(encoding="utf-8")
    vocabulary: dict[str, list[dict[str, Any]]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return vocabulary


def load_vocabulary(models: ModelRegistry | Apps) -> None:
    """Add what is missing; what is there, and may have been curated, stays as it is."""
    vocabulary = read_vocabulary()
    for taxon in vocabulary["taxa"]:
        taxon.pop("names", None)  # of a later table: see `load_species_names`
        key = taxon.pop("ncbi_taxon_id")
        models.get_model("proteins", "Taxon").objects.get_or_create(
            ncbi_taxon_id=key, defaults=taxon
        )
    methods = models.get_model("proteins", "DetectionMethod").objects
    for method in vocabulary["methods"]:
        if _row(methods, "name", method["name"]) is None:
            methods.create(**method)
    # Those without a `via` come first, so that the others find them.
    for source in sorted(vocabulary["sources"], key=lambda item: split_source_key(item["key"])[1]):
        _add_source(models, **source)


def load_species_names(models: ModelRegistry | Apps) -> None:
    """Add the other names of species that are missing and that no species has."""
    names: Any = models.get_model("proteins", "TaxonName").objects
    taxa: Any = models.get_model("proteins", "Taxon").objects
    for item in read_vocabulary()["taxa"]:
        taxon = taxa.filter(ncbi_taxon_id=item["ncbi_taxon_id"]).first()
        for name in item.get("names", ()) if taxon else ():
            names.get_or_create(fold=fold(name), defaults={"taxon": taxon, "name": name})


def load_datasets(models: ModelRegistry | Apps) -> None:
    """Add the dataset of what curators state here, where it is missing."""
    datasets: Any = models.get_model("proteins", "Dataset").objects
    datasets.get_or_create(fold=fold(CURATED_HERE), defaults={"name": CURATED_HERE})


def load_review_reasons(models: ModelRegistry | Apps) -> None:
    """Add the reasons of reviews that are missing."""
    reasons: Any = models.get_model("proteins", "ReviewReason").objects
    for item in read_vocabulary()["review_reasons"]:
        reasons.get_or_create(fold=fold(item["name"]), defaults=item)


def load_source_versions(models: ModelRegistry | Apps) -> None:
    """Add the versions of source databases where none is stated, nor its date."""
    sources: Any = models.get_model("proteins", "SourceDatabase").objects
    for item in read_vocabulary()["versions"]:
        unstated = sources.filter(key=item.pop("key"), version="", version_date="")
        unstated.update(**item)


def _row(rows: Any, column: str, name: str) -> Any:
    """Return the row of a name in whatever spelling; migrations see tables without a fold."""
    spellings = rows.values_list(column, "pk")
    folded = fold(name)
    key = next((key for spelling, key in spellings if fold(spelling) == folded), None)
    return None if key is None else rows.get(pk=key)


def _add_source(
    models: ModelRegistry | Apps, *, key: str, name: str = "", pmid: int = 0, url: str = ""
) -> None:
    sources = models.get_model("proteins", "SourceDatabase").objects
    if _row(sources, "key", key) is not None:
        return
    own_name, via = split_source_key(key)
    publication = None
    if pmid:
        publication, _ = models.get_model("proteins", "Citation").objects.get_or_create(pmid=pmid)
    sources.create(
        key=key,
        name=name or own_name,
        via=_row(sources, "key", via) if via else None,
        publication=publication,
        url=url,
    )
