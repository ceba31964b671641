"""Backups: one file with the database as it was at one moment, releases and uploads.

archive    the file: members, their sums, what makes it whole (no Django)
databases  the copy of a database and back, by the means of each
backup     write a file while the site goes on
restore    put all of it in place, checked before and after
"""
