"""The admin as curators find it: its lists in the order of their work.

Beside `curation.admin`, and not in it, because Django loads it before there are models.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.urls import reverse

#: The lists by what people come for, by model; what is not named follows at the end of the
#: group of its app.
GROUPS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    (
        "Records",
        "proteins",
        ("Protein", "Interaction", "Statement", "BindingSite", "Citation"),
    ),
    (
        "Review",
        "curation",
        ("Proposal", "Revision", "Comment", "Endorsement", "Pin"),
    ),
    (
        "Imports",
        "",
        ("Upload", "ImportRun", "RunUndo", "SourcePage", "SourceTable"),
    ),
    ("Releases", "", ("ReleaseOrder",)),
    (
        "Parts of records",
        "",
        ("GeneID", "JasparMatrix", "Ortholog", "SecondaryAccession", "Evidence"),
    ),
    ("Vocabularies", "", ("Taxon", "SourceDatabase", "Dataset", "DetectionMethod")),
    ("People", "auth", ("User", "Group")),
)


class DeskSite(AdminSite):
    site_header = "TFLink curation"
    site_title = "TFLink curation"
    index_title = "Records"

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """Return the lists that a person may open, in groups; an app's own page as ever."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = [(app["app_label"], model) for app in apps for model in app["models"]]
        url = reverse("admin:index", current_app=self.name)
        return [
            {
                "name": title,
                "app_label": title.lower().replace(" ", "-"),
                "app_url": f"{url}#{title.lower().replace(' ', '-')}",
                "has_module_perms": True,
                "models": members,
            }
            for title, members in _grouped(models)
            if members
        ]


def _grouped(
    models: Iterable[tuple[str, dict[str, Any]]],
) -> list[tuple[str, list[dict[str, Any]]]]:
    groups: dict[str, list[dict[str, Any]]] = {title: [] for title, _, _ in GROUPS}
    home = {app: title for title, app, _ in GROUPS if app}
    places = {
        name: (title, place) for title, _, names in GROUPS for place, name in enumerate(names)
    }
    for app, model in models:
        title, _ = places.get(model["object_name"], (home.get(app, "Other"), 0))
        groups.setdefault(title, []).append(model)
    last = len(places)
    for members in groups.values():
        members.sort(key=lambda model: places.get(model["object_name"], ("", last))[1])
    return list(groups.items())


class DeskConfig(AdminConfig):
    default_site = "curation.admin_site.DeskSite"
