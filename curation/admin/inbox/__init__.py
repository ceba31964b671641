"""Proposals in the admin: one queue of what curators, the public and imports want to change.

admin    the list (its columns); filters = its filters; bulk = several at once
pages    the page of a proposal; view = what it shows; words = how it is worded
"""
