"""What the public may read of changes.

newest_changes   of all records, for the home page
record_history   of one record, and what is open about it
page_keys        what published pages have that no record holds, for their export
content_state    what differs after a write of this package, for ETags
"""
