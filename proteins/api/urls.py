"""The URLs below /api/v1/."""

from __future__ import annotations

from django.urls import include, path, re_path

from proteins.api.changes import ChangesView
from proteins.api.lookup import LookupView
from proteins.api.network import NetworkView
from proteins.api.problems import unknown_url
from proteins.api.search import SearchView
from proteins.api.statistics import StatisticsView
from proteins.api.views import RESOURCES, RootView

urlpatterns = [
    path("", RootView.as_view(), name="api-root"),
    path("", include("proteins.api.schema.urls")),
]
urlpatterns += [
    path("statistics/", StatisticsView.as_view(), name="api-statistics"),
    path("changes/", ChangesView.as_view(), name="api-changes"),
    path("lookup/", LookupView.as_view(), name="api-lookup"),
    path("", include("proteins.api.analysis.urls")),
    path("search/", SearchView.as_view(), name="api-search"),
    # Before the records of proteins, whose URLs may hold anything.
    path(
        "proteins/<str:identifier>/network/",
        NetworkView.as_view(),
        name="api-protein-network",
    ),
]
for prefix, view, name in RESOURCES:
    urlpatterns += [
        path(f"{prefix}/", view.as_view({"get": "list"}), name=f"{name}-list"),
        # `path`, because the key of a source database may hold a slash.
        path(
            f"{prefix}/<path:identifier>/",
            view.as_view({"get": "retrieve"}),
            name=f"{name}-detail",
        ),
    ]
urlpatterns += [re_path("", unknown_url)]
