"""Results about lists of genes that readers store for 90 days, under URLs that nobody can guess.

store  writes, reads, deletes and removes them; registered as the provider of the public pages
"""
