"""The URLs below /protein/; a protein's is that of the site that this replaces."""

from __future__ import annotations

from django.urls import path

from proteins.site.protein import table_files, views

urlpatterns = [
    path("<str:accession>/", views.protein, name="protein"),
    path(
        "<str:accession>/publications/",
        views.publications,
        name="protein-publications",
    ),
    *(
        path(
            f"<str:accession>/{name}",
            table_files.table_file,
            {"name": name},
            name=f"protein-{name}",
        )
        for name in table_files.FILES
    ),
    # So that other spellings are one redirect away, not two.
    path("<str:accession>", views.protein),
]
