"""The public pages.

home, browse, records, network   the views of each page; protein/ = the protein page
publication          what the page of a publication says of what cites it
figures/             figures as files; page_figures = figures on pages; drawing_file = one SVG
interaction_context  the drawing and the table of an interaction's context
enrichment, sets     the regulators of a list of genes; what several proteins share
binding_sites, shown_site   the list of binding sites of a region; a site as a row
browse_form, forms   the state of a page in its URL; FilterForm = the form of a FilterSet
parameters           the parameters that a page reads; redirects to canonical URLs
paging               pages of rows and their URLs
downloads, download_pages   files of releases
metadata, sitemaps   page metadata (JSON-LD, canonical URLs), robots.txt, sitemaps
edit_links           from a page to the record in the admin
not_found            "no such protein"
urls                 all URLs of the public site
"""
