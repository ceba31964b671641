"""A plan becomes rows.

store          what the database holds of a chunk, read in whole lists
names          which proteins have names and accessions
load           the one writer; load_facets, load_sites = parts of it
load_statements  what a file of statements says; statement_rows = its rows
proposals      where a document and a curator differ
site_parts     what is said under each ID of binding sites with several
journal        what a chunk did, for reports and undo
report         counts and refusals of a run
"""
