"""What is known, and every way to read it. Never writes on its own account.

From the top down; a folder imports only from those below it (contracts in pyproject.toml).

site/         public pages, forms, downloads, sitemaps
releases/     frozen files: the public content at one time
api/          the REST API; schema/ describes it
analysis/     questions about lists of genes: enrichment, sets, paths, conservation
page_export/  the database as protein pages
exports/      rows and values -> text of every format
drawing/      networks and figures as SVG
filters/      one FilterSet a resource
queries/      named reads of several queries, read snapshots, totals
caching/      conditional GET, page cache, memo shared by responses
models/       rows and constraints; querysets/ = named reads of one query
limits/       what one client may cost: rates, slots of whole files
domain/       rules, values and words; standard library only
Beside them: hooks (what curation provides), outages (what keeps the whole site from working),
release_store, client_address.
"""
