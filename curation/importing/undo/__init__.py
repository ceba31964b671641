"""Takes one import back.

run       from start to end
changes   values return to what they were; created = new records go; support = roles do
later     what imports that came later changed, or state as well
history   what that does to histories
report    what it did
"""
