"""The database as protein pages of the newest generation.

selection  which proteins get a page, in batches
reader     their content, by a fixed number of queries
writer     values -> text (no Django)
files      text -> files, each there whole or not at all
"""
