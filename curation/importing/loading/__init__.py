"""A plan becomes rows.

store          what the database holds of a chunk, read in whole lists
load           the one writer; load_facets = a part of it
proposals      where a document and a curator differ
journal        what a chunk did, for reports and undo
report         counts and refusals of a run
"""
