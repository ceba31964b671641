"""Named reads that take several queries: what a page of a record shows, read at once."""
