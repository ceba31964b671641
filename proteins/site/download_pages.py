"""What the pages of downloads show: releases, and the files of one of them by species."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.http import HttpRequest
from django.urls import reverse

from proteins.exports import citation
from proteins.release_store import MANIFEST, SUMS, Release, ReleaseFile
from proteins.releases import changelog
from proteins.site import metadata
from proteins.site.metadata import PageHead

_TITLE: Final = "TFLink: transcription factor and target gene interactions"
_ABOUT: Final = (
    "Releases of TFLink: fixed snapshots of all public data, with SHA-256 checksums and the "
    "changes since the previous release."
)
_RESOURCES: Final = {
    "interactions": "Interactions",
    "binding-sites": "Binding sites",
    "statements": "Statements",
    "proteins": "Proteins",
    "orthologs": "Orthologs",
}
_CLASSES: Final = {"all": "All", "small-scale": "Small-scale", "large-scale": "Large-scale"}


class FormatRow(NamedTuple):
    """A format of a resource: its files by class of evidence, one where there are no classes."""

    name: str
    about: str
    files: list[tuple[str, ReleaseFile]]


class FileTable(NamedTuple):
    title: str
    resource: str
    #: Classes of evidence, as columns.
    classes: list[str]
    rows: list[FormatRow]


@dataclass(frozen=True)
class ReleasePage:
    """A release as its page, and its line in the list of all, show it."""

    release: Release
    url: str
    species: str = ""

    @property
    def name(self) -> str:
        return self.release.name

    @cached_property
    def moment(self) -> datetime:
        return self.release.moment

    @cached_property
    def size(self) -> int:
        return sum(file.size for file in self.release.files.values())

    @cached_property
    def interactions(self) -> int:
        return sum(counts["interactions"]["all"] for counts in self.all_species)

    @property
    def all_species(self) -> list[dict[str, Any]]:
        species: list[dict[str, Any]] = self.release.manifest["species"]
        return sorted(species, key=lambda counts: counts["scientific_name"])

    @property
    def shown(self) -> dict[str, Any] | None:
        """The species whose files are shown: the requested one, or the one with the most."""
        by_code = {counts["code"]: counts for counts in self.all_species}
        most = max(
            by_code.values(), key=lambda counts: int(counts["interactions"]["all"]), default=None
        )
        return by_code.get(self.species, most)

    @property
    def changes(self) -> list[tuple[str, dict[str, int]]]:
        return list(self.release.manifest["changes"]["counts"].items())

    @property
    def own_files(self) -> list[str]:
        return [SUMS, MANIFEST, changelog.TEXT, changelog.JSON]

    @cached_property
    def shown_files(self) -> list[ReleaseFile]:
        code = self.shown["code"] if self.shown else ""
        return [file for file in self.release.files.values() if code and file.species == code]

    @property
    def tables(self) -> list[FileTable]:
        tables = []
        for resource, title in _RESOURCES.items():
            files = [file for file in self.shown_files if file.resource == resource]
            if files:
                classed = bool(files[0].evidence_class)
                classes = list(_CLASSES.values()) if classed else ["File"]
                tables.append(FileTable(title, resource, classes, self._rows(resource, files)))
        return tables

    def _rows(self, resource: str, files: list[ReleaseFile]) -> list[FormatRow]:
        formats = self.release.manifest["formats"][resource]
        of_format: dict[str, list[tuple[str, ReleaseFile]]] = {}
        for file in files:
            label = _CLASSES.get(file.evidence_class, "File")
            of_format.setdefault(file.format, []).append((label, file))
        return [
            FormatRow(name, formats[name]["about"], listed) for name, listed in of_format.items()
        ]

    @property
    def citation(self) -> str:
        """By DataCite's rule: creator (year): title. Version. Publisher. Address."""
        creators = "; ".join(f"{family}, {given}" for family, given in citation.AUTHORS)
        return f"{creators} ({self.moment.year}): {_TITLE}. Version {self.name}. TFLink. {self.url}"

    @property
    def bibtex(self) -> str:
        authors = " and ".join(f"{family}, {given}" for family, given in citation.AUTHORS)
        fields = {
            "author": authors,
            "title": f"{{{_TITLE}}}",
            "year": self.moment.year,
            "version": self.name,
            "publisher": "TFLink",
            "url": self.url,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{tflink-{self.name},\n{lines}}}"


def downloads_head(request: HttpRequest, names: list[str]) -> PageHead:
    url = request.build_absolute_uri(reverse("downloads"))
    catalog = {
        "@type": "DataCatalog",
        "@id": f"{url}#catalog",
        "name": "Releases of TFLink",
        "description": _ABOUT,
        "url": url,
        "dataset": [
            {"@id": request.build_absolute_uri(reverse("download-release", args=[name]))}
            for name in names
        ],
    }
    return PageHead("Downloads – TFLink", _ABOUT, url, linked_data=[catalog])


def release_head(request: HttpRequest, page: ReleasePage) -> PageHead:
    home = request.build_absolute_uri(reverse("home"))
    distribution = [
        {
            "@type": "DataDownload",
            "name": file.name,
            "contentUrl": request.build_absolute_uri(
                reverse("download-file", args=[page.name, file.name])
            ),
            "encodingFormat": ["application/gzip", file.media_type],
            "contentSize": str(file.size),
            "sha256": file.sha256,
        }
        for file in page.shown_files
    ]
    dataset = {
        "@type": "Dataset",
        "@id": page.url,
        "name": f"{_TITLE}, release {page.name}",
        "description": metadata.ABOUT,
        "url": page.url,
        "version": page.name,
        "datePublished": page.moment.date().isoformat(),
        "isAccessibleForFree": True,
        "isPartOf": {"@id": f"{home}#dataset"},
        "license": f"{home}#licence",
        "creator": {"@type": "Organization", "name": "TFLink", "url": home},
        "includedInDataCatalog": {
            "@id": request.build_absolute_uri(reverse("downloads")) + "#catalog"
        },
        "citation": metadata.DOI,
        "distribution": distribution,
    }
    return PageHead(
        f"Release {page.name} – TFLink",
        f"The files of TFLink's release {page.name}: interactions, binding sites and proteins "
        "of each species in all formats.",
        page.url,
        is_unlisted=bool(page.species),
        linked_data=[dataset],
    )
