"""Histories in the admin.

pages, entries, time_form   the history of one record, and what it said at a given time
revision, revision_filters    the list of all revisions
"""
