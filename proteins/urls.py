"""The addresses of the public pages; a protein's is that of the site that this replaces."""

from __future__ import annotations

from django.urls import path

from proteins import browse_view, home_views, network_views, record_views, sitemaps
from proteins.exports import citation
from proteins.releases import views as release_views
from proteins.site.protein import table_files, views

urlpatterns = [
    path("", home_views.home, name="home"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-proteins-<str:begin>.xml", sitemaps.proteins, name="sitemap-proteins"),
    path("browse/", browse_view.browse, name="browse"),
    path("search/", home_views.search, name="search"),
    path("search/suggestions/", home_views.suggest, name="search-suggestions"),
    *(
        path(f"cite.{suffix}", home_views.cite, {"suffix": suffix}, name=f"cite-{suffix}")
        for suffix in citation.FILES
    ),
    path("downloads/", release_views.downloads, name="downloads"),
    path("downloads/<str:release>/", release_views.release_page, name="download-release"),
    path("downloads/<str:release>/<str:name>", release_views.release_file, name="download-file"),
    path("protein/<str:accession>/", views.protein, name="protein"),
    path(
        "protein/<str:accession>/publications/",
        views.publications,
        name="protein-publications",
    ),
    *(
        path(
            f"protein/<str:accession>/{name}",
            table_files.table_file,
            {"name": name},
            name=f"protein-{name}",
        )
        for name in table_files.FILES
    ),
    path("protein/<str:accession>/network/", network_views.network_page, name="protein-network"),
    path(
        "protein/<str:accession>/network.svg",
        network_views.network_picture,
        name="protein-network-svg",
    ),
    *(
        path(
            f"protein/<str:accession>/network.{suffix}",
            network_views.network_file,
            {"suffix": suffix},
            name=f"protein-network-{suffix}",
        )
        for suffix in network_views.FILES
    ),
    # So that other spellings are one redirect away, not two.
    path("protein/<str:accession>", views.protein),
    path("interaction/<str:identifier>/", record_views.interaction, name="interaction"),
    path("interaction/<str:identifier>", record_views.interaction),
    path("publication/<str:pmid>/", record_views.publication, name="publication"),
    path("publication/<str:pmid>", record_views.publication),
    # `path`, because the names of databases and methods may hold a slash.
    path("source/<path:key>/", record_views.source, name="source"),
    path("source/<path:key>", record_views.source),
    path("method/<path:name>/", record_views.method, name="method"),
    path("method/<path:name>", record_views.method),
    path("species/<str:code>/", record_views.species, name="species"),
    path("species/<str:code>", record_views.species),
]
