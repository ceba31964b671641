"""Jobs in the admin: tried first, decided on, then carried out by a process of their own.

job            what the pages of all jobs share
upload, import_run, release_order   files handed in, imports and their undo, releases
batch_job      batches of more records than a person waits for
outcome_html   what a trial found, or an import did
"""
