"""The addresses of the public pages; a protein's is that of the site that this replaces."""

from __future__ import annotations

from django.urls import path

from proteins import views

urlpatterns = [
    path("", views.home, name="home"),
    path("browse/", views.browse, name="browse"),
    path("search/", views.search, name="search"),
    path("protein/<str:accession>/", views.protein, name="protein"),
    # So that other spellings are one redirect away, not two.
    path("protein/<str:accession>", views.protein),
]
