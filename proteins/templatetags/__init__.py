"""Filters and tags for templates, one library a subject."""
