"""The public pages.

home, browse, records, network   the views of each page; protein/ = the protein page
browse_form, forms   what a reader can ask by a URL
paging               pages of rows and their URLs
downloads, download_pages   files of releases
metadata, sitemaps   page metadata (JSON-LD, canonical URLs), robots.txt, sitemaps
edit_links           from a page to the record in the admin
not_found            "no such protein"
urls                 all URLs of the public site
"""
