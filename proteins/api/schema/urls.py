"""The URLs of the API's schema and documentation."""

from __future__ import annotations

from django.urls import path

from proteins.api.schema.docs import ConsoleView, DocsView, RecordsView
from proteins.api.schema.generator import SchemaView
from proteins.api.schema.using import UsingView

urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
    path("docs/records/", RecordsView.as_view(), name="api-records"),
    path("docs/using/", UsingView.as_view(), name="api-using"),
    path("docs/console/", ConsoleView.as_view(), name="api-console"),
]
