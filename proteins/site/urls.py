"""The URLs of the public pages; a protein's is that of the site that this replaces."""

from __future__ import annotations

from django.urls import include, path

from proteins.exports import citation
from proteins.site import (
    binding_sites,
    browse,
    cite,
    conservation,
    datasets,
    enrichment,
    help_page,
    home,
    indexes,
    interaction_context,
    network,
    old_urls,
    records,
    results,
    sets,
    sitemaps,
    theme,
)
from proteins.site import downloads as release_views

urlpatterns = [
    path("", home.home, name="home"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemap-proteins-<str:begin>.xml", sitemaps.proteins, name="sitemap-proteins"),
    path("theme/", theme.choose_theme, name="theme"),
    path("favicon.ico", old_urls.favicon, name="favicon"),
    path("help/", help_page.help_page, name="help"),
    path("help/statistics/", help_page.statistics, name="help-statistics"),
    path("browse/", browse.browse, name="browse"),
    path("analyse/", sets.analyse, name="analyse"),
    path("enrichment/", enrichment.enrich, name="enrichment"),
    path("enrichment/hits/", enrichment.hits, name="enrichment-hits"),
    path("results/", results.keep, name="result-keep"),
    path("results/<str:secret>/", results.result, name="result"),
    path("results/<str:secret>/delete/", results.delete, name="result-delete"),
    path("results/<str:secret>/<str:name>", results.result_file, name="result-file"),
    path("sites/", binding_sites.sites, name="sites"),
    path("search/", home.search, name="search"),
    path("search/suggestions/", home.suggest, name="search-suggestions"),
    *(
        path(f"cite.{suffix}", cite.cite, {"suffix": suffix}, name=f"cite-{suffix}")
        for suffix in citation.FILES
    ),
    path("downloads/", release_views.downloads, name="downloads"),
    path("downloads/<str:release>/", release_views.release_page, name="download-release"),
    path("downloads/<str:release>/<str:name>", release_views.release_file, name="download-file"),
    path("protein/<str:accession>/network/", network.network_page, name="protein-network"),
    path(
        "protein/<str:accession>/network.svg",
        network.network_picture,
        name="protein-network-svg",
    ),
    *(
        path(
            f"protein/<str:accession>/network.{suffix}",
            network.network_file,
            {"suffix": suffix},
            name=f"protein-network-{suffix}",
        )
        for suffix in network.FILES
    ),
    path(
        "protein/<str:accession>/conservation/",
        conservation.conservation_page,
        name="protein-conservation",
    ),
    path("", include("proteins.site.figures.urls")),
    path("protein/", include("proteins.site.protein.urls")),
    path(
        "interaction/<str:identifier>/context.svg",
        interaction_context.picture,
        name="interaction-context-svg",
    ),
    path(
        "interaction/<str:identifier>/context.tsv",
        interaction_context.table,
        name="interaction-context-tsv",
    ),
    path("interaction/<str:identifier>/", records.interaction, name="interaction"),
    path("interaction/<str:identifier>", records.interaction),
    path("publication/<str:pmid>/", records.publication, name="publication"),
    path("publication/<str:pmid>", records.publication),
    path("source/", old_urls.moved, {"name": "sources"}),
    path("method/", old_urls.moved, {"name": "methods"}),
    path("sources/", indexes.sources, name="sources"),
    path("methods/", indexes.methods, name="methods"),
    path("species/", indexes.species, name="species-list"),
    # `path`, because the names of databases and methods may hold a slash.
    path("source/<path:key>/", records.source, name="source"),
    path("source/<path:key>", records.source),
    path("method/<path:name>/", records.method, name="method"),
    path("method/<path:name>", records.method),
    path("datasets/", datasets.datasets, name="datasets"),
    path("dataset/<int:number>/", datasets.dataset, name="dataset"),
    path("species/<str:code>/", records.species, name="species"),
    path("species/<str:code>", records.species),
]

# The pages of the site that this one replaces.
urlpatterns += [
    path("download/", old_urls.moved, {"name": "downloads"}),
    path("faq/", old_urls.moved, {"name": "help"}),
    path("about/", old_urls.moved, {"name": "help", "anchor": "about"}),
    path("contact/", old_urls.moved, {"name": "help", "anchor": "contact"}),
    path("licence/", old_urls.moved, {"name": "help", "anchor": "licence"}),
    path("search.html", old_urls.moved, {"name": "search"}),
    path("index.html", old_urls.moved, {"name": "home"}),
    path("browse/index.html", old_urls.moved, {"name": "browse"}),
    path("protein/<str:accession>/index.html", old_urls.moved_protein),
    path("data/<path:file>", old_urls.moved, {"name": "downloads"}),
]
