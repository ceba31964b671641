"""The manifest of a release: what it holds, from where, and how its files are read."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from typing import Any, Final

from django.conf import settings

from proteins.api import serializers
from proteins.api.formats import BINDING_SITES, INTERACTIONS
from proteins.exports import citation, interaction_table, mitab, sites, statement_table
from proteins.exports.meanings import MEANINGS
from proteins.models import ChangeSet, Dataset, SourceDatabase
from proteins.queries.changes import newest_change
from proteins.queries.evidence import EvidenceFacts, read_evidence
from proteins.releases import protein_tables
from proteins.releases.freezing import Freezer

CLASSES: Final = {
    "all": "Every public interaction (or binding site) of the species.",
    "small-scale": "Those that a small-scale experiment supports.",
    "large-scale": "Those that no small-scale experiment supports.",
    "not-stated": (
        "Those of which the sources do not state it. They are in the files of class all, and "
        "in neither of the other two."
    ),
}


def manifest(freezer: Freezer, moment: datetime, previous: str) -> dict[str, Any]:
    """Everything but what is not content is in an order that does not depend on primary keys."""
    # Of a few thousand rows all are read rather than some by a long list.
    evidence = [facts for key, facts in read_evidence().items() if key in freezer.evidence]
    return {
        "release": freezer.release,
        "previous": previous or None,
        "moment": moment.isoformat(),
        "change": change_number(newest_change()),
        "software": {"name": "tflink", "version": software_version()},
        "licence": "Free for non-commercial use.",
        "citation": citation.BIBTEX,
        "order": "By TF accession, then by target accession or TFLink ID; by code point.",
        "addresses": settings.SITE_URL or "relative to the address of the site",
        "evidence_classes": CLASSES,
        "species": [asdict(counts) for counts in freezer.species],
        "sources": list(_sources(evidence)),
        "methods": list(_methods(evidence)),
        "datasets": list(_datasets(freezer)),
        "formats": _formats() | _formats_of_statements(freezer),
    }


def change_number(number: int) -> dict[str, Any] | None:
    """Return a change by its number, and when it began; None where there is none."""
    change = ChangeSet.objects.filter(pk=number).first()
    return {"number": change.pk, "at": change.at.isoformat()} if change else None


def software_version() -> str:
    try:
        return metadata.version("tflink")
    except metadata.PackageNotFoundError:
        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
        return str(project["project"]["version"])


def _sources(evidence: Collection[EvidenceFacts]) -> Iterable[dict[str, Any]]:
    """The databases that support something in the release."""
    keys = {source.key for facts in evidence for source in facts.sources}
    sources = SourceDatabase.objects.select_related("via", "publication").filter(key__in=keys)
    for source in sources.order_by("key"):
        yield {
            "key": source.key,
            "name": source.name,
            "via": source.via.key if source.via else None,
            "pmid": source.publication.pmid if source.publication else None,
            "homepage": source.url or None,
            "version": source.version or None,
            "version_date": source.version_date or None,
            "licence": source.licence or None,
            "licence_url": source.licence_url or None,
        }


def _datasets(freezer: Freezer) -> Iterable[dict[str, Any]]:
    """The datasets that state something in the release, each with its licence."""
    for _, dataset in sorted(freezer.datasets.items()):
        yield {
            "name": dataset.name,
            "version": dataset.version or None,
            "version_date": dataset.version_date or None,
            "licence": dataset.licence or None,
            "licence_url": dataset.licence_url or None,
            "is_share_alike": dataset.is_share_alike,
        }


def _formats_of_statements(freezer: Freezer) -> dict[str, dict[str, Any]]:
    """The files of statements: those of a share-alike dataset by themselves."""
    files = {
        name: _described(_about_statements(datasets), "text/csv", statement_table.COLUMNS)
        for name, datasets in sorted(freezer.statement_files.items())
    }
    return {"statements": files} if files else {}


def _about_statements(datasets: Collection[Dataset]) -> str:
    if all(dataset.is_share_alike for dataset in datasets):
        (dataset,) = datasets
        return (
            f"Statements of {dataset.name}, licence {dataset.licence or 'not stated'}: pass them "
            "on under the same licence only."
        )
    return "Statements, a line each with the licence of its dataset, as import_statements reads."


def _methods(evidence: Collection[EvidenceFacts]) -> Iterable[dict[str, Any]]:
    methods = {method for facts in evidence for method in facts.methods}
    for method in sorted(methods, key=lambda method: method.name):
        yield {
            "name": method.name,
            "psi_mi_id": method.psi_mi_id or None,
            "identifies_participant_only": method.identifies_participant_only,
        }


def _formats() -> dict[str, dict[str, Any]]:
    """Of each resource its formats, with the columns of those that are tables."""
    interactions: dict[str, Mapping[str, str]] = {
        "tsv": {name: MEANINGS[name] for name in interaction_table.COLUMNS},
        "csv": {name: MEANINGS[name] for name in interaction_table.CSV_COLUMNS},
        "jsonl": _fields(serializers.InteractionSerializer()),
        "mitab": dict.fromkeys(mitab.HEADER, "As PSI-MITAB 2.8 defines it."),
    }
    table = {name: MEANINGS[name] for name in sites.COLUMNS}
    fields = _fields(serializers.BindingSiteSerializer())
    binding_sites: dict[str, Mapping[str, str]] = {"tsv": table, "csv": table, "jsonl": fields}
    tables = {"proteins": protein_tables.PROTEINS, "orthologs": protein_tables.ORTHOLOGS}
    described: dict[str, dict[str, Any]] = {
        "interactions": {
            form.name: _described(form.about, form.media_type, interactions.get(form.name))
            for form in INTERACTIONS
        },
        "binding-sites": {
            form.name: _described(form.about, form.media_type, binding_sites.get(form.name))
            for form in BINDING_SITES
        },
    }
    for each in protein_tables.TABLES:
        columns = tables[each.resource]
        described.setdefault(each.resource, {})[each.format] = _described(each.about, "", columns)
    return described


def _described(about: str, media_type: str, columns: Mapping[str, str] | None) -> dict[str, Any]:
    listed = [{"name": name, "meaning": meaning} for name, meaning in (columns or {}).items()]
    return {
        "about": about,
        **({"media_type": media_type} if media_type else {}),
        **({"columns": listed} if listed else {}),
    }


def _fields(serializer: Any) -> dict[str, str]:
    return {
        name: str(field.help_text or f"{name.replace('_', ' ').capitalize()}.")
        for name, field in serializer.fields.items()
    }
