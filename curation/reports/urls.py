"""URLs of reports."""

from __future__ import annotations

from django.urls import path

from curation.reports import views

urlpatterns = [
    path("<str:kind>/<str:identifier>/", views.report, name="report"),
    path("<slug:token>/", views.followed, name="report-followed"),
]
