"""Taxa, source databases and detection methods that are known before any document is."""

from __future__ import annotations

from typing import Any, Protocol

import yaml
from django.apps.registry import Apps
from django.conf import settings


class ModelRegistry(Protocol):
    """The models as they are now, or as a migration sees them."""

    def get_model(self, app_label: str, model_name: str) -> Any: ...


def read_vocabulary() -> dict[str, list[dict[str, Any]]]:
    """Return the lists of `fixtures/vocabulary.yaml`."""
    text = (settings.BASE_DIR / "fixtures" / "vocabulary.yaml").read_text(encoding="utf-8")
    vocabulary: dict[str, list[dict[str, Any]]] = yaml.load(text, Loader=yaml.CSafeLoader)
    return vocabulary


def split_source_key(key: str) -> tuple[str, str]:
    """Return a source's own name and the one it came by way of, which may be empty.

    `TFactS_via_DoRothEA` is TFactS by way of DoRothEA.
    """
    name, _, via = key.partition("_via_")
    return (name, via) if name and via else (key, "")


def load_vocabulary(models: ModelRegistry | Apps) -> None:
    """Add what is missing; what is there, and may have been curated, stays as it is."""
    vocabulary = read_vocabulary()
    for taxon in vocabulary["taxa"]:
        code = taxon.pop("ncbi_taxon_id")
        models.get_model("proteins", "Taxon").objects.get_or_create(
            ncbi_taxon_id=code, defaults=taxon
        )
    for method in vocabulary["methods"]:
        name = method.pop("name")
        models.get_model("proteins", "DetectionMethod").objects.get_or_create(
            name=name, defaults=method
        )
    # Those without a `via` come first, so that the others find them.
    for source in sorted(vocabulary["sources"], key=lambda item: split_source_key(item["key"])[1]):
        _add_source(models, **source)


def _add_source(
    models: ModelRegistry | Apps, *, key: str, name: str = "", pmid: int = 0, url: str = ""
) -> None:
    own_name, via = split_source_key(key)
    sources = models.get_model("proteins", "SourceDatabase").objects
    publication = None
    if pmid:
        publication, _ = models.get_model("proteins", "Citation").objects.get_or_create(pmid=pmid)
    sources.get_or_create(
        key=key,
        defaults={
            "name": name or own_name,
            "via": sources.get(key=via) if via else None,
            "publication": publication,
            "url": url,
        },
    )
