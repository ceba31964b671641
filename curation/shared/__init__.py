"""What importing and actions both use.

bulk            many rows at once, by the fastest way of each database
lock            one import at a time; curators wait for it, briefly
large_changes   what wants a confirmation that states the number
changes         the number of a write, and what has gone
trial           a dry run, on a copy; trial_tables makes that of PostgreSQL
evidence        look up or make the shared Evidence row of a content; evidence_rows = in whole
                lists; evidence_columns = its columns, computed again when the vocabulary changes
support         what documents say of interactions, by role: the writers of their evidence
spellings       one spelling for each source database and method
field_changes   what a proposal does to a field: a value replaced, items added and removed
three_way       the comparison by which a curator's value outlives imports
merge_spellings one row for all spellings of a source, method or species; merge_evidence and
                renamed_values rewrite what names them, merge_groups does the same for groups
private_files   files that only their owner can read
species_counts  counts by species, stored with an import
"""
