"""What one client may cost: how often, and how many at a time.

rates  requests counted in windows of time; one mechanism for the API, pages, log-in and mails
slots  how many of what takes long are answered at once, in a worker and for a client
files  slots of whole files, which are spooled where they are small and cut where they take too long
analyses  slots of questions about lists of genes

All count in Django's cache (`CACHE_URL`): one that workers share counts once for all of them, local
memory counts in each worker. A cache that does not answer limits nothing.
"""
