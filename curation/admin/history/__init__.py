"""Histories in the admin.

pages, entries, time_form   the history of one record, and its values at a given time
revision, revision_filters    the list of all revisions
batch                       what was done to many records at once, and its undo
"""
