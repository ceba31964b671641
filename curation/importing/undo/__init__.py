"""Takes one import back.

run       from start to end
changes   values return to what they were; created = new records go
statements which binding sites other imports state as well: those stay
history   what that does to histories
report    what it did
"""
