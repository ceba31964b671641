"""The URLs of figures, each beside the page that shows it."""

from __future__ import annotations

from django.urls import URLPattern, path

from proteins.site.figures import interaction, protein, publication, species
from proteins.site.figures.figure_file import SUFFIXES

urlpatterns: list[URLPattern] = []
for suffix in SUFFIXES:
    ends = {"suffix": suffix}
    urlpatterns += [
        path(
            f"interaction/<str:identifier>/evidence.{suffix}",
            interaction.interaction_figure,
            ends,
            name=f"interaction-evidence-{suffix}",
        ),
        *(
            path(
                f"protein/<str:accession>/{name}.{suffix}",
                protein.protein_figure,
                {"name": name, **ends},
                name=f"protein-{name}-{suffix}",
            )
            for name in protein.FIGURES
        ),
        *(
            path(
                f"publication/<str:pmid>/{name}.{suffix}",
                publication.publication_figure,
                {"name": name, **ends},
                name=f"publication-{name}-{suffix}",
            )
            for name in publication.FIGURES
        ),
        *(
            path(
                f"species/<str:code>/{name}.{suffix}",
                species.species_figure,
                {"name": name, **ends},
                name=f"species-{name}-{suffix}",
            )
            for name in species.OF_SPECIES
        ),
        *(
            path(
                f"sources/{name}.{suffix}",
                species.sources_figure,
                {"name": name, **ends},
                name=f"sources-{name}-{suffix}",
            )
            for name in species.OF_ALL
        ),
        *(
            path(
                f"species/{name}.{suffix}",
                species.all_species_figure,
                {"name": name, **ends},
                name=f"all-species-{name}-{suffix}",
            )
            for name in species.OF_ALL_SPECIES
        ),
    ]
