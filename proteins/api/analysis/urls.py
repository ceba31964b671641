"""The URLs of questions about lists of genes."""

from __future__ import annotations

from django.urls import path

from proteins.api.analysis.enrichment import EnrichmentView

urlpatterns = [path("enrichment/", EnrichmentView.as_view(), name="api-enrichment")]
