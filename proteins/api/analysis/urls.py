"""The URLs of questions about lists of genes."""

from __future__ import annotations

from django.urls import path

from proteins.api.analysis.conservation import ConservationView
from proteins.api.analysis.enrichment import EnrichmentView
from proteins.api.analysis.loop_counts import LoopCountsView
from proteins.api.analysis.sets import VIEWS

urlpatterns = [path("enrichment/", EnrichmentView.as_view(), name="api-enrichment")]
urlpatterns += [path(f"{view.path}/", view.as_view(), name=f"api-{view.path}") for view in VIEWS]
urlpatterns += [
    path("loop-counts/", LoopCountsView.as_view(), name="api-loop-counts"),
    path(
        "proteins/<str:identifier>/conservation/",
        ConservationView.as_view(),
        name="api-conservation",
    ),
]
