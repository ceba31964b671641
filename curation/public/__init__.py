"""What the public may read of changes.

newest_changes   of all records, for the home page
record_history   of one record, and what is open about it
content_state    what differs after a write of this package, for ETags
"""
