"""Releases: the public content at one time, in plain files that never change.

making           a release from start to end: built beside the others, then renamed
freezing         all files of one species; rows, protein_tables = what they hold
writing          gzip that gives the same bytes for the same text
manifest         what a release says of itself
changelog, changes   what differs from the release before
The releases that there are, for readers: `proteins.release_store`.
"""
