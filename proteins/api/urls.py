"""The addresses below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from proteins.api.lookup import LookupView
from proteins.api.network import NetworkView
from proteins.api.problems import unknown_address
from proteins.api.schema.docs import ConsoleView, DocsView
from proteins.api.schema.generator import SchemaView
from proteins.api.schema.using import UsingView
from proteins.api.statistics import StatisticsView
from proteins.api.views import RESOURCES, RootView

urlpatterns = [
    path("", RootView.as_view(), name="api-root"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("docs/using/", UsingView.as_view(), name="api-using"),
    path("docs/console/", ConsoleView.as_view(), name="api-console"),
]
urlpatterns += [
    path("statistics/", StatisticsView.as_view(), name="api-statistics"),
    path("lookup/", LookupView.as_view(), name="api-lookup"),
    # Before the records of proteins, whose addresses may hold anything.
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
urlpatterns += [re_path("", unknown_address)]
