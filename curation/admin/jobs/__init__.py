"""Jobs in the admin: tried first, decided on, then carried out by a process of their own.

job            what the pages of all jobs share
upload, import_run, release_order   files handed in, imports and their undo, releases
outcome_html   what a trial found, or an import did
"""
