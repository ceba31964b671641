"""Add from a publication: a table of what one paper says, entered, previewed, saved as a whole.

form        the one form: a publication, a species, rows as a block of text
lookups     what pages and grid look up; a row as both show it
pages       the grid, the preview, what was added; mixed into the admin of publications
submission  rows that a Curator proposed, reviewed as a table
"""
