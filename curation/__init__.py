"""Every way that knowledge gets in or changes: importing, review, history, reports, the desk.

From the top down; a folder imports only from those below it (contracts in pyproject.toml).

admin/       the pages that curators work on, one file a resource
accounts/    lock-out after failed log-ins, password reset
operations/  backup and restore
uploads/     files handed in at the desk, and the jobs that carry them out
reports/     errors that readers report
literature/  look-up of publications in PubMed
checks/      `manage.py check_records`: every invariant
public/      what the public may read of changes
actions/     every write that a person makes, one function each
importing/   documents -> rows; undo/ takes one import back
records/     each kind of record as plain values; pins, history, wording, facets
shared/      bulk writes, the import lock, three-way comparison, evidence rows
models/      imports, revisions, proposals, pins, comments, reports, uploads
Beside them: permissions (roles and rights), inbox and recent (named reads of the desk),
vocabulary (what is there before any document), admin_site.
"""
