"""Takes one import back.

run       from start to end
changes   values return to what they were; created = new records go
history   what that does to histories
report    what it did
"""
