"""Named reads of several queries; no view, no filter and no text of a page.

home, browse, search, suggestions    what the pages and operations of these names show
resolver             what identifiers mean: search, look-up, filters, imports, URLs
trigrams             near misses, and texts that hold a piece
protein_summary, protein_publications, interaction_rows   parts of a protein's page
site_page            a page of the list of binding sites
evidence             what Evidence rows say, as values: the one reader
support_rules        the vocabulary as tiers and method classes follow from it
keyset               cursors and pages of lists
interaction_page, publication_page, vocabulary_page, supported_interactions   the other pages
coverage             what the interactions that cite a publication add up to, where they are few
neighbourhood        a protein's network
degrees, site_places, publication_years, source_matrix   what figures show
interaction_context  shared and intermediate regulators of an interaction
statistics, species_counts, totals   counts, and how each stays cheap
visibility           which publications, databases and methods are public
snapshot             one read snapshot for several queries
content_digest       SHA-256 over all content
"""
