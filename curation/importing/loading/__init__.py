"""A plan becomes rows.

store          what the database holds of a chunk, read in whole lists
load           the one writer; load_evidence, load_facets, load_sites = parts of it
proposals      where a document and a curator differ
site_parts     what is said under each ID of binding sites with several
journal        what a chunk did, for reports and undo
report         counts and refusals of a run
"""
